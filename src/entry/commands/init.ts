import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defaultConfig } from '../../config/config.ts';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { isLocal } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import { configNames } from '../../core/place.ts';
import { treeSettings } from '../../job/assemble.ts';
import { starterConfig, starterWorkflow } from '../../report/render/starter.ts';
import { count } from '../../report/say/quantity.ts';
import { discover } from '../../sources/discover.ts';
import { parseFile } from '../../sources/placed-uses.ts';
import { rivalsAmong } from '../action/mode.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Loudness, processOutput } from '../output.ts';
import { version } from '../version.ts';

interface InitOptions extends Loudness {
  readonly pin?: boolean;
}

const workflowName = '.github/workflows/plimsoll.yml';

/** `plimsoll init [FOLDER]`: writes a workflow and a configuration that explain themselves, over nothing that is there. */
export async function init(given: Record<string, unknown>, [folder = '.']: string[]): Promise<number> {
  const options = given as InitOptions;
  const output = processOutput(options);
  if (!(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)) {
    throw new PlimsollError('USAGE', `${folder} is no folder; name the root of a repository`);
  }
  const name = path.basename(path.resolve(folder));
  const config = configNames.find((one) => existsSync(path.join(folder, one)));
  const lines = [
    write(folder, workflowName, starterWorkflow(name, version())),
    config === undefined
      ? write(folder, '.github/plimsoll.yml', starterConfig(options.pin ?? false))
      : `left ${config} as it is`,
    ...(await rivalHint(folder)),
    ...(await unpinnedHint(folder, options.pin ?? false, config !== undefined)),
  ];
  await output.result(`${lines.join('\n')}\n`);
  return exitCodes.done;
}

/** Throws PlimsollError 'USAGE' where nothing can be written. */
function write(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    // A symbolic link is something that is there, too.
    writeFileSync(file, text, { flag: 'wx' });
    return `wrote ${name}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return `left ${name} as it is`;
    throw new PlimsollError('USAGE', `cannot write ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** The Action opens no pull requests beside another program's, and whoever has just asked for them learns it here. */
async function rivalHint(folder: string): Promise<string[]> {
  const names = ['.', '.github', '.gitlab'].flatMap((place) => filesIn(path.join(folder, place), place));
  const [rival] = await rivalsAmong(names, async (name) => textOf(path.join(folder, name)));
  if (rival === undefined) return [];
  return [
    `${rival} has another program edit the same lines: the Action opens no pull requests and tells the channels only, unless the workflow says "mode: pull-request"`,
  ];
}

function filesIn(folder: string, place: string): string[] {
  try {
    return readdirSync(folder).map((name) => path.posix.join(place, name));
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limits.file.size.most
      ? ''
      : readFileSync(file, 'utf8');
  } catch {
    // Whether it is about images cannot be told, and the Action will read it for itself.
    return '';
  }
}

async function unpinnedHint(folder: string, pins: boolean, hadConfig: boolean): Promise<string[]> {
  const { discovery, platforms } = treeSettings(defaultConfig, undefined, {});
  const uses = (await discover(folder, discovery)).files
    .flatMap((file) => parseFile(file, platforms).uses)
    .filter(({ reference, role }) => reference && role !== 'frontend' && !isLocal(reference));
  const unpinned = uses.filter(({ has }) => has === undefined).length;
  if (unpinned === 0) return [];
  const verb = unpinned === 1 ? 'has' : 'have';
  const start = `${unpinned} of ${count(uses.length, 'image use')} ${verb} no digest`;
  if (pins && !hadConfig) return [`${start}: "pin: true" has the first run open one pull request that pins them`];
  return [
    `${start}, and no pull request is possible for them: "pin: true" in the configuration (or init --pin) has one opened that pins them all; without it you are only told when they move`,
  ];
}
