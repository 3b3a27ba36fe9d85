import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf } from '../../src/core/image/digest.ts';
import type { Consumer } from '../../src/state/fleet.ts';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import type { NewRun, Store } from '../../src/state/store.ts';
import { aRun, look, readScope, stored } from '../contract/store.ts';
import { temporaryTree } from '../support/fleet.ts';
import { longestStretch } from '../support/watchdog.ts';

const uses = 30_000;
const images = 1000;

let tree: { folder: string; remove: () => void };
let store: Store;
beforeEach(() => {
  tree = temporaryTree({});
  store = openSqliteStore(path.join(tree.folder, 'state.db'), { readOnly: false });
});
afterEach(async () => {
  await store.close();
  tree.remove();
});

const numbers = Array.from({ length: uses }, (_, i) => i);
const referenceOf = (i: number): string => `ghcr.io/team/image-${i % images}:1`;
const placeOf = (i: number) => ({
  id: digestOf(`use ${i}`),
  scope: 'fleet',
  repository: 'fleet',
  file: `service-${i >> 1}/Dockerfile`,
  line: 1 + (i % 2),
  written: `${referenceOf(i)}@${digestOf('before')}`,
  reference: referenceOf(i),
});

/** Every image has moved. */
function aLargeRun(now: number, isOver = false): NewRun {
  const files = numbers.filter((i) => i % 2 === 0).map((i) => placeOf(i).file);
  return aRun(now, {
    looks: numbers.slice(0, images).map((i) => look(digestOf(`image ${i} ${now}`), '*', referenceOf(i))),
    findings: isOver ? [] : numbers.map((i) => stored([`packages ${referenceOf(i)}`], placeOf(i).id, placeOf(i))),
    read: [readScope('fleet', { files })],
  });
}

function consumersAt(now: number): readonly Consumer[] {
  return numbers.map((i) => {
    const digest = digestOf(`image ${i % images} ${now}`);
    return { ...placeOf(i), digest, manifests: [{ platform: 'linux/amd64', manifest: digest }] };
  });
}

/** Once: what was recorded is another thing to record a second time. */
const stretchOf = (work: () => Promise<unknown>): Promise<number> => longestStretch(work, 1);

it('a large run is recorded in turns, whatever has changed since the one before', {
  retry: 2,
  timeout: 240_000,
}, async () => {
  const runs = [aLargeRun(1), aLargeRun(2), aLargeRun(3, true)];
  const consumers = runs.map(({ startedAt }) => consumersAt(startedAt));
  const stretches: number[] = [];
  for (const [index, run] of runs.entries()) {
    stretches.push(await stretchOf(() => store.recordRun(run)));
    const fleet = { consumers: index === 2 ? [] : (consumers[index] ?? []), unlooked: [] };
    stretches.push(await stretchOf(() => store.fleet.record(fleet, [], run)));
    stretches.push(await stretchOf(() => store.openNews()));
    stretches.push(await stretchOf(() => store.outbox.memoryOf('ops', ['fleet'])));
  }
  expect(Math.max(...stretches)).toBeLessThan(250);
});
