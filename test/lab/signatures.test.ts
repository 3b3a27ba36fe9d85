import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { image, layer } from '../support/image-builder.ts';
import { simpleSigningPayload } from '../support/signing.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { workplace } from './support/plimsoll.ts';
import { publish } from './support/publish.ts';
import { runTool } from './support/run-tool.ts';

const { folder, http } = inject('lab');
const own = mkdtempSync(path.join(folder, 'signatures-'));
const repository = `${http.host}/signed/base`;
// skopeo reads the layouts as another user.
chmodSync(own, 0o755);
let before: Digest;
let after: Digest;

beforeAll(() => {
  installDebianPackages(['openssl', 'skopeo']);
  for (const name of ['ours', 'theirs']) {
    runTool('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path.join(own, `${name}.key`)]);
    runTool('openssl', ['ec', '-in', path.join(own, `${name}.key`), '-pubout', '-out', path.join(own, `${name}.pub`)]);
  }
  const status = (version: string): string =>
    `Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`;
  const release = 'ID=debian\nVERSION_ID="12"\n';
  const publishLibc = (version: string): Digest =>
    publish(
      image({ layers: [layer({ 'etc/os-release': release, 'var/lib/dpkg/status': status(version) })] }),
      `${repository}:1`,
      own,
    );
  before = publishLibc('1');
  after = publishLibc('2');
});

/** What `cosign sign --key` leaves in a registry, signed by openssl. */
async function sign(digest: Digest, key: string): Promise<void> {
  const payload = simpleSigningPayload(digest);
  const [file, signature] = [path.join(own, 'payload'), path.join(own, 'payload.sig')];
  writeFileSync(file, payload);
  runTool('openssl', ['dgst', '-sha256', '-sign', path.join(own, `${key}.key`), '-out', signature, file]);
  const base = `http://${http.host}/v2/signed/base`;
  const blob = async (bytes: Uint8Array): Promise<{ digest: Digest; size: number }> => {
    const { headers } = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
    const target = new URL(headers.get('location') ?? '', base);
    target.searchParams.set('digest', digestOf(bytes));
    expect((await fetch(target, { method: 'PUT', body: Buffer.from(bytes) })).status).toBe(201);
    return { digest: digestOf(bytes), size: bytes.length };
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...(await blob(Buffer.from('{}'))) },
    layers: [
      {
        mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
        ...(await blob(payload)),
        annotations: { 'dev.cosignproject.cosign/signature': readFileSync(signature).toString('base64') },
      },
    ],
  };
  const { status } = await fetch(`${base}/manifests/${digest.replace(':', '-')}.sig`, {
    method: 'PUT',
    body: JSON.stringify(manifest),
    headers: { 'content-type': manifest.mediaType },
  });
  expect(status).toBe(201);
}

function check(key: string): RunRecord['findings'][number] | undefined {
  const place = workplace(own, `FROM ${repository}:1@${before}\n`);
  const config = path.join(own, `${key}.yml`);
  const rule = { match: {}, verify: { key: path.join(own, `${key}.pub`) } };
  writeFileSync(config, JSON.stringify({ version: 1, registries: { [http.host]: {} }, rules: [rule] }));
  return place.check('--config', config).record.findings[0];
}

it('an image in a real registry is signed by whoever signed it, and by nobody else', async () => {
  expect(check('ours')).toMatchObject({
    class: 'packages',
    held: { reason: 'policy', detail: expect.stringContaining('is not signed') },
  });
  await sign(before, 'ours');
  expect(check('ours')).toMatchObject({ held: { reason: 'policy' } });
  await sign(after, 'ours');
  const signed = check('ours');
  expect(signed?.held).toBeUndefined();
  expect(signed?.notes.join()).toContain('signed by the key');
  expect(check('theirs')).toMatchObject({ held: { reason: 'policy', detail: expect.stringContaining('theirs.pub') } });
});
