import type { ObjectStore } from './objects.ts';

export interface Entry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

export function readTree(store: ObjectStore, oid: string): Entry[] {
  const bytes = store.read(oid)?.bytes ?? Buffer.alloc(0);
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const nul = bytes.indexOf(0, at);
    const [mode = '', ...name] = bytes.subarray(at, nul).toString().split(' ');
    entries.push({ mode, name: name.join(' '), oid: bytes.subarray(nul + 1, nul + 21).toString('hex') });
    at = nul + 21;
  }
  return entries;
}

export function writeTree(store: ObjectStore, entries: readonly Entry[]): string {
  const key = ({ mode, name }: Entry): string => (mode === '40000' ? `${name}/` : name);
  const sorted = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return store.write(
    'tree',
    Buffer.concat(
      sorted.map(({ mode, name, oid }) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])),
    ),
  );
}

/** Every file below a tree: path to mode and blob. */
export function flatten(store: ObjectStore, tree: string, prefix = ''): Map<string, { mode: string; oid: string }> {
  const files = new Map<string, { mode: string; oid: string }>();
  for (const { mode, name, oid } of readTree(store, tree)) {
    if (mode === '40000') for (const [path, file] of flatten(store, oid, `${prefix}${name}/`)) files.set(path, file);
    else files.set(`${prefix}${name}`, { mode, oid });
  }
  return files;
}

export function unflatten(store: ObjectStore, files: ReadonlyMap<string, { mode: string; oid: string }>): string {
  const own: Entry[] = [];
  const folders = new Map<string, Map<string, { mode: string; oid: string }>>();
  for (const [path, file] of files) {
    const slash = path.indexOf('/');
    if (slash < 0) own.push({ ...file, name: path });
    else {
      const name = path.slice(0, slash);
      folders.set(name, (folders.get(name) ?? new Map()).set(path.slice(slash + 1), file));
    }
  }
  const trees = [...folders].map(([name, inside]) => ({ mode: '40000', name, oid: unflatten(store, inside) }));
  return writeTree(store, [...own, ...trees]);
}

export function readCommit(store: ObjectStore, oid: string): Commit {
  const object = store.read(oid);
  if (object?.type !== 'commit') throw new Error(`no commit ${oid}`);
  const text = object.bytes.toString();
  const [head = '', ...rest] = text.split('\n\n');
  const lines = head.split('\n');
  const of = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const person = (line = ''): Person => {
    const { name = '', email = '' } = /^(?<name>.*) <(?<email>[^>]*)>/.exec(line)?.groups ?? {};
    return { name, email };
  };
  return {
    oid,
    tree: of('tree')[0] ?? '',
    parents: of('parent'),
    author: person(of('author')[0]),
    committer: person(of('committer')[0]),
    message: rest.join('\n\n'),
  };
}

let seconds = 1_767_600_000;

export function writeCommit(store: ObjectStore, commit: Omit<Commit, 'oid'>): string {
  const time = `${seconds++} +0000`;
  const line = (word: string, { name, email }: Person): string => `${word} ${name} <${email}> ${time}`;
  return store.write(
    'commit',
    Buffer.from(
      [
        `tree ${commit.tree}`,
        ...commit.parents.map((parent) => `parent ${parent}`),
        line('author', commit.author),
        line('committer', commit.committer),
        '',
        commit.message,
      ].join('\n'),
    ),
  );
}

/** Every commit that is reachable, the commit itself included. */
export function ancestors(store: ObjectStore, from: string): Set<string> {
  const seen = new Set<string>();
  const waiting = [from];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    waiting.push(...readCommit(store, oid).parents);
  }
  return seen;
}

/** Commits of `head` that `base` has not, the oldest first. */
export function between(store: ObjectStore, base: string, head: string): Commit[] {
  const known = ancestors(store, base);
  const found: Commit[] = [];
  const seen = new Set<string>();
  const visit = (oid: string): void => {
    if (known.has(oid) || seen.has(oid)) return;
    seen.add(oid);
    const commit = readCommit(store, oid);
    for (const parent of commit.parents) visit(parent);
    found.push(commit);
  };
  visit(head);
  return found;
}

function mergeBase(store: ObjectStore, a: string, b: string): string | undefined {
  const known = ancestors(store, a);
  const waiting = [b];
  const seen = new Set<string>();
  for (let oid = waiting.shift(); oid !== undefined; oid = waiting.shift()) {
    if (known.has(oid)) return oid;
    if (seen.has(oid)) continue;
    seen.add(oid);
    waiting.push(...readCommit(store, oid).parents);
  }
  return undefined;
}

/** The tree of a merge of `head` into `base`; undefined: they conflict. Lines as git sees them, neighbours included. */
export function mergeTrees(store: ObjectStore, base: string, head: string): string | undefined {
  const root = mergeBase(store, base, head);
  const filesOf = (oid: string | undefined): Map<string, { mode: string; oid: string }> =>
    oid === undefined ? new Map() : flatten(store, readCommit(store, oid).tree);
  const [old, ours, theirs] = [filesOf(root), filesOf(base), filesOf(head)];
  const merged = new Map(ours);
  for (const path of new Set([...old.keys(), ...theirs.keys()])) {
    const [o, a, b] = [old.get(path)?.oid, ours.get(path)?.oid, theirs.get(path)?.oid];
    if (b === o || a === b) continue;
    const file = theirs.get(path);
    if (a === o) {
      if (file === undefined) merged.delete(path);
      else merged.set(path, file);
      continue;
    }
    const text = o && a && b ? mergeLines(textOf(store, o), textOf(store, a), textOf(store, b)) : undefined;
    if (text === undefined || file === undefined) return undefined;
    merged.set(path, { ...file, oid: store.write('blob', Buffer.from(text)) });
  }
  return unflatten(store, merged);
}

function textOf(store: ObjectStore, oid: string): string {
  return store.read(oid)?.bytes.toString() ?? '';
}

function mergeLines(old: string, ours: string, theirs: string): string | undefined {
  const [o, a, b] = [old, ours, theirs].map((text) => text.split('\n')) as [string[], string[], string[]];
  const touched = (side: string[]): { from: number; to: number; lines: string[] } => {
    let from = 0;
    while (from < o.length && from < side.length && o[from] === side[from]) from++;
    let end = 0;
    while (end < o.length - from && end < side.length - from && o.at(-1 - end) === side.at(-1 - end)) end++;
    return { from, to: o.length - end, lines: side.slice(from, side.length - end) };
  };
  const [x, y] = [touched(a), touched(b)];
  const [first, second] = x.from <= y.from ? [x, y] : [y, x];
  if (first.to >= second.from) return undefined;
  return [
    ...o.slice(0, first.from),
    ...first.lines,
    ...o.slice(first.to, second.from),
    ...second.lines,
    ...o.slice(second.to),
  ].join('\n');
}
