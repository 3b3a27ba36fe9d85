import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planUpdates } from '../../src/targets/folder-target.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, findingsOf, push, pushIndex, runOn } from '../support/fleet.ts';
import { image, index, layer } from '../support/image-builder.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

const old = { bash: '5.2.15-2', libc6: '2.36-9+deb12u9', zlib1g: '1:1.2.13.dfsg-1' };
const arm64 = { os: 'linux', architecture: 'arm64' };
const from = (repository: string, tag: string, digest: string): string =>
  `FROM ${registry.host}/${repository}:${tag}@${digest}\n`;

describe('a pinned use', () => {
  it('is up to date while its tag names the pin', async () => {
    const pin = push(registry, 'same', debianImage(old), '1');
    expect(await findingsOf(from('same', '1', pin))).toEqual([]);
  });

  it('is `packages` when packages differ, with every row', async () => {
    const pin = push(registry, 'packages', debianImage({ ...old, gone: '1' }));
    const { bash: _, ...rest } = old;
    push(registry, 'packages', debianImage({ ...rest, libc6: '2.36-9+deb12u10', new: '2' }), '1');
    const [finding, ...others] = await findingsOf(from('packages', '1', pin));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      class: 'packages',
      security: null,
      remedy: 'edit',
      pinned: 'manifest',
      packages: [
        { name: 'bash', kind: 'removed', before: '5.2.15-2' },
        { name: 'gone', kind: 'removed', before: '1' },
        { name: 'libc6', kind: 'upgraded', before: '2.36-9+deb12u9', after: '2.36-9+deb12u10' },
        { name: 'new', kind: 'added', after: '2' },
      ],
      reaction: { react: ['propose', 'alert'], when: 'weekly' },
    });
    expect(finding?.held).toBeUndefined();
    expect(finding?.reason).toContain('4 packages change (1 upgraded, 1 added, 2 removed)');
  });

  it('behind a variable without a value is looked at, said, and never changed', async () => {
    const pin = push(registry, 'unset', debianImage(old), '1');
    const note = `MIRROR has no value in this file and was taken as empty, as a build takes it: looked up as ${registry.host}/unset:1@${pin}, and never changed`;
    const text = `ARG MIRROR\n${from('unset', '1', pin).replace('FROM ', 'FROM ${MIRROR}')}`;
    const current = await runOn({ files: { Dockerfile: text } });
    expect(current.record.findings).toEqual([]);
    expect(current.record.problems).toMatchObject([{ code: 'argument-unset', message: note }]);
    push(registry, 'unset', debianImage({ ...old, bash: '5.2.15-3' }), '1');
    push(registry, 'unset', debianImage(old), '2');
    const policy = { rules: [{ match: {}, versions: 'major' }], pin: true };
    const moved = await runOn({ files: { Dockerfile: text }, policy });
    expect(moved.record.problems).toEqual([]);
    const found = moved.record.findings.map(({ class: kind, remedy, proposed, notes }) => [
      kind,
      remedy,
      proposed,
      notes,
    ]);
    expect(found).toEqual([
      ['newer-tag', 'none', undefined, expect.arrayContaining([note])],
      ['packages', 'none', undefined, expect.arrayContaining([note])],
    ]);
    const updates = planUpdates(moved, { classes: new Set(['packages', 'newer-tag']), pin: true });
    expect(updates.map((one) => one.text)).toEqual([text]);
    // Without a digest, and with --pin.
    const bare = `FROM \${MIRROR}${registry.host}/unset:1\n`;
    const unpinned = await runOn({ files: { Dockerfile: bare }, policy: { rules: [], pin: true } });
    expect(planUpdates(unpinned, { classes: new Set(), pin: true }).map((one) => one.text)).toEqual([bare]);
  });

  it('is held when packages would go back', async () => {
    const pin = push(registry, 'down', debianImage({ ...old, libc6: '2.36-9+deb12u10' }));
    push(registry, 'down', debianImage(old), '1');
    const [finding] = await findingsOf(from('down', '1', pin));
    expect(finding).toMatchObject({
      class: 'packages',
      held: { reason: 'downgrade', detail: expect.stringContaining('libc6') },
    });
  });

  it('is held when the image was built before the pinned one', async () => {
    const pin = push(registry, 'older', debianImage(old, { created: '2025-06-01T00:00:00Z' }));
    push(registry, 'older', debianImage({ ...old, bash: '5.2.15-3' }, { created: '2025-05-01T00:00:00Z' }), '1');
    expect(await findingsOf(from('older', '1', pin))).toMatchObject([
      { class: 'packages', held: { reason: 'downgrade' } },
    ]);
  });

  it('is `config` when only the configuration differs, and hides what looks like a secret', async () => {
    const pin = push(
      registry,
      'config',
      debianImage(old, { config: { Env: ['A=1', 'API_TOKEN=hunter2'], User: 'root' } }),
    );
    push(registry, 'config', debianImage(old, { config: { Env: ['A=2', 'API_TOKEN=hunter3'], User: '' } }), '1');
    const [finding] = await findingsOf(from('config', '1', pin));
    expect(finding).toMatchObject({
      class: 'config',
      security: false,
      config: [
        { key: 'Env.API_TOKEN', before: '***', after: '***' },
        { key: 'Env.A', before: '1', after: '2' },
        { key: 'User', before: 'root', after: null },
      ].sort((a, b) => (a.key < b.key ? -1 : 1)),
    });
    expect(JSON.stringify(finding)).not.toContain('hunter');
  });

  it('is `rebuild` when packages, config and files are equal', async () => {
    const files = (time: string) => ({
      'usr/bin/app': 'binary',
      'var/log/build.log': time,
      'tmp/x': time,
      'a/b.pyc': time,
    });
    const pin = push(registry, 'rebuild', debianImage(old, { files: files('one') }));
    push(registry, 'rebuild', debianImage(old, { files: files('three') }), '1');
    expect(await findingsOf(from('rebuild', '1', pin))).toMatchObject([
      { class: 'rebuild', security: false, remedy: 'none', news: [], reaction: { react: ['record'] } },
    ]);
  });

  it('is `rebuild` when only labels or compression differ', async () => {
    const pin = push(registry, 'labels', debianImage(old, { config: { Labels: { built: 'monday' } } }));
    push(registry, 'labels', debianImage(old, { config: { Labels: { built: 'tuesday' } } }), '1');
    expect(await findingsOf(from('labels', '1', pin))).toMatchObject([
      { class: 'rebuild', labels: [{ key: 'Labels.built', before: 'monday', after: 'tuesday' }] },
    ]);
  });

  it('is `content` when files outside the databases differ', async () => {
    const pin = push(registry, 'content', debianImage(old, { files: { 'usr/bin/app': 'binary' } }));
    push(registry, 'content', debianImage(old, { files: { 'usr/bin/app': 'another binary' } }), '1');
    expect(await findingsOf(from('content', '1', pin))).toMatchObject([{ class: 'content', security: false }]);
  });

  it('is `content` with the problem when the packages cannot be read', async () => {
    const pin = push(registry, 'bare', image({ layers: [layer({ app: '1' })] }));
    push(registry, 'bare', image({ layers: [layer({ app: '22' })] }), '1');
    expect(await findingsOf(from('bare', '1', pin))).toMatchObject([
      { class: 'content', security: null, problem: { code: 'no-package-database' } },
    ]);
  });

  it('is `unknown`, not `rebuild`, when a layer cannot be had', async () => {
    const broken = debianImage({ ...old, bash: '6' });
    const pin = push(registry, 'lost', debianImage(old));
    registry.putBlob(broken.config.bytes);
    registry.putManifest('lost', broken.manifest, '1');
    const [finding] = await findingsOf(from('lost', '1', pin));
    expect(finding).toMatchObject({
      class: 'unknown',
      security: null,
      problem: { message: expect.stringContaining('BLOB_UNKNOWN') },
    });
  });

  it('is `pin-broken` when the pinned digest is gone and the repository answers for its tag', async () => {
    const pin = push(registry, 'gone', debianImage(old));
    const now = push(registry, 'gone', debianImage({ ...old, bash: '6' }), '1');
    registry.deleteManifest('gone', pin);
    const [finding] = await findingsOf(from('gone', '1', pin));
    expect(finding).toMatchObject({
      class: 'pin-broken',
      remedy: 'edit',
      latest: { digest: now },
      reaction: { when: 'now' },
    });
    expect(finding?.reason).toMatch(/next build will fail.*404 MANIFEST_UNKNOWN.*still serves the tag 1/);
    expect(finding?.proposed).toBe(`${registry.host}/gone:1@${now}`);
  });

  it('is `unknown` when nothing in the repository answers', async () => {
    expect(await findingsOf(from('nowhere', '1', `sha256:${'a'.repeat(64)}`))).toMatchObject([
      { class: 'unknown', problem: { code: 'registry-not-found' }, remedy: 'none' },
    ]);
  });

  it('is `unknown` when the registry merely refuses access', async () => {
    const pin = push(registry, 'denied', debianImage(old), '1');
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/denied/')) return false;
      response.writeHead(403).end();
      return true;
    };
    expect(await findingsOf(from('denied', '1', pin))).toMatchObject([
      { class: 'unknown', problem: { code: 'registry-denied' } },
    ]);
    registry.intercept = undefined;
  });

  it('is `end-of-life` when the tag is gone and its digest still answers', async () => {
    const pin = push(registry, 'ended', debianImage(old), '1');
    registry.deleteManifest('ended', '1');
    expect(await findingsOf(from('ended', '1', pin))).toMatchObject([
      { class: 'end-of-life', reaction: { react: ['alert'] } },
    ]);
  });

  it('without a tag is only checked for existence, and says so once', async () => {
    const pin = push(registry, 'bare-digest', debianImage(old), 'latest');
    const line = `FROM ${registry.host}/bare-digest@${pin}\n`;
    const { record } = await runOn({ files: { Dockerfile: line, 'b.Dockerfile': line } });
    expect(record.findings).toEqual([]);
    expect(record.problems.map(({ code }) => code)).toEqual(['digest-without-tag']);
  });

  it('takes its tag from a comment', async () => {
    const pin = push(registry, 'comment', debianImage(old));
    push(registry, 'comment', debianImage({ ...old, bash: '6' }), '12');
    expect(await findingsOf(`# tag: 12\nFROM ${registry.host}/comment@${pin}\n`)).toMatchObject([
      { class: 'packages' },
    ]);
  });
});

