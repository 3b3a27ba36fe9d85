import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/core/errors.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import type { SignatureVerdict } from '../../src/signatures/verdict.ts';
import { imageVerifier } from '../../src/signatures/verify-image.ts';
import { attach, attachLegacy } from '../support/attach.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { testClient } from '../support/registry-client.ts';
import {
  bundleArtifact,
  envelope,
  type KeyPair,
  keyBundle,
  keyPair,
  preAuthEncoding,
  signedBy,
  signPredicate,
  simpleSigningLayer,
  simpleSigningPayload,
  statementAbout,
} from '../support/signing.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
beforeEach(() => {
  registry.intercept = undefined;
  registry.referrersApi = true;
});
afterAll(() => registry.close());

const ours = keyPair();
const theirs = keyPair();
let count = 0;

/** An image in a repository of its own. */
function pushed(version = '1'): { repository: string; digest: Digest; manifest: Uint8Array } {
  const repository = `signed/${++count}`;
  const built = debianImage({ libc6: version });
  return { repository, digest: push(registry, repository, built), manifest: built.manifest.bytes };
}

async function verdictOf(
  { repository, digest }: { repository: string; digest: Digest },
  keys: readonly KeyPair[] = [ours],
): Promise<SignatureVerdict> {
  const { client } = testClient({ http: { sleep: () => Promise.resolve() } });
  const verify = imageVerifier({ attachments: client.attachments, rootFolder: null });
  const wish = { kind: 'key' as const, keys: keys.map(({ pem }, at) => ({ file: `key-${at}.pub`, pem })) };
  return verify({ registry: registry.host, repository }, digest, wish);
}

const legacy = (digest: Digest, { key }: KeyPair) => {
  const payload = simpleSigningPayload(digest);
  return simpleSigningLayer(payload, signedBy(key, payload));
};
const statement = (digest: Digest, { key }: KeyPair, predicateType = signPredicate) => {
  const payload = statementAbout(digest, predicateType);
  return keyBundle({ dsseEnvelope: envelope(payload, signedBy(key, preAuthEncoding(payload))) });
};

describe('a signature under cosign’s own tag', () => {
  it.each(['P-256', 'P-384', 'rsa', 'ed25519'] as const)('made with a key of %s is verified', async (kind) => {
    const image = pushed();
    const pair = keyPair(kind);
    attachLegacy(registry, image.repository, image.digest, 'sig', [legacy(image.digest, pair)]);
    expect(await verdictOf(image, [pair])).toEqual({ kind: 'verified', by: 'the key key-0.pub' });
  });

  it('may be made with any of several keys, and stand among others', async () => {
    const image = pushed();
    const layers = [legacy(image.digest, theirs), legacy(image.digest, ours)];
    attachLegacy(registry, image.repository, image.digest, 'sig', layers);
    expect(await verdictOf(image, [keyPair(), ours])).toEqual({ kind: 'verified', by: 'the key key-1.pub' });
  });

  it('is found where the registry does not say digests to a HEAD', async () => {
    const image = pushed();
    attachLegacy(registry, image.repository, image.digest, 'sig', [legacy(image.digest, ours)]);
    registry.digestHeader = false;
    expect(await verdictOf(image)).toMatchObject({ kind: 'verified' });
    registry.digestHeader = true;
  });

  it.each<[string, (digest: Digest) => ReturnType<typeof legacy>, string]>([
    ['made with another key', (digest) => legacy(digest, theirs), 'it was not made with the key'],
    ['over another digest', () => legacy(pushed('2').digest, ours), 'its payload is about another digest'],
    [
      'whose payload was changed to this digest',
      (digest) => {
        const original = simpleSigningPayload(pushed('2').digest);
        return simpleSigningLayer(simpleSigningPayload(digest), signedBy(ours.key, original));
      },
      'it was not made with the key',
    ],
    [
      'whose payload is no JSON',
      () => simpleSigningLayer('<html>', signedBy(ours.key, Buffer.from('<html>'))),
      'its payload names no digest',
    ],
    [
      'whose payload has no object where one belongs',
      () => simpleSigningLayer('{"critical":{"image":null}}', Buffer.alloc(0)),
      'its payload names no digest',
    ],
    [
      'that is no signature at all',
      (digest) => simpleSigningLayer(simpleSigningPayload(digest), Buffer.from('junk')),
      'it was not made with the key',
    ],
    [
      'that is empty',
      (digest) => simpleSigningLayer(simpleSigningPayload(digest), Buffer.alloc(0)),
      'it was not made with the key',
    ],
  ])('%s is wrong', async (_name, layerFor, why) => {
    const image = pushed();
    attachLegacy(registry, image.repository, image.digest, 'sig', [layerFor(image.digest)]);
    expect(await verdictOf(image)).toEqual({ kind: 'wrong', why });
  });

  it('copied from the old digest to the tag of the new one is wrong', async () => {
    const [old, fresh] = [pushed('1'), pushed('2')];
    attachLegacy(registry, fresh.repository, fresh.digest, 'sig', [legacy(old.digest, ours)]);
    expect(await verdictOf(fresh)).toEqual({ kind: 'wrong', why: 'its payload is about another digest' });
  });

  it('of a thousand, the newest twenty are looked at', async () => {
    const image = pushed();
    const payload = simpleSigningPayload(image.digest);
    const signature = signedBy(theirs.key, payload);
    const layers = Array.from({ length: 1000 }, (_, at) =>
      simpleSigningLayer(Buffer.concat([payload, Buffer.from(' '.repeat(at))]), signature),
    );
    attachLegacy(registry, image.repository, image.digest, 'sig', layers);
    const before = registry.log.length;
    // The wanted one may be among those that are not.
    expect(await verdictOf(image)).toMatchObject({
      kind: 'unknown',
      why: expect.stringMatching(/^none of 20 .*; it has more, of which no more than 20/),
    });
    expect(registry.log.length - before).toBeLessThan(30);
    attachLegacy(registry, image.repository, image.digest, 'sig', [...layers, legacy(image.digest, ours)]);
    expect(await verdictOf(image)).toMatchObject({ kind: 'verified' });
  });

  it('whose payload claims to be enormous is not fetched', async () => {
    const image = pushed();
    const layer = legacy(image.digest, ours);
    attachLegacy(registry, image.repository, image.digest, 'sig', [
      { ...layer, bytes: Buffer.concat([Buffer.from(layer.bytes), Buffer.alloc(2 * 1024 * 1024, ' ')]) },
    ]);
    const before = registry.log.length;
    expect(await verdictOf(image)).toMatchObject({ kind: 'unknown', why: expect.stringContaining('are not read') });
    expect(registry.log.slice(before).filter(({ path }) => path.includes('/blobs/'))).toEqual([]);
  });
});

