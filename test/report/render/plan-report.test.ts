import { expect, it } from 'vitest';
import { type ChannelPlan, renderPlan } from '../../../src/report/render/plans/plan-report.ts';
import { plain } from '../../../src/report/render/style.ts';
import { aFinding, aRecord, oneOfEach } from '../../support/findings.ts';
import { hostileFinding, hostileTexts } from '../../support/hostile-texts.ts';

const now = { react: ['propose', 'alert'], when: 'now' } as const;
const weekly = { react: ['propose', 'alert'], when: 'weekly' } as const;

const toldTo = (plan: Partial<ChannelPlan>): ReadonlyMap<string, ChannelPlan> =>
  new Map([['ops', { findings: [], reminders: [], waiting: [], ...plan }]]);

it('says of one of each class what a run would do', () => {
  const findings = oneOfEach.map((finding) => ({ ...finding, reaction: now }));
  expect(renderPlan(aRecord(findings), toldTo({ findings: findings.slice(0, 2) }), plain)).toMatchInlineSnapshot(`
    "would tell ops 2 findings; nothing was written, sent or remembered
      Dockerfile:1  debian:12@sha256:cba06b5736fa  pin-broken  would be told to ops
      Dockerfile:2  debian:12@sha256:cba06b5736fa  security  would be told to ops
      Dockerfile:3  debian:12@sha256:cba06b5736fa  packages  held back (window): this week’s batch has gone out
      Dockerfile:4  debian:12@sha256:cba06b5736fa  config  told before
      Dockerfile:5  debian:12@sha256:cba06b5736fa  content  told before
      Dockerfile:6  debian:12@sha256:cba06b5736fa  unknown  told once it has lasted
        the reason of unknown
      Dockerfile:7  debian:12@sha256:cba06b5736fa  rebuild  recorded
      Dockerfile:8  debian:12@sha256:cba06b5736fa  no-op  recorded
      Dockerfile:9  debian  unpinned  recorded
      Dockerfile:10  debian:12@sha256:cba06b5736fa  stale  told before
      Dockerfile:11  debian:12@sha256:cba06b5736fa  lagging  told before
      Dockerfile:12  debian:12@sha256:cba06b5736fa  newer-tag  told before
      other/Dockerfile:13  debian:12@sha256:cba06b5736fa  end-of-life  told before

    13 image uses of 1 image in 1 file, for linux/amd64
    1 pin-broken, 1 security, 1 packages, 1 config, 1 content, 1 unknown, 1 rebuild, 1 no-op, 1 unpinned, 1 stale, 1 lagging, 1 newer-tag, 1 end-of-life: a rebuild is needed; 1 of 13 uses could not be looked up
    cost: 3 requests, 1 counted pull, 58.2 MB, 2 from cache, 97 of 100 pulls left at docker.io
    "
  `);
});

it.each([
  ['would be told to ops', aFinding('security', { reaction: now }), 'told'],
  ['would be told to ops, in the batch that is due', aFinding('packages', { reaction: weekly }), 'told'],
  ['waits for the next window of ops', aFinding('packages', { reaction: weekly }), 'waiting'],
  ['would be told again to ops', aFinding('security', { reaction: now }), 'reminder'],
  [
    'snoozed until 2026-12-24T00:00:00Z',
    aFinding('security', { reaction: now, snoozed: { until: '2026-12-24T00:00:00Z' } }),
    'told',
  ],
  ['told before', aFinding('security', { reaction: now }), 'neither'],
  ['recorded', aFinding('rebuild', { reaction: { react: ['record'], when: 'now' } }), 'neither'],
  ['recorded', aFinding('rebuild'), 'neither'],
  ['ignored by a rule', aFinding('security', { reaction: { react: ['ignore'], when: 'now' } }), 'told'],
  [
    'held back (young): two days old',
    aFinding('security', { reaction: now, held: { reason: 'young', detail: 'two days old' } }),
    'neither',
  ],
] as const)('says: %s', (words, finding, where) => {
  const delivery = toldTo({
    findings: where === 'told' ? [finding] : [],
    reminders: where === 'reminder' ? [finding] : [],
    waiting: where === 'waiting' ? [finding] : [],
  });
  expect(renderPlan(aRecord([finding]), delivery, plain).split('\n')[1]).toMatch(
    new RegExp(`  ${words.replace(/[()]/g, '\\$&')}$`),
  );
});

it('says why something could not be told, for nothing else of the plan does', () => {
  const finding = aFinding('unknown', { reaction: now, reason: 'Could not be checked: refused to connect.' });
  expect(renderPlan(aRecord([finding]), toldTo({}), plain)).toContain(
    'told once it has lasted\n    Could not be checked: refused to connect.\n',
  );
});

it('names the repository of a file, where there are many of the same name', () => {
  const finding = aFinding('security', { reaction: now, tree: 'o/app' });
  expect(renderPlan(aRecord([finding]), toldTo({}), plain)).toContain('\n  o/app/Dockerfile:');
});

it.each(hostileTexts)('keeps text from outside on its line: %s', (_name, text) => {
  const shown = renderPlan(aRecord([hostileFinding(text)]), toldTo({}), plain);
  expect(shown).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
  expect(shown.split('\n')).toHaveLength(7);
});
