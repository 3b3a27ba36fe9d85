import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { completable } from '../../src/entry/commands/completion.ts';
import { buildProgram } from '../../src/entry/program.ts';
import { renderCompletion } from '../../src/report/render/shell-completion.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { runTool } from './support/run-tool.ts';

/* What zsh and fish make of their scripts; bash is everywhere, and tried in test/entry/completion.test.ts. */

const program = completable(buildProgram(new AbortController().signal));
let folder: string;
beforeAll(() => {
  installDebianPackages(['zsh', 'fish']);
  folder = mkdtempSync(path.join(inject('lab').folder, 'completion-'));
  for (const shell of ['zsh', 'fish'] as const) {
    writeFileSync(path.join(folder, `plimsoll.${shell}`), renderCompletion(program, shell));
  }
}, 600_000);

it('zsh reads it, and knows a function for every command', () => {
  const file = path.join(folder, 'plimsoll.zsh');
  expect(runTool('zsh', ['-n', file])).toBe('');
  const script = `autoload -U compinit; compinit -u -D; source ${file}; print $_comps[plimsoll]; whence -w _plimsoll_check _plimsoll_cache_prune`;
  const known = '_plimsoll\n_plimsoll_check: function\n_plimsoll_cache_prune: function\n';
  expect(runTool('zsh', ['-f', '-c', script])).toBe(known);
});

it.each([
  ['plimsoll check --format ', ['codequality', 'dotenv', 'html', 'json', 'markdown', 'sarif', 'text']],
  ['plimsoll cache ', ['prune']],
  ['plimsoll notify preview --ver', ['--verbose']],
  ['plimsoll completion f', ['fish']],
  ['plimsoll sta', ['state', 'status']],
  ['plimsoll check --con', ['--config']],
  ['plimsoll status plimsoll.f', []],
  ['plimsoll check plimsoll.f', ['plimsoll.fish']],
])('fish completes %j to %j', (line, expected) => {
  const script = `cd ${folder}; source ${folder}/plimsoll.fish; complete -C '${line}'`;
  const env = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  const output = runTool('fish', ['--no-config', '-c', script], { env });
  const words = output.split('\n').flatMap((one) => one.split('\t')[0] || []);
  expect(words.sort()).toEqual(expected);
});
