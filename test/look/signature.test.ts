import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import { SignatureChecks } from '../../src/look/signature.ts';
import type { SignerWish } from '../../src/signatures/signer-wish.ts';
import type { SignatureVerdict } from '../../src/signatures/verdict.ts';
import { planUpdates } from '../../src/targets/folder-target.ts';
import type { Policy, Rule } from '../../src/verdict/policy.ts';
import { attachLegacy } from '../support/attach.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, findingsOf, push, pushIndex, runOn } from '../support/fleet.ts';
import { index } from '../support/image-builder.ts';
import { keyPair, signedBy, simpleSigningLayer, simpleSigningPayload } from '../support/signing.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

const ours = keyPair();
const wish: SignerWish = { kind: 'key', keys: [{ file: 'cosign.pub', pem: ours.pem }] };
const policyOf = (...rules: Rule[]): Policy => ({ pin: false, rules });
const wanted = policyOf({ match: {}, verify: wish });

function signed(repository: string, digest: Digest): void {
  const payload = simpleSigningPayload(digest);
  attachLegacy(registry, repository, digest, 'sig', [simpleSigningLayer(payload, signedBy(ours.key, payload))]);
}

/** A tag that moved from one image to another, and a Dockerfile that pins the first. */
function moved(repository: string): { dockerfile: string; before: Digest; after: Digest } {
  const [before, after] = ['1', '2'].map((version) => push(registry, repository, debianImage({ libc6: version }), '1'));
  const dockerfile = `FROM ${registry.host}/${repository}:1@${before}\n`;
  return { dockerfile, before: before as Digest, after: after as Digest };
}

const asksForSignatures = (from: number): boolean =>
  registry.log.slice(from).some(({ path }) => /referrers|\.sig$|sha256-/.test(path));

describe('a digest that must be signed', () => {
  it('is proposed when it is, and the finding says by whom', async () => {
    const { dockerfile, after } = moved('signed');
    signed('signed', after);
    const [finding] = await findingsOf(dockerfile, { policy: wanted });
    expect(finding).toMatchObject({
      class: 'packages',
      notes: expect.arrayContaining(['signed by the key cosign.pub']),
    });
    expect(finding?.held).toBeUndefined();
  });

  it('is held back when it is not, with its class unchanged, and no update writes it', async () => {
    const { dockerfile } = moved('unsigned');
    const result = await runOn({ files: { Dockerfile: dockerfile }, policy: wanted });
    expect(result.record.findings).toMatchObject([
      {
        class: 'packages',
        held: { reason: 'policy', detail: expect.stringContaining('is not signed, and the rules want') },
      },
    ]);
    expect(planUpdates(result, { classes: new Set(['packages']), pin: false })).toEqual([]);
  });

  it('is not the old one: its signature is none of the new one', async () => {
    const { dockerfile, before } = moved('old-signed');
    signed('old-signed', before);
    expect(await findingsOf(dockerfile, { policy: wanted })).toMatchObject([{ held: { reason: 'policy' } }]);
  });

  it('stands before an age: an update that a person asks for passes over ages', async () => {
    const { dockerfile } = moved('young');
    const policy = policyOf({ match: {}, verify: wish, minimumAge: 86_400_000 });
    expect(await findingsOf(dockerfile, { policy })).toMatchObject([{ held: { reason: 'policy' } }]);
  });

  it('is held back when nobody could say', async () => {
    const { dockerfile } = moved('silent');
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/referrers/')) return false;
      response.writeHead(403).end();
      return true;
    };
    expect(await findingsOf(dockerfile, { policy: wanted })).toMatchObject([
      { held: { reason: 'policy', detail: expect.stringContaining('could not be learnt') } },
    ]);
    registry.intercept = undefined;
  });

  it('is the index where the pin is one', async () => {
    const pin = pushIndex(registry, 'multi', index([{ image: debianImage({ libc6: '1' }) }]), '1');
    const fresh = pushIndex(registry, 'multi', index([{ image: debianImage({ libc6: '2' }) }]), '1');
    signed('multi', fresh);
    const [finding] = await findingsOf(`FROM ${registry.host}/multi:1@${pin}\n`, { policy: wanted });
    expect(finding?.held).toBeUndefined();
  });

  it('may be one of an index that is signed as a whole, where the pin is a platform', async () => {
    const images = ['1', '2'].map((version) => debianImage({ libc6: version }));
    const [before, after] = images.map((one) => pushIndex(registry, 'platform', index([{ image: one }]), '1'));
    const dockerfile = `FROM ${registry.host}/platform:1@${images[0]?.manifest.digest}\n`;
    signed('platform', before as Digest);
    expect(await findingsOf(dockerfile, { policy: wanted })).toMatchObject([{ held: { reason: 'policy' } }]);
    signed('platform', after as Digest);
    const [finding] = await findingsOf(dockerfile, { policy: wanted });
    expect(finding?.held).toBeUndefined();
    expect(finding?.notes).toContain('signed by the key cosign.pub, with the index that lists it');
  });

  it('may come with a newer tag', async () => {
    const digests = ['1.0', '1.1'].map((tag) => push(registry, 'tags', debianImage({ app: tag }), tag));
    const dockerfile = `FROM ${registry.host}/tags:1.0@${digests[0]}\n`;
    const policy = policyOf({ match: {}, verify: wish, versions: 'major' });
    expect(await findingsOf(dockerfile, { policy })).toMatchObject([
      { class: 'newer-tag', held: { reason: 'policy' } },
    ]);
    signed('tags', digests[1] as Digest);
    const [finding] = await findingsOf(dockerfile, { policy });
    expect(finding).toMatchObject({ class: 'newer-tag', notes: ['signed by the key cosign.pub'] });
    expect(finding?.held).toBeUndefined();
  });
});

