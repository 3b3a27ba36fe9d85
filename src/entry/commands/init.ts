import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { parseKnownPlatform } from '../../core/image/platform.ts';
import { limits } from '../../core/limits/limits.ts';
import { configNames } from '../../core/place.ts';
import { makeFolder } from '../../disk/make-folder.ts';
import { readAtMost } from '../../disk/read-at-most.ts';
import { type FolderUse, usesOfFolder } from '../../job/uses-of-folder.ts';
import { starterConfig, starterWorkflow } from '../../report/render/starter/starter.ts';
import {
  includingPipeline,
  starterGiteaWorkflow,
  starterPipeline,
} from '../../report/render/starter/starter-pipeline.ts';
import { count } from '../../report/say/quantity.ts';
import { rivalsAmong } from '../action/mode.ts';
import { exitCodes } from '../exit-codes.ts';
import { repository, version } from '../origin.ts';
import { type Loudness, processOutput } from '../output.ts';

interface InitOptions extends Loudness {
  readonly pin?: boolean;
  readonly gitlab?: boolean;
  readonly gitea?: boolean;
}

const workflowName = '.github/workflows/plimsoll.yml';

/**
 * `plimsoll init [FOLDER]`: writes a workflow or pipeline and a configuration that explain themselves, over nothing that is
 * there.
 */
export async function init(given: Record<string, unknown>, [folder = '.']: string[]): Promise<number> {
  const options = given as InitOptions;
  const output = processOutput(options);
  if (!(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)) {
    throw new PlimsollError('USAGE', `${folder} is no folder; name the root of a repository`);
  }
  const name = path.basename(path.resolve(folder));
  const config = configNames.find((one) => existsSync(path.join(folder, one)));
  const pins = options.pin ?? false;
  // Before anything is written: our own workflow is none of what was found.
  const uses = await usesOfFolder(folder);
  const platforms = builtPlatforms(folder);
  if (options.gitlab || options.gitea) {
    const lines = elsewhere(options.gitlab ? 'gitlab' : 'gitea', folder, pins, platforms);
    await output.result(`${[...lines.wrote, ...foundLines(uses, pins), ...lines.todo].join('\n')}\n`);
    return exitCodes.done;
  }
  const workflow = write(folder, workflowName, starterWorkflow(name, version(), repository()));
  const lines = [
    workflow,
    config === undefined
      ? write(folder, '.github/plimsoll.yml', starterConfig(pins, platforms))
      : `left ${config} as it is`,
    ...(await rivalHint(folder)),
    ...foundLines(uses, pins && config === undefined),
    ...(pins ? noEffect(uses, config) : []),
    ...leftToDo(folder, config ?? '.github/plimsoll.yml', workflow.startsWith('wrote')),
  ];
  await output.result(`${lines.join('\n')}\n`);
  return exitCodes.done;
}

/**
 * Files for GitLab, or for Gitea and Forgejo, where a job is a run like any other: its configuration names the repository, which
 * one found in the repository may not, and so has a name of its own.
 */
function elsewhere(
  kind: 'gitlab' | 'gitea',
  folder: string,
  pins: boolean,
  platforms: readonly string[],
): { readonly wrote: readonly string[]; readonly todo: readonly string[] } {
  const name = repositoryName(folder) ?? (kind === 'gitlab' ? 'GROUP/PROJECT' : 'OWNER/NAME');
  const settings = `.${kind}/plimsoll-run.yml`;
  const config = write(folder, settings, starterConfig(pins, platforms, `[{ ${kind}: ${JSON.stringify(name)} }]`));
  const nameIt = /^[A-Z]+\//.test(name) ? [`put the name of this repository into ${settings}`] : [];
  if (kind === 'gitea') {
    const file = '.gitea/workflows/plimsoll.yml';
    const todo = [
      ...nameIt,
      `put the commit of a release into ${file}, in place of COMMIT`,
      'make an account for Plimsoll that may write here, and a token of it with the scopes write:repository, write:issue and read:user; keep it as the secret PLIMSOLL_TOKEN (Settings, Actions, Secrets)',
      'commit both files and push them to the default branch: schedules run from there alone',
    ];
    const text = starterGiteaWorkflow(path.basename(path.resolve(folder)), version(), repository());
    return { wrote: [write(folder, file, text), config], todo: steps(todo) };
  }
  const pipeline = write(folder, '.gitlab/plimsoll-ci.yml', starterPipeline(version(), repository()));
  const own = write(folder, '.gitlab-ci.yml', includingPipeline);
  const todo = [
    ...nameIt,
    ...(own.startsWith('left')
      ? ['have .gitlab-ci.yml include it: include: [{ local: .gitlab/plimsoll-ci.yml }]']
      : []),
    'put the commit of a release into .gitlab/plimsoll-ci.yml, in place of COMMIT',
    'make a project access token with the scope api and the role Developer; keep it as the masked, protected variable GITLAB_TOKEN (Settings, CI/CD, Variables): the token of a job can open no merge request',
    'commit the files, and make a schedule with the variable PLIMSOLL = nightly (Build, Pipeline schedules)',
  ];
  return { wrote: [pipeline, own, config], todo: steps(todo) };
}

