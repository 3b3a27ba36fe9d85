import type { Gate } from '../../../core/redeploy.ts';
import { sleep } from '../../../core/time/clock.ts';
import { type Fields, optional, text } from '../../connection/answer-fields.ts';
import type { Inspected } from './inspected.ts';

/** A gate, and how long it may take. */
export interface TimedGate {
  readonly gate: Gate;
  /** Seconds. Of a healthcheck at most, else as long as it takes. */
  readonly seconds: number;
}

/** How a container has to hold where nobody says otherwise: long enough to meet most things that go wrong at a start. */
const usual = { kind: 'running', seconds: 120 } as const;

/** Seconds that a healthcheck gets at least. */
const leastHealth = 60;

/** What a healthcheck does where nothing is said (moby, daemon/health.go), in seconds. */
const defaults = { Interval: 30, Timeout: 30, Retries: 3, StartPeriod: 0 };

/** Does it say whether the container is healthy? `NONE` takes away that of an image. */
export function hasHealthcheck(healthcheck: unknown): boolean {
  const test = optional(healthcheck)?.['Test'];
  return Array.isArray(test) && test.length > 0 && text(test[0]) !== 'NONE';
}

/**
 * The gate for a container with this healthcheck, or why there is none, as a sentence. The time of a healthcheck is what it takes to
 * fail by its own settings. Pure.
 */
export function timedGate(wanted: Gate | undefined, healthcheck: unknown, timeout: number): TimedGate | string {
  const gate = wanted ?? (hasHealthcheck(healthcheck) ? ({ kind: 'health' } as const) : usual);
  if (gate.kind === 'health' && !hasHealthcheck(healthcheck)) return 'its gate is health, and it has no healthcheck';
  const seconds =
    gate.kind === 'none' ? 0 : gate.kind === 'running' ? gate.seconds : healthTime(optional(healthcheck) ?? {});
  if (seconds > timeout)
    return `its gate may take ${Math.ceil(seconds)} s, and gate.timeout is ${timeout} s: raise that, or choose another gate`;
  return { gate, seconds };
}

function healthTime(healthcheck: Fields): number {
  // Nanoseconds.
  const part = (key: 'Interval' | 'Timeout' | 'StartPeriod'): number =>
    Number(healthcheck[key] || 0) / 1e9 || defaults[key];
  const retries = Number(healthcheck['Retries'] || 0) || defaults.Retries;
  return Math.max(leastHealth, part('StartPeriod') + (retries + 1) * (part('Interval') + part('Timeout')));
}

/** As it is written in rules and labels. */
export function gateWord(gate: Gate): string {
  return gate.kind === 'running' ? `running=${gate.seconds}s` : gate.kind;
}

/** Undefined for what is none. */
export function parseGateWord(word: string): Gate | undefined {
  const [, seconds] = /^running=(\d+(?:\.\d+)?)s$/.exec(word) ?? [];
  if (seconds !== undefined) return { kind: 'running', seconds: Number(seconds) };
  return word === 'health' || word === 'none' ? { kind: word } : undefined;
}

/** How it stands with a container at its gate. */
export type Standing =
  | { readonly is: 'passed' }
  | { readonly is: 'failed'; readonly why: string }
  | { readonly is: 'open' };

/** Judges one look at a container that has been up for so many seconds. Pure. */
export function standing(container: Inspected | undefined, { gate, seconds }: TimedGate, elapsed: number): Standing {
  const failed = (why: string): Standing => ({ is: 'failed', why });
  if (container === undefined) return failed('the new container is gone');
  const { restartCount, status, isRunning, exitCode, health } = container;
  if (restartCount > 0 || status === 'restarting') return failed('the new container ended and was started again');
  if (!isRunning) return failed(`the new container ended with exit code ${exitCode}`);
  switch (gate.kind) {
    case 'none':
      return { is: 'passed' };
    case 'running':
      return elapsed >= seconds ? { is: 'passed' } : { is: 'open' };
    case 'health':
      if (health === 'healthy') return { is: 'passed' };
      if (health === 'unhealthy') return failed('the new container is unhealthy');
      return elapsed > seconds
        ? failed(`the new container was still starting after ${Math.ceil(seconds)} s`)
        : { is: 'open' };
  }
}

/** How often is looked, at most and at least, in milliseconds. */
const pause = { most: 1000, least: 20 };

/** Watches until the gate is passed or failed; undefined: `stopping` said so before. `wake`: it is worth asking that now. */
export async function watchGate(
  look: () => Promise<Inspected | undefined>,
  timed: TimedGate,
  stopping: () => boolean,
  wake?: AbortSignal,
): Promise<Exclude<Standing, { is: 'open' }> | undefined> {
  const begun = performance.now();
  for (;;) {
    if (stopping()) return undefined;
    const elapsed = (performance.now() - begun) / 1000;
    const found = standing(await look(), timed, elapsed);
    if (found.is !== 'open') return found;
    const left = (timed.seconds - elapsed) * 1000;
    const wait = Math.max(pause.least, Math.min(pause.most, timed.gate.kind === 'health' ? pause.most / 4 : left));
    await sleep(wait, wake).catch(() => undefined);
  }
}