describe('without a rule that wants a signature', () => {
  it.each([
    ['no rule at all', policyOf()],
    ['a rule for other images', policyOf({ match: { image: 'docker.io/**' }, verify: wish })],
    ['a later rule that undoes it', policyOf({ match: {}, verify: wish }, { match: {}, verify: 'none' })],
  ])('nobody is asked (%s)', async (name, policy) => {
    const { dockerfile } = moved(`unasked-${name.replaceAll(' ', '-')}`);
    const from = registry.log.length;
    const [finding] = await findingsOf(dockerfile, { policy });
    expect(finding).toMatchObject({ class: 'packages' });
    expect(finding?.held).toBeUndefined();
    expect(asksForSignatures(from)).toBe(false);
  });

  it('nor for what nothing is written for', async () => {
    push(registry, 'loose', debianImage({ libc6: '1' }), '1');
    const from = registry.log.length;
    await findingsOf(`FROM ${registry.host}/loose:1\n`, { policy: wanted });
    expect(asksForSignatures(from)).toBe(false);
  });
});

describe('how often is asked', () => {
  const image = { registry: 'r', repository: 'a' };
  const digest = `sha256:${'a'.repeat(64)}` as Digest;
  const checks = (verdict: SignatureVerdict, cache = memoryCache()) => {
    const asked: unknown[] = [];
    const make = (): SignatureChecks =>
      new SignatureChecks({
        cache,
        cost: { cacheHits: 0 },
        verifySignature: async (_repository, _digest, how) => {
          asked.push(how);
          return verdict;
        },
      });
    return { asked, make };
  };

  it('once in a run, and never again for what was verified', async () => {
    const { asked, make } = checks({ kind: 'verified', by: 'x' });
    const run = make();
    await Promise.all([run.of(image, digest, wish), run.of(image, digest, wish)]);
    expect(await make().of(image, digest, wish)).toEqual({ kind: 'verified', by: 'x' });
    expect(asked).toHaveLength(1);
    await make().of(image, digest, { ...wish, keys: [{ file: 'cosign.pub', pem: 'another' }] });
    expect(asked).toHaveLength(2);
  });

  it.each<SignatureVerdict>([{ kind: 'unsigned' }, { kind: 'wrong', why: 'x' }, { kind: 'unknown', why: 'x' }])(
    'in the next run again for $kind',
    async (verdict) => {
      const { asked, make } = checks(verdict);
      await make().of(image, digest, wish);
      await make().of(image, digest, wish);
      expect(asked).toHaveLength(2);
    },
  );
});
