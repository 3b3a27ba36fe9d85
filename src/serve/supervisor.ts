import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { messageOf } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { RedeployOutcome } from '../core/redeploy.ts';
import type { RunTargets } from '../core/run-record.ts';
import type { Clock } from '../core/time/clock.ts';
import type { RunTrigger, Store } from '../state/store.ts';
import { Counts } from './counts.ts';
import type { DaemonFacts, WaitingMove } from './page.ts';
import type { Schedule } from './schedule.ts';

/** A run that waits for its turn. */
interface WaitingRun {
  /** What it was asked for with. */
  readonly key: string;
  readonly number: number;
  readonly trigger: RunTrigger;
  readonly targeted?: RunTargets;
}

type Waiting = WaitingRun | WaitingMove;

interface UnderWay {
  readonly work: Waiting;
  readonly child: ChildProcess;
  readonly since: number;
}

/** What a supervisor works with. */
export interface SupervisorDependencies {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The program and the words before those of `run`. */
  readonly command: readonly [program: string, ...words: string[]];
  /** Words of every run: where state and cache are. */
  readonly words: readonly string[];
  /** Workers make the runs, here or elsewhere; default: a process of our own does. */
  readonly isShared?: boolean;
  /** Of every run: its secrets, its proxy. */
  readonly environment: NodeJS.ProcessEnv;
  /** The configuration in force, which may not be what its file says by now; absent: there is none. */
  config(): { readonly file: string; readonly text: string } | undefined;
}

/** The name under which it is kept when a run was due last. */
const scheduleName = 'run';

/**
 * Has runs made, one at a time, each by a process of its own: memory goes back when it ends, and one that dies is a line in
 * the list of runs. What is due while a run is under way is made once afterwards. It decides by times of its own clock alone,
 * looked at every few seconds, so that a clock that jumps neither skips nor repeats more than one.
 */
export class Supervisor {
  /** What has happened since it was made. */
  readonly counts = new Counts();
  readonly #deps: SupervisorDependencies;
  #schedule: Schedule | undefined;
  readonly #waiting: Waiting[] = [];
  /** Numbers of runs that have not begun, by what they were asked for with. */
  readonly #asked = new Map<string, Promise<number>>();
  #underWay: UnderWay | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What became of work, the oldest first, as long as the state has not taken it. */
  readonly #untold: (() => Promise<void>)[] = [];
  #isStopping = false;
  #lastHook = Number.NEGATIVE_INFINITY;
  #ended: (() => void) | undefined;

  constructor(schedule: Schedule | undefined, deps: SupervisorDependencies) {
    this.#schedule = schedule;
    this.#deps = deps;
  }

  /** Begins to look at the clock. A run that was due while nobody was there is made once; the first start makes none. */
  async start(): Promise<void> {
    const { store, clock } = this.#deps;
    await this.#takeUp(clock.now());
    if ((await store.daemon.due(scheduleName)) === undefined) await store.daemon.setDue(scheduleName, clock.now());
    await this.#tick();
  }

  /** Another time table; what is under way goes on. */
  reschedule(schedule: Schedule | undefined): void {
    this.#schedule = schedule;
  }

  /** A run as soon as there is none under way; returns its number. Who asks for what waits already gets the number of that. */
  request(trigger: RunTrigger, targeted?: RunTargets): Promise<number> {
    const key = JSON.stringify([
      trigger,
      [...(targeted?.references ?? [])].sort(),
      [...(targeted?.scopes ?? [])].sort(),
    ]);
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    const number = this.#queue(key, trigger, targeted);
    this.#asked.set(key, number);
    number.catch(() => this.#asked.delete(key));
    return number;
  }

  async #queue(key: string, trigger: RunTrigger, targeted: RunTargets | undefined): Promise<number> {
    const at = this.#deps.clock.now();
    const number = await this.#deps.store.queueRun({ trigger, at, ...(targeted && { targeted }) });
    this.#waiting.push({ key, number, trigger, ...(targeted && { targeted }) });
    void this.#next();
    return number;
  }

