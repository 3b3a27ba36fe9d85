import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HookSource } from '../../src/config/serve-settings.ts';
import { type HookCall, isGenuine, readHook } from '../../src/serve/hooks.ts';

const secret = 'a-secret-of-many-characters';

function call(json: unknown, headers: Readonly<Record<string, string>> = {}, pathSecret?: string): HookCall {
  return {
    body: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)),
    header: (name) => headers[name.toLowerCase()],
    pathSecret,
  };
}

/** As their documentation has them, shortened. */
const bodies: Readonly<Record<HookSource, unknown>> = {
  dockerhub: {
    callback_url:
      'https://registry.hub.docker.com/u/svendowideit/testhook/hook/2141b5bi5i5b02bec211i4eeih0242eg11000a/',
    push_data: { pushed_at: 1417566161, pusher: 'trustedbuilder', tag: 'latest' },
    repository: { name: 'testhook', namespace: 'svendowideit', repo_name: 'svendowideit/testhook' },
  },
  github: {
    action: 'published',
    registry_package: {
      name: 'hello',
      namespace: 'acme',
      package_type: 'CONTAINER',
      owner: { login: 'acme' },
      package_version: { container_metadata: { tag: { name: '1.2', digest: 'sha256:aa' } } },
    },
  },
  gitea: {
    action: 'created',
    package: {
      type: 'container',
      owner: { login: 'Acme' },
      name: 'hello',
      version: '1.2',
      html_url: 'https://git.corp:3000/Acme/-/packages/container/hello/1.2',
    },
  },
  harbor: {
    type: 'PUSH_ARTIFACT',
    occur_at: 1586922308,
    event_data: {
      resources: [{ digest: 'sha256:8a', tag: 'latest', resource_url: 'hub.corp:8443/test-webhook/debian:latest' }],
      repository: { name: 'debian', namespace: 'test-webhook', repo_full_name: 'test-webhook/debian' },
    },
  },
  quay: {
    name: 'repository',
    repository: 'mynamespace/repository',
    namespace: 'mynamespace',
    docker_url: 'quay.io/mynamespace/repository',
    updated_tags: ['latest', '2'],
  },
  distribution: {
    events: [
      { id: '1', action: 'pull', target: { repository: 'library/test', tag: 'x' }, request: { host: 'r.corp:5000' } },
      {
        id: '2',
        action: 'push',
        target: { repository: 'library/test', tag: 'latest' },
        request: { host: 'r.corp:5000' },
      },
      { id: '3', action: 'push', target: { repository: 'library/test' }, request: { host: 'r.corp:5000' } },
    ],
  },
  generic: { image: 'debian:12', images: ['r.corp/a/b:1', 'no image at all!', 7] },
};

describe('what a registry says', () => {
  it.each<readonly [HookSource, readonly string[]]>([
    ['dockerhub', ['docker.io/svendowideit/testhook:latest']],
    ['github', ['ghcr.io/acme/hello:1.2']],
    ['gitea', ['git.corp:3000/acme/hello:1.2']],
    ['harbor', ['hub.corp:8443/test-webhook/debian:latest']],
    ['quay', ['quay.io/mynamespace/repository:latest', 'quay.io/mynamespace/repository:2']],
    ['distribution', ['r.corp:5000/library/test:latest']],
    ['generic', ['docker.io/library/debian:12', 'r.corp/a/b:1']],
  ])('%s', (source, references) => {
    expect(readHook(source, call(bodies[source]))?.references).toEqual(references);
  });

  it('of Harbor may be a CloudEvent', () => {
    const { event_data: data } = bodies.harbor as { readonly event_data: unknown };
    const event = { specversion: '1.0', id: 'a4a2', type: 'harbor.artifact.pushed', data };
    expect(readHook('harbor', call(event))).toEqual({
      references: ['hub.corp:8443/test-webhook/debian:latest'],
      delivery: 'a4a2',
    });
  });

  it.each([{ type: 'npm' }, { version: `sha256:${'a'.repeat(64)}` }, { html_url: 'none' }])(
    'of Gitea is of no image with %j',
    (more) => {
      const { package: own, action } = bodies.gitea as { readonly package: object; readonly action: string };
      expect(readHook('gitea', call({ action, package: { ...own, ...more } }))?.references).toEqual([]);
      expect(readHook('gitea', call({ action: 'deleted', package: own }))?.references).toEqual([]);
    },
  );

  it('of Quay had an object of tags once', () => {
    const body = { docker_url: 'quay.io/a/b', updated_tags: { v1: 'x' } };
    expect(readHook('quay', call(body))?.references).toEqual(['quay.io/a/b:v1']);
  });

  it.each(['', 'null', '[]', '7', '{', '"x"', '{"events":7}', '{"repository":[],"push_data":null}'])(
    'may be nothing: %j',
    (text) => {
      for (const source of Object.keys(bodies) as HookSource[]) {
        expect(readHook(source, call(text))?.references ?? []).toEqual([]);
      }
    },
  );

  it('may be a thousand images, of which a hundred are read', () => {
    const images = Array.from({ length: 1000 }, (_, i) => `r.corp/a:${i}`);
    expect(readHook('generic', call({ images }))?.references).toHaveLength(100);
  });
});

describe('who says it', () => {
  const sign = (body: Uint8Array, key: string): string =>
    `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;

  it('proves it in the path where nothing is signed', () => {
    for (const source of ['dockerhub', 'quay'] as const) {
      expect(isGenuine(source, call({}, {}, secret), secret)).toBe(true);
      expect(isGenuine(source, call({}, {}, 'x'), secret)).toBe(false);
      expect(isGenuine(source, call({}, { authorization: secret }), secret)).toBe(false);
    }
  });

  it('signs on GitHub', () => {
    const { body } = call(bodies.github);
    const signed = (by: string): HookCall => call(bodies.github, { 'x-hub-signature-256': sign(body, by) });
    expect(isGenuine('github', signed(secret), secret)).toBe(true);
    expect(isGenuine('github', signed('another'), secret)).toBe(false);
    expect(isGenuine('github', call(bodies.github, { 'x-hub-signature-256': 'sha1=00' }), secret)).toBe(false);
    expect(isGenuine('github', call(bodies.github, {}, secret), secret)).toBe(false);
  });

  it('signs on Gitea and Forgejo', () => {
    const { body } = call(bodies.gitea);
    const hex = createHmac('sha256', secret).update(body).digest('hex');
    for (const name of ['x-gitea-signature', 'x-forgejo-signature']) {
      expect(isGenuine('gitea', call(bodies.gitea, { [name]: hex }), secret)).toBe(true);
      expect(isGenuine('gitea', call({}, { [name]: hex }), secret)).toBe(false);
    }
    expect(isGenuine('gitea', call(bodies.gitea, { authorization: secret }), secret)).toBe(false);
  });

  it('shows it in a header elsewhere, as it is or as a bearer', () => {
    for (const source of ['harbor', 'distribution', 'generic'] as const) {
      expect(isGenuine(source, call({}, { authorization: secret }), secret)).toBe(true);
      expect(isGenuine(source, call({}, { authorization: `Bearer ${secret}` }), secret)).toBe(true);
      expect(isGenuine(source, call({}, { authorization: 'Bearer x' }), secret)).toBe(false);
      expect(isGenuine(source, call({}, {}, secret), secret)).toBe(false);
    }
  });
});
