import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/run-record.ts';
import { cli } from '../support/cli.ts';
import { makeKey, publishSuite, type SigningKey, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';
import { image } from '../support/image-builder.ts';

/* What a published image lacks by itself: packages that its own build has installed, and its distribution has newer. */

let registry: FakeRegistry;
let key: SigningKey;
let tree: { folder: string; remove: () => void };
beforeAll(async () => {
  [registry, key] = await Promise.all([startFakeRegistry(), makeKey()]);
  tree = temporaryTree({});
});
afterAll(async () => {
  tree.remove();
  await registry.close();
});

it('is said of images that the configuration names, and not what their base lacks already', async () => {
  const files = {
    'etc/apt/sources.list': 'deb [signed-by=/usr/share/keyrings/a.asc] http://deb.example/debian bookworm main\n',
    'usr/share/keyrings/a.asc': key.publicKey,
  };
  const inBase = { openssl: '3.0.16-1', tzdata: '2025a' };
  const base = debianImage(inBase, { files });
  push(registry, 'base', base, '12');
  // Built on it, with a package of its own.
  const added = debianImage({ ...inBase, curl: '8.0-1' }).layers;
  push(registry, 'own', image({ layers: [...base.layers, ...added] }), '1');
  const archive = await startFakeArchive();
  await publishSuite(archive, {
    suite: 'bookworm',
    packages: [
      { name: 'openssl', version: '3.0.16-1' },
      { name: 'tzdata', version: '2025b' },
      { name: 'curl', version: '8.0-2' },
    ],
    key,
  });
  await archive.close();
  for (const [name, bytes] of archive.files) {
    const file = path.join(tree.folder, 'archives/deb.example/debian', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  writeFileSync(
    path.join(tree.folder, 'Dockerfile'),
    `FROM ${registry.host}/base:12\nRUN apt-get update && apt-get install -y curl\n`,
  );
  const config = (image: string): string => `version: 1
registries: { "${registry.host}": {} }
archives: { offline: archives }
published: [{ image: "${registry.host}/${image}:1", file: Dockerfile }]
`;
  const check = async (image: string): Promise<RunRecord> => {
    writeFileSync(path.join(tree.folder, 'operator.yml'), config(image));
    const words = ['check', '--config', 'operator.yml', '--format', 'json'];
    const { stdout, stderr } = await cli(words, { cwd: tree.folder });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as RunRecord;
  };
  const { findings, problems } = await check('own');
  const lagging = findings.filter((one) => one.class === 'lagging');
  expect(lagging.map(({ written, packages }) => [written, packages?.map(({ name }) => name)])).toEqual([
    [`${registry.host}/base:12`, ['tzdata']],
    [`${registry.host}/own:1`, ['curl']],
  ]);
  expect(lagging[1]).toMatchObject({
    file: 'Dockerfile',
    line: 1,
    remedy: 'rebuild',
    reference: { repository: 'own' },
    packages: [{ before: '8.0-1', after: '8.0-2' }],
    reason: `${registry.host}/own:1 has packages beside those of its base for which debian 12 has 1 upgrade, security not checked; a rebuild that takes no step from a cache brings it, where its file names no version.`,
  });
  expect(problems.filter(({ code }) => code === 'published-untold')).toEqual([]);

  // What is not there lacks nothing, and that is said.
  const gone = await check('absent');
  expect(gone.findings.filter((one) => one.class === 'lagging').map(({ written }) => written)).toEqual([
    `${registry.host}/base:12`,
  ]);
  expect(gone.problems).toMatchObject([
    { code: 'published-untold', message: expect.stringContaining('it is not there (yet)') },
  ]);
});
