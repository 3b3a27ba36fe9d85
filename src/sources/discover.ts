/*
 * src/sources/
 *
 * What is read. This file finds files in folders, discover-repositories.ts in branches on a forge, without a clone;
 * git-view.ts leaves out what git ignores and does not track (git-index.ts), files-beside.ts says which files share one that
 * says more of them. placed-uses.ts has a file parsed and gives
 * each use its place and the platforms it is taken for (consumed-platforms.ts); placed-pins.ts does so for package
 * pins, with the base of their stage. What could not be read is a problem of its tree, and the tree is then not one
 * that was read as a whole.
 * Begin here, then placed-uses.ts.
 */

import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { globToRegExp } from '../core/glob.ts';
import { limits } from '../core/limits/limits.ts';
import { fileGlob } from '../core/patterns.ts';
import type { RepositoryPlace } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import { inTurns, isTurnOver, nextTurn } from '../core/time/turns.ts';
import { readAtMost, TooLarge } from '../disk/read-at-most.ts';
import { chosenReader } from '../formats/chosen-reader.ts';
import type { Around, FileBeside, Format, FormatReader } from '../formats/format.ts';
import { withSharers } from './files-beside.ts';
import { type GitView, gitView } from './git-view.ts';
import { withArguments } from './given-arguments.ts';

/** The same for local trees and forges: other people's code, and files that are data for tests. */
const defaultExclude: readonly string[] = [
  '**/{node_modules,vendor,.git,bower_components,testdata,__fixtures__,fixtures}/**',
];

/** One file that a format recognises. */
export interface WatchedFile extends Around {
  readonly tree: Tree;
  /** Path inside the tree, with `/`. */
  readonly file: string;
  /** What has read it, and changes it. */
  readonly format: FormatReader;
  readonly text: string;
  readonly encoding: TextEncoding;
  /** As it can be written again. */
  readonly beside?: FileBeside & Pick<WatchedFile, 'file' | 'encoding'>;
}

/** Docker reads bytes: a comment in an old encoding stops no build, so it must not stop us, and must survive an edit. */
export type TextEncoding = 'utf8' | 'latin1';

/** Where files are: a local folder, or a branch of a repository on a forge. */
export interface Tree {
  /** How it was asked for; part of every finding's identity unless `repository` is there. */
  readonly name: string;
  /** What people call it, where the configuration says. */
  readonly title?: string;
  /** Absent: nothing of it is on this machine. */
  readonly folder?: string;
  readonly repository?: RepositoryPlace;
}

/**
 * What one tree holds of files that are read. Problems: what could not be read, and what is wrong with the tree's own
 * settings.
 */
export interface Discovery {
  readonly files: readonly WatchedFile[];
  /** Folders not entered because of the exclude list (git's own does not count), and what git ignores and does not track. */
  readonly excluded: number;
  /** Those of the include and exclude globs that some path matched. */
  readonly matched: ReadonlySet<string>;
  /** By a format's name: files whose names say that they are of it, and which the configuration does not have read. */
  readonly unwanted?: ReadonlyMap<string, number>;
  readonly problems: readonly Problem[];
}

/** By a format's name: whether such files are read, or which of them. */
export type FileChoices = Readonly<Record<string, boolean | readonly string[] | undefined>>;

/** What is looked for in a tree. */
export interface DiscoverOptions {
  readonly formats: readonly Format[];
  /** Globs over paths in the tree; when given, they replace the formats' own file names. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Of which formats files are read, and of each those that match; all where nothing is said. */
  readonly files?: FileChoices;
  /** Also what git ignores and does not track. */
  readonly readsIgnored?: boolean;
  /** What people call the tree, where the configuration says. */
  readonly title?: string;
  /** What is wrong with the tree's own settings, to be told with the rest. */
  readonly problems?: readonly Problem[];
}

/**
 * Finds the files to read under one path, but for those that git would leave out: a folder is walked, a file is taken
 * whatever its name when a format knows its text. Symbolic links in folders are neither followed nor read. Throws
 * PlimsollError 'USAGE' when the path does not exist.
 */
export async function discover(target: string, options: DiscoverOptions): Promise<Discovery> {
  return isFolder(target) ? discoverFolder(target, options) : discoverFile(target, options);
}

