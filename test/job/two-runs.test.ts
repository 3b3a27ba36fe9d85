import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import { parsePlatform } from '../../src/core/image/platform.ts';
import { Secret } from '../../src/core/secret.ts';
import { formats } from '../../src/formats/index.ts';
import { type Connections, openConnections, type RunParts, type RunSettings } from '../../src/job/connections.ts';
import { type RunResult, run } from '../../src/job/run.ts';
import type { Credentials } from '../../src/oci/credentials/credentials.ts';
import { type FakeRegistry, type LoggedRequest, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';
import { quietConnections, quietRun } from '../support/test-app.ts';

let registry: FakeRegistry;
let connections: Connections;
let tree: { folder: string; remove: () => void };
/** By which each request came. */
let sockets: Socket[];
let pulls: number | undefined;
const login: Credentials = { kind: 'password', username: 'u', password: new Secret('p'), origin: 'a test' };

beforeEach(async () => {
  registry = await startFakeRegistry();
  registry.auth = { basic: 'u:p' };
  sockets = [];
  pulls = undefined;
  registry.intercept = (request, response) => {
    sockets.push(request.socket);
    if (pulls !== undefined)
      response.setHeader('ratelimit-limit', '100;w=21600').setHeader('ratelimit-remaining', `${pulls};w=21600`);
    return false;
  };
  connections = openConnections({ ...quietConnections, logins: () => login });
});
afterEach(async () => {
  connections.close();
  tree.remove();
  await registry.close();
});

const publish = (version: string): Digest => push(registry, 'base', debianImage({ openssl: version }), '1');
const pinned = (digest: Digest): void => {
  tree = temporaryTree({ Dockerfile: `FROM ${registry.host}/base:1@${digest}\n` });
};

/** One run, with what the registry was asked in it. */
async function once(
  more: Partial<RunSettings> = {},
): Promise<{ result: RunResult; parts: RunParts; asked: readonly LoggedRequest[] }> {
  const from = registry.log.length;
  const parts = connections.forRun({ ...quietRun, ...more });
  const platforms = { targets: [parsePlatform('linux/amd64')], build: parsePlatform('linux/amd64') };
  const discovery = { formats, include: [], exclude: [] };
  const trees = [{ path: tree.folder, discovery, platforms, policy: { rules: [], pin: false } }];
  const result = await run({ trees, baseLines: [] }, parts.run);
  return { result, parts, asked: registry.log.slice(from) };
}

const classes = ({ result }: { result: RunResult }): string[] => result.record.findings.map(({ class: kind }) => kind);

describe('the second run of a process', () => {
  it('sees what moved in between, by its own questions, and counts what they cost from nothing', async () => {
    const old = publish('1.0');
    pinned(old);
    const first = await once();
    expect(classes(first)).toEqual([]);
    const newest = publish('1.1');
    const second = await once({ now: quietRun.now + 3_600_000 });
    expect(classes(second)).toEqual(['packages']);
    expect(second.result.record.findings).toMatchObject([{ latest: { digest: newest } }]);
    const heads = second.asked.filter(({ method, path }) => method === 'HEAD' && path.endsWith('/manifests/1'));
    expect(heads.length).toBeGreaterThan(0);
    expect(second.result.record.cost.requests).toBe(second.asked.length);
    expect(second.result.record.startedAt > first.result.record.startedAt).toBe(true);
    expect(second.parts.http.cost).not.toBe(first.parts.http.cost);
  });

  it('uses the tokens and the connections of the first', async () => {
    pinned(publish('1.0'));
    const first = await once();
    const before = [...sockets];
    const second = await once();
    const tokens = ({ asked }: typeof first): number => asked.filter(({ path }) => path.startsWith('/token')).length;
    expect([tokens(first), tokens(second)]).toEqual([1, 0]);
    expect(second.asked.length).toBeGreaterThan(0);
    expect(before).toContain(sockets[before.length]);
  });

  it('has a budget of its own', async () => {
    const old = publish('1.0');
    pinned(old);
    publish('1.1');
    pulls = 0;
    const first = await once();
    expect(
      first.result.record.problems.concat(first.result.record.findings.flatMap(({ problem }) => problem ?? [])),
    ).toContainEqual(expect.objectContaining({ code: 'budget' }));
    pulls = 100;
    expect(classes(await once())).toEqual(['packages']);
  });

  it('has a deadline of its own, and problems of its own', async () => {
    const old = publish('1.0');
    pinned(old);
    publish('1.1');
    const stop = new AbortController();
    registry.intercept = () => {
      stop.abort(new Error('the time of the first is up'));
      return true;
    };
    const first = await once({ signal: stop.signal });
    expect(classes(first)).toEqual(['unknown']);
    registry.intercept = undefined;
    const second = await once();
    expect(classes(second)).toEqual(['packages']);
    const late = connections.forRun({ ...quietRun, deadline: 0 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(late.run.registry.look({ registry: registry.host, repository: 'base' }, '1')).resolves.toMatchObject({
      kind: 'unknown',
      problem: { message: expect.stringContaining('took longer') },
    });
    // What was found by then is told all the same.
    expect((await late.notify.fetch(`http://${registry.host}/v2/`)).status).toBe(404);
    second.parts.run.signal.throwIfAborted();
    expect(classes(await once())).toEqual(['packages']);
  });
});