describe('a signature as a bundle', () => {
  it.each([true, false])('is found among the referrers (with an API: %s)', async (referrersApi) => {
    registry.referrersApi = referrersApi;
    const image = pushed();
    const bundle = statement(image.digest, ours);
    attach(registry, image.repository, image.digest, bundleArtifact(bundle, signPredicate));
    expect(await verdictOf(image)).toEqual({ kind: 'verified', by: 'the key key-0.pub' });
  });

  it('may sign the manifest itself', async () => {
    const image = pushed();
    const signature = signedBy(ours.key, image.manifest).toString('base64');
    const messageDigest = {
      algorithm: 'SHA2_256',
      digest: Buffer.from(image.digest.slice(7), 'hex').toString('base64'),
    };
    attach(
      registry,
      image.repository,
      image.digest,
      bundleArtifact(keyBundle({ messageSignature: { messageDigest, signature } })),
    );
    expect(await verdictOf(image)).toMatchObject({ kind: 'verified' });
    expect(await verdictOf(image, [theirs])).toMatchObject({ kind: 'wrong' });
  });

  it('is found on a later page', async () => {
    const image = pushed();
    registry.referrersPage = 1;
    const artifacts = [statement(image.digest, theirs), statement(image.digest, ours)].map((one) =>
      bundleArtifact(one),
    );
    attach(registry, image.repository, image.digest, ...artifacts);
    expect(await verdictOf(image)).toMatchObject({ kind: 'verified' });
    registry.referrersPage = 100;
  });

  it('that says where the image came from counts too', async () => {
    const image = pushed();
    const bundle = statement(image.digest, ours, 'https://slsa.dev/provenance/v1');
    attach(registry, image.repository, image.digest, bundleArtifact(bundle, 'https://slsa.dev/provenance/v1'));
    expect(await verdictOf(image)).toMatchObject({ kind: 'verified' });
  });

  it('of something else, such as a scan, says nothing of who made the image', async () => {
    const image = pushed();
    const scan = 'https://cosign.sigstore.dev/attestation/vuln/v1';
    attach(registry, image.repository, image.digest, bundleArtifact(statement(image.digest, ours, scan), scan));
    expect(await verdictOf(image)).toEqual({ kind: 'unsigned' });
    // It may not say so beside the bundle.
    attach(
      registry,
      image.repository,
      image.digest,
      bundleArtifact(statement(image.digest, ours, scan), signPredicate),
    );
    expect(await verdictOf(image)).toMatchObject({ kind: 'wrong', why: expect.stringContaining('something else') });
  });

  it.each<[string, (digest: Digest) => unknown, string]>([
    ['with another key', (digest) => statement(digest, theirs), 'it was not made with the key'],
    ['about another digest', () => statement(pushed('2').digest, ours), 'its statement is about another digest'],
    [
      'whose statement was changed',
      (digest) => {
        const signature = signedBy(ours.key, preAuthEncoding(statementAbout(pushed('2').digest)));
        return keyBundle({ dsseEnvelope: envelope(statementAbout(digest), signature) });
      },
      'it was not made with the key',
    ],
    [
      'signed without its type',
      (digest) => {
        const payload = statementAbout(digest);
        return keyBundle({ dsseEnvelope: envelope(payload, signedBy(ours.key, payload)) });
      },
      'it was not made with the key',
    ],
    [
      'of another payload type',
      (digest) => {
        const payload = statementAbout(digest);
        const signature = signedBy(ours.key, preAuthEncoding(payload, 'text/plain'));
        return keyBundle({ dsseEnvelope: envelope(payload, signature, 'text/plain') });
      },
      'it signs no statement of the type application/vnd.in-toto+json',
    ],
    ['without content', () => keyBundle({}), 'its bundle holds no signature that can be read'],
    ['that is a list', () => [[]], 'its bundle holds no signature that can be read'],
    ['that is not JSON', () => '{', 'its bundle is not JSON'],
  ])('%s is wrong', async (_name, bundleFor, why) => {
    const image = pushed();
    attach(registry, image.repository, image.digest, bundleArtifact(bundleFor(image.digest)));
    expect(await verdictOf(image)).toEqual({ kind: 'wrong', why });
  });
});