/** Is it a folder, or a file? Throws PlimsollError 'USAGE' when nothing is there, or nothing that may be looked at. */
export function isFolder(target: string): boolean {
  try {
    return statSync(target).isDirectory();
  } catch (error) {
    throw new PlimsollError('USAGE', `cannot read ${target}: ${messageOf(error)}`, { cause: error });
  }
}

async function discoverFile(target: string, options: DiscoverOptions): Promise<Discovery> {
  const inside = !path.isAbsolute(target) && !path.normalize(target).startsWith('..');
  const folder = inside ? '.' : path.dirname(target);
  const file = inside ? path.normalize(target).split(path.sep).join('/') : path.basename(target);
  const none = { excluded: 0, matched: new Set<string>() };
  const read = readNamed(target, file);
  if ('code' in read) return { ...none, files: [], problems: [read] };
  const format = await knownFormat(file, read.text, options.formats);
  if ('code' in format) return { ...none, files: [], problems: [format] };
  const beside = format.beside === undefined ? undefined : path.posix.join(path.posix.dirname(file), format.beside);
  const view = beside === undefined ? undefined : await inTurns(gitView(folder));
  const isLeftOut = beside === undefined || (view?.leavesOut(beside, false) ?? false);
  const watched = { tree: treeOf(folder, options), file, format, ...read };
  const more = isLeftOut ? {} : besideOf(folder, beside, view?.tracks(beside) ?? false);
  const sharers = more.beside ? sharersOf({ ...watched, ...more }, folder, options) : [];
  const files = withSharers([{ ...watched, ...more }, ...sharers]).slice(0, 1);
  return { ...none, files, problems: [] };
}

/** Files that are not asked for, and that share the one beside a file: of its format by their names. */
function sharersOf(watched: WatchedFile, folder: string, { formats }: DiscoverOptions): WatchedFile[] {
  const name = path.posix.dirname(watched.file);
  const format = formats.find((one) => one.name === watched.format.name);
  return listFolder(folder, name, []).flatMap((entry) => {
    const file = path.posix.join(name, entry.name);
    if (!entry.isFile() || file === watched.file || format?.matches(file) !== 'yes') return [];
    const read = readText(path.join(folder, file), file);
    return 'code' in read ? [] : [{ ...watched, file, ...read }];
  });
}

function treeOf(folder: string, { title }: Pick<DiscoverOptions, 'title'>): Tree {
  return { name: folder, folder, ...(title !== undefined && { title }) };
}

async function discoverFolder(folder: string, options: DiscoverOptions): Promise<Discovery> {
  const tree = treeOf(folder, options);
  const { candidate, isExcluded, matched, unwanted } = fileChoice(options);
  const files: WatchedFile[] = [];
  const problems: Problem[] = [...(options.problems ?? [])];
  let leftOut = 0;

  // What is included by name is read whatever git says of it.
  const asksGit = options.readsIgnored !== true && options.include.length === 0;
  const viewOf = async (name: string): Promise<Level['git']> => {
    const view = asksGit ? await inTurns(gitView(path.join(folder, name))) : undefined;
    return view && { view, from: name === '' ? 0 : name.length + 1 };
  };
  // Asked for all the same where something would be changed.
  let whole: GitView | undefined | 'unasked' = 'unasked';
  const isTracked = async (file: string, git: Level['git']): Promise<boolean> => {
    if (git !== undefined) return git.view.tracks(file.slice(git.from));
    if (whole === 'unasked') whole = asksGit ? undefined : await inTurns(gitView(folder));
    return whole?.tracks(file) ?? false;
  };
  const waiting: Level[] = [{ relative: '', git: await viewOf('') }];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    const { relative } = level;
    const entries = listFolder(folder, relative, problems);
    // A repository within another has an index of its own.
    const isRepository = relative !== '' && entries.some(({ name }) => name === '.git');
    const git = isRepository ? await viewOf(relative) : level.git;
    const isIgnored = (file: string, isDirectory: boolean): boolean =>
      git?.view.leavesOut(file.slice(git.from), isDirectory) ?? false;
    for (const entry of entries) {
      if (isTurnOver()) await nextTurn();
      const file = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        // A folder is left out when everything in it would be.
        if (!isExcluded(`${file}/*`) && !isIgnored(file, true)) waiting.push({ relative: file, git });
        // Git's own folder is in every checkout and says nothing about this one.
        else if (entry.name !== '.git') leftOut++;
        continue;
      }
      // What it leads to is read where it is, or is none of this tree's.
      if (entry.isSymbolicLink() && candidate(file)?.isSure) leftOut++;
      const chosen = entry.isFile() ? candidate(file) : undefined;
      if (!chosen) continue;
      if (isIgnored(file, false)) {
        leftOut++;
        continue;
      }
      const read = readText(path.join(folder, file), file);
      if ('code' in read && chosen.isMarked) continue;
      const format = 'code' in read ? read : await chosen.choose(read.text);
      if (format === undefined) continue;
      if ('code' in format) problems.push(format);
      else if ('text' in read) {
        const name = format.beside !== undefined && entries.find((one) => one.name === format.beside)?.isFile();
        const beside = name ? path.posix.join(relative, format.beside ?? '') : undefined;
        const isSeen = beside !== undefined && !isIgnored(beside, false);
        const more = isSeen ? besideOf(folder, beside, await isTracked(beside, git)) : {};
        files.push({ tree, file, format, ...read, ...more });
      }
    }
  }
  return {
    files: await withArguments(withSharers(files.sort((a, b) => (a.file < b.file ? -1 : 1)))),
    excluded: leftOut,
    matched,
    unwanted,
    problems,
  };
}

