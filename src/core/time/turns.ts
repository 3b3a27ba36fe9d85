/*
 * src/core/time/
 *
 * Time: the only clock (clock.ts), periods of the calendar (batch.ts, cron.ts, week.ts, day.ts, local-time.ts), the end
 * of a release (end-of-life.ts), and work that gives others a turn (this file) or waits for what many share
 * (waiting-work.ts). A run has one "now" that decides; a clock tells how long something took and nothing else.
 * Begin with clock.ts for what "now" is, with this file before writing a loop over content from outside.
 */

/**
 * Content from outside can be large, and nothing else happens while this thread works on it: no deadline passes, no
 * signal is heard. So such work is done in turns, each of them short, with the event loop in between.
 */

/** Work that says by `yield` where it may be interrupted, and returns what comes of it. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Milliseconds of this thread's processor time for one turn. Two of them and one step stay far below what is noticed. */
const turnTime = 20;

/** Processor time of this thread when the current turn began, in milliseconds. */
let began = 0;
/** When the current turn can be over at the earliest: no thread works longer than time passes. */
let notBefore = 0;
let isBeginning = false;
/** Who waits for a turn. They share one as long as it lasts: many short ones behind each other are a long one. */
const waiting: (() => void)[] = [];

/** Has this turn lasted long enough? Costs a look at the clock, and a system call now and then: ask every few dozen rounds. */
export function isTurnOver(): boolean {
  const now = performance.now();
  if (now < notBefore) return false;
  const left = turnTime - (threadTime() - began);
  notBefore = now + left;
  return left <= 0;
}

/** Resolves in a turn of the event loop that is not over. Throws the signal's reason when it has aborted meanwhile. */
export async function nextTurn(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    inNextTurn();
  });
  signal?.throwIfAborted();
}

/** What one has to do runs before the next is let on: promises settle between two immediates. */
function inNextTurn(): void {
  if (!isBeginning) setImmediate(beginTurn);
  isBeginning = true;
  setImmediate(letOneOn);
}

function beginTurn(): void {
  isBeginning = false;
  began = threadTime();
  notBefore = performance.now() + turnTime;
}

function letOneOn(): void {
  if (isTurnOver()) inNextTurn();
  else waiting.shift()?.();
}

/** Does the work in turns. Throws what it throws, and the signal's reason when that aborts on the way. */
export async function inTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (isTurnOver()) await nextTurn(signal);
  }
}

/** Does the work in one go, for those who have nothing else to do. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** So many values are sorted in one step: comparing two versions takes as long as they are, up to a tenth of a second for all. */
const sortedPerStep = 512;
/** Lines are compared thousands of times as fast. */
const linesPerStep = 65_536;

/** The values in order, equal ones as they stood. */
export function* sorted<T>(values: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const runs: T[][] = [];
  for (let start = 0; start < values.length; start += sortedPerStep) {
    runs.push(values.slice(start, start + sortedPerStep).sort(compare));
    yield;
  }
  return yield* mergeAll(runs, compare);
}

/** Lines in the order of code units, as `sort()` has it. */
export function* sortedLines(lines: readonly string[]): Steps<string[]> {
  const runs: string[][] = [];
  for (let start = 0; start < lines.length; start += linesPerStep) {
    runs.push(lines.slice(start, start + linesPerStep).sort());
    yield;
  }
  return yield* mergeAll(runs, byCodeUnits);
}

function* mergeAll<T>(sortedRuns: T[][], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs = sortedRuns;
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const [left = [], right = []] = [runs[i], runs[i + 1]];
      merged.push(right.length === 0 ? left : yield* merge(left, right, compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const all: T[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    const [a, b] = [left[i] as T, right[j] as T];
    if (compare(a, b) <= 0) {
      all.push(a);
      i++;
    } else {
      all.push(b);
      j++;
    }
    if (all.length % sortedPerStep === 0) yield;
  }
  for (; i < left.length; i++) all.push(left[i] as T);
  for (; j < right.length; j++) all.push(right[j] as T);
  return all;
}

/** The lines as one text, without an end of line after the last. */
export function* joined(lines: readonly string[]): Steps<string> {
  const parts: string[] = [];
  for (let start = 0; start < lines.length; start += linesPerStep) {
    parts.push(lines.slice(start, start + linesPerStep).join('\n'));
    yield;
  }
  return parts.join('\n');
}

/** In the order of code units, as `sort()` has it. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
