import { describe, expect, it } from 'vitest';
import { type KeyPath, keyLines } from '../../../src/config/key-lines.ts';
import type { FindingClass } from '../../../src/core/finding.ts';
import { whyNoProposal } from '../../../src/serve/pages/why-no-proposal.ts';
import type { DetailedFinding, FindingDetail } from '../../../src/state/memory.ts';
import { aConfig } from '../../support/page-context.ts';

const pinned = `node:22@sha256:${'a'.repeat(64)}`;

function finding(
  kind: FindingClass,
  { detail, ...more }: Partial<Omit<DetailedFinding, 'detail'>> & { readonly detail?: Partial<FindingDetail> } = {},
): DetailedFinding {
  return {
    id: 'x',
    class: kind,
    repository: 'acme/shop',
    file: 'Dockerfile',
    line: 3,
    written: pinned,
    reference: 'docker.io/library/node:22',
    remedy: 'edit',
    security: null,
    held: null,
    reason: 'Something changed.',
    since: 0,
    checked: 0,
    ...more,
    detail: {
      platforms: [],
      packages: { first: [], all: 0 },
      react: ['propose', 'alert'],
      proposed: 'node:22@sha256:b',
      ...detail,
    },
  };
}

const text = `version: 1
pin: false
repositories:
  - github: acme/*
limits: { open: 3 }
rules:
  - match: { image: "node*" }
    react: [ignore]
  - match: { class: [content] }
    react: [alert]
  - match: { image: "node*", class: [config], role: [copied] }
    react: [record]
`;
const rules = [
  { match: { image: 'node*' }, react: ['ignore' as const] },
  { match: { class: ['content' as const] }, react: ['alert' as const] },
  { match: { image: 'node*', class: ['config' as const], role: ['copied' as const] }, react: ['record' as const] },
];
const facts = { config: aConfig({ rules }), lineOf: keyLines(text) };
const nowhere = (_keys: KeyPath): undefined => undefined;

describe('why there is no pull request', () => {
  const closed = { url: 'https://forge.example/3', state: 'closed', name: 'pull request #3' };
  it.each<[string, DetailedFinding, string | RegExp]>([
    [
      'ignored by a rule',
      finding('packages', { detail: { react: ['ignore'] } }),
      '"rules.0.react" (line 8) has ignore it',
    ],
    ['only alerted', finding('content', { detail: { react: ['alert'] } }), '"rules.1.react" (line 10) has only alert'],
    [
      'by a rule that asks for what a state does not keep',
      finding('config', { detail: { react: ['record'] } }),
      '"rules.2.react" (line 12) has only record it',
    ],
    [
      'by no rule of this configuration',
      finding('packages', { reference: 'docker.io/library/redis:7', detail: { react: ['ignore'] } }),
      'the repository has its own',
    ],
    [
      'the class is not proposed',
      finding('rebuild', { detail: { react: ['record'] } }),
      'No rule proposes the class rebuild',
    ],
    [
      'waits for its batch',
      finding('packages', { held: 'window', detail: { heldUntil: '2026-11-30T00:00:00Z' } }),
      /next batch until 2026-11-30.*"when: now"/,
    ],
    ['limits', finding('security', { held: 'limit' }), '"limits" (line 5)'],
    [
      'young',
      finding('security', { held: 'young', detail: { heldDetail: 'seen 3 h ago' } }),
      /"minimumAge"\): seen 3 h ago/,
    ],
    ['held otherwise', finding('security', { held: 'downgrade' }), 'go back to something older'],
    ['held in a word to come', finding('security', { held: 'workload' }), 'held back (workload)'],
    [
      'closed by a person',
      finding('packages', { detail: { proposal: closed as never } }),
      'A person closed pull request #3',
    ],
    ['no digest', finding('unpinned', { written: 'node:22', remedy: 'none' }), '"pin" (line 2) "pin: true"'],
    [
      'no digest, and news',
      finding('security', { written: 'node:22', remedy: 'rebuild' }),
      'the next build takes the new image by itself',
    ],
    [
      'refused edit',
      finding('packages', { detail: { problem: 'built from two variables' } }),
      'cannot be written: built from two variables',
    ],
    ['unknown', finding('unknown', { detail: { problem: 'denied' } }), 'Nothing could be learnt about it (denied)'],
    ['nothing newer', finding('lagging', { remedy: 'newer-base' }), 'There is no newer image to write'],
    ['a person chooses', finding('end-of-life', { remedy: 'newer-base' }), 'for a person to do'],
    ['the same bytes', finding('no-op'), 'the same, byte for byte'],
    [
      'it runs',
      finding('security', { workload: { engine: 'nas', kind: 'container', name: 'web' } }),
      'who starts it anew',
    ],
    ['wanted, and not there', finding('security'), 'its own page has the problems'],
  ])('%s', (_what, one, expected) => {
    expect(whyNoProposal(one, facts)).toMatch(expected);
  });

  it('is said of no forge, and of a folder beside forges', () => {
    const config = aConfig({ forges: [], repositories: ['acme/shop'] });
    expect(whyNoProposal(finding('security'), { config, lineOf: nowhere })).toMatch(
      'acme/shop is read as a folder, and "repositories" names no forge for it; "plimsoll update" writes the change.',
    );
    const both = aConfig({ repositories: ['/srv/shop'], titles: { '/srv/shop': 'acme/shop' } });
    expect(whyNoProposal(finding('security'), { config: both, lineOf: nowhere })).toMatch('read as a folder');
  });

  it('is what a person wants first', () => {
    const one = finding('packages', { held: 'window', detail: { react: ['ignore'] } });
    expect(whyNoProposal(one, { ...facts, snoozed: Date.parse('2026-12-24T00:00:00Z') })).toBe(
      'It is snoozed until 2026-12-24 00:00Z.',
    );
  });

  it('is no question where one is open', () => {
    const open = { url: 'https://forge.example/3', state: 'open', name: 'pull request #3' };
    expect(whyNoProposal(finding('security', { detail: { proposal: open } }), facts)).toBeUndefined();
  });

  it('says what would change it where the file is not known', () => {
    const bare = finding('unpinned', { written: 'node:22', remedy: 'none' });
    expect(whyNoProposal(bare, { ...facts, lineOf: nowhere })).toBe(
      'It has no digest that could be moved; "pin" is not set, and "pin: true" would have one proposed.',
    );
  });
});
