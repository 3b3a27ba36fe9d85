import { digestOf } from '../../src/core/image/digest.ts';
import type { Dispatch, RebuildRequest } from '../../src/core/image/rebuild.ts';
import { imageGraph } from '../../src/sources/image-graph.ts';
import type { ChainFacts } from '../../src/verdict/rebuild-chains.ts';

/** Three own bases on one root, and six images on those, of which the last names a digest. */
export const day = 24 * 60 * 60 * 1000;
const now = Date.UTC(2026, 10, 30);
const onOf: Readonly<Record<string, string>> = {
  base1: 'root',
  base2: 'base1',
  base3: 'root',
  c1: 'base2',
  c2: 'base2',
  c3: 'base2',
  c4: 'base3',
  c5: 'base3',
  c6: 'base1',
};
export const key = (name: string): string => `r.corp/${name}:1`;

/** How they stand: as they were, but for what a test says. */
export function chainFacts(more: Partial<ChainFacts> = {}): ChainFacts {
  const builds = Object.entries(onOf).map(([name, on]) => {
    const use = { base: key(on), kind: 'from' as const, file: `${name}/Dockerfile`, line: 1, pinned: name === 'c6' };
    return {
      image: { registry: 'r.corp', repository: name, tag: '1' },
      repository: 'o/r',
      file: use.file,
      uses: [use],
    };
  });
  const graph = imageGraph(builds, () => null);
  return { graph, states: new Map(), proposed: new Set(), requests: [], runs: new Map(), now, ...more };
}

export const stands = (state: Dispatch['state']): Dispatch => ({ state, reason: 'so' });

/** The base of that name was asked for so long ago, and came. */
export function served(name: string, ago: number): RebuildRequest {
  return {
    number: 1,
    image: key(name),
    base: digestOf('base'),
    was: digestOf('was'),
    brings: '',
    correlation: '',
    at: now - ago,
    timeout: 1,
    ended: now,
    outcome: 'served',
    reason: '',
    isCleared: false,
  };
}

/** The root has a fix: the first base is done, the second under way, the third failed, and everything else waits. */
export const halfWay = (): ChainFacts =>
  chainFacts({
    states: new Map([
      [key('base2'), stands('asked')],
      [key('base3'), stands('failed')],
    ]),
    requests: [served('base1', 2 * day)],
    proposed: new Set([key('c6')]),
    runs: new Map([
      [key('c1'), ['nas/web']],
      [key('c4'), ['nas/api']],
      [key('other'), ['nas/db']],
    ]),
  });
