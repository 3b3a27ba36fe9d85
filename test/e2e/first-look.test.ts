import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/run-record.ts';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

let registry: FakeRegistry;
let tree: { folder: string; remove: () => void };

beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());
beforeEach(() => {
  const pin = push(registry, 'behind', debianImage({ libc6: '1' }));
  push(registry, 'behind', debianImage({ libc6: '2' }), '1');
  const same = debianImage({ libc6: '1' });
  const churned = push(registry, 'churned', same);
  push(registry, 'churned', { ...same, created: '2026-02-02T00:00:00Z' } as typeof same, '1');
  push(registry, 'open', debianImage({}), '1');
  const from = (name: string, digest?: string): string =>
    `FROM ${registry.host}/${name}:1${digest ? `@${digest}` : ''}\n`;
  tree = temporaryTree({
    'a/Dockerfile': from('behind', pin) + from('churned', churned),
    'b/Dockerfile': from('open'),
  });
});
afterEach(() => tree.remove());

const run = (...args: string[]) => cli(args, { cwd: tree.folder });

describe('help', () => {
  it('is a command, too, and shows examples, exit codes and where more is written', async () => {
    const [all, check, short, none] = await Promise.all([
      run('help'),
      run('help', 'check'),
      run('-V'),
      run('help', 'chek'),
    ]);
    expect(all).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Examples:\n  plimsoll check') });
    expect(check).toMatchObject({ code: 0, stderr: '' });
    expect(check.stdout).toMatch(/--fail-on security.*\n[\s\S]*Exit codes: 0 done; [\s\S]*More: docs\/classes\.md\n/);
    expect(short.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(/^plimsoll: no command "chek"; there are check, .*; did you mean "check"\?\n$/);
  });

  it('names pages that exist, for commands that exist', async () => {
    const { stdout } = await run('help');
    const commands = [...stdout.matchAll(/^ {2}(\w+)(?: \[| <| {2})/gm)].map(([, name]) => name!);
    expect(commands.length).toBeGreaterThan(15);
    const pages = await Promise.all(commands.map(async (name) => (await run('help', name)).stdout));
    for (const [, page] of pages.join('\n').matchAll(/^More: (docs\/\S+)$/gm)) {
      expect(existsSync(path.join(import.meta.dirname, '../..', page!)), page).toBe(true);
    }
  });
});

describe('a mistake in the command', () => {
  it.each<[string[], RegExp]>([
    [['check', '--platform', 'linux/amd46'], /"amd46" is no architecture; there are .*amd64.*; did you mean "amd64"\?/],
    [['packages', 'x', '--platform', 'linus/amd64'], /"linus" is no operating system; .*; did you mean "linux"\?/],
    [['check', '--class', 'securty'], /"securty" is no class; the classes are .*; did you mean "security"\?/],
    [['check', '--config', '.'], /cannot read the configuration \.: it is a folder/],
    [['check', 'a/Dockerfile/x'], /cannot read a\/Dockerfile\/x: a part of its path is a file/],
    [
      ['diff', 'dir:a', ':1'],
      /:1 means one in the repository of the image before it, and dir:a is in none; name it whole/,
    ],
  ])('%j is said before any request', async (args, said) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/E(?:NOENT|ISDIR|NOTDIR|ACCES)|scandir|syscall/);
  });
});

describe('check', () => {
  it('prints only the classes that are asked for, and counts them all', async () => {
    const { stdout } = await run('check', '--class', 'packages', '--format', 'json');
    const { findings, summary } = JSON.parse(stdout) as RunRecord;
    expect(findings.map((one) => one.class)).toEqual(['packages']);
    expect(summary.findings).toMatchObject({ packages: 1, unpinned: 1 });
  });

  it.each(['text', 'markdown', 'html'])('sums up as %s what it does not print, too', async (format) => {
    push(registry, 'newer', debianImage({ libc6: '3' }), '1');
    const old = push(registry, 'newer', debianImage({ libc6: '2' }));
    writeFileSync(path.join(tree.folder, 'a/Dockerfile'), `FROM ${registry.host}/newer:1@${old}\n`);
    writeFileSync(path.join(tree.folder, 'b/Dockerfile'), `FROM ${registry.host}/nowhere:1\n`);
    const { stdout } = await run('check', '--class', 'pin-broken', '--format', format);
    expect(stdout).not.toContain('libc6');
    expect(stdout.replace(/<[^>]*>/g, '')).toContain('the image not known for 1 use');
  });

  it('writes into a file, whole or not at all, and plainly', async () => {
    const env = { FORCE_COLOR: '1' };
    const done = await cli(['check', '--output', 'report.txt'], { cwd: tree.folder, env });
    expect(done).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(path.join(tree.folder, 'report.txt'), 'utf8')).toMatch(/^a\/Dockerfile\n[^\x1b]*cost: /);
    const failed = await run('check', '--output', 'no/where.txt');
    expect(failed).toMatchObject({ code: 2, stdout: '' });
    expect(failed.stderr).toBe('plimsoll: cannot write no/where.txt: no such file or folder\n');
    expect(readdirSync(tree.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

it('update says what it does not write, and what would', async () => {
  const { code, stderr } = await run('update', '--class', 'config');
  expect(code).toBe(0);
  expect(stderr).toContain('not written: 1 packages; leave out --class to have them written\n');
  expect(stderr).toContain('1 of 3 uses has no digest: --pin gives them one');
  const whole = await run('update');
  expect(whole.stderr).toMatch(/changed 1 line in 1 file/);
  expect(whole.stderr).not.toContain('not written: 1 packages');
});

it('a fix of the SARIF report, applied, is what update writes', async () => {
  const { stdout } = await run('check', '--format', 'sarif');
  const [{ results }] = (JSON.parse(stdout) as { runs: [{ results: Result[] }] }).runs;
  const text = readFileSync(path.join(tree.folder, 'a/Dockerfile'), 'utf8');
  const [{ fixes = [] } = {}] = results.filter(({ ruleId }) => ruleId === 'packages');
  const [change, ...others] = fixes.flatMap((fix) => fix.artifactChanges);
  expect([change?.artifactLocation.uri, others]).toEqual(['a/Dockerfile', []]);
  const lines = text.split('\n');
  for (const { deletedRegion: at, insertedContent } of change!.replacements) {
    const line = lines[at.startLine - 1]!;
    lines[at.startLine - 1] = line.slice(0, at.startColumn - 1) + insertedContent.text + line.slice(at.endColumn - 1);
  }
  expect(lines.join('\n')).not.toBe(text);
  await run('update', '--class', 'packages');
  expect(lines.join('\n')).toBe(readFileSync(path.join(tree.folder, 'a/Dockerfile'), 'utf8'));
  expect(results.filter(({ ruleId }) => ruleId === 'unpinned').every((one) => one.fixes === undefined)).toBe(true);
});

interface Result {
  readonly ruleId: string;
  readonly fixes?: readonly {
    readonly artifactChanges: readonly {
      readonly artifactLocation: { readonly uri: string };
      readonly replacements: readonly {
        readonly deletedRegion: {
          readonly startLine: number;
          readonly startColumn: number;
          readonly endColumn: number;
        };
        readonly insertedContent: { readonly text: string };
      }[];
    }[];
  }[];
}
