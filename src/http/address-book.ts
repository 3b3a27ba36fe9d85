import { type LookupAddress, lookup } from 'node:dns';
import { limits } from '../core/limits.ts';

/**
 * Asks the system for the addresses of names. The system does that in four threads, and a resolver that is silent holds
 * each of them for ten seconds and more; so there is one question per name at a time, however many wait for the answer.
 */
export class AddressBook {
  readonly #asked = new Map<string, Promise<LookupAddress[]>>();

  /** Rejects with the system's error, or with the code EAI_AGAIN after four seconds. */
  of(name: string): Promise<LookupAddress[]> {
    const asked = this.#asked.get(name);
    if (asked !== undefined) return asked;
    const answer = new Promise<LookupAddress[]>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#asked.delete(name);
        reject(
          Object.assign(new Error(`no addresses of ${name} within ${limits.host.name.most / 1000} s`), {
            code: 'EAI_AGAIN',
          }),
        );
      }, limits.host.name.most);
      lookup(name, { all: true }, (error, addresses) => {
        clearTimeout(timer);
        if (this.#asked.get(name) === answer) this.#asked.delete(name);
        if (error) reject(error);
        else resolve(addresses);
      });
    });
    this.#asked.set(name, answer);
    return answer;
  }
}
