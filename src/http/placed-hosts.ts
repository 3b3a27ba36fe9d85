import { sleep } from '../core/time/clock.ts';
import { Gate } from './gate.ts';
import type { HostPace, SharedHosts } from './host.ts';
import { Pace } from './pace.ts';

/** Where processes agree about hosts. Every method rejects when nobody answers there. */
export interface HostPlaces {
  /** A free place at a host with so many, none of those that are held; undefined: others have them all. */
  take(host: string, width: number, held: readonly number[]): Promise<number | undefined>;
  give(host: string, place: number): Promise<void>;
  /** The next so many milliseconds of a host are ours: how long until they begin. */
  lease(host: string, milliseconds: number): Promise<number>;
}

/** Between two attempts to get a place that others have; milliseconds, and as many again at most by chance. */
const patience = 15;
/** A place that nobody needs is kept for so long, since the next request usually comes; milliseconds. */
const idleFor = 40;
/** After so many requests a place is given back, so that others have their turn. */
const turns = 40;
/** Starts that are taken at once. */
const startsAtOnce = 10;
/** Starts are forgotten when they are so old; milliseconds. */
const stale = 1000;

/** Hosts that several processes ask: each request under way has a place that no other process has at the same time. */
export class PlacedHosts implements SharedHosts {
  readonly #places: HostPlaces;

  constructor(places: HostPlaces) {
    this.#places = places;
  }

  gate(host: string, width: number): Pick<Gate, 'enter' | 'leave'> {
    return new SharedGate(width, {
      take: (held) => this.#places.take(host, width, held),
      give: (place) => this.#places.give(host, place),
    });
  }

  pace(host: string, rate: number | undefined): HostPace {
    if (rate === undefined) return new Pace(undefined);
    return new SharedPace(rate, (milliseconds) => this.#places.lease(host, milliseconds));
  }
}

interface Places {
  /** A free place that is none of these; undefined: others have them all. */
  take(held: readonly number[]): Promise<number | undefined>;
  give(place: number): Promise<void>;
}

/** A place that is ours, and how many requests have had it. */
interface Held {
  readonly place: number;
  uses: number;
  timer?: NodeJS.Timeout;
}

/** As many inside as places are held; who waits is let in by whoever leaves, or by a place that becomes free. */
class SharedGate {
  readonly #local: Gate;
  readonly #places: Places;
  readonly #free: Held[] = [];
  readonly #inside: Held[] = [];
  #waiting: { readonly enter: () => void; readonly refuse: (error: unknown) => void }[] = [];
  #isTaking = false;

  constructor(width: number, places: Places) {
    this.#local = new Gate(width);
    this.#places = places;
  }

  async enter(signal?: AbortSignal): Promise<void> {
    await this.#local.enter(signal);
    const free = this.#free.pop();
    if (free !== undefined) {
      clearTimeout(free.timer);
      this.#inside.push(free);
      return;
    }
    try {
      await new Promise<void>((enter, refuse) => {
        this.#waiting.push({ enter, refuse });
        void this.#take(signal);
      });
    } catch (error) {
      this.#local.leave();
      throw error;
    }
  }

  leave(): void {
    const held = this.#inside.shift();
    this.#local.leave();
    if (held === undefined) return;
    held.uses++;
    const isOver = held.uses >= turns;
    const next = isOver ? undefined : this.#waiting.shift();
    if (next !== undefined) {
      this.#inside.push(held);
      next.enter();
      return;
    }
    if (isOver) return void this.#places.give(held.place).catch(() => undefined);
    held.timer = setTimeout(() => {
      this.#free.splice(this.#free.indexOf(held), 1);
      void this.#places.give(held.place).catch(() => undefined);
    }, idleFor);
    this.#free.push(held);
  }

  /** One question at a time, until nobody waits. */
  async #take(signal: AbortSignal | undefined): Promise<void> {
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      while (this.#waiting.length > 0) {
        signal?.throwIfAborted();
        const place = await this.#places.take([...this.#inside, ...this.#free].map((one) => one.place));
        if (place === undefined) {
          await sleep(patience * (1 + Math.random()), signal);
          continue;
        }
        const next = this.#waiting.shift();
        if (next === undefined) {
          await this.#places.give(place);
          continue;
        }
        this.#inside.push({ place, uses: 0 });
        next.enter();
      }
    } catch (error) {
      for (const { refuse } of this.#waiting.splice(0)) refuse(error);
    } finally {
      this.#isTaking = false;
    }
  }
}

/** Takes some starts at once, and hands them out one by one. */
class SharedPace implements HostPace {
  readonly #interval: number;
  readonly #lease: (milliseconds: number) => Promise<number>;
  readonly #own: Pace;
  #left = 0;
  #next = 0;
  #leasing: Promise<void> | undefined;

  constructor(rate: number, lease: (milliseconds: number) => Promise<number>) {
    this.#interval = 1000 / rate;
    this.#lease = lease;
    this.#own = new Pace(undefined);
  }

  async take(): Promise<number> {
    // Starts that nobody took in time are gone: they would leave all at once.
    if (this.#next < performance.now() - stale) this.#left = 0;
    while (this.#left === 0) {
      this.#leasing ??= this.#lease(this.#interval * startsAtOnce)
        .then((wait) => {
          this.#next = performance.now() + wait;
          this.#left = startsAtOnce;
        })
        .finally(() => {
          this.#leasing = undefined;
        });
      await this.#leasing;
    }
    this.#left--;
    const at = this.#next;
    this.#next += this.#interval;
    return Math.max(0, at - performance.now(), this.#own.take());
  }

  added(milliseconds: number): number {
    return this.#own.added(milliseconds);
  }

  quiet(milliseconds: number): void {
    this.#own.quiet(milliseconds);
  }
}
