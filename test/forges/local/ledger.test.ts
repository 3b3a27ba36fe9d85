import { describe, expect, it } from 'vitest';
import {
  emptyLedger,
  formatLedger,
  type LocalProposal,
  parseLedger,
  withProposal,
} from '../../../src/forges/local/ledger.ts';
import { fc } from '../../support/fast-check.ts';

const proposal: LocalProposal = {
  number: 1,
  head: 'plimsoll/a-00000000',
  base: 'main',
  title: 't',
  body: 'b',
  draft: false,
  labels: [],
  comments: [],
  state: 'open',
  headCommit: 'a'.repeat(40),
  created: '2026-01-05T12:00:00Z',
  updated: '2026-01-05T12:00:00Z',
};

describe('the ledger', () => {
  it('reads what it has written', () => {
    const text = fc.string({ unit: 'binary' });
    const any = fc.record({
      title: text,
      body: text,
      labels: fc.array(text),
      comments: fc.array(text),
      draft: fc.boolean(),
      state: fc.constantFrom('open' as const, 'closed' as const, 'merged' as const),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (all) => {
        const proposals = all.map((one, i) => ({ ...proposal, ...one, number: i + 1 }));
        const ledger = { version: 1 as const, next: all.length + 1, proposals };
        expect(parseLedger(formatLedger(ledger))).toEqual(ledger);
      }),
    );
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"version":2,"next":1,"proposals":[]}',
    '{"version":1,"next":"1","proposals":[]}',
    '{"version":1,"next":1,"proposals":{}}',
    '{"version":1,"next":1,"proposals":[null]}',
    JSON.stringify({ version: 1, next: 2, proposals: [{ ...proposal, headCommit: '--help' }] }),
    JSON.stringify({ version: 1, next: 2, proposals: [{ ...proposal, state: 'lost' }] }),
    JSON.stringify({ version: 1, next: 2, proposals: [{ ...proposal, comments: [1] }] }),
    '['.repeat(100_000),
  ])('takes nothing else for one (%#)', (text) => {
    expect(parseLedger(text)).toBeUndefined();
  });

  it('forgets the oldest of what is over, and nothing that is open', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      ...proposal,
      number: i + 1,
      state: i < 50 ? ('open' as const) : ('closed' as const),
    }));
    const kept = parseLedger(formatLedger({ version: 1, next: 401, proposals: many }))?.proposals ?? [];
    expect(kept).toHaveLength(350);
    expect(kept[49]).toMatchObject({ number: 50 });
    expect(kept[50]).toMatchObject({ number: 101 });
  });

  it('changes one proposal and leaves the others', () => {
    const ledger = { ...emptyLedger, proposals: [proposal, { ...proposal, number: 2 }] };
    const changed = withProposal(ledger, 2, (one) => ({ ...one, title: 'new' }));
    expect(changed.proposals.map(({ title }) => title)).toEqual(['t', 'new']);
  });
});