describe('where nothing can be found', () => {
  it.each([true, false])('it is unsigned (with an API: %s)', async (referrersApi) => {
    registry.referrersApi = referrersApi;
    expect(await verdictOf(pushed())).toEqual({ kind: 'unsigned' });
  });

  it('a registry that cannot answer leaves it unknown, unless another signature holds', async () => {
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/referrers/')) return false;
      response.writeHead(500).end();
      return true;
    };
    const image = pushed();
    expect(await verdictOf(image)).toMatchObject({ kind: 'unknown', why: expect.stringContaining('answered 500') });
    attachLegacy(registry, image.repository, image.digest, 'sig', [legacy(image.digest, theirs)]);
    expect(await verdictOf(image)).toMatchObject({ kind: 'unknown' });
    attachLegacy(registry, image.repository, image.digest, 'sig', [legacy(image.digest, ours)]);
    expect(await verdictOf(image)).toMatchObject({ kind: 'verified' });
  });

  it.each([401, 403, 429, 503])('an answer of %i to the tag leaves it unknown', async (status) => {
    registry.intercept = (request, response) => {
      if (!request.url?.endsWith('.sig')) return false;
      response.writeHead(status).end();
      return true;
    };
    expect(await verdictOf(pushed())).toMatchObject({ kind: 'unknown' });
  });

  it('a page of a web site under every address is no API, and a list that is junk no answer', async () => {
    const answer = (type: string, body: string): void => {
      registry.intercept = (request, response) => {
        if (!request.url?.includes('/referrers/')) return false;
        response.writeHead(200, { 'content-type': type }).end(body);
        return true;
      };
    };
    answer('text/html', '<html>');
    expect(await verdictOf(pushed())).toEqual({ kind: 'unsigned' });
    for (const junk of ['<html>', '[]', '{"manifests":[1]}', '{"manifests":[{"digest":"sha256:no"}]}']) {
      answer('application/vnd.oci.image.index.v1+json', junk);
      expect(await verdictOf(pushed())).toMatchObject({ kind: 'unknown' });
    }
  });

  it('a blob that is not what its digest says is no signature', async () => {
    const image = pushed();
    attachLegacy(registry, image.repository, image.digest, 'sig', [legacy(image.digest, ours)]);
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/blobs/')) return false;
      const other = simpleSigningPayload(pushed('3').digest);
      response.writeHead(200, { 'content-length': other.length }).end(other);
      return true;
    };
    expect(await verdictOf(image)).toMatchObject({ kind: 'unknown', why: expect.stringContaining('digest') });
  });

  it('a run that was stopped has learnt nothing', async () => {
    const controller = new AbortController();
    controller.abort(new PlimsollError('CANCELLED', 'stopped'));
    const { client } = testClient({ http: { signal: controller.signal } });
    const verify = imageVerifier({ attachments: client.attachments, rootFolder: null });
    const wish = { kind: 'key' as const, keys: [{ file: 'k', pem: ours.pem }] };
    const { repository, digest } = pushed();
    await expect(verify({ registry: registry.host, repository }, digest, wish)).rejects.toThrow();
  });
});
