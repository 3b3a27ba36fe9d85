import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import type { SignatureVerdict } from '../../src/signatures/verdict.ts';
import { imageVerifier } from '../../src/signatures/verify-image.ts';
import { attach, attachLegacy } from '../support/attach.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { testClient } from '../support/registry-client.ts';
import { bundleArtifact, signPredicate, simpleSigningPayload } from '../support/signing.ts';
import { type SignOptions, sigstoreInstance, workflow } from '../support/sigstore-instance.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

const trusted = sigstoreInstance();
const stranger = sigstoreInstance();
const day = 86_400_000;
let count = 0;

function pushed(version = '1'): { repository: string; digest: Digest; manifest: Uint8Array } {
  const repository = `keyless/${++count}`;
  const built = debianImage({ libc6: version });
  return { repository, digest: push(registry, repository, built), manifest: built.manifest.bytes };
}
type Image = ReturnType<typeof pushed>;

async function verdictOf(
  { repository, digest }: Image,
  { identity = workflow.name, trustedRoot = trusted.trustedRoot, issuer = workflow.issuer } = {},
): Promise<SignatureVerdict> {
  const verify = imageVerifier({ attachments: testClient().client.attachments, rootFolder: null });
  return verify({ registry: registry.host, repository }, digest, { kind: 'identity', identity, issuer, trustedRoot });
}

/** The three ways in which cosign keeps a signature of an identity. */
const ways: readonly (readonly [string, (image: Image, options?: SignOptions, by?: typeof trusted) => void])[] = [
  [
    'a tag',
    (image, options, by = trusted) =>
      attachLegacy(registry, image.repository, image.digest, 'sig', [by.legacyLayer(image.digest, options)]),
  ],
  [
    'a bundle with a statement',
    (image, options, by = trusted) => {
      const bundle = by.statementBundle(image.digest, options);
      attach(registry, image.repository, image.digest, bundleArtifact(bundle, signPredicate));
    },
  ],
  [
    'a bundle over the manifest',
    (image, options, by = trusted) => {
      attach(registry, image.repository, image.digest, bundleArtifact(by.messageBundle(image.manifest, options)));
    },
  ],
];

describe.each(ways)('a signature by an identity, in %s', (_way, signImage) => {
  it('is verified, by whom it says', async () => {
    const image = pushed();
    signImage(image);
    expect(await verdictOf(image)).toEqual({ kind: 'verified', by: `${workflow.name} (${workflow.issuer})` });
  });

  it('may be meant by a glob', async () => {
    const image = pushed();
    signImage(image);
    const glob = 'https://github.com/my-org/*/.github/workflows/release.yml@refs/heads/**';
    expect(await verdictOf(image, { identity: glob })).toMatchObject({ kind: 'verified' });
    expect(await verdictOf(image, { identity: 'https://github.com/my-org/*' })).toMatchObject({ kind: 'wrong' });
  });

  it.each<[string, SignOptions, string]>([
    ['by another identity', { identity: { ...workflow, name: `${workflow.name}.evil` } }, 'it was signed by'],
    [
      'by the same name from another issuer',
      { identity: { ...workflow, issuer: 'https://login.example' } },
      'vouched for by https://login.example',
    ],
    ['when its certificate had expired', { signed: Date.parse('2026-01-01T00:00:00Z') + day }, 'not valid or expired'],
    ['before its certificate began', { signed: Date.parse('2026-01-01T00:00:30Z') }, 'not valid or expired'],
    ['with no entry in the log to say when', { unlogged: true }, ''],
    ['with a certificate that no log has seen', { unseen: true }, 'SCT'],
  ])('%s is wrong', async (_name, options, why) => {
    const image = pushed();
    signImage(image, options);
    expect(await verdictOf(image)).toMatchObject({ kind: 'wrong', why: expect.stringContaining(why) });
  });

  it('of another instance is wrong', async () => {
    const image = pushed();
    signImage(image, {}, stranger);
    expect(await verdictOf(image)).toMatchObject({ kind: 'wrong' });
    expect(await verdictOf(image, { trustedRoot: stranger.trustedRoot })).toMatchObject({ kind: 'verified' });
  });

  it('needs no log of certificates where the trusted root names none', async () => {
    const own = sigstoreInstance({ witnesses: 'no-ct-log' });
    const image = pushed();
    signImage(image, {}, own);
    expect(await verdictOf(image, { trustedRoot: own.trustedRoot })).toMatchObject({ kind: 'verified' });
  });
});

function cosignKeys(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`dev.sigstore.cosign/${key}`, value]));
}

