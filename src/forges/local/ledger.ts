import { limits } from '../../core/limits/limits.ts';

/** A pull request of a local repository, as it is kept. */
export interface LocalProposal {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly comments: readonly string[];
  /** As it was last written down; what people did since is read from the branches. */
  readonly state: 'open' | 'closed' | 'merged';
  /** The commit that we left the branch at. */
  readonly headCommit: string;
  /** RFC 3339. */
  readonly created: string;
  readonly updated: string;
}

/** All of them: the JSON document in the blob that {@link ledgerRef} names. */
export interface Ledger {
  readonly version: 1;
  /** The next number; none is given twice. */
  readonly next: number;
  readonly proposals: readonly LocalProposal[];
}

export const ledgerRef = 'refs/plimsoll/proposals';
export const emptyLedger: Ledger = { version: 1, next: 1, proposals: [] };

/** undefined when the text is not as {@link formatLedger} writes it: nothing of it is guessed. */
export function parseLedger(text: string): Ledger | undefined {
  let value: Partial<Ledger> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  const { version, next, proposals } = value ?? {};
  if (version !== 1 || !Number.isSafeInteger(next) || !Array.isArray(proposals)) return undefined;
  return proposals.every(isProposal) ? (value as Ledger) : undefined;
}

const texts = ['head', 'base', 'title', 'body', 'headCommit', 'created', 'updated'] as const;

function isProposal(value: unknown): value is LocalProposal {
  const one = (value ?? {}) as Partial<Record<keyof LocalProposal, unknown>>;
  return (
    texts.every((key) => typeof one[key] === 'string') &&
    /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(String(one.headCommit)) &&
    Number.isSafeInteger(one.number) &&
    typeof one.draft === 'boolean' &&
    ['open', 'closed', 'merged'].includes(String(one.state)) &&
    isTexts(one.labels) &&
    isTexts(one.comments)
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Readable, for people look into it too. */
export function formatLedger(ledger: Ledger): string {
  const ended = ledger.proposals.filter(({ state }) => state !== 'open').slice(0, -limits.tree.endedProposals.most);
  const old = new Set(ended.map(({ number }) => number));
  const proposals = ledger.proposals.filter(({ number }) => !old.has(number));
  return `${JSON.stringify({ ...ledger, proposals }, undefined, 2)}\n`;
}

/** The same ledger with one proposal changed. */
export function withProposal(
  ledger: Ledger,
  number: number,
  change: (proposal: LocalProposal) => LocalProposal,
): Ledger {
  return { ...ledger, proposals: ledger.proposals.map((one) => (one.number === number ? change(one) : one)) };
}
