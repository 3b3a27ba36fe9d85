import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { annotationsOf } from '../../../src/report/render/annotations.ts';
import { aFinding } from '../../support/findings.ts';

const own = (): boolean => true;
const many = (kind: Finding['class'], number: number): Finding[] =>
  Array.from({ length: number }, (_, line) => aFinding(kind, { id: `${kind} ${line}`, line: line + 1 }));

describe('annotations', () => {
  it('shows ten of each level, the most urgent first, and one sentence about the rest', () => {
    const findings = [...many('packages', 13), ...many('security', 9), ...many('pin-broken', 2), ...many('unknown', 1)];
    const { shown, rest } = annotationsOf(findings, own);
    expect(shown.map(({ level, title }) => `${level} ${title.split(':')[0]}`)).toEqual([
      ...Array(2).fill('error pin-broken'),
      ...Array(8).fill('error security'),
      ...Array(10).fill('warning packages'),
    ]);
    expect(rest).toBe('1 error and 4 warnings more: see the summary of this job');
    expect(annotationsOf(many('packages', 10), own).rest).toBeUndefined();
  });

  it.each<[string, Partial<Finding>, () => boolean]>([
    ['of another repository', {}, () => false],
    ['held back', { held: { reason: 'young', detail: 'x' } }, own],
    ['snoozed', { snoozed: { until: '2026-12-24T00:00:00Z' } }, own],
    ['ignored', { reaction: { react: ['ignore'], when: 'now' } }, own],
    ['without a file', { file: '' }, own],
  ])('says nothing of what is %s', (_name, more, isOwn) => {
    expect(annotationsOf([aFinding('security', more)], isOwn)).toEqual({ shown: [] });
  });

  it.each(['rebuild', 'no-op', 'unpinned', 'newer-tag'] as const)('says nothing of %s', (kind) => {
    expect(annotationsOf([aFinding(kind)], own).shown).toEqual([]);
  });

  it('names the file from the root of the repository', () => {
    const { shown } = annotationsOf(
      [
        aFinding('security', { file: 'Dockerfile', tree: 'sub/' }),
        aFinding('security', {
          file: 'a/Dockerfile',
          tree: 'o/app',
          repository: { forge: 'github', id: '1', name: 'o/app', branch: 'main', commit: 'c', url: 'u' },
        }),
      ],
      own,
    );
    expect(shown.map(({ file }) => file)).toEqual(['sub/Dockerfile', 'a/Dockerfile']);
  });

  it('is one line whatever stands in it', () => {
    const [one] = annotationsOf([aFinding('security', { reason: 'a\n::error::b\u202e', written: 'x' })], own).shown;
    expect(one?.message).toBe('a\\u{a}::error::b\\u{202e}');
  });
});
