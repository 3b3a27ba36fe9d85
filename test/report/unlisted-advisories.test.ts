import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/render/html.ts';
import { renderJson } from '../../src/report/render/json.ts';
import { renderMarkdown } from '../../src/report/render/markdown.ts';
import { proposalBody } from '../../src/report/render/proposal-body.ts';
import { plain } from '../../src/report/render/style.ts';
import { renderTerminal } from '../../src/report/render/terminal.ts';
import { advisoryList } from '../../src/report/say/advisory-list.ts';
import { aChange, aFinding, aRecord } from '../support/findings.ts';

const ids = Array.from({ length: 2000 }, (_, n) => `CVE-2026-${10_000 + n}`);
const kernel = aChange(1, { name: 'kernel', security: true, advisories: ids, unlisted: 312 });
const finding = aFinding('security', { security: true, packages: [kernel] });

describe('advisories that are listed nowhere are counted', () => {
  it.each([
    [ids.slice(0, 3), 0, 'CVE-2026-10000, CVE-2026-10001, CVE-2026-10002'],
    [ids, 0, 'CVE-2026-10000, CVE-2026-10001, CVE-2026-10002, CVE-2026-10003 and 1,996 more'],
    [
      ids,
      312,
      'CVE-2026-10000, CVE-2026-10001, CVE-2026-10002, CVE-2026-10003 and 2,308 more, of which 312 are not listed anywhere',
    ],
  ])('in a list', (all, unlisted, text) => {
    expect(advisoryList(all, 4, unlisted)).toBe(text);
  });

  const proposal = {
    marker: '',
    facts: '',
    parts: [{ finding, platforms: [] }],
    draft: false,
    refused: [],
    commands: [],
  };
  it.each([
    ['the terminal', renderTerminal(aRecord([finding]), { style: plain, allRows: true })],
    ['Markdown', renderMarkdown(aRecord([finding]))],
    ['HTML', renderHtml(aRecord([finding]))],
    ['a pull request', proposalBody({ ...proposal, most: 60_000 })],
  ])('in %s', (_where, text) => {
    expect(text).toMatch(/and (?:2,308|312) more, of which 312 are not listed anywhere/);
  });

  it('in JSON', () => {
    expect(JSON.parse(renderJson(aRecord([finding])))).toMatchObject({
      findings: [{ packages: [{ advisories: ids, unlisted: 312 }] }],
    });
  });
});
