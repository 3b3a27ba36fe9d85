import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isUnderWay, moveBegins, moveEnded } from '../../../../src/engines/docker/swap/mover.ts';

const module = path.join(import.meta.dirname, '../../../../src/engines/docker/swap/mover.ts');

it('a move is under way until it has ended', () => {
  const word = moveBegins();
  expect(isUnderWay(word)).toBe(true);
  moveEnded(word);
  expect(isUnderWay(word)).toBe(false);
});

it('that of another process is, until that has ended, however it did', async () => {
  const script = `import { moveBegins } from ${JSON.stringify(module)}; process.stdout.write(moveBegins()); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const word = String(await new Promise((resolve) => child.stdout.once('data', resolve)));
  expect(isUnderWay(word)).toBe(true);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  expect(isUnderWay(word)).toBe(false);
});

it.each([
  ['nothing', ''],
  ['a process that never was', `${hostname()}/999999999/1/1`],
  ['a number that was given again', `${hostname()}/1/0/1`],
  ['another host', 'elsewhere/1/1/1'],
  ['no number', `${hostname()}/../1/1`],
])('%s is not under way', (_what, word) => {
  expect(isUnderWay(word)).toBe(false);
});
