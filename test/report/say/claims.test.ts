import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { digestOf } from '../../../src/core/image/digest.ts';
import type { Message } from '../../../src/core/message.ts';
import type { ProblemCode } from '../../../src/core/problem-code.ts';
import type { RunRecord } from '../../../src/core/run-record.ts';
import type { Cause, Unchecked } from '../../../src/core/unchecked.ts';
import { notifiers } from '../../../src/notify/index.ts';
import { renderDashboard } from '../../../src/report/render/dashboard-body.ts';
import { renderStatus, renderWhere } from '../../../src/report/render/fleet-report.ts';
import { renderCodeQuality } from '../../../src/report/render/gitlab-reports.ts';
import { renderHtml } from '../../../src/report/render/html.ts';
import { jobOutputs } from '../../../src/report/render/job-outputs.ts';
import { renderJobSummary } from '../../../src/report/render/job-summary.ts';
import { renderMarkdown } from '../../../src/report/render/markdown.ts';
import { renderPlan } from '../../../src/report/render/plans/plan-report.ts';
import { renderSarif } from '../../../src/report/render/sarif.ts';
import { plain } from '../../../src/report/render/style.ts';
import { renderTerminal, terminalPieces } from '../../../src/report/render/terminal.ts';
import {
  coverageLine,
  nothingBehind,
  nothingCarries,
  pendingClaim,
  untoldLines,
  verdictOf,
} from '../../../src/report/say/claims.ts';
import { baselineMessage, newsMessage, reminderMessage } from '../../../src/report/say/message-story.ts';
import { storiesOf } from '../../../src/report/say/stories.ts';
import type { Carrier } from '../../../src/state/fleet.ts';
import { openChannel } from '../../support/channels/channel.ts';
import { httpServices } from '../../support/channels/services.ts';
import { aFinding, aRecord } from '../../support/findings.ts';

const hosts = ['deb.example', 'osv.example:8443'];

function unchecked(use: number, question: Unchecked['question'] = 'fixes'): Unchecked {
  const causes = hosts.map(
    (host): Cause => ({ host, code: 'archive-unreachable', reason: `${host} refused the connection` }),
  );
  const [first = { host: '', code: 'archive-unreachable', reason: '' }] = causes;
  const reference = { registry: 'docker.io', repository: 'library/debian', tag: '12' };
  return { id: `use ${use}`, file: 'Dockerfile', line: use, reference, question, ...first, causes };
}

/** Of three uses, so many are unchecked, and these were found. */
function record(number: number, findings: readonly Finding[] = []): RunRecord {
  const all = Array.from({ length: number }, (_, use) => [unchecked(use), unchecked(use, 'pins')]).flat();
  const made = aRecord(findings);
  const { needsRebuild } = made.summary;
  const answer = needsRebuild === true ? true : null;
  const summary = { ...made.summary, uses: 3, unchecked: number, needsRebuild: answer, fixAvailable: null };
  return { ...made, unchecked: all, summary };
}

const allUnchecked = record(3);
const mixed = record(1, [aFinding('unknown', { problem: { code: 'registry-unreachable', message: 'it is down' } })]);
const health =
  /everything is up to date|nothing is behind|no rebuild is needed|none behind|nothing is urgent|no image in the state|nothing is pending/i;

async function channelTexts(one: RunRecord): Promise<[string, string][]> {
  const stories = storiesOf([...one.findings, aFinding('packages')]);
  const messages: Message[] = [
    baselineMessage(storiesOf(one.findings), { images: 3, files: 1, behind: 0 }, one),
    newsMessage(stories, one),
    reminderMessage(stories, '2026-W47', one),
  ];
  const texts: [string, string][] = [];
  for (const { type } of notifiers) {
    const service = httpServices.find((found) => found.type === type);
    const mail = { host: 'localhost', from: 'a@b.example', to: ['c@d.example'], tls: 'starttls', attach: false };
    const channel = await openChannel(type, service?.options('http://127.0.0.1:9') ?? mail);
    for (const message of messages) {
      texts.push([
        `${type} ${message.kind}`,
        channel
          .render(message)
          .map((part) => JSON.stringify(part.payload))
          .join('\n'),
      ]);
    }
    await channel.close();
  }
  return texts;
}

