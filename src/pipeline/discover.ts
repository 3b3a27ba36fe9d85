import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { globToRegExp } from '../core/glob.ts';
import type { Problem } from '../core/problem.ts';
import type { RepositoryPlace } from '../core/proposal.ts';
import type { Format } from '../formats/format.ts';

/** The same for local trees and forges: other people's code, and files that are data for tests. */
const defaultExclude: readonly string[] = [
  '**/{node_modules,vendor,.git,bower_components,testdata,__fixtures__,fixtures}/**',
];

/** A file larger than this is a problem and stays unread. Bytes. */
export const largestFile = 1024 * 1024;

/** One file that a format recognises. */
export interface WatchedFile {
  readonly tree: Tree;
  /** Path inside the tree, with `/`. */
  readonly file: string;
  readonly format: Format;
  readonly text: string;
  readonly encoding: TextEncoding;
}

/** Docker reads bytes: a comment in an old encoding stops no build, so it must not stop us, and must survive an edit. */
export type TextEncoding = 'utf8' | 'latin1';

/** Where files are: a local folder, or a branch of a repository on a forge. */
export interface Tree {
  /** How it was asked for; part of every finding's identity unless `repository` is there. */
  readonly name: string;
  /** Absent: nothing of it is on this machine. */
  readonly folder?: string;
  readonly repository?: RepositoryPlace;
}

export interface Discovery {
  readonly files: readonly WatchedFile[];
  /** Folders not entered because of the exclude list; git's own does not count. */
  readonly excluded: number;
  readonly problems: readonly Problem[];
}

export interface DiscoverOptions {
  readonly formats: readonly Format[];
  /** Globs over paths in the tree; when given, they replace the formats' own file names. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * Finds the files to read under one path: a folder is walked, a file is taken whatever its name. Symbolic links in
 * folders are neither followed nor read. Throws PlimsollError 'USAGE' when the path does not exist.
 */
export function discover(target: string, options: DiscoverOptions): Discovery {
  let isFolder: boolean;
  try {
    isFolder = statSync(target).isDirectory();
  } catch (error) {
    const why = (error as { code?: string }).code === 'ENOENT' ? 'no such file or folder' : messageOf(error);
    throw new PlimsollError('USAGE', `cannot read ${target}: ${why}`, { cause: error });
  }
  return isFolder ? discoverFolder(target, options) : discoverFile(target, options);
}

function discoverFile(target: string, options: DiscoverOptions): Discovery {
  const inside = !path.isAbsolute(target) && !path.normalize(target).startsWith('..');
  const folder = inside ? '.' : path.dirname(target);
  const file = inside ? path.normalize(target).split(path.sep).join('/') : path.basename(target);
  const format = options.formats.find((candidate) => candidate.matches(file) === 'yes') ?? options.formats[0];
  const read = readText(target, file);
  if ('code' in read || !format) return { files: [], excluded: 0, problems: 'code' in read ? [read] : [] };
  return { files: [{ tree: { name: folder, folder }, file, format, ...read }], excluded: 0, problems: [] };
}

function discoverFolder(folder: string, options: DiscoverOptions): Discovery {
  const tree: Tree = { name: folder, folder };
  const { formatOf, isExcluded } = fileChoice(options);
  const files: WatchedFile[] = [];
  const problems: Problem[] = [];
  let foldersLeftOut = 0;

  const waiting = [''];
  for (let relative = waiting.pop(); relative !== undefined; relative = waiting.pop()) {
    for (const entry of listFolder(folder, relative, problems)) {
      const file = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        // A folder is left out when everything in it would be.
        if (!isExcluded(`${file}/*`)) waiting.push(file);
        // Git's own folder is in every checkout and says nothing about this one.
        else if (entry.name !== '.git') foldersLeftOut++;
        continue;
      }
      const candidate = entry.isFile() ? formatOf(file) : undefined;
      if (!candidate) continue;
      const read = readText(path.join(folder, file), file);
      if ('code' in read) problems.push(read);
      else if (candidate.sure || candidate.format.parse(read.text).problems.length === 0) {
        files.push({ tree, file, format: candidate.format, ...read });
      }
    }
  }
  return { files: files.sort((a, b) => (a.file < b.file ? -1 : 1)), excluded: foldersLeftOut, problems };
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

export interface FileChoice {
  /** The format a path is read with, if it is read at all; unless `sure`, only when it parses without problems. */
  formatOf(file: string): { readonly format: Format; readonly sure: boolean } | undefined;
  isExcluded(file: string): boolean;
}

/** Which paths of a tree are read, by the globs of the configuration and the names that formats know. */
export function fileChoice(options: DiscoverOptions): FileChoice {
  const excluded = [...defaultExclude, ...options.exclude].map(globToRegExp);
  const included = options.include.map(globToRegExp);
  const isExcluded = (file: string): boolean => excluded.some((pattern) => pattern.test(file));
  return {
    isExcluded,
    formatOf: (file) => {
      const found = formatFor(file, included, options.formats);
      return found === undefined || isExcluded(file) ? undefined : found;
    },
  };
}

function formatFor(
  file: string,
  included: readonly RegExp[],
  formats: readonly Format[],
): { format: Format; sure: boolean } | undefined {
  if (included.length > 0) {
    const format = formats.find((candidate) => candidate.matches(file) !== 'no') ?? formats[0];
    return format && included.some((pattern) => pattern.test(file)) ? { format, sure: true } : undefined;
  }
  for (const format of formats) {
    const matches = format.matches(file);
    if (matches !== 'no') return { format, sure: matches === 'yes' };
  }
  return undefined;
}

/** The text with its byte order mark, or the problem that keeps the file unread. */
export function readText(location: string, file: string): { text: string; encoding: TextEncoding } | Problem {
  try {
    const { size } = statSync(location);
    return size > largestFile ? tooLarge(size, file) : decodeText(readFileSync(location));
  } catch (error) {
    return { code: 'file-unreadable', message: `cannot read the file: ${messageOf(error)}`, subject: file };
  }
}

export function tooLarge(size: number, file: string): Problem {
  return {
    code: 'file-too-large',
    message: `${size} bytes; files over ${largestFile} bytes are not read`,
    subject: file,
  };
}

export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncoding } {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  return { text: Buffer.from(bytes).toString(encoding), encoding };
}