/** `group/part/name` of the remote `origin`, on whatever server that is. */
function repositoryName(folder: string): string | undefined {
  const [, origin = ''] =
    /^\[remote "origin"\]\n((?:[ \t]+.*\n?)*)/m.exec(textOf(path.join(folder, '.git/config'))) ?? [];
  const url = /^\s*url\s*=\s*(\S+)\s*$/m.exec(origin)?.[1] ?? '';
  const [, name] = /^(?:\w+:\/\/[^/]+\/|[^/:]+:)([\w.-]+(?:\/[\w.-]+)+)$/.exec(url.replace(/(?:\.git)?\/?$/, '')) ?? [];
  return name;
}

/** Why `--pin` did nothing; nothing where it does something. */
function noEffect(uses: readonly FolderUse[], config: string | undefined): string[] {
  if (config !== undefined) return [`--pin had no effect, as ${config} is left as it is: write "pin: true" into it`];
  if (uses.some(({ hasDigest, isPinnable }) => !hasDigest && isPinnable)) return [];
  return ['--pin will have no effect for now: no Dockerfile names an image without a digest'];
}

/** What no program can do for a person, in the order in which it is done. */
function leftToDo(folder: string, config: string, isNew: boolean): string[] {
  const workflow = textOf(path.join(folder, workflowName));
  const secrets = [
    ...new Set([...textOf(path.join(folder, config)).matchAll(/^[^#\n]*\$\{(\w+)\}/gm)].map(([, name]) => name)),
  ];
  const [line] = workflow.split('\n').flatMap((text, index) => (/uses: .*@COMMIT/.test(text) ? [index + 1] : []));
  const todo = [
    ...(line === undefined
      ? []
      : [
          `put ${workflow.includes('OWNER/') ? 'the owner and ' : ''}the commit of a release into ${workflowName}, line ${line}`,
        ]),
    ...(isNew
      ? ['on GitHub, in Settings, Actions, General: allow GitHub Actions to create and approve pull requests']
      : []),
    ...(secrets.length === 0
      ? []
      : [
          `give the step of the workflow ${secrets.join(', ')} (Settings, Secrets and variables, Actions; then "env:" in the workflow)`,
        ]),
    'commit both files and push them to the default branch: schedules run from there alone',
    'start it by hand once, in the tab Actions: "Run workflow"; its summary says what was found',
  ];
  return steps(todo);
}

function steps(todo: readonly string[]): string[] {
  return ['', 'what is left to do:', ...todo.map((step, index) => `  ${index + 1}. ${step}`)];
}

/** Platforms that steps of docker/build-push-action and docker/bake-action name in full. */
function builtPlatforms(folder: string): readonly string[] {
  const workflows = path.join(folder, '.github/workflows');
  const texts = filesIn(workflows, workflows)
    .filter((name) => /\.ya?ml$/.test(name))
    .map(textOf);
  const named = texts.flatMap((text) => [...text.matchAll(/^\s*platforms:\s*["']?([a-z0-9/, ]+?)["']?\s*$/gm)]);
  const all = named.flatMap(([, list = '']) => list.split(',').map((one) => one.trim()));
  return [...new Set(all)].filter((one) => {
    try {
      return one.includes('/') && parseKnownPlatform(one) !== undefined;
    } catch {
      return false;
    }
  });
}

/** Throws PlimsollError 'USAGE' where nothing can be written. */
function write(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  try {
    makeFolder(path.dirname(file));
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
      : readAtMost(file, limits.file.size.most).toString('utf8');
  } catch {
    // Whether it is about images cannot be told, and the Action will read it for itself.
    return '';
  }
}

/** What is there to look at, by kind of file, and what is needed before a pull request is possible. */
function foundLines(uses: readonly FolderUse[], pins: boolean): string[] {
  if (uses.length === 0) return [];
  return [`found ${count(uses.length, 'image use')} (${byFormat(uses)})`, ...unpinnedHint(uses, pins)];
}

function unpinnedHint(uses: readonly FolderUse[], pins: boolean): string[] {
  const unpinned = uses.filter(({ hasDigest }) => !hasDigest);
  if (unpinned.length === 0) return [];
  const verb = unpinned.length === 1 ? 'has' : 'have';
  const start = `${unpinned.length} of ${count(uses.length, 'image use')} ${verb} no digest`;
  const others = unpinned.filter(({ isPinnable }) => !isPinnable);
  const usual = unpinned.length - others.length;
  const formats = [...(usual > 0 ? ['dockerfile'] : []), ...new Set(others.map(({ format }) => format))];
  const map = `"pin: { ${formats.map((name) => `${name}: true`).join(', ')} }"`;
  const more =
    others.length === 0
      ? []
      : [`"pin: true" is for Dockerfiles alone; ${map} has ${byFormat(others)} pinned${usual > 0 ? ' as well' : ''}`];
  if (usual === 0)
    return [`${start}, and no pull request is possible for them: you are only told when they move`, ...more];
  if (pins)
    return [`${start}: "pin: true" has the first run open one pull request that pins those in Dockerfiles`, ...more];
  return [
    `${start}, and no pull request is possible for them: "pin: true" in the configuration (or init --pin) has one opened that pins those in Dockerfiles; without it you are only told when they move`,
    ...more,
  ];
}

function byFormat(uses: readonly FolderUse[]): string {
  return [...Map.groupBy(uses, ({ format }) => format)].map(([name, { length }]) => `${length} ${name}`).join(', ');
}
