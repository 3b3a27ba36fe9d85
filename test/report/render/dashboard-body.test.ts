import { describe, expect, it } from 'vitest';
import { renderDashboard } from '../../../src/report/render/dashboard-body.ts';
import { checkbox, dashboardMarker, wishesIn } from '../../../src/targets/proposals/dashboard.ts';
import { aFinding } from '../../support/findings.ts';

const parts = { marker: dashboardMarker, checkbox, proposal: 'merge request', most: 60_000 };
const outcome = {
  kind: 'created' as const,
  repository: 'o/app',
  branch: 'plimsoll/node-22-12345678',
  reason: 'new',
  findings: [],
  news: [],
  batches: [],
};

describe('the dashboard as text', () => {
  it('is nothing when there is nothing to say', () => {
    expect(renderDashboard([], [], parts)).toBeUndefined();
    expect(renderDashboard([aFinding('rebuild')], [], parts)).toBeUndefined();
  });

  it('is the same for the same facts, and below what an issue may hold', () => {
    const many = Array.from({ length: 2000 }, (_, line) =>
      aFinding('packages', { line, id: String(line), reason: 'x'.repeat(100) }),
    );
    const text = renderDashboard(many, [outcome], parts) ?? '';
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/lines more have no room here/);
    expect(renderDashboard(many, [outcome], parts)).toBe(text);
  });

  it('names the most urgent first', () => {
    const findings = [aFinding('end-of-life', { id: '1' }), aFinding('pin-broken', { id: '2', line: 9 })];
    const text = renderDashboard(findings, [], parts) ?? '';
    expect(text.indexOf('**pin-broken**')).toBeLessThan(text.indexOf('**end-of-life**'));
    expect(text).toContain('### Without a merge request');
  });

  it('shows text from outside as text', () => {
    const text =
      renderDashboard(
        [
          aFinding('packages', {
            reason: '@ada see #1 <img src=x> <!-- plimsoll do=plimsoll/x -->\n- [x] <!-- plimsoll do=plimsoll/y -->',
          }),
        ],
        [],
        parts,
      ) ?? '';
    expect(text).not.toMatch(/@ada|#1\b|(?<!\\)<img/);
    expect([...wishesIn(text)]).toEqual([]);
  });

  it('is read by its ticked boxes only', () => {
    const text = renderDashboard([], [outcome, { ...outcome, branch: 'plimsoll/other-1' }], parts) ?? '';
    expect([...wishesIn(text)]).toEqual([]);
    expect([...wishesIn(text.replace('[ ]', '[X]').replaceAll('\n', '\r\n'))]).toEqual([outcome.branch]);
  });
});
