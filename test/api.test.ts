import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check, editFile, type ImageUse, inspectImage, interpolateCompose, parseFile } from '../src/index.ts';
import { type FakeRegistry, startFakeRegistry } from './support/fake-registry.ts';
import { debianImage, push } from './support/fleet.ts';

let registry: FakeRegistry;
let folder: string;
beforeAll(async () => {
  registry = await startFakeRegistry();
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-library-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await registry.close();
});

const options = { dockerConfig: null, advisories: 'off' };
const row = { name: 'openssl', version: '3.0.15-1', architecture: 'amd64' };

it('inspects an image in a registry', async () => {
  push(registry, 'debian', debianImage({ openssl: '3.0.15-1' }), '12');
  const inventory = await inspectImage(`${registry.host}/debian:12`, options);
  expect(inventory).toMatchObject({ coverage: 'complete', database: 'dpkg', packages: [row] });
});

it('inspects an image that is in no registry', async () => {
  mkdirSync(path.join(folder, 'root/var/lib/dpkg'), { recursive: true });
  mkdirSync(path.join(folder, 'root/etc'), { recursive: true });
  writeFileSync(path.join(folder, 'root/etc/os-release'), 'ID=debian\nVERSION_ID="12"\n');
  const stanza = 'Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.15-1\n';
  writeFileSync(path.join(folder, 'root/var/lib/dpkg/status'), stanza);
  const inventory = await inspectImage(`dir:${path.join(folder, 'root')}`, options);
  expect(inventory).toMatchObject({ coverage: 'complete', packages: [row] });
});

it.each([
  ['not//a reference', 'REFERENCE'],
  ['dir:/nowhere/at/all', 'USAGE'],
])('says of %s what is wrong with it', async (text, code) => {
  await expect(inspectImage(text, options)).rejects.toMatchObject({ code });
});

it('checks a tree', async () => {
  const digest = push(registry, 'base', debianImage({ openssl: '3.0.15-1' }));
  push(registry, 'base', debianImage({ openssl: '3.0.16-1' }), '1');
  mkdirSync(path.join(folder, 'tree'));
  writeFileSync(path.join(folder, 'tree/Dockerfile'), `FROM ${registry.host}/base:1@${digest}\n`);
  const { findings } = await check({ ...options, paths: [path.join(folder, 'tree')] });
  expect(findings).toMatchObject([{ class: 'packages', packages: [{ name: 'openssl', after: '3.0.16-1' }] }]);
});

describe('one file', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  it('is read and edited by the format that takes it', async () => {
    const text = 'services:\n  a:\n    image: nginx:1 # one\n';
    const parsed = await parseFile('deploy/compose.yaml', text);
    expect(parsed).toMatchObject({
      format: 'compose',
      uses: [{ line: 3, column: 12, written: 'nginx:1', role: 'runs' }],
    });
    // Wishes may have been through JSON.
    const uses = JSON.parse(JSON.stringify(parsed?.uses)) as ImageUse[];
    const lost = uses.map((use) => ({ use: { ...use, line: 9 }, digest }));
    const result = await editFile('deploy/compose.yaml', text, [...uses.map((use) => ({ use, digest })), ...lost]);
    expect(result.text).toBe(`services:\n  a:\n    image: nginx:1@${digest} # one\n`);
    expect(result.done).toMatchObject([{ use: { written: `nginx:1@${digest}`, reference: { tag: '1', digest } } }]);
    expect(result.refused).toMatchObject([{ use: { line: 9 }, reason: expect.stringMatching(/no such image/) }]);
  });

  it('is null where no format takes it, and nothing is edited', async () => {
    expect(await parseFile('notes.md', 'FROM debian:12\n')).toBeNull();
    expect(await parseFile('mkdocs.yml', 'site_name: x\n')).toBeNull();
    expect(await editFile('notes.md', 'x', [])).toEqual({ text: 'x', done: [], refused: [] });
  });

  it('interpolates as compose does', () => {
    const env = { A: '1', EMPTY: '' };
    for (const [template, expected] of [
      ['$A${A}', '11'],
      ['${X:-d}${X-d}', 'dd'],
      ['${EMPTY:-d}${EMPTY-d}', 'd'],
      ['${A:+r}${X:+r}${EMPTY+r}', 'rr'],
      ['${X:-${Y:-${A}}}', '1'],
      ['$$A', '$A'],
      ['$toString${constructor}', ''],
    ] as const) {
      expect(interpolateCompose(template, env)).toBe(expected);
    }
    for (const bad of ['${', '${}', '${ A}', '${A!}', '$', '${A', '$ x', '${X:?say it}', '${EMPTY:?}', '${X?no}']) {
      expect(() => interpolateCompose(bad, env)).toThrow(expect.objectContaining({ code: 'INTERPOLATION' }));
    }
  });
});
