import path from 'node:path';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { globToRegExp } from '../core/glob.ts';
import { limits } from '../core/limits/limits.ts';
import { configNames, type RepositoryPlace } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import type { ProblemCode } from '../core/problem-code.ts';
import type { BranchHead, Forge, ForgeRepository, Presentation, Selection, TreeFile } from '../forges/forge.ts';
import type { PinChoice, Policy } from '../verdict/policy.ts';
import type { PlatformSettings } from './consumed-platforms.ts';
import {
  type DiscoverOptions,
  type Discovery,
  decodeText,
  fileChoice,
  type Tree,
  textIn,
  tooLarge,
  type WatchedFile,
} from './discover.ts';
import { withSharers } from './files-beside.ts';
import { withArguments } from './given-arguments.ts';

/** Files found, and the settings that hold where they are. */
export interface DiscoveredTree {
  readonly discovery: Discovery;
  readonly platforms: PlatformSettings;
  readonly policy: Policy;
}

/** How commits of ours look in a repository. */
export interface CommitSettings {
  /** Before the subject and the title, such as `chore(deps): `. */
  readonly prefix: string;
  /** Adds `Signed-off-by`, for projects that ask for the Developer Certificate of Origin. */
  readonly signoff: boolean;
}

/** One branch of a repository, read. */
export interface ReadRepository {
  readonly forge: Forge;
  readonly repository: ForgeRepository;
  readonly head: BranchHead;
  /** As the trees of its findings are named. */
  readonly tree: string;
  readonly pin: PinChoice;
  readonly commit: CommitSettings;
  /** The blob of every file that was read, so that a commit changes what was looked at and nothing else. */
  readonly blobs: ReadonlyMap<string, string>;
  /** Only some of the files that are watched were asked for: what is proposed for others is none of this run's business. */
  readonly isPartial?: true;
}

/** `read` is absent for a repository that could not be read: then nothing is known of it, and nothing is done in it. */
export interface RepositoryTree extends DiscoveredTree {
  readonly read?: ReadRepository;
}

/** What the configurations say of one repository; the text is its own file's. Throws PlimsollError 'CONFIG'. */
export type RepositorySettings = (
  repository: string,
  own: { readonly file: string; readonly text: string } | undefined,
) => Omit<DiscoveredTree, 'discovery'> & { readonly discovery: DiscoverOptions; readonly commit: CommitSettings };

/** Which repositories of a forge are read, and with which settings. */
export interface RepositoriesRequest {
  readonly selections: readonly Selection[];
  readonly settings: RepositorySettings;
}

/** Repositories that are read at once, and files of each. */
const repositoriesAtOnce = 6;
const filesAtOnce = 4;

/** A branch that is to be read, as a list has it; `head` absent: the repository has none. Plain data, for whoever reads it later. */
export interface ListedBranch {
  readonly repository: ForgeRepository;
  readonly head?: BranchHead;
  /** As the trees of its findings are named. */
  readonly tree: string;
}

/** An owner that could not be listed. */
export interface UnlistedOwner {
  readonly unlisted: Problem & { readonly subject: string };
}

/** The branches that some selections name, in the order of the listing, and the owners that cannot be listed. */
export async function* listBranches(
  selections: readonly Selection[],
  forge: Pick<Forge, 'repositories'>,
): AsyncGenerator<ListedBranch | UnlistedOwner> {
  const seen = new Set<string>();
  for (const selection of selections) {
    try {
      for await (const repository of forge.repositories(selection)) {
        for (const [head, tree] of headsOf(repository, selection)) {
          // The first selection that finds a repository speaks for it.
          const key = `${repository.id} ${head?.name ?? ''}`;
          if (seen.has(key)) continue;
          seen.add(key);
          yield { repository, tree, ...(head && { head }) };
        }
      }
    } catch (error) {
      yield { unlisted: { code: 'owner-unreadable', message: messageOf(error), subject: selection.pattern } };
    }
  }
}

