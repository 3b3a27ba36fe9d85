import type { NewCommit } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import {
  type CommitAuthor,
  formatCommit,
  formatTree,
  type GitObject,
  objectId,
  parseTree,
  treeOfCommit,
} from './git-objects.ts';

/** A commit that is not on the server yet, with everything that it needs and the server has not. */
export interface MadeCommit {
  readonly id: string;
  readonly objects: readonly GitObject[];
}

/**
 * A commit on top of `onto` with some files changed. `known` has `onto` and its trees, by names that were computed from
 * them, so nothing that is not looked at is changed: names, modes and what is no UTF-8 stay. Throws ForgeError 'raced' where
 * one of the files is no plain file there, 'failed' where a tree was left out.
 */
export function commitObjects(
  known: ReadonlyMap<string, GitObject>,
  { onto, subject, body, files }: Pick<NewCommit, 'onto' | 'subject' | 'body' | 'files'>,
  by: CommitAuthor,
): MadeCommit {
  const root = treeOfCommit(known.get(onto)?.bytes ?? new Uint8Array());
  if (root === undefined) throw new ForgeError('failed', `the server sent no commit ${onto}`);
  const objects: GitObject[] = [];
  const add = (object: GitObject): string => {
    objects.push(object);
    return objectId(object);
  };

  function changed(tree: string, wanted: ReadonlyMap<string, Uint8Array>, above: string): string {
    const entries = parseTree(known.get(tree)?.bytes ?? new Uint8Array([0]));
    if (entries === undefined) throw new ForgeError('failed', `the server sent no tree ${tree} (${above || '/'})`);
    const inside = Map.groupBy(wanted, ([path]) => path.split('/')[0] ?? '');
    const made = entries.map((entry) => {
      const own = inside.get(entry.name);
      if (own === undefined) return entry;
      inside.delete(entry.name);
      const path = `${above}${Buffer.from(entry.name, 'latin1').toString()}`;
      const [first] = own;
      const isFile = own.length === 1 && first?.[0] === entry.name;
      const mode = Number.parseInt(entry.mode, 8);
      if (isFile) {
        if (mode !== 0o100644 && mode !== 0o100755) throw gone(path, onto);
        return { ...entry, id: add({ type: 'blob', bytes: first[1] }) };
      }
      if (mode !== 0o40000) throw gone(path, onto);
      const below = new Map(own.map(([name, bytes]) => [name.slice(entry.name.length + 1), bytes]));
      return { ...entry, id: changed(entry.id, below, `${path}/`) };
    });
    const [missing] = inside.keys();
    if (missing !== undefined) throw gone(`${above}${Buffer.from(missing, 'latin1').toString()}`, onto);
    return add(formatTree(made));
  }

  const wanted = new Map(files.map(({ path, bytes }) => [Buffer.from(path).toString('latin1'), bytes]));
  const tree = changed(root, wanted, '');
  const id = add(formatCommit(tree, [onto], `${subject}\n\n${body}\n`, by));
  return { id, objects };
}

function gone(path: string, onto: string): ForgeError {
  return new ForgeError('raced', `${path} is no plain file in ${onto} any more`);
}
