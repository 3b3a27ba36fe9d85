import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeRunLock } from '../../src/state/sqlite/lock.ts';
import { temporaryTree } from '../support/fleet.ts';

let tree: { folder: string; remove: () => void };
let state: string;
beforeEach(() => {
  tree = temporaryTree({});
  state = path.join(tree.folder, 'deep/state.db');
});
afterEach(() => tree.remove());

const now = Date.parse('2026-11-20T12:00:00Z');
const locked = expect.objectContaining({ code: 'LOCKED' });

it('is held by one at a time, and names who has it', () => {
  const lock = takeRunLock(state, now);
  expect(() => takeRunLock(state, now)).toThrow(
    expect.objectContaining({
      code: 'LOCKED',
      message: `another run is using the state ${state} (process ${process.pid} on ${hostname()}, since 2026-11-20T12:00:00.000Z); this one does nothing`,
    }),
  );
  lock.release();
  takeRunLock(state, now).release();
});

it('is one lock per state, and makes no state', () => {
  const [one, other] = [takeRunLock(state, now), takeRunLock(`${state}2`, now)];
  one.release();
  other.release();
  expect(readdirSync(path.dirname(state))).not.toContain('state.db');
});

it('says less when nobody left a name', () => {
  const lock = takeRunLock(state, now);
  writeFileSync(`${state}.lock.holder`, 'not json');
  expect(() => takeRunLock(state, now)).toThrow(`another run is using the state ${state}; this one does nothing`);
  lock.release();
});

it.each(['SIGKILL', 'SIGTERM'] as const)(
  'is held without being kept in hand, and ends with its process by %s',
  async (signal) => {
    const source = path.join(import.meta.dirname, '../../src/state/sqlite/lock.ts');
    const script = `
    import { takeRunLock } from ${JSON.stringify(source)};
    takeRunLock(process.argv[1], Date.now());
    setTimeout(() => {
      globalThis.gc();
      process.stdout.write('locked');
    }, 20);
    setInterval(() => {}, 1000);
  `;
    const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script, state], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve));
      expect(() => takeRunLock(state, now)).toThrow(locked);
      expect(() => takeRunLock(state, now)).toThrow(`process ${child.pid} on`);
    } finally {
      child.kill(signal);
      await ended;
    }
    takeRunLock(state, now).release();
  },
);

it('is unusable, not taken, where no file can be', () => {
  writeFileSync(path.join(tree.folder, 'deep'), 'a file');
  expect(() => takeRunLock(state, now)).toThrow(expect.objectContaining({ code: 'STATE' }));
});

it('says why it cannot be taken', () => {
  writeFileSync(path.join(tree.folder, 'file'), '');
  const refused = (why: RegExp): unknown =>
    expect.objectContaining({ code: 'STATE', message: expect.stringMatching(why) });
  expect(() => takeRunLock(path.join(tree.folder, 'file/state.db'), now)).toThrow(
    refused(/cannot be taken: .*(exists already|a part of its path is a file)/),
  );
  mkdirSync(`${path.join(tree.folder, 'state.db')}.lock`);
  expect(() => takeRunLock(path.join(tree.folder, 'state.db'), now)).toThrow(
    refused(/cannot be taken: it cannot be opened or made there; may this user write in its folder\?$/),
  );
});
