import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { groupFindings, keysUnderAnyGrouping } from '../../../src/targets/proposals/group.ts';
import { aFinding } from '../../support/findings.ts';

const edits = [{ file: 'Dockerfile', line: 1, before: 'a', after: 'b' }];
const propose: Partial<Finding> = { edits, reaction: { react: ['propose'], when: 'now' } };
const pin: Partial<Finding> = {
  ...propose,
  subject: 'package',
  written: 'nginx=1',
  pin: { manager: 'apt', name: 'nginx', operator: '=', version: '1' },
};
const bare = { registry: 'docker.io', repository: 'library/redis' };
const parts = (findings: readonly Finding[]): [number, number][] =>
  groupFindings(findings, 'main').map(({ wanted, waiting }) => [wanted.length, waiting.length]);

describe('findings become pull requests', () => {
  it.each<[string, Finding[], [number, number][]]>([
    ['a package pin with the base of its stage', [aFinding('security', propose), aFinding('packages', pin)], [[2, 0]]],
    [
      'a newer tag for itself',
      [aFinding('security', propose), aFinding('newer-tag', propose)],
      [
        [1, 0],
        [1, 0],
      ],
    ],
    [
      'everything without a digest in one',
      [
        aFinding('unpinned', { edits, reference: bare }),
        aFinding('unpinned', { edits, reference: { ...bare, repository: 'library/node' } }),
      ],
      [[2, 0]],
    ],
    ['no frontend that is not pinned', [aFinding('unpinned', { edits, reference: bare, role: 'frontend' })], []],
    [
      'nothing that the rules only record',
      [aFinding('packages', { edits, reaction: { react: ['record'], when: 'now' } })],
      [],
    ],
    ['nothing that the rules ignore', [aFinding('unknown', { reaction: { react: ['ignore'], when: 'now' } })], []],
    [
      'what is held back waits',
      [aFinding('packages', { ...propose, held: { reason: 'young', detail: '' } })],
      [[0, 1]],
    ],
    [
      'what is put off waits',
      [aFinding('packages', { ...propose, snoozed: { until: '2026-12-24T00:00:00Z' } })],
      [[0, 1]],
    ],
    ['what is not known waits', [aFinding('unknown')], [[0, 1]]],
    [
      'what cannot be edited waits',
      [aFinding('pin-broken', { reaction: { react: ['propose'], when: 'now' }, remedy: 'none' })],
      [[0, 1]],
    ],
    [
      'what no edit can fix',
      [aFinding('lagging', propose), aFinding('end-of-life', propose), aFinding('no-op', propose)],
      [],
    ],
  ])('%s', (_name, findings, expected) => {
    expect(parts(findings)).toEqual(expected);
  });

  it('puts the most urgent first, whatever the order they come in', () => {
    const all = [
      aFinding('packages', {
        ...propose,
        reference: { ...bare, tag: '1', digest: aFinding('config').reference!.digest! },
      }),
      aFinding('security', propose),
    ];
    for (const findings of [all, [...all].reverse()]) {
      expect(groupFindings(findings, 'main').map(({ wanted }) => wanted[0]?.class)).toEqual(['security', 'packages']);
    }
  });

  it('knows the keys of every setting of group, so that a change of it is told apart', () => {
    const finding = aFinding('security', propose);
    const keys = keysUnderAnyGrouping([finding], 'main');
    for (const group of ['image', 'repository', 'file', 'class'] as const) {
      const [own] = groupFindings(
        [{ ...finding, reaction: { react: ['propose'], when: 'now', proposal: { group } } }],
        'main',
      );
      expect(keys.has(own!.key)).toBe(true);
    }
    expect(keys.size).toBe(4);
  });
});
