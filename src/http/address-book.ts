import { type LookupAddress, lookup } from 'node:dns';
import { limits } from '../core/limits/limits.ts';

/**
 * Asks the system for the addresses of names. The system does that in half of libuv's threads, and a resolver that is silent holds
 * each of them for ten seconds and more; so there is one question per name at a time, however many wait for the answer
 * and however often they have given up.
 */
export class AddressBook {
  /** Until the system has answered. */
  readonly #asked = new Map<string, Promise<LookupAddress[]>>();
  /** Until it has answered, or nobody waits any more. */
  readonly #waiting = new Map<string, Promise<LookupAddress[]>>();

  /** Rejects with the system's error, or with the code EAI_AGAIN after four seconds. */
  of(name: string): Promise<LookupAddress[]> {
    const waiting = this.#waiting.get(name) ?? inTime(name, this.#ask(name)).finally(() => this.#waiting.delete(name));
    this.#waiting.set(name, waiting);
    return waiting;
  }

  #ask(name: string): Promise<LookupAddress[]> {
    const asked = this.#asked.get(name);
    if (asked !== undefined) return asked;
    const { promise, resolve, reject } = Promise.withResolvers<LookupAddress[]>();
    lookup(name, { all: true }, (error, addresses) => {
      this.#asked.delete(name);
      if (error) reject(error);
      else resolve(addresses);
    });
    this.#asked.set(name, promise);
    // Everybody may have given up by then.
    promise.catch(() => undefined);
    return promise;
  }
}

function inTime(name: string, answer: Promise<LookupAddress[]>): Promise<LookupAddress[]> {
  const { promise, resolve, reject } = Promise.withResolvers<LookupAddress[]>();
  const timer = setTimeout(() => {
    const message = `no addresses of ${name} within ${limits.host.name.most / 1000} s`;
    reject(Object.assign(new Error(message), { code: 'EAI_AGAIN' }));
  }, limits.host.name.most);
  answer.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}
