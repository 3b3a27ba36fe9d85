import { describe, expect, it } from 'vitest';
import { credentialStores, networkFromEnvironment } from '../../src/entry/environment.ts';
import { certificate } from '../support/certificate.ts';
import { temporaryTree } from '../support/fleet.ts';

describe('credentialStores', () => {
  it('are those of every tool that has one, the most particular first', () => {
    const stores = credentialStores({
      DOCKER_AUTH_CONFIG: '{}',
      REGISTRY_AUTH_FILE: '/a/auth.json',
      DOCKER_CONFIG: '/d',
      XDG_RUNTIME_DIR: '/run/user/1',
      XDG_CONFIG_HOME: '/c',
    });
    expect(stores).toEqual([
      { kind: 'text', name: 'DOCKER_AUTH_CONFIG', text: '{}' },
      { kind: 'file', file: '/a/auth.json' },
      { kind: 'file', file: '/d/config.json' },
      { kind: 'file', file: '/run/user/1/containers/auth.json' },
      { kind: 'file', file: '/c/containers/auth.json' },
    ]);
    expect(credentialStores({})).toHaveLength(2);
  });
});

describe('networkFromEnvironment', () => {
  const proxy = (env: NodeJS.ProcessEnv, url: string): string | undefined =>
    networkFromEnvironment(env).proxyFor?.(new URL(url))?.host;

  it('takes the lower case first', () => {
    const env = { HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1', no_proxy: 'direct.corp' };
    expect(proxy(env, 'https://x.corp')).toBe('lower:1');
    expect(proxy(env, 'https://direct.corp')).toBeUndefined();
    expect(proxy(env, 'http://x.corp')).toBeUndefined();
    expect(proxy({}, 'https://x.corp')).toBeUndefined();
  });

  it('takes no HTTP_PROXY from the visitor of a web server', () => {
    expect(proxy({ HTTP_PROXY: 'http://p:1' }, 'http://x.corp')).toBe('p:1');
    expect(proxy({ HTTP_PROXY: 'http://p:1', REQUEST_METHOD: 'GET' }, 'http://x.corp')).toBeUndefined();
  });

  it('believes the authorities of SSL_CERT_FILE', () => {
    const tree = temporaryTree({ 'bundle.pem': certificate });
    expect(networkFromEnvironment({ SSL_CERT_FILE: `${tree.folder}/bundle.pem` }).tlsFor?.('x.corp')).toEqual({
      ca: [certificate],
    });
    tree.remove();
    expect(() => networkFromEnvironment({ SSL_CERT_FILE: '/nowhere.pem' }).tlsFor?.('x.corp')).toThrow(
      'cannot read the certificate /nowhere.pem for x.corp: no such file or folder',
    );
  });

  it('refuses an address that is none before anything is asked', () => {
    expect(() => networkFromEnvironment({ HTTPS_PROXY: 'socks5://p:1' })).toThrow('HTTPS_PROXY is not the address');
  });
});
