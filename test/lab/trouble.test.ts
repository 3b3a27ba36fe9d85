import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import { image, index, layer } from '../support/image-builder.ts';
import { workplace } from './support/plimsoll.ts';
import { debianImage, publish } from './support/publish.ts';

const { folder, older, newer, http, closed } = inject('lab');

/** The distribution-spec's own way, which clean-ups of untagged manifests use. */
async function remove(repository: string, digest: Digest): Promise<void> {
  const { status } = await fetch(`http://${http.host}/v2/${repository}/manifests/${digest}`, { method: 'DELETE' });
  expect(status).toBe(202);
}

describe('a manifest that was deleted', () => {
  it('breaks the pin, with its proof; update repairs it', async () => {
    const reference = `${http.host}/deleted/pin:12`;
    const before = publish(debianImage(older), reference, folder);
    const after = publish(debianImage(newer), reference, folder);
    await remove('deleted/pin', before);
    const text = `FROM ${reference}@${before}\n`;
    const place = workplace(folder, text);
    const { record, code } = place.check('--fail-on', 'pin-broken');
    expect(code).toBe(1);
    expect(record.findings).toMatchObject([{ class: 'pin-broken', remedy: 'edit', current: { digest: before } }]);
    expect(record.findings[0]?.reason).toContain('The next build will fail');
    expect(record.findings[0]?.reason).toMatch(/404 MANIFEST_UNKNOWN.* 12 /);
    expect(place.run('update').code).toBe(0);
    expect(readFileSync(place.dockerfile, 'utf8')).toBe(text.replace(before, after));
    expect(place.check().record.findings).toEqual([]);
  });

  it('breaks the pin of an index that has lost a child', async () => {
    const reference = `${http.host}/deleted/child:1`;
    const small = (text: string, architecture: string) =>
      image({ layers: [layer({ 'etc/name': text })], platform: { os: 'linux', architecture } });
    const built = index([{ image: small('a', 'amd64') }, { image: small('b', 'arm64') }]);
    publish(built, reference, folder);
    await remove('deleted/child', built.images[0]!.manifest.digest);
    const place = workplace(folder, `FROM ${reference}@${built.digest}\n`);
    expect(place.check('--platform', 'linux/amd64').record.findings).toMatchObject([{ class: 'pin-broken' }]);
    expect(place.check('--platform', 'linux/arm64').record.findings).toEqual([]);
  });

  it('is not proven by a repository that is not there', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const { record, code } = workplace(folder, `FROM ${http.host}/deleted/never:1@${digest}\n`).check();
    expect(record.findings).toMatchObject([{ class: 'unknown', problem: { code: 'registry-not-found' } }]);
    expect(code).toBe(3);
  });
});

describe('a registry that wants a login', () => {
  // The open registry serves the same storage.
  const repository = 'closed/debian:12';
  const before = publish(debianImage(older), `${http.host}/${repository}`, folder);
  const after = publish(debianImage(newer), `${http.host}/${repository}`, folder);
  const text = `FROM ${closed.host}/${repository}@${before}\n`;
  const dockerConfig = (login: string): string => {
    const dir = mkdtempSync(path.join(folder, 'docker-'));
    const auths = { [closed.host]: { auth: Buffer.from(login).toString('base64') } };
    writeFileSync(path.join(dir, 'config.json'), JSON.stringify({ auths }));
    return dir;
  };

  it.each([
    { how: 'no credentials', env: {} },
    { how: 'a wrong password', env: { DOCKER_CONFIG: dockerConfig(`${closed.user}:wrong`) } },
  ])('is unknown with $how, and never taken for a broken pin', ({ env }) => {
    const place = workplace(folder, text, env);
    const { record, code } = place.check();
    expect(record.findings).toMatchObject([{ class: 'unknown' }]);
    expect(record.summary).toMatchObject({ unknown: 1, needsRebuild: null });
    expect(code).toBe(3);
    expect(place.run('update').code).toBe(3);
    expect(readFileSync(place.dockerfile, 'utf8')).toBe(text);
  });

  it('is checked and updated with what docker login stored', () => {
    const place = workplace(folder, text, { DOCKER_CONFIG: dockerConfig(`${closed.user}:${closed.password}`) });
    const { record, code, stdout, stderr } = place.check('--verbose');
    expect(code).toBe(0);
    expect(record.findings).toMatchObject([{ class: 'security' }]);
    expect(`${stdout}${stderr}`).not.toContain(closed.password);
    expect(place.run('update').code).toBe(0);
    expect(readFileSync(place.dockerfile, 'utf8')).toBe(text.replace(before, after));
  });
});
