import { Breaker } from './breaker.ts';
import { Gate } from './gate.ts';
import { Pace } from './pace.ts';

/** Second attempts that any host gets, however few requests it had. */
const freeRetries = 30;

/** What a client remembers about one host: who is inside, how fast it may be asked, whether it is there. */
export class Host {
  readonly gate: Gate;
  readonly pace: Pace;
  readonly breaker = new Breaker();
  #asked = 0;
  #retried = 0;

  constructor(limits: { width: number; rate: number | undefined; signal: AbortSignal | undefined }) {
    this.gate = new Gate(limits.width, limits.signal);
    this.pace = new Pace(limits.rate);
  }

  asked(): void {
    this.#asked++;
  }

  /**
   * May a request be tried once more? A host in trouble is not helped by several times the requests: beyond a handful,
   * second attempts are at most two for every five requests.
   */
  retry(): boolean {
    if (this.#retried >= freeRetries + this.#asked * 0.4) return false;
    this.#retried++;
    return true;
  }
}
