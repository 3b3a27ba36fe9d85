import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Digest } from '../src/core/image/digest.ts';
import { satisfies } from '../src/packages/versions/constraint.ts';
import { openSqliteStore } from '../src/state/sqlite/sqlite.ts';

const inventories = 10_000;
const packages = 400;
const rounds = 7;
const bar = 100;

/** `where PACKAGE CONSTRAINT` over a large fleet, warm: the question and the versions compared, against the bare join. */
export async function fleet(): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const file = path.join(folder, 'state.db');
  try {
    await fill(file);
    const store = openSqliteStore(file, { readOnly: true });
    const bare = new DatabaseSync(file, { readOnly: true });
    const constraints = [{ operator: '<', version: '1.3-1' }] as const;
    const times: { readonly ours: number; readonly reference: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const name = `package-${round * 40 + 3}`;
      const reference = await timed(async () => bare.prepare(join).all(name).length);
      const ours = await timed(async () => {
        const carriers = await store.fleet.carriers(name);
        return carriers.filter((one) => satisfies(one.scheme, one.version, constraints)).length;
      });
      times.push({ ours, reference });
    }
    bare.close();
    await store.close();
    const [ours, reference] = [median(times.map((one) => one.ours)), median(times.map((one) => one.reference))];
    const verdict = ours <= bar ? '' : ', MISSED';
    return [
      `where over ${inventories} inventories of ${packages} packages, all of which carry it: ${Math.round(ours)} ms (bar ${bar}${verdict}); ${(ours / reference).toFixed(2)}x the bare join of ${Math.round(reference)} ms`,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const join = `select * from package join contains on contains.package = package.id
  join inventory on inventory.id = contains.inventory join consumed on consumed.manifest = inventory.manifest
  join consumer on consumer.id = consumed.consumer where package.name = ?`;

async function fill(file: string): Promise<void> {
  const store = openSqliteStore(file, { readOnly: false });
  const digest = (number: number): Digest => `sha256:${number.toString(16).padStart(64, '0')}` as Digest;
  for (let image = 0; image < inventories; image++) {
    await store.fleet.addInventory(digest(image), 'bench', {
      isWhole: true,
      os: 'debian 12',
      scheme: 'dpkg',
      packages: Array.from({ length: packages }, (_, one) => ({
        name: `package-${one}`,
        version: `1.${(image * 7 + one) % 50}-1`,
        architecture: 'amd64',
      })),
    });
  }
  const consumers = Array.from({ length: inventories }, (_, image) => ({
    id: `consumer-${image}`,
    scope: `github:${image % 1000}`,
    repository: `org/repository-${image % 1000}`,
    file: 'Dockerfile',
    line: 1,
    written: `image-${image}:1`,
    reference: `docker.io/library/image-${image}:1`,
    digest: digest(image),
    manifests: [{ platform: 'linux/amd64', manifest: digest(image) }],
  }));
  await store.fleet.record({ consumers, unlooked: [] }, [], {
    unsure: new Map(),
    read: [],
    isComplete: true,
    dropped: [],
  });
  await store.close();
}

async function timed(work: () => Promise<number>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