describe('a signature by an identity that was tampered with', () => {
  const changed = <T>(value: T, from: string, to: string): T =>
    JSON.parse(JSON.stringify(value).replaceAll(from, to)) as T;

  it('copied from another digest is wrong in every way', async () => {
    const [old, fresh] = [pushed('1'), pushed('2')];
    attachLegacy(registry, fresh.repository, fresh.digest, 'sig', [trusted.legacyLayer(old.digest)]);
    attach(
      registry,
      fresh.repository,
      fresh.digest,
      bundleArtifact(trusted.statementBundle(old.digest)),
      bundleArtifact(trusted.messageBundle(old.manifest)),
    );
    const verdict = await verdictOf(fresh);
    expect(verdict).toMatchObject({ kind: 'wrong', why: expect.stringContaining('none of 3 signatures') });
  });

  it('with a payload of its own beside a real signature is wrong', async () => {
    const image = pushed();
    const layer = trusted.legacyLayer(pushed('2').digest);
    attachLegacy(registry, image.repository, image.digest, 'sig', [
      { ...layer, bytes: simpleSigningPayload(image.digest) },
    ]);
    expect(await verdictOf(image)).toMatchObject({ kind: 'wrong' });
  });

  it('with a time of its own in the receipt is wrong', async () => {
    const image = pushed();
    const layer = trusted.legacyLayer(image.digest, { signed: Date.parse('2026-01-02T00:00:00Z') });
    const time = String(Date.parse('2026-01-02T00:00:00Z') / 1000);
    const back = changed(layer, time, String(Date.parse('2026-01-01T00:02:00Z') / 1000));
    attachLegacy(registry, image.repository, image.digest, 'sig', [{ ...back, bytes: layer.bytes }]);
    expect(await verdictOf(image)).toMatchObject({ kind: 'wrong' });
  });

  it('with a statement of its own in the envelope is wrong', async () => {
    const image = pushed();
    const [real, ours] = [trusted.statementBundle(pushed('2').digest), trusted.statementBundle(image.digest)];
    const forged = {
      ...real,
      dsseEnvelope: {
        ...(real['dsseEnvelope'] as object),
        payload: (ours['dsseEnvelope'] as { payload: string }).payload,
      },
    };
    attach(registry, image.repository, image.digest, bundleArtifact(forged));
    expect(await verdictOf(image)).toMatchObject({ kind: 'wrong' });
  });

  it.each<[string, unknown]>([
    ['an empty object', {}],
    ['no verification material', { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' }],
    [
      'a certificate of junk',
      changed(trusted.statementBundle(`sha256:${'a'.repeat(64)}` as Digest), '"rawBytes":"', '"rawBytes":"AAAA'),
    ],
    ['numbers for objects', { mediaType: 7, verificationMaterial: 7, dsseEnvelope: 7 }],
    ['a message signature of nothing', { messageSignature: null }],
  ])('of which the bundle is %s is wrong', async (_name, json) => {
    const image = pushed();
    attach(registry, image.repository, image.digest, bundleArtifact(json));
    expect(await verdictOf(image)).toMatchObject({ kind: 'wrong' });
  });

  it.each([
    ['an unreadable certificate', { certificate: 'junk' }, 'its certificate cannot be read'],
    ['a receipt that is no JSON', { bundle: '{' }, 'its receipt of a transparency log cannot be read'],
    ['a receipt without a payload', { bundle: '{}' }, 'its receipt of a transparency log cannot be read'],
    [
      'a receipt of null',
      { bundle: '{"Payload":{"body":"bnVsbA=="}}' },
      'its receipt of a transparency log cannot be read',
    ],
    ['no receipt', { bundle: '' }, 'it has no receipt of a transparency log'],
    ['no certificate at all', { certificate: '' }, 'it was made with a key, not by an identity'],
  ])('with %s is wrong', async (_name, changes, why) => {
    const image = pushed();
    const layer = trusted.legacyLayer(image.digest);
    attachLegacy(registry, image.repository, image.digest, 'sig', [
      { ...layer, annotations: { ...layer.annotations, ...cosignKeys(changes) } },
    ]);
    expect(await verdictOf(image)).toMatchObject({ kind: 'wrong', why: expect.stringContaining(why) });
  });
});

it('the public root that comes with sigstore’s client can be used, and believes nobody else', async () => {
  const file = path.join(import.meta.dirname, '../../node_modules/@sigstore/tuf/seeds.json');
  const seeds = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { targets: Record<string, string> }>;
  const text = seeds['https://tuf-repo-cdn.sigstore.dev']?.targets['trusted_root.json'] ?? '';
  const image = pushed();
  ways[0]?.[1](image);
  const verdict = await verdictOf(image, { trustedRoot: Buffer.from(text, 'base64').toString('utf8') });
  expect(verdict).toMatchObject({ kind: 'wrong', why: expect.stringContaining('it was refused') });
});

it('a trusted root that cannot be used leaves it unknown', async () => {
  const image = pushed();
  ways[0]?.[1](image);
  const trustedRoot = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","tlogs":[{}]}';
  expect(await verdictOf(image, { trustedRoot })).toMatchObject({ kind: 'unknown' });
});
