import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from '../../src/disk/replace-file.ts';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

let registry: FakeRegistry;
let line: string;
let tree: { folder: string; remove: () => void };

beforeAll(async () => {
  registry = await startFakeRegistry();
  line = `FROM ${registry.host}/library/debian:12@${push(registry, 'library/debian', debianImage({}), '12')}\n`;
});
afterAll(() => registry.close());
beforeEach(() => {
  tree = temporaryTree({ 'here/Dockerfile': line, file: 'x', 'plimsoll.yml': settings('') });
});
afterEach(() => tree.remove());

const run = (...args: string[]) => cli(args, { cwd: tree.folder });
const inTree = (name: string): string => path.join(tree.folder, name);

function settings(more: string): string {
  return `version: 1\nrepositories: [{ path: here }, { path: gone }]\n${more}`;
}

describe('what somebody types and is not there', () => {
  it.each([
    'refs gone',
    'refs here gone',
    'check gone',
    'check here gone',
    'update gone',
    'graph gone',
    'doctor gone',
    'init gone',
    'packages dir:gone',
    'packages tar:gone',
    'packages docker-archive:gone:1',
    'pending oci:gone',
    'diff dir:here dir:gone',
    'check here --config gone.yml',
  ])('is wrong use, before any request: %s', async (words) => {
    const before = registry.log.length;
    const { code, stdout, stderr } = await run(...words.split(' '));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^plimsoll: .*gone.*\n$/);
    expect(registry.log.length).toBe(before);
  });

  it.each(['packages dir:file', 'packages tar:here', 'packages oci:file', 'packages docker-archive:here', 'init file'])(
    'and so is another kind of thing: %s',
    async (words) => {
      expect((await run(...words.split(' '))).code).toBe(2);
    },
  );
});

describe('what the configuration names and is not there', () => {
  const sentence = 'gone: cannot read it: no such file or folder';
  const times = (text: string): number => text.split(sentence).length - 1;

  it('keeps nothing else from being looked at, is said once, and is exit 3', async () => {
    const checked = await run('check', '--config', 'plimsoll.yml');
    expect([checked.code, times(checked.stdout), checked.stderr]).toEqual([3, 1, '']);
    expect(checked.stdout).toContain('1 image use of 1 image in 1 file');
    const document = await run('check', '--config', 'plimsoll.yml', '--format', 'json');
    expect([document.code, document.stderr]).toEqual([3, `${sentence}\n`]);
    expect(JSON.parse(document.stdout)).toMatchObject({
      problems: [{ code: 'repository-unreadable', subject: 'gone' }],
    });
    const updated = await run('update', '--config', 'plimsoll.yml');
    expect([updated.code, times(updated.stderr)]).toEqual([3, 1]);
  });

  it('is said once by run where it prints a report, too, and with --quiet in the report', async () => {
    writeFileSync(inTree('plimsoll.yml'), 'version: 1\nrepositories: [{ path: gone }]\n');
    const job = await run('run', '--state', 'state.db');
    expect([job.code, times(job.stdout), job.stderr]).toEqual([3, 0, `error: ${sentence}\n`]);
    const quiet = await run('run', '--state', 'state.db', '--quiet');
    expect([quiet.code, times(quiet.stdout), quiet.stderr]).toEqual([3, 1, '']);
  });

  it('is bad for doctor', async () => {
    const { code, stdout } = await run('doctor', '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      folders: [{ subject: 'gone', state: 'bad', findings: ['cannot read it: no such file or folder'] }],
    });
  });
});

