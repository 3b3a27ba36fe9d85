import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { referenceKey } from '../../../src/core/image/reference.ts';
import { wantedProposal } from '../../../src/targets/proposals/wanted.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { fc } from '../../support/fast-check.ts';
import { aChange, aFinding } from '../../support/findings.ts';

const substanceOf = (wanted: readonly Finding[]): string | undefined =>
  wantedProposal({ key: 'k', name: 'n', wanted, waiting: [] } as never)?.facts.substance;

/** What stands in proposals that are open. */
function asItWas(wanted: readonly Finding[]): string {
  const parts = wanted.map(
    ({ file, subject, reference, pin, latest, packages = [], config = [], perPlatform = [], class: kind }) => {
      const place = [file, subject, reference === undefined ? null : referenceKey(reference), pin?.name ?? null];
      if (subject === 'package') return JSON.stringify([place, latest?.version]);
      return JSON.stringify([
        place,
        packages.map(({ name, after }) => [name, after ?? null]).sort(),
        config.map(({ key, after }) => [key, after]).sort(),
        kind === 'content' || kind === 'unpinned' ? perPlatform.map((one) => one.latest ?? null) : null,
        kind === 'newer-tag' ? (latest?.tag ?? null) : null,
      ]);
    },
  );
  return createHash('sha256').update(JSON.stringify(parts.sort())).digest('hex').slice(0, 16);
}

describe('what an open pull request is compared by', () => {
  const text = fc.constantFrom('a', 'b', '"', '\\', ',', ']', '→', 'é', '\n');
  const packages = fc
    .array(fc.tuple(fc.nat({ max: 3 }), text), { maxLength: 4 })
    .map((rows) => rows.map(([n, after]) => aChange(n, { after })));
  const config = fc.array(fc.record({ key: text, before: fc.constant(null), after: fc.option(text) }), {
    maxLength: 3,
  });
  const finding = fc
    .record({
      kind: fc.constantFrom('packages', 'content', 'unpinned', 'newer-tag', 'config'),
      file: text,
      subject: fc.constantFrom('image', 'package'),
      latest: fc.option(fc.record({ tag: text, version: text }), { nil: undefined }),
      packages: fc.option(packages, { nil: undefined }),
      config: fc.option(config, { nil: undefined }),
      perPlatform: fc.option(fc.array(fc.record({ platform: text, latest: text })), { nil: undefined }),
    })
    .map(({ kind, ...more }) => aFinding(kind as never, more as never));

  it('stays what it was', () => {
    fc.assert(
      fc.property(fc.array(finding, { minLength: 1, maxLength: 8 }), (wanted) => {
        const twice = [...wanted, ...wanted];
        for (const all of [wanted, twice]) expect(substanceOf(all)).toBe(asItWas(all));
      }),
    );
  });

  it('is spelt once for thousands of places that share thousands of packages', async () => {
    const shared = Array.from({ length: 2_000 }, (_, n) => aChange(n, { name: `a-package-with-a-name-${n}` }));
    const news = shared.map(({ name }) => `news:${name}`);
    const places = (many: number) =>
      Array.from({ length: many }, (_, n) => aFinding('packages', { file: `f${n % 250}`, packages: shared, news }));
    const cost = await cpuTime(async () => {
      substanceOf(places(8_000));
    });
    expect(cost).toBeLessThan(4_000);
  });
});
