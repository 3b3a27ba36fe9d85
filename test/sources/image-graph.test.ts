import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReference } from '../../src/core/image/reference.ts';
import { imageGraph } from '../../src/sources/image-graph.ts';
import type { PublishedBuild } from '../../src/sources/published-builds.ts';

const name = (n: number | string): string => `docker.io/acme/i${n}:1`;

/** Image `n` is made of these. */
function build(n: number, bases: readonly number[]): PublishedBuild {
  const uses = bases.map((one) => ({
    base: name(one),
    kind: 'from' as const,
    file: `${n}/Dockerfile`,
    line: 1,
    pinned: false,
  }));
  return { image: parseReference(name(n)), repository: 'acme/x', file: `${n}/Dockerfile`, uses };
}

describe('the graph of what is published', () => {
  it('has parents before children', () => {
    const graph = imageGraph([build(3, [1, 2]), build(2, [1]), build(1, [0])], () => null);
    expect(graph.order).toEqual([[name(0)], [name(1)], [name(2)], [name(3)]]);
    expect(graph.cycles).toEqual([]);
    expect(graph.nodes.map(({ published }) => published)).toEqual([false, true, true, true]);
  });

  it('tells circles, and has nothing of them in its order, nor what comes after', () => {
    const graph = imageGraph([build(1, [2]), build(2, [1]), build(3, [3]), build(4, [2]), build(5, [0])], () => null);
    expect(graph.cycles).toEqual([[name(1), name(2)], [name(3)]]);
    expect(graph.order.flat()).toEqual([name(0), name(5)]);
  });

  it('orders any graph without a circle, and finds every circle of any other', () => {
    const edges = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })), { maxLength: 25 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const bases = Map.groupBy(pairs, ([child]) => child);
        const builds = [...bases].map(([child, own]) => build(child, [...new Set(own.map(([, base]) => base))]));
        const { order, cycles, nodes } = imageGraph(builds, () => null);
        const at = new Map(order.flatMap((level, i) => level.map((image) => [image, i])));
        for (const [child, base] of pairs) {
          const [c, b] = [at.get(name(child)), at.get(name(base))];
          if (c !== undefined) expect(b).toBeLessThan(c);
        }
        // Whoever reaches itself is on a circle, and nobody else.
        const reaches = (from: string, to: string): boolean => {
          const seen = new Set<string>();
          const open = [from];
          for (let one = open.pop(); one !== undefined; one = open.pop()) {
            for (const { image, uses } of builds) {
              if (`docker.io/${image.repository}:1` !== one) continue;
              for (const { base } of uses) {
                if (base === to) return true;
                if (!seen.has(base)) open.push(base);
                seen.add(base);
              }
            }
          }
          return false;
        };
        const circular = nodes.map(({ image }) => image).filter((image) => reaches(image, image));
        expect(cycles.flat().sort()).toEqual(circular.sort());
      }),
    );
  });
});
