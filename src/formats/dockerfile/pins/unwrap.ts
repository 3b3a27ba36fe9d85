import type { Argument } from './words.ts';

/** Commands that run the rest of their words as a command, with those of their options that take the next word. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  sudo: [
    '-u',
    '-g',
    '-h',
    '-p',
    '-C',
    '-D',
    '-R',
    '-T',
    '--user',
    '--group',
    '--host',
    '--prompt',
    '--chdir',
    '--chroot',
  ],
  env: ['-u', '--unset', '-C', '--chdir'],
  nice: ['-n', '--adjustment'],
  ionice: ['-c', '-n', '--class', '--classdata'],
  timeout: ['-k', '-s', '--kill-after', '--signal'],
  xargs: ['-a', '-d', '-E', '-I', '-L', '-n', '-P', '-s', '--max-args', '--max-procs', '--delimiter', '--arg-file'],
  time: ['-f', '-o', '--format', '--output'],
  exec: ['-a'],
  command: [],
  builtin: [],
  nohup: [],
  eatmydata: [],
  fakeroot: [],
};
const reserved = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{']);
const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'busybox']);

export const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*\+?=/.test(word);

const baseName = (command: string): string => command.slice(command.lastIndexOf('/') + 1);

/** Is the command a shell that reads POSIX-like scripts? */
export function isShell(command: string): boolean {
  return shells.has(baseName(command).replace(/\.exe$/, ''));
}

/** Leaves out reserved words, assignments and wrappers such as `sudo` before a command. */
export function unwrap(words: readonly Argument[]): readonly Argument[] {
  let at = 0;
  for (;;) {
    const word = words[at]?.text;
    if (word === undefined) return [];
    const valued = Object.hasOwn(wrappers, baseName(word)) ? wrappers[baseName(word)] : undefined;
    if (reserved.has(word) || isAssignment(word)) at++;
    else if (valued === undefined) return words.slice(at);
    else {
      at = skipOptions(words, at + 1, valued);
      // timeout's first word is its duration.
      if (baseName(word) === 'timeout') at++;
    }
  }
}

function skipOptions(words: readonly Argument[], from: number, valued: readonly string[]): number {
  let at = from;
  for (let word = words[at]?.text; word?.startsWith('-') && word !== '-'; word = words[at]?.text) {
    at += valued.includes(word) ? 2 : 1;
    if (word === '--') break;
  }
  return at;
}

/** What a shell was told to run: a script in a word, or (`stdin`) what it reads. Undefined for a script file. */
export function shellScript(words: readonly Argument[]): Argument | 'stdin' | undefined {
  let at = 1;
  // `busybox sh -c …`
  if (baseName(words[0]?.text ?? '') === 'busybox' && isShell(words[1]?.text ?? '')) at++;
  let command = false;
  for (let word = words[at]?.text; word !== undefined && /^[-+]./.test(word); word = words[at]?.text) {
    at++;
    if (word === '--') break;
    if (word.startsWith('--')) continue;
    command ||= word.startsWith('-') && word.includes('c');
    // `-o pipefail`, also at the end of a cluster as in `-euo pipefail`.
    if (/[oO]$/.test(word)) at++;
  }
  const operand = words[at];
  if (command) return operand;
  return operand === undefined || operand.text === '-' ? 'stdin' : undefined;
}
