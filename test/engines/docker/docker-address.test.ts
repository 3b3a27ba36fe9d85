import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressComplaint, dockerAddress } from '../../../src/engines/docker/docker-address.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-address-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function context(name: string, endpoint: object): void {
  const meta = path.join(folder, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  mkdirSync(meta, { recursive: true });
  writeFileSync(path.join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: endpoint } }));
}

describe('the daemon that is meant', () => {
  it('is the one that is written, else DOCKER_HOST, else the context in use, else the usual socket', () => {
    const env = { DOCKER_CONFIG: folder };
    expect(dockerAddress('', env)).toEqual({ url: 'unix:///var/run/docker.sock', from: 'the usual socket' });
    context('nas', { Host: 'ssh://me@nas' });
    context('lab', { Host: 'tcp://lab:2376', SkipTLSVerify: true });
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ currentContext: 'nas' }));
    expect(dockerAddress('', env)).toEqual({ url: 'ssh://me@nas', from: 'the context nas' });
    expect(dockerAddress('', { ...env, DOCKER_CONTEXT: 'lab' })).toMatchObject({
      url: 'tcp://lab:2376',
      tls: { insecure: true },
    });
    const named = { ...env, DOCKER_HOST: 'unix:///run/user/1000/docker.sock', DOCKER_CONTEXT: 'lab' };
    expect(dockerAddress('', named)).toEqual({ url: 'unix:///run/user/1000/docker.sock', from: 'DOCKER_HOST' });
    expect(dockerAddress('tcp://127.0.0.1:2375', named)).toMatchObject({ url: 'tcp://127.0.0.1:2375' });
  });

  it('speaks TLS where Docker was told so', () => {
    writeFileSync(path.join(folder, 'ca.pem'), 'authority');
    const env = { DOCKER_HOST: 'tcp://nas:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
    expect(dockerAddress('', env)).toMatchObject({ tls: { ca: 'authority' } });
    expect(dockerAddress('', { DOCKER_HOST: 'tcp://nas:2375' })).not.toHaveProperty('tls');
  });

  it('is no context that does not exist', () => {
    expect(() => dockerAddress('', { DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'gone' })).toThrow(
      'the context gone of Docker',
    );
  });
});

describe('an address', () => {
  it.each([
    ['unix:///var/run/docker.sock', undefined],
    ['tcp://nas:2375', undefined],
    ['ssh://me@nas:22', undefined],
    ['docker.sock', 'no address of an engine'],
    ['unix://docker.sock', 'absolute path'],
    ['tcp://nas', 'port is missing'],
    ['tcp://me:secret@nas:2376', 'without a login'],
    ['ssh://me:secret@nas', 'without a password'],
    ['ssh://-oProxyCommand=x', 'no host'],
    ['ssh://nas/path', 'means nothing'],
    ['npipe:////./pipe/docker_engine', 'no way to an engine'],
  ])('%s: %s', (text, complaint) => {
    const found = addressComplaint(text);
    if (complaint === undefined) expect(found).toBeUndefined();
    else {
      expect(found).toContain(complaint);
      expect(found).not.toContain('secret');
    }
  });
});
