/** Everything that decides what happens to one proposal; each is one of few words, so that all of them can be listed. */
export interface Situation {
  /** `waiting`: what it is about is held back or not known today. `obsolete`: there is nothing left to propose. */
  readonly group: 'wanted' | 'waiting' | 'obsolete';
  /** Into which it would be merged. */
  readonly base: 'there' | 'gone';
  /** `empty`: it has no commit that the base has not. `edited`: a commit in it is neither ours nor a merge of the base. */
  readonly branch: 'none' | 'empty' | 'ours' | 'edited';
  /**
   * `withdrawn`: we closed it ourselves; `reopened`: and a person opened it again. `taken`: an open pull request from our
   * branch that is not ours: another author, or its marker is not as we write it.
   */
  readonly proposal: 'none' | 'open' | 'reopened' | 'closed' | 'withdrawn' | 'merged' | 'taken';
  /** How its target differs from what it should be: not at all, in nothing that matters, for the next batch, at once. */
  readonly change: 'same' | 'silent' | 'batch' | 'now';
  /** What people closed without merging had all of this news. */
  readonly news: 'fresh' | 'closed';
  readonly conflicts: boolean;
  /** Is there room for another one: by the limits and by the week? */
  readonly room: 'yes' | 'limit' | 'window';
  /** The findings are still there, in other groups. */
  readonly regrouped: boolean;
  /** Under an edited one: does our comment about this very target stand there? */
  readonly told: boolean;
  /** What the body says of the branch is true. */
  readonly marker: 'right' | 'stale';
  /** What a person with write access asked for. */
  readonly asked: 'nothing' | 'rebase' | 'recheck';
}

/**
 * `create`: branch, commit and pull request. `open`: a pull request for the branch that is there. `rewrite`: the branch
 * anew on today's base, and the pull request with it. `relabel`: the body only. `tell`: one comment. `clean`: the branch
 * is deleted.
 */
export type Step =
  | 'create'
  | 'open'
  | 'rewrite'
  | 'relabel'
  | 'tell'
  | 'leave'
  | 'keep'
  | 'close'
  | 'clean'
  | 'hold-limit'
  | 'hold-window'
  | 'nothing';

/**
 * A row of the table: holds where all that is given in `when` does; then this is done, for this reason (the end of a
 * sentence).
 */
export interface Row {
  readonly when: { readonly [K in keyof Situation]?: Situation[K] | readonly Situation[K][] };
  readonly step: Step;
  readonly why: string;
}

const over = ['none', 'closed', 'withdrawn', 'merged'] as const;
const isOpen = ['open', 'reopened'] as const;
const untouched = ['ours', 'empty'] as const;