/** Reads branches, a few at once, and hands on each as it comes, in their order. One that fails is a problem of its own. */
export async function* readBranches(
  listed: AsyncIterable<ListedBranch | UnlistedOwner> | Iterable<ListedBranch | UnlistedOwner>,
  settings: RepositorySettings,
  forge: Forge,
): AsyncGenerator<RepositoryTree> {
  const waiting: Promise<RepositoryTree>[] = [];
  for await (const one of listed) {
    waiting.push(
      'unlisted' in one
        ? Promise.resolve(failed(settings, one.unlisted.subject, one.unlisted))
        : readRepository(one, settings, forge),
    );
    if (waiting.length >= repositoriesAtOnce) yield (await waiting.shift()) as RepositoryTree;
  }
  for (const one of waiting) yield await one;
}

/**
 * Reads the repositories that the configuration names through their forge; nothing is cloned. A repository that fails is a
 * problem of its own, and so is an owner that cannot be listed.
 */
export function discoverRepositories(
  { selections, settings }: RepositoriesRequest,
  forge: Forge,
): AsyncGenerator<RepositoryTree> {
  return readBranches(listBranches(selections, forge), settings, forge);
}

/** Does one of these still name a repository (its tree's name, which may end with `@branch`)? */
export function namedBy(selections: readonly Selection[]): (tree: string) => boolean {
  const patterns = selections.map(({ pattern }) => globToRegExp(pattern));
  return (tree) => patterns.some((pattern) => pattern.test(tree) || pattern.test(tree.replace(/@[^@]*$/, '')));
}

/** The heads with the names of their trees; undefined for a repository that has none. */
function headsOf({ name, branches }: ForgeRepository, selection: Selection): [BranchHead | undefined, string][] {
  if (branches.length === 0) return [[undefined, name]];
  return branches.map((head) => [head, selection.branches.length === 0 ? name : `${name}@${head.name}`]);
}

async function readRepository(
  { repository, head, tree }: ListedBranch,
  settings: RepositorySettings,
  forge: Forge,
): Promise<RepositoryTree> {
  const problem = (code: ProblemCode, message: string): RepositoryTree =>
    failed(settings, repository.name, { code, message, subject: tree });
  if (head === undefined)
    return problem('repository-empty', 'it has no branch to read: it is empty, or has no default');
  try {
    const files = await forge.tree(repository, head.tree);
    const own = await ownConfig(repository, files, forge);
    const { discovery: options, commit, ...rest } = settings(repository.name, own);
    const place = { name: tree, repository: placeOf(repository, head, forge.present) };
    const discovery = await readFiles(place, repository, files, options, forge);
    const blobs = new Map(files.map(({ path, blob }) => [path, blob]));
    const read = {
      forge,
      repository,
      head,
      tree,
      pin: rest.policy.pin,
      commit,
      blobs: new Map(discovery.files.map(({ file }) => [file, blobs.get(file) ?? ''])),
    };
    return { ...rest, discovery, read };
  } catch (error) {
    const code =
      error instanceof PlimsollError && error.code === 'CONFIG' ? 'repository-config' : 'repository-unreadable';
    return problem(code, messageOf(error));
  }
}

/** A branch as findings name it. */
export function placeOf(
  { forge, id, name, url }: ForgeRepository,
  { name: branch, commit }: BranchHead,
  { line }: Pick<Presentation, 'line'> = {},
): RepositoryPlace {
  const lines = line?.replace('{repository}', () => url).replace('{commit}', () => commit);
  return { forge, id, name, branch, commit, url, ...(lines !== undefined && { lines }) };
}

