import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../src/state/sqlite/migrations.ts';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import type { Store } from '../../src/state/store.ts';
import { a, aRun, b, debian, describeStore, look, type StoreFixture, stored } from '../contract/store.ts';
import { describeCoverage } from '../contract/store-coverage.ts';
import { temporaryTree } from '../support/fleet.ts';

function fixture(): StoreFixture {
  const tree = temporaryTree({});
  return {
    open: () => openSqliteStore(path.join(tree.folder, 'deep/state.db'), { readOnly: false }),
    remove: tree.remove,
  };
}
describeStore('SQLite', fixture);
describeCoverage('SQLite', fixture);

let tree: { folder: string; remove: () => void };
let file: string;
beforeEach(async () => {
  tree = temporaryTree({});
  file = path.join(tree.folder, 'state.db');
});
afterEach(() => tree.remove());

const open = (readOnly = false) => openSqliteStore(file, { readOnly });
const stateError = (words: RegExp) => expect.objectContaining({ code: 'STATE', message: expect.stringMatching(words) });

const lookOf = async (store: Store) => (await store.looks([debian])).get(debian)?.[0];

/** A state with one run in it. */
async function seed(): Promise<void> {
  const store = open();
  await store.recordRun(aRun(100, { looks: [look(a)], findings: [stored(['x'])] }));
  await store.close();
}

describe('the file', () => {
  it('is complete in itself after close', async () => {
    await seed();
    expect(readdirSync(tree.folder)).toEqual(['state.db']);
    copyFileSync(file, path.join(tree.folder, 'copy.db'));
    file = path.join(tree.folder, 'copy.db');
    const copy = open(true);
    expect((await lookOf(copy))?.digest).toBe(a);
    await copy.close();
  });

  it('is brought forward from version 0, once', async () => {
    writeFileSync(file, '');
    await seed();
    const version = new DatabaseSync(file, { readOnly: true });
    const { user_version } = version.prepare('pragma user_version').get() as { user_version: number };
    version.close();
    expect(user_version).toBeGreaterThan(0);
    const store = open();
    expect((await lookOf(store))?.digest).toBe(a);
    await store.close();
  });

  it('is brought forward from version 1 with its base lines and weeks', async () => {
    const old = new DatabaseSync(file);
    old.exec(`${migrations[0]}; pragma user_version = 1;
      insert into look values ('${debian}', '*', '${a}', 100, 300), ('${debian}', '*', '${b}', 200, 200), ('${debian}', 'linux/arm64', '${b}', 400, 400);
      insert into news values ('x', 'packages', '${debian}', 100, null);
      insert into delivery values ('x', 'stdout', 'delivered', 1, null, null, 100);
      insert into batch values ('stdout', '2026-W47')`);
    old.close();
    const store = open();
    expect((await store.baseLines([debian])).get(debian)).toBe(a);
    expect((await store.openNews()).get('x')).toMatchObject({ first: 100, runs: 1 });
    const { told, windows } = await store.outbox.memoryOf('stdout', []);
    expect([...told.keys()]).toEqual(['x']);
    expect(windows.get('weekly')).toBe('2026-W47');
    await store.close();
  });

  it('is refused when a newer version wrote it', async () => {
    await seed();
    const database = new DatabaseSync(file);
    database.exec('pragma user_version = 99');
    database.close();
    for (const readOnly of [false, true]) {
      expect(() => open(readOnly)).toThrow(stateError(/schema 99, written by a newer Plimsoll/));
    }
  });

  it('is refused when it is another program’s', async () => {
    const database = new DatabaseSync(file);
    database.exec('create table customers (name text)');
    database.close();
    const before = readFileSync(file);
    expect(() => open()).toThrow(stateError(/database of another program/));
    expect(readFileSync(file).subarray(100)).toEqual(before.subarray(100));
  });

  it.each([
    ['no database', () => writeFileSync(file, 'this is no database, but long enough to look at: '.repeat(50))],
    ['cut in half', () => truncateSync(file, statSync(file).size / 2)],
    [
      'overwritten in the middle',
      () => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 4096 * 2, 4096 * 12);
        writeFileSync(file, bytes);
      },
    ],
  ])('is refused when it is %s', async (_name, damage) => {
    await seed();
    damage();
    for (const readOnly of [false, true]) expect(() => open(readOnly)).toThrow(stateError(/damaged/));
  });

  it('is refused when it is a folder, or lies below a file', async () => {
    mkdirSync(file);
    expect(() => open()).toThrow(stateError(/state\.db cannot be used/));
    writeFileSync(path.join(tree.folder, 'plain'), '');
    expect(() => openSqliteStore(path.join(tree.folder, 'plain/state.db'), { readOnly: false })).toThrow(
      stateError(/cannot be used/),
    );
  });
});

