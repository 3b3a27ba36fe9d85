import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/image/digest.ts';
import type { GraphEdge } from '../../src/core/image/published.ts';
import { rebuildChains, withChain } from '../../src/verdict/rebuild-chains.ts';
import { chainFacts, day, halfWay, key, served, stands } from '../support/chain-of-rebuilds.ts';
import { aFinding } from '../support/findings.ts';

describe('a chain', () => {
  it('shows what is done, under way, failed and waiting, parents before children, and who runs what comes of it', () => {
    const [chain, ...others] = rebuildChains(halfWay());
    expect(others).toEqual([]);
    expect(chain?.head).toBe(key('base3'));
    expect(chain?.text).toBe(
      'built on r.corp/root:1: r.corp/base1:1 rebuilt; r.corp/base3:1 failed → r.corp/base2:1 asked for; r.corp/c4:1, r.corp/c5:1 wait; r.corp/c6:1 proposed → r.corp/c1:1, r.corp/c2:1, r.corp/c3:1 wait → nas/api runs r.corp/c4:1, nas/web runs r.corp/c1:1',
    );
    const of = (image: string) =>
      aFinding('stale', { published: { image, digest: digestOf('x'), by: 'layers', tags: [] } });
    const all = chain === undefined ? [] : [chain];
    expect(withChain(of(key('base3')), all).notes).toEqual([chain?.text]);
    expect(withChain(of(key('base2')), all).notes).toEqual([]);
  });

  it('is none where nothing goes on, or one image stands alone, and forgets what was rebuilt long ago', () => {
    expect(rebuildChains(chainFacts({ requests: [served('base1', day)] }))).toEqual([]);
    expect(rebuildChains(chainFacts({ states: new Map([[key('c1'), stands('asked')]]) }))).toEqual([]);
    const [chain] = rebuildChains(
      chainFacts({ states: new Map([[key('base2'), stands('held')]]), requests: [served('base1', 20 * day)] }),
    );
    expect(chain?.text).toBe(
      'built on r.corp/root:1: r.corp/base2:1 held → r.corp/c1:1, r.corp/c2:1, r.corp/c3:1 wait',
    );
  });

  it('of images on a circle comes to an end', () => {
    const edges: GraphEdge[] = [
      { base: key('root'), child: key('a'), kind: 'from', file: 'f', line: 1, pinned: false },
      { base: key('a'), child: key('b'), kind: 'from', file: 'f', line: 1, pinned: false },
      { base: key('b'), child: key('a'), kind: 'copy', file: 'f', line: 1, pinned: false },
    ];
    expect(rebuildChains(chainFacts({ graph: { edges, order: [[key('root')]] } }))).toEqual([]);
  });
});
