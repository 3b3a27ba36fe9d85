import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FileCache } from '../../src/cache/file-cache.ts';
import { GatheringCache } from '../../src/cache/gathering-cache.ts';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import { limits } from '../../src/core/limits/limits.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { temporaryTree } from '../support/fleet.ts';

const day = 86_400_000;
let tree: { folder: string; remove: () => void };
let now: number;
beforeEach(() => {
  tree = temporaryTree({});
  now = Date.parse('2026-11-20T12:00:00Z');
});
afterEach(() => {
  vi.useRealTimers();
  tree.remove();
});

const clock = { now: () => now };

/** As another process would open it. */
function open(): { readonly gathering: GatheringCache; readonly files: FileCache; close: () => void } {
  const files = new FileCache({ folder: tree.folder, max: 1e9, clock, logger: silentLogger });
  const gathering = new GatheringCache(files, ['small'], clock);
  return {
    gathering,
    files,
    close: () => {
      gathering.flush();
      files.close();
    },
  };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (found: Uint8Array | undefined): string | undefined => found && Buffer.from(found).toString();
const names = (): string[] =>
  readdirSync(tree.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'pruned')
    .map((entry) => entry.name);
const keys = Array.from({ length: 600 }, (_, index) => `key ${index}`);

/** Puts values and ends, as a run does. */
function keep(values: Readonly<Record<string, string>>): void {
  const { gathering, close } = open();
  for (const [key, value] of Object.entries(values)) gathering.put('small', key, bytes(value));
  close();
}

it('holds hundreds of values in at most sixteen files', () => {
  keep(Object.fromEntries(keys.map((key) => [key, `{"of":"${key} ü"}`])));
  expect(names().length).toBeLessThanOrEqual(16);
  const { gathering } = open();
  for (const key of keys) expect(text(gathering.get('small', key))).toBe(`{"of":"${key} ü"}`);
});

it('gives a file of its own to what is large, has lines, is of another kind or finds no room', () => {
  const { gathering, close } = open();
  const large = 'x'.repeat(limits.run.gatheredValue.most + 1);
  gathering.put('small', 'large', bytes(large));
  gathering.put('small', 'lines', bytes('one\ntwo'));
  gathering.put('other', 'key', bytes('value'));
  const full = 'y'.repeat(limits.run.gatheredValue.most);
  const many = Math.ceil((16 * limits.run.gatheredFile.most) / limits.run.gatheredValue.most) + 100;
  for (let index = 0; index < many; index++) gathering.put('small', `full ${index}`, bytes(full));
  close();
  const later = open().gathering;
  expect(text(later.get('small', 'large'))).toBe(large);
  expect(text(later.get('small', 'lines'))).toBe('one\ntwo');
  expect(text(later.get('other', 'key'))).toBe('value');
  for (let index = 0; index < many; index++) expect(text(later.get('small', `full ${index}`))).toBe(full);
  expect(names().length).toBeGreaterThan(100);
});

it('gives the newest value, wherever the one before lay', () => {
  const large = 'x'.repeat(limits.run.gatheredValue.most + 1);
  keep({ key: 'one' });
  keep({ key: large });
  expect(text(open().gathering.get('small', 'key'))).toBe(large);
  keep({ key: 'two' });
  expect(text(open().gathering.get('small', 'key'))).toBe('two');
});

it('leaves what another process has put meanwhile', () => {
  const [one, two] = [open(), open()];
  for (const { gathering } of [one, two]) for (const key of keys) expect(gathering.get('small', key)).toBeUndefined();
  for (const key of keys) one.gathering.put('small', key, bytes(`first ${key}`));
  two.gathering.put('small', 'key 7', bytes('second'));
  one.close();
  two.close();
  const { gathering } = open();
  for (const key of keys) expect(text(gathering.get('small', key))).toBe(key === 'key 7' ? 'second' : `first ${key}`);
});

it('forgets what nobody has asked for in a week, and what was asked for by a clock that went wrong', () => {
  keep({ used: 'used', idle: 'idle' });
  now += 5 * day;
  const meanwhile = open();
  expect(text(meanwhile.gathering.get('small', 'used'))).toBe('used');
  meanwhile.close();
  now += 5 * day;
  const { gathering } = open();
  expect(text(gathering.get('small', 'used'))).toBe('used');
  expect(gathering.get('small', 'idle')).toBeUndefined();
  now -= 3650 * day;
  expect(open().gathering.get('small', 'used')).toBeUndefined();
});

it('writes by itself, soon after the first change', () => {
  vi.useFakeTimers();
  const below = memoryCache();
  const gathering = new GatheringCache(below, ['small'], clock);
  gathering.put('small', 'key', bytes('value'));
  expect(new GatheringCache(below, ['small'], clock).get('small', 'key')).toBeUndefined();
  vi.advanceTimersByTime(1500);
  expect(text(new GatheringCache(below, ['small'], clock).get('small', 'key'))).toBe('value');
  expect(text(gathering.get('small', 'key'))).toBe('value');
});

it('reads over lines that are none', () => {
  const below = memoryCache();
  for (const digit of '0123456789abcdef') below.put('small', `gathered ${digit}`, bytes('what\n\n{"a":1}\nabc 1 x\n'));
  const gathering = new GatheringCache(below, ['small'], clock);
  for (const key of keys) expect(gathering.get('small', key)).toBeUndefined();
  gathering.put('small', 'key', bytes('value'));
  gathering.flush();
  expect(text(gathering.get('small', 'key'))).toBe('value');
});

it('goes on where its files cannot be read', () => {
  keep({ key: 'value' });
  for (const name of readdirSync(path.join(tree.folder, 'small'))) {
    for (const file of readdirSync(path.join(tree.folder, 'small', name)))
      writeFileSync(path.join(tree.folder, 'small', name, file), 'no longer what was put');
  }
  expect(open().gathering.get('small', 'key')).toBeUndefined();
  keep({ key: 'again' });
  expect(text(open().gathering.get('small', 'key'))).toBe('again');
});
