import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePlatform } from '../../src/core/image/platform.ts';
import { dockerfile } from '../../src/formats/dockerfile/index.ts';
import type { RunRequest } from '../../src/job/look-at-scopes.ts';
import { run } from '../../src/job/run.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, pushIndex } from '../support/fleet.ts';
import { image, index, layer } from '../support/image-builder.ts';
import { testApp } from '../support/test-app.ts';

/*
 * Ids of findings and keys of news outlive releases: another id for the same thing is told to everybody again, and its
 * pull request opened again. The golden list was written by the code of the first step; nothing may rewrite it.
 */

const golden = path.join(import.meta.dirname, 'golden/identity.json');
let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

const plain = { compression: 'none' } as const;
const debian = (packages: Readonly<Record<string, string>>, config: Readonly<Record<string, unknown>> = {}) => {
  const [first] = debianImage(packages).layers;
  if (first === undefined) throw new Error('no layer');
  const status = Object.entries(packages).map(
    ([name, version]) => `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
  );
  const files = { 'etc/os-release': 'ID=debian\nVERSION_ID="10"\n', 'var/lib/dpkg/status': status.join('\n') };
  return image({ layers: [layer(files, plain)], config });
};

/** One of nearly everything, in trees of every kind. */
function fleet(): Readonly<Record<string, string>> {
  const old = { bash: '5.0-4', libc6: '2.28-10' };
  const packages = push(registry, 'library/moved', debian(old));
  push(registry, 'library/moved', debian({ ...old, libc6: '2.28-10+deb10u1' }), '1');
  push(registry, 'library/moved', debian(old), '2');
  const config = push(registry, 'library/config', debian(old, { Env: ['A=1'] }));
  push(registry, 'library/config', debian(old, { Env: ['A=2'] }), '1');
  const content = push(registry, 'library/content', image({ layers: [layer({ a: '1' }, plain)] }));
  push(registry, 'library/content', image({ layers: [layer({ a: '2' }, plain)] }), '1');
  const arm = { os: 'linux', architecture: 'arm64' };
  const noOp = pushIndex(registry, 'library/noop', index([{ image: debian(old) }]));
  pushIndex(registry, 'library/noop', index([{ image: debian(old) }, { image: image({}), platform: arm }]), '1');
  push(registry, 'library/bare', debian(old), 'latest');
  push(registry, 'library/gone', debian(old), '1');
  const gone = `sha256:${'1'.repeat(64)}`;
  const vanished = push(registry, 'library/vanished', debian(old));
  push(registry, 'library/vanished', debian(old), 'other');
  return {
    Dockerfile: `# syntax=docker/dockerfile:1
FROM moved:1@${packages} AS a
RUN apt-get install -y bash=5.0-3 libc6=2.28-10
FROM moved:1@${packages}
COPY --from=config:1@${config} /a /a
RUN --mount=type=bind,from=content:1@${content} true
FROM bare AS b
FROM docker.io/library/bare:latest
FROM \${NOBODY:?}
FROM noop:1@${noOp}
FROM gone:1@${gone}
FROM vanished:1@${vanished}
FROM scratch
ADD rootfs.tar /
`,
  };
}

it('every finding has the id and the news that it always had', async () => {
  const app = testApp({ registries: { 'docker.io': { mirror: new URL(`http://${registry.host}`) } } });
  const files = fleet();
  const place = { forge: 'github', id: '4711', name: 'acme/shop', branch: 'main', commit: 'c0ffee', url: 'https://x' };
  const settings = {
    platforms: { targets: [parsePlatform('linux/amd64')], build: parsePlatform('linux/amd64') },
    policy: { rules: [{ match: {}, versions: 'major' }], pin: false },
  };
  const trees = [
    { name: '.' },
    { name: 'svc/' },
    { name: 'acme/shop', repository: place },
    { name: 'acme/shop@stable', repository: { ...place, branch: 'stable' } },
  ];
  const format = await dockerfile.load();
  const discovered = trees.map((tree) => {
    const watched = Object.entries(files).map(([file, text]) => {
      return { tree, file: `app/${file}`, format, text, encoding: 'utf8' as const };
    });
    return { ...settings, discovery: { files: watched, excluded: 0, matched: new Set<string>(), problems: [] } };
  });
  const repositories = (async function* (): NonNullable<RunRequest['repositories']> {
    yield* discovered;
  })();
  const { record } = await run({ trees: [], repositories, baseLines: [() => undefined] }, app.run);
  app.close();
  const found = record.findings.map(({ id, news, tree = '.', file, line, column, class: kind, subject }) => ({
    at: `${tree} ${file}:${line}:${column}`,
    what: `${kind} ${subject}`,
    id,
    news,
  }));
  if (process.env['PLIMSOLL_WRITE_GOLDEN']) writeFileSync(golden, `${JSON.stringify(found, null, 1)}\n`);
  expect(new Set(found.map(({ what }) => what.split(' ')[0])).size).toBeGreaterThan(7);
  expect(found).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
});
