import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FileCache } from '../../src/cache/file-cache.ts';
import { GatheringCache } from '../../src/cache/gathering-cache.ts';
import { limits } from '../../src/core/limits/limits.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { fc } from '../support/fast-check.ts';
import { temporaryTree } from '../support/fleet.ts';

const day = 86_400_000;
let tree: { folder: string; remove: () => void };
let now: number;
let warnings: string[];
beforeEach(() => {
  tree = temporaryTree({});
  now = Date.parse('2026-11-20T12:00:00Z');
  warnings = [];
});
afterEach(() => {
  vi.useRealTimers();
  tree.remove();
});

const clock = { now: () => now };
const large = 'x'.repeat(limits.run.gatheredValue.most + 1);

/** As another process would open it. */
function open(): { readonly gathering: GatheringCache; readonly close: () => void } {
  const logger = { ...silentLogger, warn: (message: string) => warnings.push(message) };
  const files = new FileCache({ folder: tree.folder, max: 1e9, clock, logger });
  const gathering = new GatheringCache(files, { folder: tree.folder, kinds: ['small', 'more'], clock });
  return {
    gathering,
    close: () => {
      gathering.flush();
      files.close();
    },
  };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (found: Uint8Array | undefined): string | undefined => found && Buffer.from(found).toString();
const read = (key: string): string | undefined => text(open().gathering.get('small', key));
const file = (): string => path.join(tree.folder, 'small', 'gathered');
const files = (): string[] =>
  readdirSync(tree.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'pruned')
    .map((entry) => entry.name);

/** Puts values and ends, as a run does. */
function keep(values: Readonly<Record<string, string>>): void {
  const { gathering, close } = open();
  for (const [key, value] of Object.entries(values)) gathering.put('small', key, bytes(value));
  close();
}

it('holds hundreds of values in one file, for its owner alone', () => {
  const keys = Array.from({ length: 600 }, (_, index) => `key ${index}`);
  keep(Object.fromEntries(keys.map((key) => [key, `{"of":"${key} ü",\n"more":1}`])));
  expect(files()).toEqual(['gathered']);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  const { gathering } = open();
  for (const key of keys) expect(text(gathering.get('small', key))).toBe(`{"of":"${key} ü",\n"more":1}`);
});

it('gives back any bytes, whatever order processes put and ask in', () => {
  const values = fc.uint8Array({ maxLength: 300 });
  const step = fc.record({
    process: fc.nat(2),
    key: fc.nat(5).map(String),
    value: fc.option(values),
    ends: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const own = temporaryTree({});
      try {
        const below = new FileCache({ folder: own.folder, max: 1e9, clock, logger: silentLogger });
        const make = () => new GatheringCache(below, { folder: own.folder, kinds: ['small'], clock });
        const processes = [make(), make(), make()];
        const put = new Map<string, Uint8Array[]>();
        for (const { process, key, value, ends } of steps) {
          const one = processes[process] ?? make();
          if (value !== null) {
            put.set(key, [...(put.get(key) ?? []), value]);
            one.put('small', key, value);
            expect(Buffer.from(one.get('small', key) ?? [1])).toEqual(Buffer.from(value));
          }
          const found = one.get('small', key);
          if (found) expect(put.get(key)?.some((earlier) => Buffer.from(earlier).equals(found))).toBe(true);
          if (!ends) continue;
          // What has been written is found by whoever comes next.
          one.flush();
          processes[process] = make();
          if (value !== null) expect(Buffer.from(make().get('small', key) ?? [1])).toEqual(Buffer.from(value));
        }
      } finally {
        own.remove();
      }
    }),
    { numRuns: 40 },
  );
});

it('is read by another process that looked before it was there', () => {
  const [one, two] = [open(), open()];
  expect(two.gathering.get('small', 'key')).toBeUndefined();
  one.gathering.put('small', 'key', bytes('value'));
  one.gathering.flush();
  expect(text(two.gathering.get('small', 'key'))).toBe('value');
});

