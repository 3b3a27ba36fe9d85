import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileCache, type FileCacheOptions } from '../../src/cache/file-cache.ts';
import { GatheringCache } from '../../src/cache/gathering-cache.ts';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import { limits } from '../../src/core/limits/limits.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { fc } from '../support/fast-check.ts';
import { temporaryTree } from '../support/fleet.ts';

const day = 86_400_000;
const start = Date.parse('2026-11-20T12:00:00Z');
let tree: { folder: string; remove: () => void };
let now: number;
let warnings: string[];
beforeEach(() => {
  tree = temporaryTree({});
  now = start;
  warnings = [];
});
afterEach(() => tree.remove());

function open(options: Partial<FileCacheOptions> = {}): FileCache {
  return new FileCache({
    folder: path.join(tree.folder, 'cache'),
    max: 1_000_000,
    clock: { now: () => now },
    logger: { ...silentLogger, warn: (message) => warnings.push(message) },
    ...options,
  });
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (found: Uint8Array | undefined): string | undefined => found && Buffer.from(found).toString();

function files(): string[] {
  return readdirSync(path.join(tree.folder, 'cache'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function onlyFile(): string {
  const [file, ...others] = files();
  expect(others).toEqual([]);
  return file ?? '';
}

/** Stores a value in its file. */
function store(cache: FileCache, key = 'key', value = bytes('value')): void {
  cache.put('kind', key, value);
  cache.flush();
}

/** Stores a value and dates its file. */
function putAt(cache: FileCache, key: string, value: Uint8Array, time: number): void {
  const before = new Set(existsSync(path.join(tree.folder, 'cache')) ? files() : []);
  store(cache, key, value);
  for (const file of files()) if (!before.has(file)) utimesSync(file, time / 1000, time / 1000);
}

const gatheringOver = (files: FileCache): GatheringCache =>
  new GatheringCache(files, { folder: path.join(tree.folder, 'cache'), kinds: ['kind'], clock: { now: () => now } });

describe.each([
  ['a file cache', () => open()],
  ['a memory cache', () => memoryCache()],
  ['a gathering cache', () => gatheringOver(open())],
])('%s', (_name, make) => {
  it('gives back any bytes under any key', () => {
    const cache = make();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (key, value) => {
        cache.put('kind', key, value);
        expect(Buffer.from(cache.get('kind', key) ?? [1]).equals(value)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('knows nothing it was not given, and keeps kinds apart', () => {
    const cache = make();
    expect(cache.get('kind', 'key')).toBeUndefined();
    cache.put('kind', 'key', bytes('a'));
    expect(cache.get('kind', 'other')).toBeUndefined();
    expect(cache.get('other', 'key')).toBeUndefined();
    cache.put('kind', 'key', bytes('b'));
    expect(text(cache.get('kind', 'key'))).toBe('b');
  });
});

describe('a file', () => {
  it('outlives the process that wrote it', () => {
    store(open());
    expect(text(open().get('kind', 'key'))).toBe('value');
  });

  it('is for its owner alone', () => {
    store(open());
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(tree.folder, 'cache')).mode & 0o777).toBe(0o700);
  });

  const damages: [string, (content: string) => string][] = [
    ['cut in its payload', (content) => content.slice(0, -1)],
    ['cut in its head', (content) => content.slice(0, 20)],
    ['empty', () => ''],
    ['with a changed payload', (content) => content.replace('value', 'valuf')],
    ['with more behind it', (content) => `${content}x`],
    ['of another key', (content) => content.replace('"key":"key"', '"key":"kez"')],
    ['of another version', (content) => content.replace('"version":1', '"version":2')],
    ['that is no JSON', () => '\n\n'],
  ];
  it.each(damages)('%s is a miss, and can be written again', (_name, damage) => {
    const cache = open();
    store(cache);
    writeFileSync(onlyFile(), damage(readFileSync(onlyFile(), 'utf8')));
    expect(cache.get('kind', 'key')).toBeUndefined();
    store(cache);
    expect(text(cache.get('kind', 'key'))).toBe('value');
    expect(warnings).toEqual([]);
  });

  it('that was only half written is not seen', () => {
    const cache = open();
    store(cache);
    writeFileSync(`${onlyFile()}.3f1c1f0e-0000-4000-8000-000000000000.tmp`, 'half');
    expect(text(cache.get('kind', 'key'))).toBe('value');
  });
});

describe('a folder that cannot be written', () => {
  it('is said once, and the run goes on', () => {
    const blocked = path.join(tree.folder, 'blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    const cache = open({ folder: path.join(blocked, 'cache') });
    for (const key of ['a', 'b', 'c']) cache.put('kind', key, bytes('x'));
    cache.close();
    expect(cache.get('kind', 'a')).toBeUndefined();
    expect(warnings).toEqual(['the cache cannot be written; going on without it']);
  });

  it('still gives what is in it', () => {
    store(open());
    chmodSync(path.dirname(onlyFile()), 0o500);
    now += 3 * day;
    expect(text(open().get('kind', 'key'))).toBe('value');
    chmodSync(path.dirname(onlyFile()), 0o700);
  });
});

describe('pruning', () => {
  const kilobyte = new Uint8Array(1000);

  it('keeps what was used last', () => {
    const cache = open({ max: 3500 });
    for (let i = 0; i < 6; i++) putAt(cache, `key ${i}`, kilobyte, start - (10 - i) * day);
    // Reading counts as use.
    expect(cache.get('kind', 'key 0')).toBeDefined();
    const { kept, freed, files: gone } = cache.prune();
    expect([gone, freed > 3000]).toEqual([3, true]);
    expect([0, 1, 2, 3, 4, 5].filter((i) => cache.get('kind', `key ${i}`) !== undefined)).toEqual([0, 4, 5]);
    expect(kept).toBe(files().reduce((sum, file) => sum + statSync(file).size, 0));
    expect(kept).toBeLessThanOrEqual(3500);
  });

  it('removes what killed writers left, once it is a day old', () => {
    const cache = open();
    store(cache);
    const file = onlyFile();
    const [old, young] = ['0', '1'].map((c) => `${file}.3f1c1f0e-0000-4000-8000-00000000000${c}.tmp`) as [
      string,
      string,
    ];
    for (const name of [old, young]) writeFileSync(name, 'half');
    utimesSync(old, (start - 2 * day) / 1000, (start - 2 * day) / 1000);
    utimesSync(young, start / 1000, start / 1000);
    cache.prune();
    expect([existsSync(file), existsSync(old), existsSync(young)]).toEqual([true, false, true]);
  });

  it('leaves alone what the cache did not write', () => {
    const folder = path.join(tree.folder, 'cache');
    mkdirSync(path.join(folder, 'photos/ab'), { recursive: true });
    const own = ['letter.txt', 'photos/1.jpg', 'photos/ab/2.jpg', 'photos/ab/x.tmp'];
    for (const name of own) writeFileSync(path.join(folder, name), 'precious');
    const cache = open({ max: 0 });
    putAt(cache, 'key', kilobyte, start - 9 * day);
    expect(cache.prune()).toMatchObject({ kept: 0, files: 1 });
    expect(
      files()
        .map((file) => path.relative(folder, file))
        .sort(),
    ).toEqual(own);
  });

  it('is nothing for a folder that is not there', () => {
    expect(open().prune()).toEqual({ kept: 0, freed: 0, files: 0 });
  });

  it('happens once a day, and only in runs that wrote', () => {
    const cache = open({ max: 0 });
    const round = (): boolean => {
      cache.put('kind', 'key', kilobyte);
      cache.close();
      return cache.get('kind', 'key') === undefined;
    };
    const readOnly = open({ max: 0 });
    readOnly.close();
    expect(existsSync(path.join(tree.folder, 'cache'))).toBe(false);
    expect(round()).toBe(true);
    expect(round()).toBe(false);
    now += day - 1000;
    expect(round()).toBe(false);
    now += 2000;
    expect(round()).toBe(true);
    // It was ahead by ten years.
    now -= 3650 * day;
    expect([round(), round()]).toEqual([true, false]);
    expect(warnings).toEqual([]);
  });
});

it('goes on when the folder is deleted under it', () => {
  const cache = open();
  store(cache);
  rmSync(path.join(tree.folder, 'cache'), { recursive: true });
  expect(cache.get('kind', 'key')).toBeUndefined();
  store(cache);
  cache.close();
});

describe('writing beside the work', () => {
  it('gives meanwhile what it was given, and ends in the files', async () => {
    const cache = open();
    for (let n = 0; n < 50; n++) cache.put('kind', `${n}`, bytes(`value ${n}`));
    expect(text(cache.get('kind', '49'))).toBe('value 49');
    await vi.waitFor(() => expect(files().filter((file) => !file.endsWith('.tmp'))).toHaveLength(50));
    expect(text(open().get('kind', '49'))).toBe('value 49');
  });

  it('keeps the newest value of a key, however it got there', async () => {
    const cache = open();
    for (let n = 0; n < 200; n++) {
      cache.put('kind', `${n % 3}`, bytes(`${n}`));
      if (n % 7 === 0) await new Promise(setImmediate);
      if (n % 31 === 0) cache.flush();
    }
    cache.close();
    const read = open();
    expect([0, 1, 2].map((n) => text(read.get('kind', `${n}`)))).toEqual(['198', '199', '197']);
  });

  it('holds no more than a bound of bytes before it writes', () => {
    const cache = open({ max: 1e9 });
    const megabyte = new Uint8Array(1024 * 1024);
    for (let n = 0; n < 40; n++) cache.put('kind', `${n}`, megabyte);
    expect(files().length).toBeGreaterThanOrEqual(24);
  });
});

it('keeps what can be written in one go, and nothing larger', () => {
  const cache = open({ max: 1024 ** 3 });
  cache.put('index', 'large', Buffer.alloc(limits.run.cachePayload.most));
  cache.put('index', 'too large', Buffer.alloc(limits.run.cachePayload.most + 1));
  expect(cache.get('index', 'large')).toHaveLength(limits.run.cachePayload.most);
  expect(cache.get('index', 'too large')).toBeUndefined();
  expect(warnings).toEqual([]);
});
