import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import { atOnce } from '../../src/core/time/turns.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import { createApkFamily } from '../../src/packages/apk/apk-family.ts';
import type { ArchivesReading } from '../../src/packages/archives/archive-family.ts';
import { apkRecords } from '../support/fake-apk.ts';
import { type FakeArchive, startFakeArchive } from '../support/fake-archive.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { runTool } from './support/run-tool.ts';

let folder: string;
let server: FakeArchive;
beforeAll(async () => {
  installDebianPackages(['openssl', 'tar', 'gzip']);
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-apk-'));
  server = await startFakeArchive();
  runTool('openssl', ['genrsa', '-out', path.join(folder, 'key.rsa'), '4096']);
  runTool('openssl', ['rsa', '-in', path.join(folder, 'key.rsa'), '-pubout', '-out', path.join(folder, 'key.rsa.pub')]);
}, 60_000);
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What `apk index` and `abuild-sign` do, with the tools that they use: tar, gzip, openssl. */
function index(form: string, kind: string, hash: string, isCut: boolean): Buffer {
  const place = mkdtempSync(path.join(folder, 'index-'));
  const signature = `.SIGN.${kind}.key.rsa.pub`;
  mkdirSync(path.join(place, 'content'));
  writeFileSync(path.join(place, 'content/DESCRIPTION'), 'v3.22.0-1-gabcdef\n');
  const packages = Array.from({ length: 5000 }, (_, n) => ({
    name: `pkg-${n}`,
    version: `${n}.1-r0`,
    origin: `src-${n % 7}`,
  }));
  writeFileSync(path.join(place, 'content/APKINDEX'), apkRecords(packages));
  const tar = (from: string, ...names: readonly string[]): Buffer => {
    const file = path.join(place, 'made.tar');
    runTool('tar', [`--format=${form}`, '-cf', file, '-C', from, ...names]);
    return readFileSync(file);
  };
  const zip = (bytes: Buffer, name: string): Buffer => {
    writeFileSync(path.join(place, name), bytes);
    runTool('gzip', ['-9', '-k', path.join(place, name)]);
    return readFileSync(path.join(place, `${name}.gz`));
  };
  const content = zip(tar(path.join(place, 'content'), 'DESCRIPTION', 'APKINDEX'), 'content.tar');
  const signed = path.join(place, signature);
  runTool('openssl', [
    'dgst',
    `-${hash}`,
    '-sign',
    path.join(folder, 'key.rsa'),
    '-out',
    signed,
    path.join(place, 'content.tar.gz'),
  ]);
  const first = tar(place, signature);
  // abuild-tar --cut takes the blocks of zeros away that end an archive.
  const size = first.findLastIndex((byte) => byte !== 0) + 1;
  return Buffer.concat([zip(isCut ? first.subarray(0, Math.ceil(size / 512) * 512) : first, 'first.tar'), content]);
}

async function read(): Promise<ArchivesReading> {
  const http = new HttpClient({ userAgent: 'test' });
  const now = 1_700_000_000_000;
  const deps = { http, cache: memoryCache(), now, reach: 'loopback', maxAge: 1000, fileTime: 10_000 } as const;
  const files = {
    'etc/apk/repositories': `${server.uri}v3.22/main\n`,
    'etc/apk/keys/key.rsa.pub': readFileSync(path.join(folder, 'key.rsa.pub')),
  };
  try {
    return await createApkFamily(deps).read({
      os: { id: 'alpine', versionId: '3.22.1' },
      packages: [{ name: 'pkg-4999', version: '4998-r0', architecture: 'x86_64' }],
      files: new Map(Object.entries(files).map(([name, content]) => [name, Buffer.from(content)])),
      names: new Set(),
    });
  } finally {
    http.close();
  }
}

describe('an index that tar, gzip and openssl made', () => {
  it.each([
    ['ustar', 'RSA', 'sha1', true],
    ['ustar', 'RSA256', 'sha256', true],
    ['gnu', 'RSA512', 'sha512', false],
    ['pax', 'RSA256', 'sha256', true],
  ] as const)('is verified and read: %s, %s', async (form, kind, hash, isCut) => {
    const bytes = index(form, kind, hash, isCut);
    server.files.set('v3.22/main/x86_64/APKINDEX.tar.gz', bytes);
    const reading = await read();
    expect(reading.problems).toEqual([]);
    expect(reading.repositories).toMatchObject([{ trust: 'verified' }]);
    expect(atOnce(reading.candidates())).toMatchObject([
      { candidate: '4999.1-r0', candidateSource: { name: 'src-1' } },
    ]);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(changed.length - 6) ^ 1, changed.length - 6);
    server.files.set('v3.22/main/x86_64/APKINDEX.tar.gz', changed);
    expect((await read()).complete).toBe(false);
  });
});
