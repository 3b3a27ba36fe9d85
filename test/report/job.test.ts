import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/problem.ts';
import { jobOutputs } from '../../src/report/render/job-outputs.ts';
import { renderJobSummary } from '../../src/report/render/job-summary.ts';
import { aChange, aFinding, aRecord } from '../support/findings.ts';

const notes = { mode: 'mode check: as asked', remarks: [] };
const outcome = {
  kind: 'created' as const,
  repository: 'o/app',
  branch: 'plimsoll/x-1',
  reason: 'new',
  findings: [],
  news: [],
  batches: [],
};

describe('the outputs of a job', () => {
  it.each([
    [true, 'true'],
    [false, ''],
    [null, ''],
  ])('say of a rebuild %j: %j', (needsRebuild, text) => {
    const record = aRecord([]);
    expect(jobOutputs({ ...record, summary: { ...record.summary, needsRebuild } })['needs-rebuild']).toBe(text);
  });

  it('say how many could not be told, and nothing when all could', () => {
    const record = aRecord([]);
    expect(jobOutputs({ ...record, summary: { ...record.summary, unknown: 2 } }).unknown).toBe('2');
    expect(jobOutputs({ ...record, summary: { ...record.summary, unknown: 0 } }).unknown).toBe('');
  });

  it('name the open pull requests once', () => {
    const proposals = [
      { ...outcome, url: 'https://github.test/1' },
      { ...outcome, kind: 'unchanged' as const, url: 'https://github.test/1' },
      { ...outcome, kind: 'closed' as const, url: 'https://github.test/2' },
      { ...outcome, kind: 'held' as const },
    ];
    expect(jobOutputs({ ...aRecord([]), proposals })['pull-requests']).toBe('["https://github.test/1"]');
  });

  it('leave out package rows first, then findings, and say so', () => {
    const packages = Array.from({ length: 500 }, (_, n) => aChange(n));
    const whole = jobOutputs(aRecord([aFinding('packages', { packages: packages.slice(0, 2) })])).findings;
    expect(JSON.parse(whole)).toMatchObject({ truncated: false, findings: [{ packages: { length: 2 } }] });
    const rowless = JSON.parse(
      jobOutputs(aRecord([1, 2].map((line) => aFinding('packages', { line, packages })))).findings,
    );
    expect([rowless.truncated, rowless.findings.length, rowless.findings[0].packages]).toEqual([true, 2, undefined]);
    const many = Array.from({ length: 500 }, (_, line) => aFinding('packages', { line, reason: 'ä'.repeat(200) }));
    const { findings } = jobOutputs(aRecord(many));
    expect(Buffer.byteLength(findings)).toBeLessThanOrEqual(64 * 1024);
    expect(JSON.parse(findings).findings.length).toBeGreaterThan(50);
  });

  it('have no end of memory where all packages together are more than a text can be', () => {
    const packages = [aChange(1, { advisories: Array.from({ length: 20_000 }, (_, n) => `CVE-2026-${n}`) })];
    const many = Array.from({ length: 2_000 }, (_, line) => aFinding('packages', { line, packages }));
    expect(JSON.parse(jobOutputs(aRecord(many)).findings)).toMatchObject({ truncated: true });
  });
});

describe('the summary of a job', () => {
  it('answers first, then says what to do, then one row per finding and its details', () => {
    const text = renderJobSummary(
      {
        ...aRecord([aFinding('packages'), aFinding('security')]),
        proposals: [{ ...outcome, url: 'https://github.test/1' }],
      },
      { ...notes, remarks: ['tick the box'] },
    );
    const places = [
      '## Plimsoll: ',
      'Mode check: as asked.',
      '> [!IMPORTANT]\n> Tick the box.',
      '[plimsoll/x-1](https://github.test/1)',
      '| security |',
      '| packages |',
      '<details>',
    ];
    expect(places.map((part) => text.indexOf(part)).every((at, i, all) => at >= 0 && at > (all[i - 1] ?? -1))).toBe(
      true,
    );
  });

  it('is cut at a detail, and says how many have no room', () => {
    const many = Array.from({ length: 300 }, (_, line) => aFinding('security', { line, reason: 'é'.repeat(1000) }));
    const text = renderJobSummary(aRecord(many), notes, 60_000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(/\n\d+ findings more: the output "report" names the whole report/);
    expect(text.split('<details>').length).toBe(text.split('</details>').length);
    const short = renderJobSummary(aRecord(many), notes, 10_000);
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(10_000);
    expect(short).toMatch(/\nThe lists above have no room for all[\s\S]*\n300 findings more/);
    expect(text).not.toContain('The lists above');
  });

  it('counts what it does not list', () => {
    const problems = Array.from(
      { length: 203 },
      (_, n): Problem => ({ code: 'registry-denied', message: `problem ${n}` }),
    );
    const unknown = Array.from({ length: 202 }, (_, line) =>
      aFinding('unknown', { line, problem: { code: 'registry-denied', message: `unknown ${line}` } }),
    );
    const text = renderJobSummary(aRecord(unknown, problems), notes);
    expect(text).toMatch(/### Problems\n[\s\S]*- and 3 more\n/);
    expect(text.match(/^- problem /gm)).toHaveLength(200);
  });

  it('shows text from outside as text', () => {
    const evil = '</details><script>x</script> @ada |';
    const text = renderJobSummary(aRecord([aFinding('security', { reason: evil, file: evil, written: evil })]), notes);
    const outsideCode = text.replace(/(`+)[^\n]*?\1/g, '');
    expect(outsideCode).not.toMatch(/(?<!\\)<script|@ada/);
  });
});
