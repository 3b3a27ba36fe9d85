import { limits } from '../core/limits/limits.ts';
import { Breaker } from './breaker.ts';
import type { Gate } from './gate.ts';
import type { Pace } from './pace.ts';

/** How one host may be asked, and whether it is there: for as long as the process lives. */
export class Host {
  readonly gate: Pick<Gate, 'enter' | 'leave'>;
  readonly pace: HostPace;
  readonly breaker = new Breaker();

  constructor(gate: Pick<Gate, 'enter' | 'leave'>, pace: HostPace) {
    this.gate = gate;
    this.pace = pace;
  }
}

/** A {@link Pace}, of which several processes may know. */
export type HostPace = Pick<Pace, 'added' | 'quiet'> & { take(): number | Promise<number> };

/** What processes that ask the same hosts agree on: how many requests are under way in all of them, and when the next may leave. */
export interface SharedHosts {
  gate(host: string, width: number): Pick<Gate, 'enter' | 'leave'>;
  pace(host: string, rate: number | undefined): HostPace;
}

/** What one run has asked of a host, and what patience it has left. */
export class HostOfRun {
  readonly host: Host;
  #asked = 0;
  #retried = 0;
  #quiet = 0;
  #slow = 0;

  constructor(host: Host) {
    this.host = host;
    host.breaker.begin();
  }

  asked(): void {
    this.#asked++;
  }

  /** Why the host is not asked now, in words, or undefined: then ask it, and report to the breaker how that ended. */
  refusal(): string | undefined {
    if (this.#slow < limits.host.slowBodies.most) return this.host.breaker.refusal();
    return `not asked any more, because ${this.#slow} of its answers came too slowly to be waited for`;
  }

  /**
   * The host asks for quiet: then nobody asks it for that long. False when it has had two minutes of that already: whatever
   * else it is asked fails at once, and the rest of the run does not wait for it.
   */
  quiet(milliseconds: number): boolean {
    const added = this.host.pace.added(milliseconds);
    if (this.#quiet + added > limits.host.quiet.most) return false;
    this.#quiet += added;
    this.host.pace.quiet(milliseconds);
    return true;
  }

  /** One of its bodies came too slowly to be waited for. */
  slow(): void {
    this.#slow++;
  }

  /**
   * May a request be tried once more? A host in trouble is not helped by several times the requests: beyond a handful,
   * second attempts are at most two for every five requests.
   */
  retry(): boolean {
    if (this.#retried >= limits.host.retries.most + this.#asked * 0.4) return false;
    this.#retried++;
    return true;
  }
}