async function printed(one: RunRecord): Promise<[string, string][]> {
  const layout = { style: plain, allRows: false };
  const parts = {
    marker: '<!-- -->',
    checkbox: (): string => '- [ ]',
    proposal: 'pull request',
    most: 60_000,
    unchecked: one.unchecked,
  };
  return [
    ['terminal', renderTerminal(one, layout)],
    ['markdown', renderMarkdown(one)],
    ['html', renderHtml(one)],
    ['summary of a job', renderJobSummary(one, { mode: 'mode check', remarks: [] })],
    ['sarif', renderSarif(one, '0.0.0')],
    ['code quality', renderCodeQuality(one)],
    ['plan', renderPlan(one, new Map(), plain)],
    ['dashboard', renderDashboard(one.findings, [], parts) ?? ''],
    ...(await channelTexts(one)),
  ];
}

it('has the same answer however few of its findings are shown', () => {
  const lagging = aFinding('lagging', { security: true, remedy: 'upgrade-line' });
  const made = aRecord([lagging]);
  const one = { ...made, summary: { ...made.summary, needsRebuild: false, fixAvailable: true } };
  const texts = (shown?: readonly Finding[]): string[] => [
    [...terminalPieces(one, { style: plain, allRows: false }, shown)].join(''),
    renderMarkdown(one, shown),
    renderHtml(one, shown),
  ];
  for (const text of [...texts(), ...texts([])]) expect(text).toMatch(/1 security fix waits in the distribution/i);
  for (const text of texts([])) expect(text).not.toContain(lagging.reason);
});

describe.each([
  ['nothing but what could not be asked', allUnchecked],
  ['some of everything', mixed],
])('a record of %s', (_, one) => {
  it('is called healthy by no printer, and each names who did not answer', async () => {
    for (const [name, text] of await printed(one)) {
      expect(text, name).not.toMatch(health);
      expect(text.replace(/<[^>]*>|\u200b|\\/g, ''), name).toContain('deb.example');
    }
  });

  it('has one sentence per host', () => {
    const lines = renderTerminal(one, { style: plain, allRows: false }).split('\n');
    for (const host of hosts) expect(lines.filter((line) => line.startsWith(`not known ${host}:`))).toHaveLength(1);
  });

  it('is handed on as a number', () => {
    expect(jobOutputs(one)).toMatchObject({
      unchecked: String(one.summary.unchecked),
      'needs-rebuild': '',
      'fix-available': '',
    });
  });
});

