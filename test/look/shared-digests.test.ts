import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toStoredRun } from '../../src/job/record-run.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, findingsOf, push, pushIndex, runOn, temporaryTree } from '../support/fleet.ts';
import { index } from '../support/image-builder.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterEach(() => {
  registry.intercept = undefined;
});
afterAll(() => registry.close());

const [before, after] = [debianImage({ bash: '1' }), debianImage({ bash: '2' })];

describe('the same digests in two repositories', () => {
  it.each([
    ['manifests', after.manifest.digest],
    ['config', after.config.digest],
    ['layers', after.layers[0]?.digest ?? ''],
  ])('trouble with the %s of one says nothing about the other', async (_name, digest) => {
    const pin = push(registry, 'closed', before);
    push(registry, 'closed', after, '1');
    push(registry, 'open', before);
    push(registry, 'open', after, '1');
    registry.intercept = (request, response) => {
      if (request.method !== 'GET' || !request.url?.startsWith('/v2/closed/') || !request.url.endsWith(digest))
        return false;
      response.writeHead(403).end();
      return true;
    };
    const line = (name: string): string => `FROM ${registry.host}/${name}:1@${pin}\n`;
    // What the open one serves may help the closed one; nothing may be lost the other way round.
    const [, open] = await findingsOf(line('closed') + line('open'));
    expect(open).toMatchObject({ class: 'packages', packages: [{ name: 'bash' }] });
  });
});

describe('a layer that arrives damaged', () => {
  const bytes = Buffer.from(after.layers[0]?.bytes ?? []);
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(40) ^ 255, 40);
  it.each([
    ['with a byte changed', flipped],
    ['as something else of the same length', Buffer.alloc(bytes.length)],
    ['in another compression', Buffer.concat([Buffer.from('BZh91AY'), bytes.subarray(7)])],
  ])('%s makes the image unknown, today and not for ever', async (name, damaged) => {
    const repository = `damaged-${name.length}`;
    const pin = push(registry, repository, before);
    push(registry, repository, after, '1');
    const cache = temporaryTree({});
    const check = () => findingsOf(`FROM ${registry.host}/${repository}:1@${pin}\n`, { cacheFolder: cache.folder });
    registry.intercept = (request, response) => {
      if (!request.url?.endsWith(after.layers[0]?.digest ?? '-')) return false;
      response.writeHead(200).end(damaged);
      return true;
    };
    expect(await check()).toMatchObject([{ class: 'unknown', problem: { code: 'digest-mismatch' } }]);
    registry.intercept = undefined;
    expect(await check()).toMatchObject([{ class: 'packages' }]);
    cache.remove();
  });
});

it('what is remembered of a tag is what the tag names, not the pin', async () => {
  const list = index([
    { image: before },
    { image: debianImage({ bash: '1' }, { platform: { os: 'linux', architecture: 'arm64' } }) },
  ]);
  const root = pushIndex(registry, 'platform', list, '1');
  const result = await runOn({ files: { Dockerfile: `FROM ${registry.host}/platform:1@${before.manifest.digest}\n` } });
  expect(result.record.findings).toEqual([]);
  const knows = { scopes: [], lost: [] };
  const facts = { notices: [], before: knows, dropped: [], trigger: 'cli', startedAt: 0 } as const;
  expect(toStoredRun(result, facts).looks).toEqual([
    { reference: `${registry.host}/platform:1`, platform: '*', digest: root },
  ]);
});