/** The file beside another that says more of it, where it can be read. */
function besideOf(folder: string, file: string, isTracked: boolean): Pick<WatchedFile, 'beside'> {
  const read = readText(path.join(folder, file), file);
  if ('code' in read) return {};
  const fixed = `git does not track ${file}, which sets it; commit that file, or write the image without the variable`;
  return { beside: { file, ...read, ...(!isTracked && { fixed }) } };
}

/** A folder that is still to be listed, and the view of the repository around it, for paths from an offset on. */
interface Level {
  readonly relative: string;
  readonly git: { readonly view: GitView; readonly from: number } | undefined;
}

function listFolder(folder: string, relative: string, problems: Problem[]): Dirent[] {
  try {
    return readdirSync(path.join(folder, relative), { withFileTypes: true });
  } catch (error) {
    const message = `cannot list the folder: ${messageOf(error)}`;
    // Nothing is known of a tree whose own folder cannot be listed.
    problems.push(
      relative === ''
        ? { code: 'repository-unreadable', message, subject: folder }
        : { code: 'folder-unreadable', message, subject: relative },
    );
    return [];
  }
}

/** A file that may be read. */
export interface Candidate {
  /** Its name says what it is; of others only the text does. */
  readonly isSure: boolean;
  /** Only a mark in its text would make it a file of ours: what cannot be read of such is nobody's loss. */
  readonly isMarked: boolean;
  /** What reads such a text; undefined for one that only its name led to. */
  choose(text: string): Promise<FormatReader | Problem | undefined>;
}

/** Which files of one tree are read; kept while the tree is walked, since it notes what globs matched. */
export interface FileChoice {
  /** Undefined for a path that is not read, whatever is in it. */
  candidate(file: string): Candidate | undefined;
  isExcluded(file: string): boolean;
  /** The include and exclude globs that a path has matched so far. */
  readonly matched: ReadonlySet<string>;
  /** By a format's name: how many candidates so far are of a kind that is switched off, by their names. */
  readonly unwanted: ReadonlyMap<string, number>;
}

