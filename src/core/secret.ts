import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';

/** Text that must never be printed: `toString`, JSON and `util.inspect` show `***`; only `reveal` opens it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

const secretKey = /secret|token|passw|pwd|passphrase|credential|private_?key|api_?key|access_?key|auth/i;

/** Does the name of a variable say that its value is for few? */
export function isSecretKey(name: string): boolean {
  return secretKey.test(name);
}

/** Is the state in PostgreSQL, and this its address? */
export function isAddress(state: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(state);
}

/** Where the state is, for people: an address without its login and what follows `?`. */
export function shownState(state: string): string {
  return isAddress(state) ? state.replace(/^(\w+:\/\/)(?:[^/]*@)?([^?#]*).*$/s, '$1$2') : state;
}

/** `sha256=` and the HMAC-SHA256 (RFC 2104) of `TIMESTAMP.BODY` in hexadecimal; the time in seconds since 1970. */
export function signature(key: Secret, seconds: string, body: string): string {
  return `sha256=${createHmac('sha256', key.reveal()).update(`${seconds}.${body}`).digest('hex')}`;
}