describe('a state of an older schema', () => {
  const older = readFileSync(path.join(import.meta.dirname, 'schema-3.sql'), 'utf8');
  const backup = (): string => `${file}.before-v${migrations.length}`;
  const versionOf = (name: string): number => {
    const database = new DatabaseSync(name, { readOnly: true });
    const { user_version } = database.prepare('pragma user_version').get() as { user_version: number };
    database.close();
    return user_version;
  };
  beforeEach(() => {
    const database = new DatabaseSync(file);
    database.exec(older);
    database.close();
  });

  it('is copied before it is brought forward, and the newest copy is the only one', async () => {
    writeFileSync(`${file}.before-v3`, 'an older copy');
    writeFileSync(`${file}.before-v3-of-mine`, 'not ours to delete');
    chmodSync(file, 0o600);
    await open().close();
    expect(readdirSync(tree.folder).sort()).toEqual(
      ['state.db', path.basename(backup()), 'state.db.before-v3-of-mine'].sort(),
    );
    expect([versionOf(file), versionOf(backup())]).toEqual([migrations.length, 3]);
    expect(statSync(backup()).mode & 0o777).toBe(0o600);
    const copy = new DatabaseSync(backup(), { readOnly: true });
    expect(copy.prepare('select count(*) as rows from finding').get()).toEqual({ rows: 5 });
    copy.close();
    // Done once, and nothing is copied any more.
    rmSync(backup());
    await open().close();
    expect(existsSync(backup())).toBe(false);
  });

  it('is no more than copied when that is all there is', async () => {
    rmSync(file);
    await seed();
    expect(readdirSync(tree.folder)).toEqual(['state.db']);
  });

  it.each([
    ['the copy cannot be written', () => mkdirSync(backup()), /could not be copied/],
    ['it is cut in half', () => truncateSync(file, statSync(file).size / 2), /damaged/],
    [
      'it is of a newer schema',
      () => {
        const database = new DatabaseSync(file);
        database.exec('pragma user_version = 99');
        database.close();
      },
      /written by a newer Plimsoll/,
    ],
  ])('is left as it is when %s', (_name, hinder, words) => {
    hinder();
    const before = readFileSync(file);
    expect(() => open()).toThrow(stateError(words));
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(tree.folder).filter((name) => statSync(path.join(tree.folder, name)).isFile())).toEqual([
      'state.db',
    ]);
  });

  it('is left as it is when the disk is full', async () => {
    const child = spawn(
      'sh',
      [
        '-c',
        'ulimit -f 40; trap "" XFSZ; exec "$@"',
        'sh',
        process.execPath,
        '--input-type=module',
        '-e',
        opening,
        file,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const before = readFileSync(file);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(said).toMatch(/^STATE the state /);
    expect(said).toContain(`could not be copied to state.db.before-v${migrations.length} beside it`);
    expect(said).toMatch(/nothing was changed$/);
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(tree.folder)).toEqual(['state.db']);
  });

  const opening = `
    import { openSqliteStore } from ${JSON.stringify(path.join(import.meta.dirname, '../../src/state/sqlite/sqlite.ts'))};
    try {
      openSqliteStore(process.argv[1], { readOnly: false });
    } catch (error) {
      process.stdout.write(error.code + ' ' + error.message);
    }
  `;
});

describe('reading only', () => {
  it('changes nothing', async () => {
    await seed();
    const before = readFileSync(file);
    const store = open(true);
    expect((await lookOf(store))?.digest).toBe(a);
    await expect(store.recordRun(aRun(200))).rejects.toEqual(stateError(/cannot be written/));
    await store.close();
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(tree.folder)).toEqual(['state.db']);
  });

  it('needs a file that is there', async () => {
    expect(() => open(true)).toThrow(stateError(/there is no state at .*plimsoll run/));
    expect(existsSync(file)).toBe(false);
  });

  it('does not bring an older file forward', async () => {
    writeFileSync(file, '');
    expect(() => open(true)).toThrow(stateError(/older schema 0; "plimsoll run" brings it forward/));
    expect(statSync(file).size).toBe(0);
  });
});

it('lets two read while one writes', async () => {
  await seed();
  const writer = open();
  const readers = [open(true), open(true)];
  const raw = new DatabaseSync(file);
  raw.exec('begin immediate; delete from look');
  for (const reader of readers) expect((await lookOf(reader))?.digest).toBe(a);
  raw.exec('rollback');
  raw.close();
  await writer.recordRun(aRun(200, { looks: [look(b)] }));
  for (const reader of readers) expect((await lookOf(reader))?.digest).toBe(b);
  await writer.close();
  for (const reader of readers) {
    expect((await lookOf(reader))?.digest).toBe(b);
    await reader.close();
  }
  await seed();
  expect(readdirSync(tree.folder)).toEqual(['state.db']);
});

describe('a process killed while it records', () => {
  const source = path.join(import.meta.dirname, '../../src');

  /** Records a run, says so at its last finding, and waits to be killed. */
  const script = `
    import { openSqliteStore } from ${JSON.stringify(`${source}/state/sqlite/sqlite.ts`)};
    const store = openSqliteStore(process.argv[1], { readOnly: false });
    const finding = (i) => ({ ...${JSON.stringify(stored([]))}, id: 'f' + i, news: ['n' + i] });
    const last = {
      ...finding(5000),
      get reason() {
        process.stdout.write('recording');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100_000);
      },
    };
    const findings = [...Array.from({ length: 5000 }, (_, i) => finding(i)), last];
    const looks = [{ reference: ${JSON.stringify(debian)}, platform: '*', digest: ${JSON.stringify(b)} }];
    await store.recordRun({ ...${JSON.stringify(aRun(200))}, looks, findings });
  `;

  it('leaves the state of the run before', async () => {
    await seed();
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await said(child, 'recording');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    const store = open();
    expect((await store.looks([debian])).get(debian)).toEqual([{ digest: a, first: 100, last: 100 }]);
    expect([...(await store.openNews()).keys()]).toEqual(['x']);
    await store.recordRun(aRun(300, { looks: [look(b)] }));
    await store.close();
    expect(readdirSync(tree.folder)).toEqual(['state.db']);
  });
});

async function said(child: ChildProcess, word: string): Promise<void> {
  let heard = '';
  await new Promise<void>((resolve, reject) => {
    child.on('close', () => reject(new Error(`ended before it said ${word}`)));
    child.stdout?.on('data', (chunk) => {
      heard += chunk;
      if (heard.includes(word)) resolve();
    });
  });
}
