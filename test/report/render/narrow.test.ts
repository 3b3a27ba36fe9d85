import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/core/image/digest.ts';
import type { WorkloadReport } from '../../../src/core/run-record.ts';
import { renderDiagnoses } from '../../../src/report/render/diagnoses.ts';
import { renderWorkloads } from '../../../src/report/render/fleet-report.ts';
import { renderOutcomes } from '../../../src/report/render/plans/redeploy-report.ts';
import { plain } from '../../../src/report/render/style.ts';
import { renderTerminal } from '../../../src/report/render/terminal.ts';
import { aFinding, aRecord } from '../../support/findings.ts';
import { hostileTexts } from '../../support/hostile-texts.ts';

/*
 * What a terminal shows of what runs: nothing is broken by the terminal itself where a word less would have done, what is to be typed stays
 * one line, and what an engine calls things is text.
 */

const digest = `sha256:${'a'.repeat(64)}` as Digest;
const behind = {
  engine: 'prod',
  kind: 'deployment',
  name: 'shop/deployment/web',
  written: 'registry.example/team/storefront:12',
  platform: 'linux/amd64',
  running: { root: digest, manifest: digest, by: 'repo-digest' },
  state: 'behind',
  mode: 'watch',
  why: 'no label says otherwise',
  redeploy: 'kubectl -n shop rollout restart deployment/web',
  findings: [],
} as unknown as WorkloadReport;
const local = {
  ...behind,
  name: 'own',
  state: 'local',
  running: null,
  why: 'its image was built, loaded or named on that machine: there is no registry to ask',
} as WorkloadReport;
const problems = [{ code: 'ENGINE', message: 'word '.repeat(40).trim(), subject: 'prod' }] as const;
const outcome = {
  workload: { engine: 'nas', kind: 'container', name: 'web' },
  from: digest,
  to: digest,
  outcome: 'undone',
  reason: `${'word '.repeat(30)}docker volume rm ${'0'.repeat(30)}`,
  gate: { kind: 'running', seconds: 1, verdict: 'failed' },
  downtimeMs: null,
} as const;
const diagnoses = new Map([['Engines', [{ subject: 'prod', state: 'bad', findings: ['word '.repeat(40)] }]]] as const);

describe.each([60, 100])('in %i columns', (width) => {
  it.each([
    ['workloads', () => renderWorkloads([behind, local], problems, { style: plain, width })],
    ['redeploy', () => renderOutcomes([outcome], { style: plain, width })],
    ['doctor', () => renderDiagnoses(diagnoses, { style: plain, width })],
    [
      'check',
      () =>
        renderTerminal(aRecord([aFinding('unpinned', { reason: 'x' })], problems), {
          style: plain,
          allRows: false,
          width,
        }),
    ],
  ])('%s fits', (_, render) => {
    expect(
      render()
        .split('\n')
        .filter((line) => line.length > width),
    ).toEqual([]);
  });

  it('a line to type is one line, and nothing is lost', () => {
    const shown = renderWorkloads([behind, local], [], { style: plain, width });
    expect(shown).toContain(behind.redeploy);
    const words = (text: string): string[] => text.split(/\s+/).sort();
    expect(words(shown)).toEqual(words(renderWorkloads([behind, local], [], { style: plain })));
  });
});

it('without a width a workload is a line, and both digests that are not known are left out', () => {
  const [, row] = renderWorkloads([behind], [], { style: plain }).split('\n');
  expect(row).toBe(
    '  shop/deployment/web  behind     registry.example/team/storefront:12  sha256:aaaaaaaaaaaa  kubectl -n shop rollout restart deployment/web',
  );
  const refused = { ...outcome, from: null, to: null, outcome: 'refused', reason: 'no', gate: null } as const;
  expect(renderOutcomes([refused], { style: plain })).toBe('nas/web  was not moved\n  no\n');
});

it.each(hostileTexts)('keeps what an engine calls things text: %s', (_name, text) => {
  const workload = {
    ...behind,
    engine: text,
    name: text,
    written: text,
    redeploy: text,
    compose: { project: text, service: text },
  };
  const hostile = { code: 'ENGINE', message: text, subject: text } as const;
  for (const width of [60, 1000]) {
    const shown = [
      renderWorkloads([workload, { ...workload, state: 'local', why: text }], [hostile], { style: plain, width }),
      renderOutcomes([{ ...outcome, workload, reason: text }], { style: plain, width }),
    ].join('');
    expect(shown).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
  }
});
