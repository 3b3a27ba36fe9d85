import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../core/limits/limits.ts';
import type { Message } from '../core/message.ts';
import type { Problem } from '../core/problem.ts';
import type { Channel, Part, Posted } from './notifier.ts';

/** What posting with second attempts needs. */
export interface PostingDependencies {
  readonly signal: AbortSignal;
  /** Milliseconds; ends early when the signal does. Default: real time. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Why a channel took something not. */
export interface Failure {
  readonly problem: Problem;
  /** Waiting does not help: a revoked address, a wrong password. */
  readonly permanent: boolean;
}

/** Records what the service took, before anything else is posted. */
type Accepted = (part: Part, receipt: string | undefined) => Promise<void>;

/** What is tried again in this run, and after how long; milliseconds. A service may ask for more, up to the last. */
const pauses = [1000, 5000];

/** Posts to one channel, one part after the other at its pace, and stops at the first that it does not take. */
export class Posting {
  readonly #channel: Channel;
  readonly #deps: PostingDependencies;
  readonly remarks: Problem[] = [];
  sent = 0;
  failure: Failure | undefined;

  constructor(channel: Channel, deps: PostingDependencies) {
    this.#channel = channel;
    this.#deps = deps;
  }

  async message(message: Message, thread: string | undefined, accepted: Accepted): Promise<void> {
    for (const part of this.#channel.render(message)) {
      await this.#part(part, () => this.#channel.post(part, thread), accepted);
    }
  }

  async #part(part: Part, post: () => Promise<Posted>, accepted: Accepted): Promise<void> {
    if (this.failure !== undefined) return;
    if (this.sent > 0) await this.#sleep(this.#channel.pace);
    for (let attempt = 0; ; attempt++) {
      const posted = await post();
      if (posted.kind === 'accepted') {
        await accepted(part, posted.receipt);
        this.sent++;
        if (posted.problem) this.remarks.push(posted.problem);
        return;
      }
      const pause = Math.max(pauses[attempt] ?? Number.POSITIVE_INFINITY, posted.retryAfter ?? 0);
      if (posted.permanent || pause > limits.message.postPause.most || this.#deps.signal.aborted) {
        this.failure = posted;
        return;
      }
      await this.#sleep(pause);
    }
  }

  async #sleep(milliseconds: number): Promise<void> {
    const { sleep, signal } = this.#deps;
    if (sleep) await sleep(milliseconds);
    // A run that is stopped waits for nothing.
    else await wait(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}