  /** A move as soon as nothing else is under way. False: the same waits already, or is under way. */
  move(move: WaitingMove): boolean {
    const { what, engine, name } = move;
    if (this.#moves.some((one) => one.what === what && one.engine === engine && one.name === name)) return false;
    this.#waiting.push(move);
    void this.#next();
    return true;
  }

  /** Moves that wait, or are under way. */
  get #moves(): readonly WaitingMove[] {
    const all = [...(this.#underWay ? [this.#underWay.work] : []), ...this.#waiting];
    return all.filter((one) => 'what' in one);
  }

  /** What a page says of it. */
  facts(): Pick<DaemonFacts, 'next' | 'running' | 'moves'> {
    const next = this.#schedule?.next(this.#deps.clock.now());
    return {
      moves: this.#moves,
      ...(next !== undefined && { next }),
      ...(this.#underWay && {
        running: {
          since: this.#underWay.since,
          ...('what' in this.#underWay.work
            ? { trigger: 'person', scope: 'targets' as const }
            : {
                trigger: this.#underWay.work.trigger,
                scope: this.#underWay.work.targeted === undefined ? ('all' as const) : ('targets' as const),
              }),
        },
      }),
    };
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Begins nothing more, waits for what is under way, and ends it when that takes too long. Was a run cut off? */
  async stop(): Promise<boolean> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    const at = this.#deps.clock.now();
    for (const one of this.#waiting.splice(0)) {
      if (!('number' in one)) continue;
      this.#untold.push(() => this.#deps.store.endRun(one.number, { finishedAt: at, outcome: 'aborted' }));
    }
    await this.#keepAll();
    const { child } = this.#underWay ?? {};
    if (child === undefined) return false;
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    const grace = setTimeout(() => child.kill('SIGTERM'), limits.serve.grace.most);
    const end = setTimeout(() => child.kill('SIGKILL'), 2 * limits.serve.grace.most);
    await ended;
    clearTimeout(grace);
    clearTimeout(end);
    return child.signalCode !== null || child.exitCode === 143;
  }

  /** Runs of a daemon that is gone have ended with it; what was asked for is asked for again. */
  async #takeUp(now: number): Promise<void> {
    const { store } = this.#deps;
    const left = (await store.runs(limits.report.pageRows.most)).filter(
      ({ outcome, trigger }) => outcome === undefined && trigger !== 'cli',
    );
    for (const { id, trigger, targeted } of left) {
      // Workers have gone on with it.
      if (((await store.shared?.parts(id))?.phase ?? 'done') !== 'done') continue;
      const source = trigger === 'person' ? 'person' : 'hook';
      const references = [...(targeted?.references ?? [])];
      await store.daemon.addRechecks(references.map((reference) => ({ reference, requested: now, source })));
      await store.endRun(id, { finishedAt: now, outcome: 'aborted' });
    }
  }

  async #tick(): Promise<void> {
    if (this.#isStopping) return;
    const { clock, logger } = this.#deps;
    const now = clock.now();
    try {
      await this.#keepAll();
      await this.#obeySchedule(now);
      await this.#emptyInbox(now);
    } catch (error) {
      logger.error(`the schedule could not be looked at: ${messageOf(error)}`);
    }
    this.#timer = setTimeout(() => void this.#tick(), limits.serve.tick.most);
  }

