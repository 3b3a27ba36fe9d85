import { limits } from '../../core/limits/limits.ts';
import type { Forge, Home } from '../../forges/forge.ts';
import { decodeText } from '../../sources/discover.ts';
import type { ActionMode } from './inputs.ts';
import type { Runner } from './runner.ts';

/** Nobody gave a token (`why` is a clause), or GitHub did not take the one that was given, or did not answer. */
export interface Obstacle {
  readonly why: string;
  readonly isRefusal: boolean;
}

/** What decides about the mode. */
export interface ModeFacts {
  readonly wished: ActionMode | undefined;
  readonly isUntrusted: boolean;
  readonly event: string;
  /** Why nothing can be done in the repository. */
  readonly obstacle: Obstacle | undefined;
  readonly isFork: boolean;
  /** Files of other programs that edit the same lines, such as `renovate.json`. */
  readonly rivals: readonly string[];
}

/** What the Action does, and why. */
export interface ChosenMode {
  readonly mode: ActionMode;
  /** One clause for the summary. */
  readonly why: string;
  /** Somebody asked for exactly this: what cannot be done is a failure then. */
  readonly isAsked: boolean;
  /** The look is done all the same, and then the step fails: who schedules more than a look must learn that it is none. */
  readonly failure?: string;
}

/** The first row that holds. Pure. */
export function chooseMode({ wished, isUntrusted, event, obstacle, isFork, rivals }: ModeFacts): ChosenMode {
  const by = (mode: ActionMode, why: string, isAsked = false): ChosenMode => ({
    mode,
    why: `mode ${mode}: ${why}`,
    isAsked,
  });
  if (isUntrusted) return by('check', `on ${event}, nothing is proposed and nobody is told`);
  if (wished === 'check') return by('check', 'as asked', true);
  if (obstacle !== undefined) {
    const chosen = by('check', obstacle.why);
    if (wished !== undefined) return { ...chosen, failure: `mode ${wished} was asked for, and ${obstacle.why}` };
    return obstacle.isRefusal ? { ...chosen, failure: obstacle.why } : chosen;
  }
  if (wished !== undefined) return by(wished, 'as asked', true);
  if (isFork) return by('check', 'this is a fork; set the input mode to have it act here all the same');
  const [rival] = rivals;
  if (rival !== undefined) {
    return by(
      'alert',
      `${rival} has another program edit the same lines; set the input mode to open pull requests too`,
    );
  }
  return by('pull-request', 'the default');
}

const renovate = /^(\.github\/|\.gitlab\/)?renovate\.json5?$|^\.renovaterc(\.json5?)?$/;
const dependabot = /^\.github\/dependabot\.ya?ml$/;

/** Of the files of a repository, those that may have another program edit images; `read` tells what stands in one. */
export async function rivalsAmong(
  files: readonly string[],
  read: (file: string) => Promise<string>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of files) {
    if (renovate.test(file)) found.push(file);
    // Dependabot edits images only where it is told to (docs.github.com, "Dependabot options reference", package-ecosystem).
    else if (
      dependabot.test(file) &&
      /^\s*-?\s*["']?package-ecosystem["']?\s*:\s*["']?docker["']?\s*(#|$)/m.test(await read(file))
    )
      found.push(file);
  }
  return found;
}

/** The same for this job, after a look for rivals on the default branch where nothing else decides. */
export async function modeOf(
  wished: ActionMode | undefined,
  { isUntrusted, event, isFork }: Pick<Runner, 'isUntrusted' | 'event' | 'isFork'>,
  {
    home,
    forge,
    obstacle,
  }: Pick<ModeFacts, 'obstacle'> & { readonly home: Home | undefined; readonly forge: Forge | undefined },
): Promise<ChosenMode> {
  const facts = { wished, isUntrusted, event, obstacle, isFork: isFork ?? home?.isFork ?? false };
  const [head] = home?.repository.branches ?? [];
  if (wished !== undefined || isUntrusted || home === undefined || forge === undefined || head === undefined) {
    return chooseMode({ ...facts, rivals: [] });
  }
  const files = await forge.tree(home.repository, head.tree);
  const rivals = await rivalsAmong(
    files.map(({ path: name }) => name),
    async (name) => {
      const found = files.find((one) => one.path === name);
      if (found === undefined || (found.size ?? 0) > limits.file.size.most) return '';
      return decodeText(await forge.blob(home.repository, found)).text;
    },
  );
  return chooseMode({ ...facts, rivals });
}
