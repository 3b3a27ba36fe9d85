import { createHash } from 'node:crypto';

export type GitObjectType = 'commit' | 'tree' | 'blob';

/** An object of git, as its name is computed from it. */
export interface GitObject {
  readonly type: GitObjectType;
  readonly bytes: Uint8Array;
}

/** What a tree says of one name in it. */
export interface TreeEntry {
  readonly mode: string;
  /** One character per byte: git knows no encoding of names, and what is no UTF-8 must stay as it is. */
  readonly name: string;
  readonly id: string;
}

/** git's own name of an object: SHA-1 over `TYPE SP SIZE NUL CONTENT`. Source: gitformat-loose and git-hash-object(1). */
export function objectId({ type, bytes }: GitObject): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The entries of a tree, in its order. undefined: it is no tree as git writes it. */
export function parseTree(bytes: Uint8Array): readonly TreeEntry[] | undefined {
  const tree = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: TreeEntry[] = [];
  for (let at = 0; at < tree.length; ) {
    const space = tree.indexOf(32, at);
    const end = tree.indexOf(0, at);
    if (space < 0 || end < space || end + 21 > tree.length) return undefined;
    entries.push({
      mode: tree.toString('latin1', at, space),
      name: tree.toString('latin1', space + 1, end),
      id: tree.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** A tree of these entries, which are in git's order already. */
export function formatTree(entries: readonly TreeEntry[]): GitObject {
  const parts = entries.flatMap(({ mode, name, id }) => [
    Buffer.from(`${mode} ${name}\0`, 'latin1'),
    Buffer.from(id, 'hex'),
  ]);
  return { type: 'tree', bytes: Buffer.concat(parts) };
}

/** Who made a commit, and when; milliseconds since 1970. */
export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
  readonly time: number;
}

/** A commit by one person, in UTC. Source: gitformat-commit; git-commit-tree(1) for what a name may not hold. */
export function formatCommit(
  tree: string,
  parents: readonly string[],
  message: string,
  { name, email, time }: CommitAuthor,
): GitObject {
  const who = `${plain(name)} <${plain(email)}> ${Math.floor(time / 1000)} +0000`;
  const lines = [`tree ${tree}`, ...parents.map((id) => `parent ${id}`), `author ${who}`, `committer ${who}`];
  return { type: 'commit', bytes: Buffer.from(`${lines.join('\n')}\n\n${message}`) };
}

/** The tree that a commit names. undefined: it is no commit. */
export function treeOfCommit(bytes: Uint8Array): string | undefined {
  return /^tree ([0-9a-f]{40})\n/.exec(Buffer.from(bytes).toString('latin1', 0, 46))?.[1];
}

/** A header's line ends and its address is in angle brackets. */
function plain(text: string): string {
  return text.replace(/[<>\u0000-\u001f]/g, '').trim() || 'plimsoll';
}