  async #obeySchedule(now: number): Promise<void> {
    const last = this.#schedule?.last(now);
    if (last === undefined) return;
    const { daemon } = this.#deps.store;
    const obeyed = await daemon.due(scheduleName);
    // A time that is yet to come was kept by a clock that ran ahead.
    if (obeyed !== undefined && obeyed > now) return daemon.setDue(scheduleName, now);
    if (obeyed !== undefined && last <= obeyed) return;
    const isAbout = (one: Waiting): boolean => 'number' in one && one.targeted === undefined;
    if (this.#waiting.some(isAbout) || (this.#underWay && isAbout(this.#underWay.work))) {
      this.#deps.logger.warn('a run is due while one is under way: it is left out');
    } else {
      // Before it counts as obeyed: a state that is away by then must not cost a run.
      await this.request('schedule');
    }
    await daemon.setDue(scheduleName, last);
  }

  /** What hooks said: one run for all that is asked for when it has been quiet for a moment, and not one after the other. */
  async #emptyInbox(now: number): Promise<void> {
    const { store } = this.#deps;
    const rechecks = await store.daemon.rechecks();
    const [first] = rechecks;
    if (first === undefined || now - this.#lastHook < limits.serve.hookRuns.most) return;
    const newest = Math.max(...rechecks.map(({ requested }) => requested));
    const isQuiet = now - newest >= limits.serve.hookQuiet.most || now - first.requested >= limits.serve.hookWait.most;
    if (!isQuiet && newest <= now) return;
    const references = rechecks.map(({ reference }) => reference);
    // What was answered must not get lost in between: it is asked for twice rather.
    await this.request(first.source === 'person' ? 'person' : 'hook', { references: new Set(references) });
    this.#lastHook = now;
    await store.daemon.removeRechecks(references);
  }

  async #next(): Promise<void> {
    if (this.#underWay !== undefined || this.#isStopping) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    if ('key' in next) this.#asked.delete(next.key);
    const { store, clock, logger, command, words, environment } = this.#deps;
    const [program, ...first] = command;
    const config = this.#deps.config();
    const configured = config === undefined ? [] : ['--config', config.file, '--config-from-stdin'];
    const own = [...wordsOf(next, this.#deps.isShared === true), ...words, ...configured];
    const now = environment['PLIMSOLL_NOW'] ? { PLIMSOLL_NOW: new Date(clock.now()).toISOString() } : {};
    const isMove = 'what' in next;
    const child = spawn(program, [...first, ...own], {
      // The report of a run is for paper; what it has found is in the state. The line to it is how it notices that we are gone.
      stdio: ['pipe', isMove ? 'pipe' : 'ignore', 'pipe', 'ipc'],
      env: { ...environment, ...now },
    });
    // One that has ended already reads nothing: that it ended is told below.
    child.stdin?.on('error', () => undefined).end(config?.text ?? '');
    this.#underWay = { work: next, child, since: clock.now() };
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      if (said.length < limits.serve.formBody.most) said += chunk.toString('utf8');
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), limits.serve.run.most);
    limit.unref();
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      complaint = (complaint + chunk.toString('utf8')).slice(-limits.serve.complaint.most);
    });
    const code = new Promise<number>((resolve) => {
      child.once('error', (error) => {
        logger.error(`the run could not be started: ${error.message}`);
        resolve(3);
      });
      child.once('close', (exit, signal) => resolve(exit ?? 128 + constants.signals[signal ?? 'SIGKILL']));
    });
    if (!('what' in next)) {
      await store.beginRun(next.number, clock.now()).catch((error: unknown) => {
        logger.error(`that the run began could not be kept: ${messageOf(error)}`);
      });
    }
    const exit = await code;
    clearTimeout(limit);
    const at = clock.now();
    this.#untold.push(() =>
      'what' in next ? this.#keepMove(next, at, exit, said) : this.#finish(next.number, at, exit, complaint),
    );
    await this.#keepAll();
    this.#underWay = undefined;
    this.#ended?.();
    void this.#next();
  }

  /** Keeps what became of work; what the state does not take now, it takes when it answers again. */
  async #keepAll(): Promise<void> {
    for (let [keep] = this.#untold; keep !== undefined; [keep] = this.#untold) {
      try {
        await keep();
      } catch (error) {
        this.#deps.logger.error(`what became of the run could not be kept yet: ${messageOf(error)}`);
        return;
      }
      this.#untold.shift();
    }
  }

  /** What came of a move is in the list of what people did. */
  async #keepMove({ what, engine, name, person }: WaitingMove, at: number, exit: number, said: string): Promise<void> {
    const outcome = outcomeIn(said) ?? `it ended with exit code ${exit}`;
    const subject = `${engine}/${name}: ${outcome}`;
    await this.#deps.store.daemon.audit({ at, person, action: what, subject });
  }

  /** A run that came to its end has said so itself. */
  async #finish(number: number, at: number, exit: number, complaint: string): Promise<void> {
    const { store, logger } = this.#deps;
    if ((await store.run(number))?.outcome === undefined) {
      const outcome = exit === 143 || exit === 130 ? 'aborted' : 'failed';
      if (outcome === 'failed') logger.error(`the run ended with exit code ${exit} and left nothing behind`);
      const message = complaintIn(complaint) ?? `it ended with exit code ${exit} and said nothing`;
      const problem = outcome === 'failed' && { problem: { code: 'run-failed', message } as const };
      await store.endRun(number, { finishedAt: at, outcome, exit, ...problem });
    }
    const ended = await store.run(number);
    if (ended !== undefined) this.counts.run(ended);
  }
}

/** The words of the command that does it. */
function wordsOf(next: Waiting, isShared: boolean): readonly string[] {
  if ('what' in next) return [next.what, `${next.engine}:${next.name}`, '--format', 'json'];
  const { references = [], scopes = [] } = next.targeted ?? {};
  const about = [...references].flatMap((one) => ['--reference', one]);
  const within = [...scopes].flatMap((one) => ['--scope', one]);
  const command = isShared ? ['enqueue', '--wait'] : ['run'];
  return [...command, '--trigger', next.trigger, '--number', String(next.number), ...about, ...within];
}

/** The last sentence with which a command ends that cannot go on, as text or as a line of JSON. */
function complaintIn(said: string): string | undefined {
  const found = said.split('\n').flatMap((line) => {
    if (line.startsWith('plimsoll: ')) return line.slice('plimsoll: '.length).trim();
    const [, message] = /"level":"error","message":("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
    return message === undefined ? [] : (JSON.parse(message) as string);
  });
  return found.at(-1);
}

/** `moved: it passed its gate`; undefined where it said nothing. */
function outcomeIn(said: string): string | undefined {
  try {
    const { outcomes } = JSON.parse(said) as { readonly outcomes: readonly RedeployOutcome[] };
    return outcomes.map(({ outcome, reason }) => `${outcome}: ${reason}`).join('; ') || undefined;
  } catch {
    return undefined;
  }
}
