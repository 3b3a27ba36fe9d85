import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../src/config/load.ts';
import { completable } from '../src/entry/commands/completion.ts';
import { buildProgram } from '../src/entry/program.ts';
import type { CompletableCommand } from '../src/report/render/shell-completion.ts';
import { certificate, privateKey } from './support/certificate.ts';
import { temporaryTree } from './support/fleet.ts';

/* What pages show is what there is: configurations hold, and commands have the options that they are shown with. */

const root = path.join(import.meta.dirname, '..');
const pages = ['README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)]
  .concat('deploy/README.md', ...['compose', 'systemd', 'kubernetes'].map((name) => `deploy/${name}/README.md`))
  .filter((name) => name.endsWith('.md'));
const read = (page: string): string => readFileSync(path.join(root, page), 'utf8');

interface Block {
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

function blocksOf(page: string): Block[] {
  const text = read(page);
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ 1: language = '', 2: inside = '', index }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length}`,
    language,
    text: inside,
  }));
}

const yaml = pages.flatMap(blocksOf).filter(({ language }) => language === 'yaml');
const isWorkflow = ({ text }: Block): boolean => /^\s*(on:|- uses:)/m.test(text);

/** Every variable has a value that is an address, too. */
const env = new Proxy<Record<string, string>>({}, { get: () => 'https://value.test/of-some-length', has: () => true });

describe('configurations', () => {
  let tree: { folder: string; remove: () => void };
  beforeAll(() => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    // The files that they name.
    tree = temporaryTree({
      'corp-ca.pem': certificate,
      'cosign.pub': publicKey.export({ type: 'spki', format: 'pem' }),
      'client.pem': certificate,
      'client.key': privateKey,
      'trusted_root.json': JSON.stringify({
        mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
        tlogs: [],
        certificateAuthorities: [],
        ctlogs: [],
        timestampAuthorities: [],
      }),
    });
  });
  afterAll(() => tree.remove());

  it.each(yaml.filter((block) => !isWorkflow(block)))('of $place hold', ({ text }) => {
    // A line of a rule that stands above it.
    const fragment = /^ +/.exec(text)?.[0];
    const whole = fragment === undefined ? text : `rules:\n  - match: {}\n${text.replaceAll(/^ +/gm, '    ')}`;
    const versioned = /^version:/m.test(whole) ? whole : `version: 1\n${whole}`;
    expect(() => parseConfig(versioned, path.join(tree.folder, 'plimsoll.yml'), 'operator', env)).not.toThrow();
  });

  it('are looked at, and workflows are YAML', () => {
    const [workflows, configurations] = [yaml.filter(isWorkflow), yaml.filter((block) => !isWorkflow(block))];
    expect([workflows.length >= 3, configurations.length >= 8]).toEqual([true, true]);
    for (const { text } of workflows) expect(() => parse(text)).not.toThrow();
  });
});

const program = completable(buildProgram(new AbortController().signal));

/** What is wrong with a command line that somebody is shown; undefined when it can be typed. */
function mistakeIn(line: string): string | undefined {
  const words = line.match(/'[^']*'|"[^"]*"|[^\s]+/g) ?? [];
  let command: CompletableCommand = program;
  for (const word of words) {
    if (word.startsWith('-')) {
      const [flag = ''] = word.split('=');
      const known = [...command.options, ...program.options].some(({ flags }) => flags.includes(flag));
      if (!known) return `${command.name} has no ${flag}`;
      continue;
    }
    const next = command.commands.find(({ name }) => name === word);
    if (next === undefined && command.commands.length > 0 && /^[a-z]+$/.test(word)) return `no command ${word}`;
    command = next ?? command;
  }
  return undefined;
}

const commandsOf = (text: string): string[] =>
  [...text.matchAll(/(?:`|^ *|&& |\$ |-- )plimsoll ((?:[^`\n&|#)]|(?<=<)\()+)/gm)].map(([, line = '']) => line.trim());

describe('commands', () => {
  it.each(pages)('of %s can be typed', (page) => {
    const mistakes = commandsOf(read(page)).map((line) => mistakeIn(line));
    expect(mistakes.filter((one) => one !== undefined)).toEqual([]);
  });

  it('of the help can be typed', () => {
    const texts = readFileSync(path.join(root, 'src/entry/help.ts'), 'utf8').matchAll(/\['(plimsoll [^']+)'/g);
    const lines = [...texts].flatMap(([, line = '']) => commandsOf(line));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.map((line) => mistakeIn(line)).filter((one) => one !== undefined)).toEqual([]);
  });

  it('are found, with what is wrong with them', () => {
    expect(pages.flatMap((page) => commandsOf(read(page))).length).toBeGreaterThan(50);
    expect(mistakeIn('check --forma json .')).toBe('check has no --forma');
    expect(mistakeIn('chek .')).toBe('no command chek');
    expect(mistakeIn('cache prune --all')).toBeUndefined();
  });
});
