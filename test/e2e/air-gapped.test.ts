import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/run-record.ts';
import { cli } from '../support/cli.ts';
import { makeKey, publishSuite, type SigningKey, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

let registry: FakeRegistry;
let key: SigningKey;
/** The way out, which nobody may take. */
let wall: http.Server;
const knocks: string[] = [];
let tree: { folder: string; remove: () => void };

beforeAll(async () => {
  [registry, key] = await Promise.all([startFakeRegistry(), makeKey()]);
  wall = http.createServer((request, response) => {
    knocks.push(`${request.method} ${request.url}`);
    response.writeHead(403).end();
  });
  wall.on('connect', (request, socket) => {
    knocks.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => wall.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  wall.close();
  tree.remove();
  await registry.close();
});

it('answers with a mirror, a folder of archives and a folder of advisories, and asks nobody outside', async () => {
  const files = {
    'etc/apt/sources.list': 'deb [signed-by=/usr/share/keyrings/a.asc] http://deb.example/debian bookworm main\n',
    'usr/share/keyrings/a.asc': key.publicKey,
  };
  const pin = push(registry, 'hub/library/debian', debianImage({ openssl: '3.0.15-1', tzdata: '2025a' }, { files }));
  push(registry, 'hub/library/debian', debianImage({ openssl: '3.0.16-1', tzdata: '2025a' }, { files }), '12');
  const archive = await startFakeArchive();
  await publishSuite(archive, {
    suite: 'bookworm',
    packages: [
      { name: 'openssl', version: '3.0.16-1' },
      { name: 'tzdata', version: '2025b' },
    ],
    key,
  });
  await archive.close();
  const advisory = {
    id: 'DSA-6001-1',
    upstream: ['CVE-2026-1'],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'openssl' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0.16-1' }] }],
      },
    ],
  };
  tree = temporaryTree({
    Dockerfile: `FROM debian:12@${pin}\nRUN apt-get update && apt-get install -y tzdata=2025a\n`,
    'plimsoll.yml': `version: 1
registries: { docker.io: { mirror: "http://${registry.host}/hub" } }
archives: { offline: archives }
advisories: advisories
`,
    'advisories/DSA-6001-1.json': JSON.stringify(advisory),
  });
  for (const [name, bytes] of archive.files) {
    const file = path.join(tree.folder, 'archives/deb.example/debian', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  const way = `http://127.0.0.1:${(wall.address() as AddressInfo).port}`;
  const { stdout, stderr, code } = await cli(['check', '--config', 'plimsoll.yml', '--format', 'json'], {
    cwd: tree.folder,
    env: { HTTPS_PROXY: way, http_proxy: way, PLIMSOLL_ADVISORIES: '' },
  });
  expect([code, stderr]).toEqual([0, '']);
  const { findings, cost } = JSON.parse(stdout) as RunRecord;
  expect(findings).toMatchObject([
    { class: 'lagging', packages: [{ name: 'tzdata', after: '2025b' }] },
    { class: 'security', packages: [{ name: 'openssl', advisories: ['DSA-6001-1', 'CVE-2026-1'] }] },
    // Installed in the base, so it can still be had; the archive has moved on.
    { subject: 'package', class: 'packages', proposed: 'tzdata=2025b' },
  ]);
  expect(cost.archive.requests + cost.advisory.requests).toBe(0);
  expect(knocks).toEqual([]);
});