describe('a verdict', () => {
  const empty = aRecord([]);
  const of = (summary: Partial<RunRecord['summary']>, findings: readonly Finding[] = []): string => {
    const made = aRecord(findings);
    return verdictOf({ ...made, summary: { ...made.summary, ...summary } });
  };

  it('claims health when everything was looked at, and only then', () => {
    expect(of({ uses: 2 })).toBe('everything is up to date');
    expect(of({ uses: 0 })).toBe('nothing to check: no image use was found');
    expect(of({ uses: 3, unpinned: 3, findings: { unpinned: 3 } })).toBe(
      '3 of 3 uses are unpinned: nothing to compare with',
    );
    expect(of({ uses: 3, unpinned: 1, findings: { unpinned: 1 } })).toBe(
      '1 of 3 uses is unpinned: nothing to compare with; the others need no rebuild',
    );
    expect(of({ uses: 2, unread: { unreadable: 1, 'too-large': 2 } })).toBe(
      'what could be read is up to date; not read: 1 unreadable, 2 too-large',
    );
    expect(of({ uses: 2, unknown: 2, needsRebuild: null, findings: { unknown: 2 } })).toBe(
      '2 of 2 uses could not be looked up',
    );
  });

  it('says which fixes wait, and what brings them', () => {
    const lagging = aFinding('lagging', { security: true, remedy: 'upgrade-line' });
    expect(of({}, [lagging])).toMatch(
      /^\d+ security fix(es wait| waits) in the distribution: add the upgrade line and build$/,
    );
    expect(of({}, [{ ...lagging, remedy: 'newer-base' }])).toContain('only a newer base brings it');
    expect(of({}, [{ ...lagging, snoozed: { until: '2026-12-24T00:00:00Z' } }])).toBe('no rebuild is needed');
  });

  it('of the fleet is as good as its coverage', () => {
    expect(nothingBehind({ unlooked: 0, untold: 0, isRead: true })).toBe('nothing is behind');
    expect(nothingBehind({ unlooked: 3, untold: 1, isRead: true })).not.toMatch(health);
    expect(nothingBehind({ unlooked: 0, untold: 0, isRead: false })).not.toMatch(health);
    expect(nothingCarries('perl-base', { looked: 8, images: 8 })).toBe('no image in the state carries perl-base');
    expect(nothingCarries('perl-base', { looked: 5, images: 8 })).toBe(
      'none of the 5 images that were looked into carries perl-base',
    );
    expect(coverageLine({ looked: 5, images: 8, newestRun: '2026-11-20T06:00:00.000Z', unanswered: 0 })).toBe(
      'looked into 5 of 8 images, newest run 2026-11-20 06:00Z; base images as they are published, without what RUN adds',
    );
    expect(coverageLine({ looked: 5, images: 8, newestRun: '2026-11-20T06:00:00.000Z', unanswered: 2 })).toContain(
      'newest run 2026-11-20 06:00Z, which could not look up 2 images of them; base images',
    );
    expect(pendingClaim([], false)).not.toMatch(health);
    const notices = [{ class: 'unchecked' as const, reference: 'deb.example', first: 0 }];
    const facts = { lastRun: 86_400_000, images: 3, looked: 3, notices, unread: {} };
    expect(renderStatus([], facts, { style: plain })).not.toMatch(health);
    expect(renderStatus([], facts, { style: plain })).toContain('unchecked  deb.example  since 1970-01-01 00:00Z');
    for (const unread of [{ engine: 1 }, undefined]) {
      const text = renderStatus([], { ...facts, notices: [], unread }, { style: plain });
      expect(text).not.toMatch(health);
      expect(text).toMatch(/^not read {2}by the newest run: (?:1 engine|it has not come to its end)\n/);
    }
    const nobody = renderWhere(
      [],
      'perl',
      { coverage: { looked: 0, images: 2, unanswered: 0 }, similar: ['perl-base'] },
      { style: plain },
    );
    expect(nobody).not.toMatch(health);
    expect(nobody).toContain('near names: perl-base');
  });

  it('counts the images of a fleet as its coverage does, and fixes by the places that have them', () => {
    const carrier = (line: number, digest: string, fixes: Carrier['fixes']): Carrier => ({
      name: 'openssl',
      source: null,
      version: '3.0.15-1',
      architecture: 'amd64',
      scheme: 'dpkg',
      os: 'debian 12',
      platform: 'linux/amd64',
      reference: 'docker.io/library/debian:12',
      digest: digestOf(digest),
      repository: '.',
      file: 'Dockerfile',
      line,
      written: 'debian:12',
      fixes,
    });
    const fixed = [{ version: '3.0.16-1', remedy: 'edit' }];
    const carriers = [carrier(1, 'a', fixed), carrier(2, 'b', fixed), carrier(3, 'b', [])];
    const coverage = { looked: 1, images: 1, unanswered: 0 };
    expect(renderWhere(carriers, 'openssl', { coverage, similar: [] }, { style: plain })).toMatch(
      /\n1 image used in 3 places; something newer is known for 2 of the places\nlooked into 1 of 1 image/,
    );
  });

  it('does not change with the order of what was not asked', () => {
    const [a, b] = [unchecked(1), unchecked(2)];
    const one = { ...empty, summary: { ...empty.summary, uses: 3, unchecked: 2 } };
    expect(verdictOf({ ...one, unchecked: [a, b] })).toBe(verdictOf({ ...one, unchecked: [b, a] }));
  });
});

it('blames no host for an image that may not be used', () => {
  const of = (code: ProblemCode): string[] =>
    untoldLines(record(0, [aFinding('unknown', { problem: { code, message: 'x' } })]));
  expect(of('policy')).toEqual([]);
  expect(of('registry-unreachable')).toEqual(['docker.io: the image not known for 1 use: x']);
});

it('stands in one file: no printer makes a claim of its own', () => {
  const root = path.join(import.meta.dirname, '../../../src');
  const claims =
    /['"`][^'"`\n]*(up to date\b|nothing is behind|rebuild is needed|no image (in the state )?carries|none behind|nothing is pending|is urgent\b)[^'"`\n]*['"`]/i;
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== path.join('report', 'say', 'claims.ts'))
    .filter((name) => claims.test(readFileSync(path.join(root, name), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')));
  // The words under a dashboard's boxes are about a branch, not about health.
  expect(found).toEqual([path.join('report', 'render', 'dashboard-body.ts')]);
});