/** Top to bottom; the first row that fits is what is done. Every situation has one (a test walks through all of them). */
export const table: readonly Row[] = [
  {
    when: { proposal: 'taken' },
    step: 'leave',
    why: 'its proposal is not ours any more: the author or the marker is another',
  },

  {
    when: { base: 'gone', proposal: isOpen, branch: 'edited' },
    step: 'leave',
    why: 'its base branch is gone, and a person pushed to it',
  },
  { when: { base: 'gone', proposal: isOpen }, step: 'close', why: 'its base branch is gone' },
  { when: { base: 'gone', branch: 'ours' }, step: 'clean', why: 'its base branch is gone' },
  { when: { base: 'gone' }, step: 'nothing', why: 'its base branch is gone' },

  { when: { group: 'obsolete', proposal: 'reopened' }, step: 'leave', why: 'a person opened it again' },
  {
    when: { group: 'obsolete', proposal: 'open', branch: 'edited', told: false },
    step: 'tell',
    why: 'nothing is left to propose, and a person pushed to it',
  },
  { when: { group: 'obsolete', proposal: 'open', branch: 'edited' }, step: 'leave', why: 'a person pushed to it' },
  {
    when: { group: 'obsolete', proposal: 'open', regrouped: true },
    step: 'close',
    why: 'its changes are proposed in other groups now',
  },
  {
    when: { group: 'obsolete', proposal: 'open' },
    step: 'close',
    why: 'nothing is left to propose: the files have it already, or the rules no longer ask for it',
  },
  { when: { group: 'obsolete', branch: untouched }, step: 'clean', why: 'its proposal is closed' },
  { when: { group: 'obsolete' }, step: 'nothing', why: 'nothing is left to propose' },

  {
    when: { group: 'waiting', proposal: isOpen },
    step: 'keep',
    why: 'what it is about is held back, or could not be looked up today',
  },
  { when: { group: 'waiting', branch: untouched }, step: 'clean', why: 'what it was about is held back' },
  {
    when: { group: 'waiting' },
    step: 'nothing',
    why: 'what it is about is held back, or could not be looked up today',
  },

  {
    when: { proposal: isOpen, branch: 'edited', change: ['same', 'silent'] },
    step: 'leave',
    why: 'a person pushed to it',
  },
  {
    when: { proposal: isOpen, branch: 'edited', told: true },
    step: 'leave',
    why: 'a person pushed to it, and knows of the newer target',
  },
  {
    when: { proposal: isOpen, branch: 'edited' },
    step: 'tell',
    why: 'there is a newer target, and a person pushed to it',
  },
  { when: { proposal: isOpen, branch: ['none', 'empty'] }, step: 'rewrite', why: 'its branch lost our commit' },
  { when: { proposal: isOpen, asked: 'rebase' }, step: 'rewrite', why: 'somebody asked for it' },
  { when: { proposal: isOpen, conflicts: true }, step: 'rewrite', why: 'it conflicted with its base' },
  {
    when: { proposal: isOpen, change: 'same', marker: 'stale' },
    step: 'relabel',
    why: 'its text was not what the branch holds',
  },
  { when: { proposal: isOpen, change: 'same' }, step: 'keep', why: 'it proposes what it should' },
  { when: { proposal: isOpen, change: 'now' }, step: 'rewrite', why: 'its target moved on, and that matters' },
  { when: { proposal: isOpen, asked: 'recheck' }, step: 'rewrite', why: 'somebody asked for it' },
  {
    when: { proposal: isOpen, change: 'batch', room: 'window' },
    step: 'hold-window',
    why: 'its target moved on; that goes into the next batch',
  },
  { when: { proposal: isOpen, change: 'batch' }, step: 'rewrite', why: 'its target moved on, and its batch is due' },
  { when: { proposal: isOpen }, step: 'keep', why: 'its target moved on, and nothing in that matters' },

  {
    when: { proposal: over, branch: 'edited' },
    step: 'leave',
    why: 'a person pushed to its branch, and there is no open proposal',
  },
  {
    when: { proposal: over, news: 'closed', branch: untouched },
    step: 'clean',
    why: 'a person closed it, and there is nothing new since',
  },
  {
    when: { proposal: over, news: 'closed' },
    step: 'nothing',
    why: 'a person closed it, and there is nothing new since',
  },
  {
    when: { proposal: 'none', branch: 'ours', change: 'same' },
    step: 'open',
    why: 'its branch had no proposal yet',
  },
  { when: { proposal: 'none', branch: 'ours' }, step: 'rewrite', why: 'its branch had no proposal yet' },
  { when: { proposal: over, room: 'limit', branch: untouched }, step: 'clean', why: 'its proposal is closed' },
  { when: { proposal: over, room: 'window', branch: untouched }, step: 'clean', why: 'its proposal is closed' },
  {
    when: { proposal: over, room: 'limit' },
    step: 'hold-limit',
    why: 'as many proposals as the limits allow are open, or were opened in this run',
  },
  {
    when: { proposal: over, room: 'window' },
    step: 'hold-window',
    why: 'the batch of this period was proposed before',
  },
  { when: { proposal: over, branch: untouched }, step: 'rewrite', why: 'there is something new to propose' },
  { when: { proposal: over }, step: 'create', why: 'there is something to propose' },
];

/** What is to be done. Pure. */
export function nextStep(situation: Situation): Row {
  const row = table.find(({ when }) => fits(when, situation));
  if (row === undefined) throw new Error(`no row for ${JSON.stringify(situation)}`);
  return row;
}

function fits(when: Row['when'], situation: Situation): boolean {
  return Object.entries(when).every(([name, allowed]) => {
    const value = situation[name as keyof Situation];
    return Array.isArray(allowed) ? allowed.includes(value) : allowed === value;
  });
}