it('gives a file of its own to what is large, is of another kind or finds no room', () => {
  const { gathering, close } = open();
  gathering.put('small', 'large', bytes(large));
  gathering.put('other', 'key', bytes('value'));
  const full = 'y'.repeat(limits.run.gatheredValue.most);
  const many = Math.ceil(limits.run.gatheredFile.most / limits.run.gatheredValue.most) + 20;
  for (let index = 0; index < many; index++) gathering.put('small', `full ${index}`, bytes(full));
  close();
  expect(statSync(file()).size).toBeLessThanOrEqual(limits.run.gatheredFile.most);
  expect(files().length).toBeGreaterThan(20);
  const later = open().gathering;
  expect(text(later.get('small', 'large'))).toBe(large);
  expect(text(later.get('other', 'key'))).toBe('value');
  for (let index = 0; index < many; index++) expect(text(later.get('small', `full ${index}`))).toBe(full);
});

it('gives the newest value, wherever the one before lay', () => {
  for (const value of ['one', large, 'two', large, '', 'three']) {
    keep({ key: value });
    expect(read('key')).toBe(value);
  }
});

it('loses no more than what was being written by whoever was killed', () => {
  keep({ one: '1', two: '2' });
  writeFileSync(file(), readFileSync(file()).subarray(0, -3));
  expect(read('one')).toBe('1');
  expect(read('two')).toBeUndefined();
  keep({ three: '3' });
  expect([read('one'), read('two'), read('three')]).toEqual(['1', undefined, '3']);
});

it.each([
  ['another byte', (content: Buffer) => Buffer.from(content.toString('latin1').replace(' t1', ' t2'), 'latin1')],
  ['lines of something else', () => Buffer.from(`what\n\n{"a":1}\n${'a'.repeat(64)} x\n${'b'.repeat(200)}\n`)],
  ['no line at all', () => Buffer.from([0, 1, 2, 255])],
  ['far more than it may be', () => Buffer.alloc(2 * limits.run.gatheredFile.most + 1, 'x\n')],
])('is a miss with %s in the file', (_name, damage) => {
  keep({ one: '1' });
  writeFileSync(file(), damage(readFileSync(file())));
  expect(read('one')).toBeUndefined();
  keep({ one: 'again' });
  expect(read('one')).toBe('again');
});

it('is written anew when half of it is worth nothing, without what nobody has asked for in a month', () => {
  const many = Array.from({ length: 400 }, (_, index) => `idle ${index}`);
  keep({ used: 'used', ...Object.fromEntries(many.map((key) => [key, large.slice(2000)])) });
  const before = statSync(file()).size;
  now += 20 * day;
  expect(read('idle 3')).toBe(large.slice(2000));
  const meanwhile = open();
  expect(text(meanwhile.gathering.get('small', 'used'))).toBe('used');
  meanwhile.close();
  now += 20 * day;
  expect(read('used')).toBe('used');
  expect(read('idle 3')).toBeUndefined();
  expect(statSync(file()).size).toBeLessThan(before / 100);
});

it('writes by itself, soon after the first change, and forgets what it has read', () => {
  vi.useFakeTimers();
  const { gathering } = open();
  gathering.put('small', 'key', bytes('value'));
  expect(existsSync(file())).toBe(false);
  vi.advanceTimersByTime(100);
  expect(read('key')).toBe('value');
  vi.advanceTimersByTime(20_000);
  expect(text(gathering.get('small', 'key'))).toBe('value');
});

it('says once that it cannot write, and nothing of what it only read', () => {
  keep({ key: 'value' });
  now += 10 * day;
  const reads = open();
  writeFileSync(path.join(tree.folder, 'more'), 'a file where a folder belongs');
  expect(text(reads.gathering.get('small', 'key'))).toBe('value');
  const { gathering, close } = open();
  gathering.put('more', 'key', bytes('value'));
  gathering.flush();
  gathering.put('more', 'other', bytes('value'));
  gathering.put('more', 'large', bytes(large));
  close();
  reads.close();
  expect(warnings).toEqual(['the cache cannot be written; going on without it']);
});

it('reads where it may not write, and says nothing', () => {
  keep({ key: 'value' });
  now += 10 * day;
  const { gathering, close } = open();
  expect(text(gathering.get('small', 'key'))).toBe('value');
  // As root may write everything, a folder stands in the way.
  rmSync(file());
  mkdirSync(file());
  close();
  expect(warnings).toEqual([]);
});
