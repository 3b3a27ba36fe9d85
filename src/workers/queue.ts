import { createHash } from 'node:crypto';
import { type JobWithMetadata, PgBoss } from 'pg-boss';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Connection, Part, PartName } from '../state/postgres/shared-run.ts';

/** A part that was taken from the queue. */
export interface Taken {
  readonly name: PartName;
  /** Its queue gave it up: nobody came to an end with it. */
  readonly isGivenUp: boolean;
  /** Says that somebody is still at it. */
  touch(): Promise<void>;
  /** It is over. */
  done(): Promise<void>;
  /** Somebody else is to do it, unless it was tried too often. */
  giveBack(why: string): Promise<void>;
}

/** Where parts wait for whoever does them: pg-boss, with a queue per configuration, and one for each scope that few serve. */
export class PartQueue {
  readonly #boss: PgBoss;
  readonly #config: string;

  private constructor(boss: PgBoss, config: string) {
    this.#boss = boss;
    this.#config = config;
  }

  /** `config`: hash of the configuration. Rejects when the database cannot be used. */
  static async open(client: object, config: string, scopes: readonly string[], logger: Logger): Promise<PartQueue> {
    const boss = new PgBoss({
      ...client,
      max: 2,
      // Whoever died is noticed within so many seconds beside its silence.
      superviseIntervalSeconds: 2,
      monitorIntervalSeconds: 2,
      schedule: false,
    });
    boss.on('error', (error) => logger.debug('the queue could not be asked', { why: messageOf(error) }));
    try {
      await boss.start();
    } catch (error) {
      if ((error as { code?: string }).code !== '42501') throw error;
      throw new PlimsollError(
        'STATE',
        'this user may not make the schema of the queue: create schema plimsoll_queue authorization USER',
        { cause: error },
      );
    }
    const queue = new PartQueue(boss, config);
    const seconds = (milliseconds: number): number => Math.round(milliseconds / 1000);
    const dead = queue.#nameOf('', 'dead');
    const shared = {
      heartbeatSeconds: seconds(limits.worker.silence.most),
      expireInSeconds: seconds(limits.worker.part.most),
    };
    await boss.createQueue(dead, { ...shared, retryLimit: 1000, retryDelay: 1 });
    for (const scope of ['', ...scopes]) {
      const options = { ...shared, retryLimit: limits.worker.tries.most - 1, retryDelay: 1, deadLetter: dead };
      await boss.createQueue(queue.#nameOf(scope), options);
    }
    return queue;
  }

  /** In the transaction of this connection. */
  async send(connection: Connection, parts: readonly Part[]): Promise<void> {
    const db = { executeSql: (text: string, values?: unknown[]) => connection.query(text, values) };
    for (const [scope, all] of Map.groupBy(parts, (one) => one.scope)) {
      const jobs = all.map(({ run, phase, number }) => ({ data: { run, phase, number } }));
      await this.#boss.insert(this.#nameOf(scope), jobs, { db });
    }
  }

  /** The next part of these scopes, or of nobody's; undefined: nothing is to be done. */
  async take(scopes: readonly string[]): Promise<Taken | undefined> {
    for (const name of [this.#nameOf('', 'dead'), ...scopes.map((one) => this.#nameOf(one)), this.#nameOf('')]) {
      const [job] = await this.#boss.fetch<PartName>(name, { batchSize: 1, includeMetadata: true });
      if (job !== undefined) return this.#taken(name, job);
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }

  #taken(queue: string, { id, data, retryCount }: JobWithMetadata<PartName>): Taken {
    // Of a part that somebody else has by now, nothing is said.
    const attempt = { id, retryCount };
    return {
      name: data,
      isGivenUp: queue === this.#nameOf('', 'dead'),
      touch: async () => void (await this.#boss.touch(queue, attempt)),
      done: async () => void (await this.#boss.complete(queue, attempt)),
      giveBack: async (why) => void (await this.#boss.fail(queue, attempt, { why })),
    };
  }

  /** Names of queues are short, and of few characters. */
  #nameOf(scope: string, kind = 'parts'): string {
    const own = scope === '' ? '' : `.${createHash('sha256').update(scope).digest('hex').slice(0, 16)}`;
    return `${kind}.${this.#config.slice(0, 16)}${own}`;
  }
}
