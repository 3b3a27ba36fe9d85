import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { limits } from '../core/limits/limits.ts';
import type { Steps } from '../core/time/turns.ts';
import { type TrackedPaths, trackedPaths } from './git-index.ts';

/** What git says about paths of one folder: would it leave them out? */
export interface GitView {
  /** Ignored and not tracked; a folder also only when nothing in it is tracked. `file` is a path in the folder, with `/`. */
  leavesOut(file: string, isFolder: boolean): boolean;
  tracks(file: string): boolean;
}

/** One file of patterns: undefined where no pattern matches. */
type Rules = (file: string, isFolder: boolean) => boolean | undefined;

/**
 * Git's view of a folder in a work tree, by the ignore files of the tree, `info/exclude` and the index; personal ignore
 * files (core.excludesFile) are not asked. Undefined outside work trees, and where the index cannot be read: what is
 * tracked is not known then. Source: gitignore(5), gitrepository-layout(5).
 */
export function* gitView(folder: string): Steps<GitView | undefined> {
  const place = workTreeOf(path.resolve(folder));
  if (place === undefined) return undefined;
  const { root, gitDir } = place;
  const tracked = yield* trackedIn(gitDir);
  if (tracked === undefined) return undefined;
  const prefix = path.relative(root, path.resolve(folder)).split(path.sep).join('/');
  const inRoot = (file: string): string => (prefix === '' ? file : `${prefix}/${file}`);
  const exclude = rulesOf(path.join(commonDir(gitDir), 'info/exclude'));
  const byFolder = new Map<string, Rules | undefined>();
  const rulesIn = (name: string): Rules | undefined => {
    if (!byFolder.has(name)) byFolder.set(name, rulesOf(path.join(root, name, '.gitignore')));
    return byFolder.get(name);
  };
  const known = new Map<string, boolean>();
  /** What is in an ignored folder is ignored; else the file of patterns that is nearest decides. */
  const isIgnored = (file: string, isFolder: boolean): boolean => {
    const parent = parentOf(file);
    const seen = isFolder ? known.get(file) : undefined;
    if (seen !== undefined) return seen;
    const answer = (parent !== '' && isIgnored(parent, true)) || (decided(file, isFolder) ?? false);
    if (isFolder) known.set(file, answer);
    return answer;
  };
  const decided = (file: string, isFolder: boolean): boolean | undefined => {
    for (let name = parentOf(file); ; name = parentOf(name)) {
      const answer = rulesIn(name)?.(name === '' ? file : file.slice(name.length + 1), isFolder);
      if (answer !== undefined) return answer;
      if (name === '') return exclude?.(file, isFolder);
    }
  };
  return {
    tracks: (file) => tracked.has(inRoot(file)),
    leavesOut: (file, isFolder) => {
      const whole = inRoot(file);
      return isIgnored(whole, isFolder) && !(isFolder ? tracked.hasIn(whole) : tracked.has(whole));
    },
  };
}

function parentOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf('/'), 0));
}

/** The nearest folder with a `.git`, which is a folder, or a file that names one (worktrees, submodules). */
function workTreeOf(folder: string): { readonly root: string; readonly gitDir: string } | undefined {
  for (let root = folder; ; root = path.dirname(root)) {
    const name = path.join(root, '.git');
    const found = statSync(name, { throwIfNoEntry: false });
    if (found?.isDirectory()) return { root, gitDir: name };
    const named = found?.isFile() ? /^gitdir: (.+)$/m.exec(textOf(name) ?? '')?.[1] : undefined;
    if (named !== undefined) return { root, gitDir: path.resolve(root, named.trim()) };
    if (found !== undefined || root === path.dirname(root)) return undefined;
  }
}

/** A linked worktree shares `info` with the repository it belongs to. */
function commonDir(gitDir: string): string {
  const named = textOf(path.join(gitDir, 'commondir'))?.trim();
  return named === undefined ? gitDir : path.resolve(gitDir, named);
}

function* trackedIn(gitDir: string): Steps<TrackedPaths | undefined> {
  const file = path.join(gitDir, 'index');
  try {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size > limits.tree.gitIndex.most) return undefined;
    const isSha256 = /^\s*objectformat\s*=\s*sha256\s*$/im.test(textOf(path.join(commonDir(gitDir), 'config')) ?? '');
    return yield* trackedPaths(readFileSync(file), isSha256 ? 32 : 20);
  } catch {
    return undefined;
  }
}

let loaded: typeof import('ignore') | undefined;

function rulesOf(file: string): Rules | undefined {
  const text = textOf(file, limits.tree.ignoreFile.most);
  if (text === undefined) return undefined;
  loaded ??= createRequire(import.meta.url)('ignore') as typeof import('ignore');
  const rules = loaded({ ignoreCase: false, allowRelativePaths: true }).add(text);
  return (name, isFolder) => {
    const { ignored, unignored } = rules.test(isFolder ? `${name}/` : name);
    return ignored ? true : unignored ? false : undefined;
  };
}

function textOf(file: string, largest: number = limits.tree.gitFile.most): string | undefined {
  try {
    const stats = statSync(file);
    // A link in somebody's tree may lead to a device, which has no end.
    return !stats.isFile() || stats.size > largest ? undefined : readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
