import { limits } from '../core/limits/limits.ts';
import { Breaker } from './breaker.ts';
import { Gate } from './gate.ts';
import { Pace } from './pace.ts';

/** What a client remembers about one host: who is inside, how fast it may be asked, whether it is there. */
export class Host {
  readonly gate: Gate;
  readonly pace: Pace;
  readonly breaker = new Breaker();
  #asked = 0;
  #retried = 0;
  #quiet = 0;
  #slow = 0;

  constructor(limits: { width: number; rate: number | undefined; signal: AbortSignal | undefined }) {
    this.gate = new Gate(limits.width, limits.signal);
    this.pace = new Pace(limits.rate);
  }

  asked(): void {
    this.#asked++;
  }

  /**
   * The host asks for quiet: then nobody asks it for that long. False when it has had two minutes of that already: whatever
   * else it is asked fails at once, and the rest of the run does not wait for it.
   */
  quiet(milliseconds: number): boolean {
    const added = this.pace.added(milliseconds);
    if (this.#quiet + added > limits.host.quiet.most) return false;
    this.#quiet += added;
    this.pace.quiet(milliseconds);
    return true;
  }

  /** One of its bodies came too slowly to be waited for. */
  slow(): void {
    if (++this.#slow >= limits.host.slowBodies.most)
      this.breaker.giveUp(`${this.#slow} of its answers came too slowly to be waited for`);
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