/** Which paths of a tree are read, by the globs of the configuration and the names that formats know. */
export function fileChoice({ formats: all, include, exclude, files = {} }: DiscoverOptions): FileChoice {
  const formats = all.flatMap((format) => chosenFormat(format, files[format.name]));
  const narrowed = all.filter(({ name }) => files[name] !== undefined && files[name] !== true);
  const matched = new Set<string>();
  const unwanted = new Map<string, number>();
  const defaults = defaultExclude.map(globToRegExp);
  const any = (globs: readonly string[]): ((file: string) => boolean) => {
    const patterns = globs.map((glob) => [glob, fileGlob(glob)] as const);
    return (file) => {
      const found = patterns.filter(([, pattern]) => pattern.test(file));
      for (const [glob] of found) matched.add(glob);
      return found.length > 0;
    };
  };
  const [isIncluded, isLeftOut] = [any(include), any(exclude)];
  const isExcluded = (file: string): boolean => isLeftOut(file) || defaults.some((pattern) => pattern.test(file));
  return {
    isExcluded,
    matched,
    unwanted,
    candidate: (file) => {
      if (include.length > 0) {
        if (!isIncluded(file) || isExcluded(file)) return undefined;
        return { isSure: true, isMarked: false, choose: (text) => knownFormat(file, text, formats) };
      }
      const named = formats.filter((one) => one.matches(file) !== 'no');
      const other = narrowed.find((one) => one.matches(file) === 'yes')?.name;
      if ((named.length === 0 && other === undefined) || isExcluded(file)) return undefined;
      const passOver = (): undefined => {
        if (other !== undefined) unwanted.set(other, (unwanted.get(other) ?? 0) + 1);
      };
      if (named.length === 0) return passOver();
      const isSure = named.some((one) => one.matches(file) === 'yes');
      const isMarked = !isSure && named.every((one) => one.isMarked);
      return { isSure, isMarked, choose: async (text) => (await formatOf(file, text, named)) ?? passOver() };
    },
  };
}

/** A format with the files that the configuration gives it; none where it is switched off. */
function chosenFormat(format: Format, choice: boolean | readonly string[] | undefined): readonly Format[] {
  if (choice === false) return [];
  if (choice === undefined || choice === true) return [format];
  const patterns = choice.map(fileGlob);
  return [{ ...format, matches: (path) => (patterns.some((one) => one.test(path)) ? 'yes' : 'no') }];
}

/** What somebody chose by hand: the format that knows its name, else the one that knows its text. */
export async function knownFormat(
  file: string,
  text: string,
  formats: readonly Format[],
): Promise<FormatReader | Problem> {
  const format = await formatOf(file, text, formats);
  const message = `not read, as it is none of what is: ${formats.map(({ reads }) => reads).join(', ')}`;
  return format ?? { code: 'not-recognised', message, subject: file };
}

/** Who reads a file, or the problem that nobody could be asked. */
async function formatOf(
  file: string,
  text: string,
  formats: readonly Format[],
): Promise<FormatReader | Problem | undefined> {
  try {
    return await chosenReader(file, text, formats);
  } catch (error) {
    return formatFailed(file, error);
  }
}

/** What reads a kind of file has failed, which is a fault of ours: the others go on. */
export function formatFailed(file: string, error: unknown): Problem {
  const message = `what reads such files failed: ${messageOf(error)}; please report it with the file`;
  return { code: 'format-failed', message, subject: file };
}

/** The text of what somebody named, which may be no file: a device has no end, and a pipe may have nobody who writes. */
export function readNamed(location: string, file: string): ReturnType<typeof readText> {
  if (statSync(location, { throwIfNoEntry: false })?.isFile() ?? true) return readText(location, file);
  return { code: 'file-unreadable', message: 'cannot read the file: it is no plain file', subject: file };
}

/** The text with its byte order mark, or the problem that keeps the file unread. */
export function readText(location: string, file: string): { text: string; encoding: TextEncoding } | Problem {
  try {
    return textIn(readAtMost(location, limits.file.size.most), file);
  } catch (error) {
    if (error instanceof TooLarge && error.size !== undefined) return tooLarge(error.size, file);
    return { code: 'file-unreadable', message: `cannot read the file: ${messageOf(error)}`, subject: file };
  }
}

/** The problem of a file of so many bytes, which is not read. */
export function tooLarge(size: number, file: string): Problem {
  return {
    code: 'file-too-large',
    message: `${size} bytes; files over ${limits.file.size.most} bytes are not read`,
    subject: file,
  };
}

/** The text of a file, or the problem that its encoding hides it: a byte order mark of UTF-16, or half a letter that is zero. */
export function textIn(bytes: Uint8Array, file: string): { text: string; encoding: TextEncoding } | Problem {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (!hasMark && (second === undefined || (first === 0) === (second === 0))) return decodeText(bytes);
  return { code: 'file-encoding', message: 'not read, as it is UTF-16 or no text; save it as UTF-8', subject: file };
}

/** Bytes as text, such that writing it back gives the same bytes: what is no UTF-8 is read as Latin-1. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncoding } {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  return { text: Buffer.from(bytes).toString(encoding), encoding };
}