describe('a file where a folder is wanted, or the other way round', () => {
  const configured = async (more: string): Promise<string> => {
    writeFileSync(inTree('plimsoll.yml'), settings(more));
    const { code, stderr } = await run('check', '--config', 'plimsoll.yml');
    expect(code).toBe(2);
    return stderr;
  };

  it.each([
    ['advisories: file', 'advisories: file is a file; a folder is wanted'],
    ['advisories: file/in', 'advisories: cannot read the folder file/in: a part of its path is a file'],
    ['advisories: gone', 'advisories: there is no folder gone'],
    ['archives: { offline: file }', 'archives.offline: file is a file; a folder is wanted'],
    ['registries: { r.corp: { ca: here } }', 'registries.r.corp.ca: cannot read the file here: it is a folder'],
    [
      'registries: { r.corp: { username: u, password: "file:here" } }',
      'registries.r.corp.password: cannot read the secret here: it is a folder',
    ],
    [
      'rules: [{ match: { image: debian }, verify: { key: here } }]',
      'rules.0.verify.key: cannot read the file here: it is a folder',
    ],
    [
      'rules: [{ match: { image: debian }, verify: { key: file } }]',
      'rules.0.verify.key: file holds no public key (ECDSA, RSA or Ed25519, as PEM, as in cosign.pub)',
    ],
  ])('%s', async (more, wanted) => {
    expect(await configured(more)).toBe(`plimsoll: plimsoll.yml:3: ${wanted}\n`);
  });

  it('in the environment', async () => {
    const { code, stderr } = await cli(['check', 'here'], { cwd: tree.folder, env: { PLIMSOLL_ADVISORIES: 'file' } });
    expect([code, stderr]).toEqual([2, 'plimsoll: PLIMSOLL_ADVISORIES: file is a file; a folder is wanted\n']);
  });

  it.each([
    ['check here --output here', 2, 'cannot write here: it is a folder; name a file in it'],
    ['check here --output file/in', 2, 'cannot write file/in: a part of its path is a file'],
    ['check here --output gone/in', 2, 'cannot write gone/in: no such file or folder'],
    ['check here --output gone/', 2, 'cannot write gone/: it is a folder; name a file in it'],
    ['check --config here', 2, 'cannot read the configuration here: it is a folder'],
    ['cache prune --cache file', 2, 'there is no cache to prune: file is a file; a folder is wanted'],
    ['report --html file', 2, 'no pages can be written there: file is a file; a folder is wanted'],
    ['state export gone/in', 2, 'cannot write gone/in: no such file or folder'],
    ['run --state here', 3, 'the state here cannot be used: it is a folder; name a file in it'],
    ['run --state file/in', 3, 'the state file/in cannot be used: a part of its path is a file'],
  ])('%s', async (words, code, sentence) => {
    const before = registry.log.length;
    expect(await run(...words.split(' '))).toMatchObject({ code, stdout: '', stderr: `plimsoll: ${sentence}\n` });
    expect(registry.log.length).toBe(before);
  });

  it('of a file that is replaced says what was attempted', () => {
    expect(() => replaceFile(inTree('file/in'), '')).toThrow(
      /^cannot write the file .*file\/in: a part of its path is/,
    );
  });
});

it('puts no file in the place of a link, as /dev/stdout is one, or of a device', async () => {
  writeFileSync(
    inTree('target'),
    'before, and longer than what comes in its place, which is a few lines of text\n'.repeat(9),
  );
  symlinkSync('target', inTree('link'));
  expect(await run('refs', 'here', '--output', 'link')).toMatchObject({ code: 0, stdout: '' });
  expect(lstatSync(inTree('link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(inTree('target'), 'utf8')).toMatch(/^here\/Dockerfile\n {2}1:6 .*\n$/);
});

it('has looked at nothing where all that is there was not read', async () => {
  const service = 'services: { web: { image: "debian:12" } }\n';
  mkdirSync(inTree('long'));
  writeFileSync(inTree('long/compose.yaml'), `${service}x: "${'x'.repeat(300_000)}"\n`);
  for (const command of ['check', 'refs']) expect(await run(command, 'long'), command).toMatchObject({ code: 3 });
  expect((await run('check', 'long')).stderr).toContain('nothing could be read: ');
  // This was read, and names nothing.
  writeFileSync(inTree('long/compose.yaml'), 'services: {}\n');
  expect(await run('check', 'long')).toMatchObject({ code: 0 });
});

describe('what has no end, or nobody who writes it', () => {
  it.each([
    ['check /dev/zero', 'not read'],
    ['refs /dev/zero', 'it is no plain file'],
    ['refs pipe', 'it is no plain file'],
    ['check here --config /dev/zero', 'cannot read the configuration /dev/zero: larger than 1048576 bytes'],
  ])('is not read: %s', { timeout: 20_000 }, async (words, sentence) => {
    execFileSync('mkfifo', [inTree('pipe')]);
    const { stdout, stderr } = await run(...words.split(' '));
    expect(`${stdout}${stderr}`).toContain(sentence);
  });

  it('not through a link in the tree of others either', { timeout: 20_000 }, async () => {
    execFileSync('git', ['init', '-q', inTree('here')]);
    symlinkSync('/dev/zero', inTree('here/.gitignore'));
    expect(await run('refs', 'here')).toMatchObject({ code: 0, stderr: '' });
  });
});

it.each([
  ['snooze debian --until tomorow', '"tomorow"'],
  ['packages dir:here --platform linux/amd64 --platform linux/arm64', 'one --platform at a time'],
  ['pending dir:here --platform linux/amd64,linux/arm64', 'one --platform at a time'],
  ['diff dir:here dir:here --platform linux/amd64,linux/arm64', 'one --platform at a time'],
])('wrong use comes before everything else: %s', async (words, sentence) => {
  const { code, stdout, stderr } = await run(...words.split(' '));
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
});

it('says of several documents in one configuration what is meant', async () => {
  writeFileSync(inTree('plimsoll.yml'), 'version: 1\n---\nversion: 1\n');
  expect((await run('check', '--config', 'plimsoll.yml')).stderr).toBe(
    'plimsoll: plimsoll.yml:2: not valid YAML: it holds several documents, with "---" between them; a configuration is one\n',
  );
});
