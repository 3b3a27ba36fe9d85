import type { RunTargets } from '../../core/run-record.ts';

/** What a run that several processes make goes through; each begins when the one before it has no open part. */
export const phases = ['scan', 'look', 'inspect', 'judge', 'act', 'finish'] as const;
export type Phase = (typeof phases)[number];

/** A run that several processes make. Times are milliseconds since 1970, by the clock of the database. */
export interface SharedRun {
  readonly number: number;
  /** Of the configuration that it is made with: whoever has another takes no part. */
  readonly config: string;
  /** The time by which it decides. */
  readonly now: number;
  /** What is not looked at by then is not looked at. */
  readonly deadline: number;
  readonly phase: Phase | 'done';
  readonly targeted?: RunTargets;
  /** What phases leave to later ones, as text of theirs. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What names a part. */
export interface PartName {
  readonly run: number;
  readonly phase: Phase;
  /** From 0 on. */
  readonly number: number;
}

/** A part that is to be. `scope`: who does it must serve this; empty: anybody. `work`: text of whoever does it. */
export interface NewPart {
  readonly scope: string;
  readonly work: string;
}

/** A part that is to be done. */
export interface Part extends PartName, NewPart {}

/** What became of a part. */
export type PartEnd =
  | { readonly is: 'done'; readonly result: string; readonly facts?: Readonly<Record<string, string>> }
  | { readonly is: 'failed'; readonly reason: string };

/** A part that is over; `result` absent: it failed, or nobody needs it any more. */
export interface EndedPart extends PartName {
  readonly scope: string;
  readonly work: string;
  readonly result?: string;
  readonly reason?: string;
}

/** How many parts there are of a phase. */
export type PartCounts = Readonly<Record<'open' | 'done' | 'failed', number>>;

/** Something to be looked at, once for all who want it. */
export interface Wanted {
  readonly key: string;
  /** Who is asked. */
  readonly host: string;
  readonly ask: string;
}

/** What the first look said. */
export interface WantedResolution {
  readonly key: string;
  readonly resolution: string;
  /** What has to be looked into: equal ones are looked into once. Absent: nothing. */
  readonly root?: string;
  readonly moved: boolean;
}

/** A process that works. */
export interface SeenWorker {
  readonly name: string;
  readonly config: string;
  readonly serves: readonly string[];
  readonly host: string;
  /** Milliseconds since 1970, by the clock of the database. */
  readonly seen: number;
}

/** What is asked inside the transaction in which a phase ends, to say what the next one consists of. */
export interface PhaseFacts {
  readonly run: SharedRun;
  /** By phase, in the order of their numbers. */
  results(phase: Phase): Promise<readonly EndedPart[]>;
  /** Keys of what is still to be looked at, by host. */
  unresolved(): Promise<readonly { readonly key: string; readonly host: string }[]>;
  /** Keys of what is still to be looked into, with what it is found in; what moved first. */
  unexamined(): Promise<readonly { readonly key: string; readonly root: string; readonly moved: boolean }[]>;
}

/** What a phase consists of; none: it is left out. */
export type PlanPhase = (phase: Phase, facts: PhaseFacts) => Promise<readonly NewPart[]>;

/** Hands parts to the queue, in the transaction of this connection. */
export type SendParts = (connection: Connection, parts: readonly Part[]) => Promise<void>;

/** A connection in a transaction, for whoever has statements of its own. */
export interface Connection {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: Record<string, unknown>[] }>;
}

/** The clock of the database, so that every machine means the same. */
export const clock = '(extract(epoch from clock_timestamp()) * 1000)::int8';

/** A row of `shared_run`. */
export interface Row {
  readonly run: number;
  readonly config: string;
  readonly now: number;
  readonly deadline: number;
  readonly phase: string;
  readonly about: string;
  readonly facts: string;
}

/** The run that a row says. */
export function toRun({ run, config, now, deadline, phase, about, facts }: Row): SharedRun {
  const { references, scopes } = JSON.parse(about) as { references?: string[]; scopes?: string[] };
  const targeted = {
    ...(references && { references: new Set(references) }),
    ...(scopes && { scopes: new Set(scopes) }),
  };
  return {
    number: Number(run),
    config,
    now: Number(now),
    deadline: Number(deadline),
    phase: phase as SharedRun['phase'],
    ...((references || scopes) && { targeted }),
    facts: JSON.parse(facts) as Record<string, string>,
  };
}

/** The part that a row of `part` says. */
export function toEnded(row: Record<string, unknown>): EndedPart {
  return {
    run: Number(row['run']),
    phase: String(row['phase']) as Phase,
    number: Number(row['number']),
    scope: String(row['scope']),
    work: String(row['work']),
    ...(typeof row['result'] === 'string' && { result: row['result'] }),
    ...(typeof row['reason'] === 'string' && { reason: row['reason'] }),
  };
}
