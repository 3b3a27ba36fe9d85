import { spanOf, type Traced } from '../text/traced.ts';
import { type Environment, expand } from './syntax/expand.ts';
import { quotedWords } from './syntax/flags.ts';
import type { Instruction } from './syntax/instructions.ts';

/** An archive that is unpacked over the whole file system. */
export interface FoundRootfs {
  /** Path in the build context. */
  readonly path: string;
  /** Offset of the word's first character. */
  readonly at: number;
}

/** What ADD unpacks and we can read, by its name. */
const isArchive = /\.(?:tar(?:\.(?:gz|xz|zst))?|tgz|txz|tzst)$/i;
/** Addresses, git repositories and patterns name no one file of the build context. */
const isElsewhere = /^[a-z][a-z0-9+.-]*:\/\/|^git@|[*?[]/i;

/**
 * The archives that `ADD rootfs.tar.xz /` unpacks at the root; a word that cannot be known names none. Source:
 * docs.docker.com/reference/dockerfile, "Adding local tar archives".
 */
export function addedRootfs(add: Instruction, scope: Environment, escape: string): readonly FoundRootfs[] {
  const { args, exec, heredocs, flags, start } = add;
  if (heredocs.length > 0 || flags.some(({ name, value }) => name === 'unpack' && value?.text === 'false')) return [];
  const words = exec ?? quotedWords(args, escape);
  const target = words.at(-1);
  if (words.length < 2 || target === undefined || textOf(target, scope, escape) !== '/') return [];
  return words.slice(0, -1).flatMap((word) => {
    const path = textOf(word, scope, escape);
    if (path === undefined || !isArchive.test(path) || isElsewhere.test(path)) return [];
    return [{ path, at: spanOf(word, start).start }];
  });
}

function textOf(word: Traced, scope: Environment, escape: string): string | undefined {
  return expand(word, escape, scope).value?.text;
}