describe('an index', () => {
  const build = (packages: Record<string, string>, platform = { os: 'linux', architecture: 'amd64' }) =>
    debianImage(packages, { platform });

  it('is `no-op` when only another platform or an attestation changed', async () => {
    const amd = build(old);
    const attestation = {
      image: image({ layers: [layer({ sbom: '1' })] }),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const pin = pushIndex(registry, 'noop', index([{ image: amd }, { image: build(old, arm64) }]));
    pushIndex(
      registry,
      'noop',
      index([{ image: amd }, { image: build({ ...old, bash: '6' }, arm64) }, attestation]),
      '1',
    );
    expect(await findingsOf(from('noop', '1', pin))).toMatchObject([
      { class: 'no-op', security: false, pinned: 'index', news: [] },
    ]);
    expect(await findingsOf(from('noop', '1', pin), { platforms: ['linux/amd64', 'linux/arm64'] })).toMatchObject([
      {
        class: 'packages',
        packages: [{ name: 'bash', platforms: ['linux/arm64'] }],
        perPlatform: [{ class: 'no-op' }, { class: 'packages', platform: 'linux/arm64' }],
      },
    ]);
  });

  it('is held while a consumed platform is missing from the new one', async () => {
    const pin = pushIndex(registry, 'missing', index([{ image: build(old) }, { image: build(old, arm64) }]));
    pushIndex(registry, 'missing', index([{ image: build({ ...old, bash: '6' }) }]), '1');
    expect(await findingsOf(from('missing', '1', pin), { platforms: ['linux/amd64', 'linux/arm64'] })).toMatchObject([
      { class: 'packages', held: { reason: 'incomplete', detail: expect.stringContaining('linux/arm64') } },
    ]);
  });

  it('is `unknown` for a platform it never served', async () => {
    const pin = pushIndex(registry, 'narrow', index([{ image: build(old, arm64) }]));
    pushIndex(registry, 'narrow', index([{ image: build({ ...old, bash: '6' }, arm64) }]), '1');
    expect(await findingsOf(from('narrow', '1', pin))).toMatchObject([
      { class: 'unknown', problem: { code: 'platform-not-offered', message: expect.stringContaining('linux/arm64') } },
    ]);
  });

  it('is `unknown` for such a platform also while nothing moves', async () => {
    const pin = pushIndex(registry, 'foreign', index([{ image: build(old, arm64) }]), '1');
    expect(await findingsOf(from('foreign', '1', pin))).toMatchObject([
      { class: 'unknown', problem: { code: 'platform-not-offered', message: expect.stringContaining('linux/arm64') } },
    ]);
    expect(await findingsOf(from('foreign', '1', pin), { platforms: ['linux/arm64'] })).toEqual([]);
  });

  it('is unchecked for such a platform without a digest, and by a digest without a tag', async () => {
    const pin = pushIndex(registry, 'elsewhere', index([{ image: build(old) }]), '1');
    const name = `FROM ${registry.host}/elsewhere`;
    const files = { Dockerfile: `${name}:1\n`, 'b/Dockerfile': `${name}@${pin}\n` };
    const platforms = ['linux/amd64', 'linux/arm64'];
    const { record } = await runOn({ files, platforms });
    const about = { code: 'platform-not-offered', reason: expect.stringContaining('no manifest for linux/arm64') };
    expect(record.unchecked.map(({ file, question }) => `${file} ${question}`)).toEqual([
      'Dockerfile fixes',
      'Dockerfile end-of-life',
      'b/Dockerfile fixes',
      'b/Dockerfile end-of-life',
    ]);
    for (const one of record.unchecked) expect(one).toMatchObject(about);
    expect((await runOn({ files, platforms: ['linux/amd64'] })).record.unchecked).toEqual([]);
  });

  it('is `pin-broken` when a consumed child was deleted under it', async () => {
    const amd = build({ ...old, only: '1' });
    const pin = pushIndex(registry, 'child', index([{ image: amd }, { image: build(old, arm64) }]));
    const now = pushIndex(
      registry,
      'child',
      index([{ image: build({ ...old, only: '2' }) }, { image: build(old, arm64) }]),
      '1',
    );
    registry.deleteManifest('child', amd.manifest.digest);
    expect(await findingsOf(from('child', '1', pin))).toMatchObject([
      { class: 'pin-broken', latest: { digest: now }, reason: expect.stringContaining('linux/amd64') },
    ]);
    expect(await findingsOf(from('child', '1', pin), { platforms: ['linux/arm64'] })).toMatchObject([
      { class: 'no-op' },
    ]);
  });

  it('keeps a pin to one platform’s manifest a pin to that platform', async () => {
    const before = build(old, arm64);
    const after = build({ ...old, bash: '6' }, arm64);
    pushIndex(registry, 'platform', index([{ image: build(old) }, { image: before }]));
    const line = from('platform', '1', before.manifest.digest);
    pushIndex(
      registry,
      'platform',
      index([{ image: build(old) }, { image: before }], { annotations: { n: '2' } }),
      '1',
    );
    expect(await findingsOf(line)).toEqual([]);
    pushIndex(registry, 'platform', index([{ image: build(old) }, { image: after }]), '1');
    expect(await findingsOf(line)).toMatchObject([
      {
        class: 'packages',
        pinned: 'manifest',
        latest: { digest: after.manifest.digest },
        notes: expect.arrayContaining([expect.stringContaining('linux/arm64')]),
      },
    ]);
  });

  it('follows FROM --platform', async () => {
    const pin = pushIndex(registry, 'flag', index([{ image: build(old) }, { image: build(old, arm64) }]));
    pushIndex(registry, 'flag', index([{ image: build(old) }, { image: build({ ...old, bash: '6' }, arm64) }]), '1');
    const line = from('flag', '1', pin);
    expect(await findingsOf(line.replace('FROM', 'FROM --platform=linux/arm64'))).toMatchObject([
      { class: 'packages', platforms: ['linux/arm64'] },
    ]);
    expect(
      await findingsOf(line.replace('FROM', 'FROM --platform=$BUILDPLATFORM'), { platforms: ['linux/arm64'] }),
    ).toMatchObject([{ class: 'no-op' }]);
    expect(
      await findingsOf(line.replace('FROM', 'FROM --platform=$TARGETPLATFORM'), { platforms: ['linux/arm64'] }),
    ).toMatchObject([{ class: 'packages' }]);
  });
});

describe('an unpinned use', () => {
  it('is `unpinned` without a base line, and what it is with one', async () => {
    const before = push(registry, 'loose', debianImage(old));
    push(registry, 'loose', debianImage({ ...old, bash: '6' }), 'latest');
    const line = `FROM ${registry.host}/loose\n`;
    const [finding] = await findingsOf(line);
    expect(finding).toMatchObject({ class: 'unpinned', pinned: 'none', news: [] });
    expect(finding).not.toHaveProperty('proposed');
    expect(await findingsOf(line, { policy: { rules: [], pin: true } })).toMatchObject([
      { class: 'unpinned', proposed: expect.stringContaining('@sha256:') },
    ]);
    expect(await findingsOf(line, { baseLines: [() => before] })).toMatchObject([
      { class: 'packages', remedy: 'rebuild', packages: [{ name: 'bash' }] },
    ]);
  });

  it('is `content` when the base line can no longer be read', async () => {
    push(registry, 'faded', debianImage(old), '1');
    const baseLines = [() => `sha256:${'b'.repeat(64)}` as never];
    expect(await findingsOf(`FROM ${registry.host}/faded:1\n`, { baseLines })).toMatchObject([
      { class: 'content', problem: { code: 'base-line-gone' } },
    ]);
  });

  it('is `content` too when the registry lost what is below the base line: a manifest, a config, a layer', async () => {
    for (const lost of ['manifest', 'config', 'layer']) {
      const repository = `faded-${lost}`;
      const built = debianImage({ ...old, lost });
      const before = pushIndex(registry, repository, index([{ image: built }]));
      pushIndex(registry, repository, index([{ image: debianImage({ ...old, lost: '2' }) }]), '1');
      const gone = { manifest: built.manifest.digest, config: built.config.digest, layer: built.layers[0]?.digest }[
        lost
      ];
      registry.intercept = ({ url = '' }, response) => {
        if (gone === undefined || !url.includes(gone)) return false;
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ errors: [{ code: lost === 'manifest' ? 'MANIFEST_UNKNOWN' : 'BLOB_UNKNOWN' }] }));
        return true;
      };
      const line = `FROM ${registry.host}/${repository}:1\n`;
      expect(await findingsOf(line, { baseLines: [() => before] })).toMatchObject([
        { class: 'content', problem: { code: 'base-line-gone' } },
      ]);
      // Of a pin that is no answer.
      const pinned = `FROM ${registry.host}/${repository}:1@${before}\n`;
      expect((await findingsOf(pinned))[0]?.class).toMatch(/^(pin-broken|unknown)$/);
      registry.intercept = undefined;
    }
  });

  it('is `pin-broken` when its tag is gone', async () => {
    push(registry, 'untagged', debianImage(old), 'other');
    expect(await findingsOf(`FROM ${registry.host}/untagged:1\n`)).toMatchObject([
      { class: 'pin-broken', remedy: 'none' },
    ]);
  });
});

it('never says that what cannot be read is up to date', async () => {
  const { record } = await runOn({ files: { Dockerfile: 'ARG BASE\nFROM ${BASE}\nCOPY --from=Not/Valid:: /a /b\n' } });
  expect(record.findings.map((finding) => finding.class)).toEqual(['unknown', 'unknown']);
  expect(record.summary).toMatchObject({ unknown: 2, needsRebuild: null });
});

it('applies rules from top to bottom', async () => {
  const pin = push(registry, 'ruled/app', debianImage(old));
  push(registry, 'ruled/app', debianImage({ ...old, bash: '6' }), '1');
  const rules = [
    { match: { image: `${registry.host}/ruled/*` }, react: ['alert'] as const, when: 'now' as const },
    { match: { class: ['packages' as const], file: 'other/**' }, react: ['ignore'] as const },
  ];
  expect(await findingsOf(from('ruled/app', '1', pin), { policy: { rules, pin: false } })).toMatchObject([
    { reaction: { react: ['alert'], when: 'now' } },
  ]);
});
