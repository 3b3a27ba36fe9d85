import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Digest } from '../src/core/image/digest.ts';
import { satisfies } from '../src/packages/versions/constraint.ts';
import { openState } from '../src/state/open-state.ts';
import type { Store } from '../src/state/store.ts';

const inventories = 10_000;
const packages = 400;
const rounds = 7;
const bar = 100;

/**
 * `where PACKAGE CONSTRAINT` over a large fleet, warm: the question and the versions compared, against the bare join; and the
 * first page of a package and of its carriers. PLIMSOLL_BENCH_POSTGRES=ADDRESS, of an empty database, measures that as well.
 */
export async function fleet(): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const file = path.join(folder, 'state.db');
  const address = process.env['PLIMSOLL_BENCH_POSTGRES'];
  try {
    const inFile = await openState(file, { readOnly: false });
    await fill(inFile);
    const bare = new DatabaseSync(file, { readOnly: true });
    const [ours, reference] = await whereAgainst(inFile, (name) => bare.prepare(join).all(name).length);
    bare.close();
    const lines = [
      `where over ${inventories} inventories of ${packages} packages, all of which carry it: ${Math.round(ours)} ms (${barOf(ours)}); ${(ours / reference).toFixed(2)}x the bare join of ${Math.round(reference)} ms`,
      await pages('SQLite', inFile),
    ];
    await inFile.close();
    if (address === undefined) return lines;
    const onServer = await openState(address, { readOnly: false });
    await fill(onServer);
    lines.push(await pages('PostgreSQL', onServer));
    await onServer.close();
    return lines;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nameOf = (round: number): string => `package-${round * 40 + 3}`;
const barOf = (time: number): string => `bar ${bar}${time <= bar ? '' : ', MISSED'}`;

async function whereAgainst(
  store: Store,
  joined: (name: string) => number,
): Promise<[ours: number, reference: number]> {
  const constraints = [{ operator: '<', version: '1.3-1' }] as const;
  const times: { readonly ours: number; readonly reference: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const name = nameOf(round);
    const reference = await timed(async () => joined(name));
    const ours = await timed(async () => {
      const carriers = await store.fleet.carriers(name);
      return carriers.filter((one) => satisfies(one.scheme, one.version, constraints)).length;
    });
    times.push({ ours, reference });
  }
  return [median(times.map((one) => one.ours)), median(times.map((one) => one.reference))];
}

/** Processor time of this process, and how long it took, with what a server did meanwhile. */
async function pages(name: string, store: Store): Promise<string> {
  const times: { readonly cpu: number; readonly wall: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    const wall = await timed(async () => (await store.memory.packages(nameOf(round))).items.length);
    const more = await timed(async () => (await store.memory.carriers(nameOf(round), '1.3-1')).items.length);
    const { user, system } = process.cpuUsage(before);
    times.push({ cpu: (user + system) / 1000, wall: wall + more });
  }
  const [cpu, wall] = [median(times.map((one) => one.cpu)), median(times.map((one) => one.wall))];
  return `first pages of such a package and of its carriers, ${name}: ${cpu.toFixed(1)} ms of processor time (${barOf(cpu)}), ${wall.toFixed(1)} ms in all`;
}

const join = `select * from package join contains on contains.package = package.id
  join inventory on inventory.id = contains.inventory join consumed on consumed.manifest = inventory.manifest
  join consumer on consumer.id = consumed.consumer where package.name = ?`;

async function fill(store: Store): Promise<void> {
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
}

async function timed(work: () => Promise<number>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
