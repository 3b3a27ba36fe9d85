import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { originOf, repositoryOf, version } from '../../src/entry/origin.ts';

it.each([
  ['https://github.com/acme/plimsoll.git', 'acme/plimsoll'],
  ['https://somebody:secret@github.com/acme/plim.soll', 'acme/plim.soll'],
  ['git+https://github.com/acme/plimsoll.git', 'acme/plimsoll'],
  ['git@github.com:acme/plimsoll.git', 'acme/plimsoll'],
  ['ssh://git@github.com/acme/plimsoll', 'acme/plimsoll'],
  ['github:acme/plimsoll', 'acme/plimsoll'],
  ['https://github.com.evil.example/acme/plimsoll', undefined],
  ['https://git.example/acme/plimsoll', undefined],
  ['/srv/git/plimsoll', undefined],
  ['https://github.com/acme/plimsoll/tree/main', undefined],
  ['', undefined],
])('of %j the repository is %j', (url, expected) => {
  expect(repositoryOf(url)).toBe(expected);
});

it('reads the remote origin of a clone, and no other', () => {
  const remote = (name: string, url: string): string => `[remote "${name}"]\n\tfetch = +refs/heads/*\n\turl = ${url}\n`;
  const config = `[core]\n\tbare = false\n${remote('fork', 'git@github.com:me/plimsoll.git')}${remote('origin', 'git@github.com:acme/plimsoll.git')}[branch "main"]\n\tremote = origin\n`;
  expect(originOf(config)).toBe('acme/plimsoll');
  expect(originOf('[core]\n\tbare = false\n')).toBeUndefined();
});

it('has the version of package.json', () => {
  const file = path.join(import.meta.dirname, '../../package.json');
  expect(version()).toBe((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version);
});
