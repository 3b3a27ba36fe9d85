import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import { createAptArchives } from '../../src/packages/apt/apt-archives.ts';
import { makeKey, publishSuite, type SigningKey, startFakeArchive } from '../support/fake-archive.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { type Front, startNginx } from './support/fronts.ts';

const { folder } = inject('lab');
const own = mkdtempSync(path.join(folder, 'ranges-'));
// nginx drops its privileges and reads from here.
chmodSync(own, 0o755);
const packages = Array.from({ length: 60_000 }, (_, n) => ({
  name: `package-${n * 7919}`,
  version: `${n}.${n % 13}-1`,
}));
const cutAfter = 100_000;

let key: SigningKey;
let nginx: Front;
/** A thin line to nginx: the first connections to carry so many bytes break. */
let line: net.Server;
let breaks = 2;

beforeAll(async () => {
  installDebianPackages(['nginx-light']);
  key = await makeKey();
  const archive = await startFakeArchive();
  await publishSuite(archive, { suite: 'stable', packages, key });
  await archive.close();
  for (const [name, bytes] of archive.files) {
    mkdirSync(path.dirname(path.join(own, 'root', name)), { recursive: true });
    writeFileSync(path.join(own, 'root', name), bytes);
  }
  nginx = await startNginx(path.join(own, 'nginx'), (port) => `server { listen 127.0.0.1:${port}; root ${own}/root; }`);
  line = net.createServer((near) => {
    const far = net.connect(nginx.port, '127.0.0.1');
    let carried = 0;
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      carried += chunk.length;
      near.write(chunk);
      if (carried > cutAfter && breaks > 0) {
        breaks--;
        near.destroy();
        far.destroy();
      }
    });
    far.on('end', () => near.end());
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  line.close();
  await nginx.stop();
});

it('an index comes over a line that breaks, in parts, and is believed as a whole', async () => {
  const archives = createAptArchives({
    http: new HttpClient({ userAgent: 'test' }),
    cache: memoryCache(),
    now: Date.now() + 60_000,
    reach: 'loopback',
    maxAge: 1000,
    fileTime: 60_000,
  });
  const repository = {
    uri: `http://127.0.0.1:${(line.address() as AddressInfo).port}/`,
    suite: 'stable',
    components: ['main'],
    trust: { signedBy: ['usr/share/keyrings/a.asc'] },
    checksValidUntil: true,
    place: 'etc/apt/sources.list:1',
  };
  const last = packages.at(-1)!;
  const reading = await archives.read({
    repository,
    architectures: ['amd64'],
    names: new Set([last.name]),
    files: new Map([['usr/share/keyrings/a.asc', Buffer.from(key.publicKey)]]),
  });
  expect(reading).toMatchObject({
    trust: 'verified',
    problems: [],
    archive: { complete: true, offers: [{ name: last.name, version: last.version }] },
  });
  expect(breaks).toBe(0);
  const log = nginx.logs.map((file) => readFileSync(file, 'utf8')).join('');
  expect(log.match(/Packages\.gz HTTP\/1\.1" 206 /g)).toHaveLength(2);
});
