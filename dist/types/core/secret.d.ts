import { inspect } from 'node:util';
/** Text that must never be printed: `toString`, JSON and `util.inspect` show `***`; only `reveal` opens it. */
export declare class Secret {
    #private;
    constructor(text: string);
    reveal(): string;
    toString(): string;
    toJSON(): string;
    [inspect.custom](): string;
}
/** Does the name of a variable say that its value is for few? */
export declare function isSecretKey(name: string): boolean;
/** Is the state in PostgreSQL, and this its address? */
export declare function isAddress(state: string): boolean;
/** Where the state is, for people: an address without its login and what follows `?`. */
export declare function shownState(state: string): string;
/** `sha256=` and the HMAC-SHA256 (RFC 2104) of `TIMESTAMP.BODY` in hexadecimal; the time in seconds since 1970. */
export declare function signature(key: Secret, seconds: string, body: string): string;
