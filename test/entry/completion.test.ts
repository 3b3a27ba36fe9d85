import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completable } from '../../src/entry/commands/completion.ts';
import { buildProgram } from '../../src/entry/program.ts';
import { type CompletableCommand, renderCompletion, shells } from '../../src/report/render/shell-completion.ts';
import { cli } from '../support/cli.ts';
import { temporaryTree } from '../support/fleet.ts';

const program = completable(buildProgram(new AbortController().signal));
let tree: { folder: string; remove: () => void };
beforeAll(() => {
  tree = temporaryTree({ 'plimsoll.bash': renderCompletion(program, 'bash'), 'folder/x': '', 'file.yml': '' });
});
afterAll(() => tree.remove());

/** What bash itself would offer behind these words, as it splits them; the last is the one under the cursor. */
function offered(lines: readonly (readonly string[])[]): string[][] {
  const calls = lines.map((words) => {
    const quoted = ['plimsoll', ...words].map((word) => `'${word}'`).join(' ');
    return `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _plimsoll; echo "\${COMPREPLY[*]}"`;
  });
  const script = ['source ./plimsoll.bash', ...calls].join('\n');
  const output = execFileSync('bash', ['--norc', '-c', script], { cwd: tree.folder, encoding: 'utf8' });
  return output
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').filter((word) => word !== ''));
}

function everyCommand(command: CompletableCommand, names: readonly string[] = []): [string[], CompletableCommand][] {
  return [[[...names], command], ...command.commands.flatMap((one) => everyCommand(one, [...names, one.name]))];
}

describe('in bash', () => {
  it.each([
    [['ch'], ['check']],
    [['check', '--fo'], ['--format']],
    [
      ['check', '--format', ''],
      ['text', 'json', 'markdown', 'html', 'sarif', 'codequality', 'dotenv'],
    ],
    [['check', '--format', '=', 'js'], ['json']],
    [
      ['check', '--format', '='],
      ['text', 'json', 'markdown', 'html', 'sarif', 'codequality', 'dotenv'],
    ],
    [['diff', '--format', 'm'], ['markdown']],
    [['check', '--format', 'json', '--quiet', '--fa'], ['--fail-on']],
    [['cache', ''], ['prune']],
    [['cache', 'prune', '--al'], ['--all']],
    [['completion', ''], [...shells]],
    [['help', 'hist'], ['history']],
    [['init', ''], ['folder']],
    [['check', '--cache', 'f'], ['folder']],
    // Left to readline, which knows files.
    [['check', ''], []],
    [['check', '--config', ''], []],
    // Not the option of another command.
    [['refs', '--fail'], []],
  ])('%j is completed to %j', (words, expected) => {
    expect(offered([words])[0]).toEqual(expected);
  });

  it('every command and option is offered where it may stand', () => {
    const all = everyCommand(program);
    const flags = offered(all.map(([names]) => [...names, '-']));
    expect(flags).toEqual(all.map(([, { options }]) => options.flatMap((one) => one.flags)));
    const groups = all.filter(([, { commands }]) => commands.length > 0);
    const names = offered(groups.map(([before]) => [...before, '']));
    expect(names).toEqual(groups.map(([, { commands }]) => commands.map(({ name }) => name)));
    expect([all.length > 18, groups.length]).toEqual([true, 5]);
  });
});

it.each(shells)('%s is given everything that --help shows, and nothing else by the command', async (shell) => {
  const { code, stdout, stderr } = await cli(['completion', shell], { cwd: tree.folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(renderCompletion(program, shell));
  const help = buildProgram(new AbortController().signal).commands.map((one) => one.helpInformation());
  const flags = help.flatMap((text) => [...text.matchAll(/^ {2}(?:-h, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag));
  expect(flags.length).toBeGreaterThan(80);
  const spelt = shell === 'fish' ? (flag: string) => `-l ${flag.slice(2)} ` : (flag: string) => flag;
  expect(flags.filter((flag) => !stdout.includes(spelt(flag)))).toEqual([]);
});

it('names the shells it knows to whoever asks for another', async () => {
  const { code, stderr } = await cli(['completion', 'tcsh'], { cwd: tree.folder });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('bash, zsh, fish') });
});

it('quotes what descriptions hold', () => {
  const odd: CompletableCommand = {
    name: 'plimsoll',
    description: '',
    options: [
      { flags: ['--x'], description: `it's [a] $(touch ${path.join(tree.folder, 'made')}) \`b\``, value: ['a', 'b'] },
    ],
    commands: [],
    words: 'nothing',
  };
  expect(renderCompletion(odd, 'zsh')).toContain("'--x=[it'\\''s \\[a\\] $(touch ");
  expect(renderCompletion(odd, 'fish')).toContain("-d 'it'\\''s [a] $(touch ");
});
