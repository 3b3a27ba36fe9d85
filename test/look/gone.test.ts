import type http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, findingsOf, push, runOn } from '../support/fleet.ts';

let registry: FakeRegistry;
beforeEach(async () => {
  registry = await startFakeRegistry();
});
afterEach(() => registry.close());

const nowhere = `sha256:${'b'.repeat(64)}`;
const app = debianImage({ bash: '5' });
const from = (rest: string): string => `FROM ${registry.host}/${rest}\n`;
const asked = (): string[] =>
  registry.log.map(({ method, path, status }) => `${method} ${path.replace('/v2/app/', '')} ${status}`);

/** Answers every 404 about a manifest with another code. */
function missingIs(code: string | undefined, when: (request: http.IncomingMessage) => boolean = () => true): void {
  registry.intercept = (request, response) => {
    const isMissing = request.url?.includes(nowhere) || request.url?.endsWith('/manifests/lost');
    if (!isMissing || !when(request)) return false;
    response.writeHead(404, { 'content-type': 'application/json' });
    const body = code === undefined ? '' : JSON.stringify({ errors: [{ code, message: 'x' }] });
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  };
}

describe('a pinned digest that is gone', () => {
  it.each(['MANIFEST_UNKNOWN', 'NOT_FOUND', 'TAG_EXPIRED', 'NAME_UNKNOWN'])('is known by %s', async (code) => {
    const latest = push(registry, 'app', app, '1');
    missingIs(code);
    expect(await findingsOf(from(`app:1@${nowhere}`))).toMatchObject([
      { class: 'pin-broken', latest: { digest: latest } },
    ]);
  });

  it.each([undefined, 'UNAUTHORIZED', 'BLOB_UNKNOWN', 'ARTIFACT_MISSING'])('is not by %s', async (code) => {
    push(registry, 'app', app, '1');
    missingIs(code);
    expect(await findingsOf(from(`app:1@${nowhere}`))).toMatchObject([
      { class: 'unknown', problem: { code: 'registry-not-found' } },
    ]);
  });

  it('costs nothing more where its own tag answers', async () => {
    push(registry, 'app', app, '1');
    await findingsOf(from(`app:1@${nowhere}`));
    expect(asked().slice(0, 3)).toEqual([
      'HEAD manifests/1 200',
      `GET manifests/${nowhere} 404`,
      `HEAD manifests/${nowhere} 404`,
    ]);
    expect(asked().some((one) => one.includes('tags/list'))).toBe(false);
  });

  it('is proven by one of three tags when it has none itself', async () => {
    for (const tag of ['a', 'b']) push(registry, 'app', debianImage({ bash: tag }), tag);
    registry.deleteManifest('app', debianImage({ bash: 'a' }).manifest.digest);
    const [finding] = await findingsOf(from(`app@${nowhere}`));
    expect(finding).toMatchObject({ class: 'pin-broken', reason: expect.stringContaining('still serves the tag b') });
  });

  it('is not proven by tags that are listed and do not answer', async () => {
    for (const tag of ['a', 'b', 'c', 'd']) {
      push(registry, 'app', debianImage({ bash: tag }), tag);
      registry.deleteManifest('app', debianImage({ bash: tag }).manifest.digest);
    }
    expect(await findingsOf(from(`app@${nowhere}`))).toMatchObject([
      { class: 'unknown', problem: { message: expect.stringContaining('nothing else in app answers') } },
    ]);
    expect(asked().filter((one) => one.startsWith('HEAD'))).toHaveLength(4);
  });
});

describe('a tag that is gone', () => {
  it('is broken when the whole list lacks it and another answers', async () => {
    push(registry, 'app', app, '1');
    expect(await findingsOf(from('app:lost'))).toMatchObject([
      { class: 'pin-broken', reason: expect.stringContaining('the tag lost is gone') },
    ]);
  });

  it('is unknown while the list has it', async () => {
    push(registry, 'app', app, '1');
    push(registry, 'app', app, 'lost');
    missingIs('MANIFEST_UNKNOWN');
    expect(await findingsOf(from('app:lost'))).toMatchObject([
      { class: 'unknown', problem: { message: expect.stringContaining('still lists it') } },
    ]);
  });

  it.each([
    ['without a digest', ''],
    ['beside a digest that answers', `@${app.manifest.digest}`],
  ])('is unknown when the list breaks off: %s', async (_name, digest) => {
    push(registry, 'app', app, '1');
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/tags/list')) return false;
      const link = '<http://other.example/v2/app/tags/list?last=1>; rel="next"';
      response.writeHead(200, { link }).end(JSON.stringify({ tags: ['1'] }));
      return true;
    };
    expect(await findingsOf(from(`app:lost${digest}`))).toMatchObject([
      { class: 'unknown', problem: { message: expect.stringContaining('could not be read to its end') } },
    ]);
  });

  it('beside a digest that answers needs the list', async () => {
    push(registry, 'app', app, '1');
    expect(await findingsOf(from(`app:lost@${app.manifest.digest}`))).toMatchObject([{ class: 'end-of-life' }]);
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/tags/list')) return false;
      response.writeHead(404).end();
      return true;
    };
    expect(await findingsOf(from(`app:lost@${app.manifest.digest}`))).toMatchObject([
      { class: 'unknown', problem: { message: expect.stringContaining('could not be listed') } },
    ]);
  });
});

describe('a host that calls everything gone', () => {
  const files = (repositories: readonly string[]): Record<string, string> => ({
    Dockerfile: repositories.map((name) => from(`${name}:1@${nowhere}`)).join(''),
  });
  const troubles = async (repositories: readonly string[]) => {
    const { record } = await runOn({ files: files(repositories) });
    return {
      classes: [...new Set(record.findings.map((finding) => finding.class))],
      problems: record.problems.filter(({ code }) => code === 'registry-in-trouble'),
    };
  };

  it('is in trouble: all are unknown, and one problem says so', async () => {
    expect(await troubles(['a', 'b', 'c'])).toMatchObject({
      classes: ['unknown'],
      problems: [{ host: registry.host, message: expect.stringContaining('3 repositories') }],
    });
  });

  it('is not when it answers for one', async () => {
    push(registry, 'd', app, '1');
    expect(await troubles(['a', 'b', 'c', 'd'])).toMatchObject({ problems: [] });
  });

  it('is not for two repositories, which may be hidden', async () => {
    expect(await troubles(['a', 'b', 'a'])).toEqual({ classes: ['unknown'], problems: [] });
  });
});
