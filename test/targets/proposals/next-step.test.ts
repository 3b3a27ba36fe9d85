import { describe, expect, it } from 'vitest';
import { nextStep, type Situation, type Step, table } from '../../../src/targets/proposals/next-step.ts';

const values: { readonly [K in keyof Situation]: readonly Situation[K][] } = {
  group: ['wanted', 'waiting', 'obsolete'],
  base: ['there', 'gone'],
  branch: ['none', 'empty', 'ours', 'edited'],
  proposal: ['none', 'open', 'reopened', 'closed', 'withdrawn', 'merged', 'taken'],
  change: ['same', 'silent', 'batch', 'now'],
  news: ['fresh', 'closed'],
  conflicts: [false, true],
  room: ['yes', 'limit', 'window'],
  regrouped: [false, true],
  told: [false, true],
  marker: ['right', 'stale'],
  asked: ['nothing', 'rebase', 'recheck'],
};

/** Every situation there is: 193,536 of them. */
function* everySituation(names = Object.keys(values) as (keyof Situation)[]): Generator<Situation> {
  const [name, ...rest] = names;
  if (name === undefined) {
    yield {} as Situation;
    return;
  }
  for (const inner of everySituation(rest)) for (const value of values[name]) yield { ...inner, [name]: value };
}

const usual: Situation = {
  group: 'wanted',
  base: 'there',
  branch: 'ours',
  proposal: 'open',
  change: 'same',
  news: 'fresh',
  conflicts: false,
  room: 'yes',
  regrouped: false,
  told: false,
  marker: 'right',
  asked: 'nothing',
};

describe('every situation', () => {
  const all = [...everySituation()].map((situation) => ({ situation, ...nextStep(situation) }));
  const none = (isBad: (one: (typeof all)[number]) => boolean): void =>
    expect(all.filter(isBad).slice(0, 3)).toEqual([]);
  const overwriting: readonly Step[] = ['create', 'open', 'rewrite', 'relabel', 'close', 'clean'];

  it('has a row, and every row has a situation', () => {
    expect(all).toHaveLength(193_536);
    const used = new Set(all.map(({ why, step, when }) => JSON.stringify([why, step, when])));
    expect(used.size).toBe(table.length);
  });

  it('never touches what a person pushed to', () => {
    none(({ situation, step }) => situation.branch === 'edited' && overwriting.includes(step));
  });

  it('never touches a pull request that is not ours', () => {
    none(({ situation, step }) => situation.proposal === 'taken' && step !== 'leave');
  });

  it('never opens a second one', () => {
    const open = ['open', 'reopened', 'taken'];
    none(({ situation, step }) => open.includes(situation.proposal) && (step === 'create' || step === 'open'));
  });

  it('never proposes again what a person closed, unless it brings something new', () => {
    const opening = ['create', 'open', 'rewrite'];
    const isOpen = ['open', 'reopened'];
    none(
      ({ situation, step }) =>
        situation.news === 'closed' && !isOpen.includes(situation.proposal) && opening.includes(step),
    );
  });

  it('closes nothing that may still be wanted', () => {
    none(({ situation, step }) => step === 'close' && situation.base === 'there' && situation.group !== 'obsolete');
  });

  it('leaves no branch of ours without a pull request', () => {
    none(
      ({ situation, step }) =>
        situation.branch === 'ours' &&
        ['none', 'closed', 'withdrawn', 'merged'].includes(situation.proposal) &&
        !['open', 'rewrite', 'clean'].includes(step),
    );
  });

  it('opens nothing beyond the limits, but what a killed run had begun', () => {
    none(
      ({ situation, step }) =>
        situation.room !== 'yes' &&
        ['closed', 'withdrawn', 'merged'].includes(situation.proposal) &&
        ['create', 'rewrite'].includes(step),
    );
  });
});

describe('each row', () => {
  it.each<[string, Partial<Situation>, Step]>([
    ['a pull request that somebody took over', { proposal: 'taken' }, 'leave'],
    ['a base that is gone, with a person’s commits', { base: 'gone', branch: 'edited' }, 'leave'],
    ['a base that is gone', { base: 'gone' }, 'close'],
    ['a branch for a base that is gone', { base: 'gone', proposal: 'none' }, 'clean'],
    ['nothing at all for a base that is gone', { base: 'gone', proposal: 'none', branch: 'none' }, 'nothing'],
    ['done, and opened again by a person', { group: 'obsolete', proposal: 'reopened' }, 'leave'],
    ['done, with a person’s commits', { group: 'obsolete', branch: 'edited' }, 'tell'],
    ['done, with a person’s commits, and told', { group: 'obsolete', branch: 'edited', told: true }, 'leave'],
    ['grouped otherwise', { group: 'obsolete', regrouped: true }, 'close'],
    ['done', { group: 'obsolete' }, 'close'],
    ['the branch of what is merged', { group: 'obsolete', proposal: 'merged' }, 'clean'],
    ['nothing', { group: 'obsolete', proposal: 'none', branch: 'none' }, 'nothing'],
    ['held back, and open', { group: 'waiting' }, 'keep'],
    ['held back, with a branch', { group: 'waiting', proposal: 'none' }, 'clean'],
    ['held back', { group: 'waiting', proposal: 'none', branch: 'none' }, 'nothing'],
    ['a person’s commits, nothing newer', { branch: 'edited' }, 'leave'],
    ['a person’s commits, something newer, told', { branch: 'edited', change: 'now', told: true }, 'leave'],
    ['a person’s commits, something newer', { branch: 'edited', change: 'now' }, 'tell'],
    ['a branch that lost our commit', { branch: 'empty' }, 'rewrite'],
    ['asked for a rebase', { asked: 'rebase' }, 'rewrite'],
    ['conflicts', { conflicts: true }, 'rewrite'],
    ['a text that is not what the branch holds', { marker: 'stale' }, 'relabel'],
    ['as it should be', {}, 'keep'],
    ['a target that moved on with a fix', { change: 'now' }, 'rewrite'],
    ['asked to look again, and something is newer', { asked: 'recheck', change: 'silent' }, 'rewrite'],
    ['a target that moved on after this week’s batch', { change: 'batch', room: 'window' }, 'hold-window'],
    ['a target that moved on, in the batch', { change: 'batch' }, 'rewrite'],
    ['a target that moved on in nothing that matters', { change: 'silent' }, 'keep'],
    ['a person’s branch without a pull request', { proposal: 'none', branch: 'edited' }, 'leave'],
    ['a branch of what a person closed', { proposal: 'closed', news: 'closed' }, 'clean'],
    ['what a person closed', { proposal: 'closed', news: 'closed', branch: 'none' }, 'nothing'],
    ['a branch that a killed run left', { proposal: 'none' }, 'open'],
    ['such a branch, and something is newer', { proposal: 'none', change: 'now' }, 'rewrite'],
    ['leftovers beyond the limits', { proposal: 'merged', room: 'limit' }, 'clean'],
    ['leftovers after this week’s batch', { proposal: 'merged', room: 'window' }, 'clean'],
    ['beyond the limits', { proposal: 'none', branch: 'none', room: 'limit' }, 'hold-limit'],
    ['after this week’s batch', { proposal: 'none', branch: 'none', room: 'window' }, 'hold-window'],
    ['something new, and leftovers', { proposal: 'closed' }, 'rewrite'],
    ['something to propose', { proposal: 'none', branch: 'none' }, 'create'],
  ])('%s', (_name, situation, step) => {
    expect(nextStep({ ...usual, ...situation }).step).toBe(step);
  });
});