async function ownConfig(
  repository: ForgeRepository,
  files: readonly TreeFile[],
  forge: Forge,
): Promise<{ file: string; text: string } | undefined> {
  const [first, second] = files.filter(({ path }) => configNames.includes(path));
  if (first === undefined) return undefined;
  if (second !== undefined) {
    throw new PlimsollError('CONFIG', `two configurations, ${first.path} and ${second.path}; keep one of them`);
  }
  const bytes = await smallBlob(repository, first, forge);
  if (typeof bytes === 'number')
    throw new PlimsollError('CONFIG', `${first.path}: larger than ${limits.file.size.most} bytes`);
  return { file: first.path, text: decodeText(bytes).text };
}

async function readFiles(
  tree: Tree,
  repository: ForgeRepository,
  files: readonly TreeFile[],
  options: DiscoverOptions,
  forge: Forge,
): Promise<Discovery> {
  const { candidate, matched, unwanted } = fileChoice(options);
  const candidates = files.flatMap((file) => {
    const chosen = candidate(file.path);
    return chosen === undefined || chosen.isMarked ? [] : [{ file, ...chosen }];
  });
  // Each is a request; a name that does not tell is asked for last.
  const unsure = candidates.filter(({ isSure }) => !isSure).sort((a, b) => likely(b.file.path) - likely(a.file.path));
  const asked = unsure.slice(0, limits.tree.unsureFiles.most);
  const chosen = [...candidates.filter(({ isSure }) => isSure), ...asked];
  const found: WatchedFile[] = [];
  const problems: Problem[] = [...(options.problems ?? [])];
  if (unsure.length > asked.length) {
    const message = `${unsure.length - asked.length} files whose names do not tell what they are were not looked into; name them with "include", or the kinds of files with "files"`;
    problems.push({ code: 'files-unasked', message });
  }
  for (let from = 0; from < chosen.length; from += filesAtOnce) {
    await Promise.all(
      chosen.slice(from, from + filesAtOnce).map(async ({ file, choose }) => {
        try {
          const bytes = await smallBlob(repository, file, forge);
          if (typeof bytes === 'number') return void problems.push(tooLarge(bytes, file.path));
          const read = textIn(bytes, file.path);
          if ('code' in read) return void problems.push(read);
          const format = await choose(read.text);
          if (format === undefined) return;
          if ('code' in format) problems.push(format);
          else {
            const name = format.beside && path.posix.join(path.posix.dirname(file.path), format.beside);
            const other = name === undefined ? undefined : files.find((one) => one.path === name);
            const text = other && (await smallBlob(repository, other, forge));
            const beside =
              other && text instanceof Uint8Array ? { beside: { file: other.path, ...decodeText(text) } } : {};
            found.push({ tree, file: file.path, format, ...read, ...beside });
          }
        } catch (error) {
          problems.push({ code: 'file-unreadable', message: messageOf(error), subject: file.path });
        }
      }),
    );
  }
  // A file that could not be read must not look like one that is gone: then nothing is proposed or closed here.
  if (problems.some(({ code }) => code === 'file-unreadable')) {
    throw new PlimsollError('FORGE', problems.map(({ message }) => message).join('; '));
  }
  const read = await withArguments(withSharers(found.sort((a, b) => (a.file < b.file ? -1 : 1))));
  return { files: read, excluded: 0, matched, unwanted, problems };
}

/** What a file holds, or how long it is when that is too long. Where a list says so, it is not asked for. */
async function smallBlob(repository: ForgeRepository, file: TreeFile, forge: Forge): Promise<Uint8Array | number> {
  const most = limits.file.size.most;
  if (file.size !== undefined && file.size > most) return file.size;
  const bytes = await forge.blob(repository, file);
  return bytes.length > most ? bytes.length : bytes;
}

/** Do people keep files that name images in such folders? */
function likely(path: string): number {
  return Number(/k8s|kube|manifest|deploy|cluster|argo|flux|helm|stack|swarm|compose|infra|ops/i.test(path));
}

function failed(settings: RepositorySettings, name: string, problem: Problem): RepositoryTree {
  const { platforms, policy } = settings(name, undefined);
  return { discovery: { files: [], excluded: 0, matched: new Set(), problems: [problem] }, platforms, policy };
}
