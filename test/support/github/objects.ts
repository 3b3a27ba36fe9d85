import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

export type ObjectType = 'blob' | 'tree' | 'commit';

export interface GitObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

/** Where a repository's objects and branches are: in memory, or in a real bare git repository. */
export interface ObjectStore {
  read(oid: string): GitObject | undefined;
  write(type: ObjectType, bytes: Buffer): string;
  /** Full names, `refs/heads/main`. */
  refs(): ReadonlyMap<string, string>;
  setRef(name: string, oid: string | undefined): void;
}

/** git's own object names (Documentation/gitformat-pack: `type SP size NUL content`). */
export function oidOf(type: ObjectType, bytes: Buffer): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

export function memoryStore(): ObjectStore {
  const objects = new Map<string, GitObject>();
  const refs = new Map<string, string>();
  return {
    read: (oid) => objects.get(oid),
    write: (type, bytes) => {
      const oid = oidOf(type, bytes);
      objects.set(oid, { type, bytes });
      return oid;
    },
    refs: () => refs,
    setRef: (name, oid) => {
      if (oid === undefined) refs.delete(name);
      else refs.set(name, oid);
    },
  };
}

/** A bare repository on disk, which `git` itself may clone from and push to. */
export function bareStore(folder: string): ObjectStore {
  const git = (...words: string[]): Buffer =>
    execFileSync('git', ['-C', folder, ...words], { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e8 });
  if (!existsSync(path.join(folder, 'HEAD')))
    execFileSync('git', ['init', '--quiet', '--bare', '--template=', '--initial-branch=main', folder]);
  const loose = (oid: string): string => path.join(folder, 'objects', oid.slice(0, 2), oid.slice(2));
  return {
    read: (oid) => {
      if (existsSync(loose(oid))) {
        const raw = inflateSync(readFileSync(loose(oid)));
        const end = raw.indexOf(0);
        const [type] = raw.subarray(0, end).toString().split(' ');
        return { type: type as ObjectType, bytes: raw.subarray(end + 1) };
      }
      try {
        const type = git('cat-file', '-t', oid).toString().trim() as ObjectType;
        return { type, bytes: git('cat-file', type, oid) };
      } catch {
        return undefined;
      }
    },
    write: (type, bytes) => {
      const oid = oidOf(type, bytes);
      if (!existsSync(loose(oid))) {
        mkdirSync(path.dirname(loose(oid)), { recursive: true });
        writeFileSync(loose(oid), deflateSync(Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])));
      }
      return oid;
    },
    // Read as files: a story asks thousands of times. git packs none here, since nobody calls its housekeeping.
    refs: () => {
      const names = readdirSync(path.join(folder, 'refs'), { recursive: true, encoding: 'utf8' });
      return new Map(
        names
          .filter((name) => !name.endsWith('.lock'))
          .flatMap((name): [string, string][] => {
            try {
              const oid = readFileSync(path.join(folder, 'refs', name), 'utf8').trim();
              return oid === '' ? [] : [[`refs/${name}`, oid]];
            } catch {
              // A folder, or one that git takes away at this moment.
              return [];
            }
          }),
      );
    },
    setRef: (name, oid) => {
      const file = path.join(folder, name);
      if (oid === undefined) return rmSync(file, { force: true });
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(`${file}.new.lock`, `${oid}\n`);
      renameSync(`${file}.new.lock`, file);
    },
  };
}
