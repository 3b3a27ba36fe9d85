import { expect, it } from 'vitest';
import { renderCodeQuality, renderDotenv } from '../../../src/report/render/gitlab-reports.ts';
import { aFinding, aRecord } from '../../support/findings.ts';
import { hostileTexts } from '../../support/hostile-texts.ts';

interface Entry {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const entries = (...given: Parameters<typeof aRecord>): Entry[] => JSON.parse(renderCodeQuality(aRecord(...given)));

it('lists findings as GitLab reads them, loud as they are, and not what runs', () => {
  const workload = { engine: 'nas', kind: 'container', name: 'web' };
  const all = entries([
    aFinding('security', { id: 'a', file: 'Dockerfile', line: 3 }),
    aFinding('packages', { id: 'b', file: 'x/y', line: 0 }),
    aFinding('rebuild', { id: 'c' }),
    aFinding('security', { id: 'd', held: { reason: 'young', detail: 'two days old' } }),
    aFinding('security', { id: 'e', workload }),
  ]);
  expect(all.map(({ severity, check_name: name }) => [severity, name])).toEqual([
    ['critical', 'plimsoll/security'],
    ['major', 'plimsoll/packages'],
    ['info', 'plimsoll/rebuild'],
    ['info', 'plimsoll/security'],
  ]);
  expect(all.map(({ fingerprint }) => fingerprint)).toEqual(['a/security', 'b/packages', 'c/rebuild', 'd/security']);
  expect(all[0]?.location).toEqual({ path: 'Dockerfile', lines: { begin: 3 } });
  expect(all[1]?.location).toEqual({ path: 'x/y', lines: { begin: 1 } });
});

it('shows what is hostile as what it is', () => {
  for (const [, text] of hostileTexts) {
    const [one] = entries([aFinding('security', { reason: text })]);
    expect(one?.description).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
  }
});

it('hands four values on, a line each, empty where there is nothing to say', () => {
  const { summary, ...record } = aRecord([]);
  const counts = { needsRebuild: true, fixAvailable: null, unknown: 0, unchecked: 3 };
  expect(renderDotenv({ ...record, summary: { ...summary, ...counts } })).toBe(
    'PLIMSOLL_NEEDS_REBUILD=true\nPLIMSOLL_FIX_AVAILABLE=\nPLIMSOLL_UNKNOWN=\nPLIMSOLL_UNCHECKED=3\n',
  );
});
