import { messageOf, PlimsollError } from '../../core/errors.ts';

/** Classes of errors by their SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html) or the name of a system error. */
const sentences: Readonly<Record<string, string>> = {
  '28P01': 'it does not let this user in: the name or the password is wrong',
  '28000': 'it does not let this user in from here (pg_hba.conf)',
  '3D000': 'it has no such database; make one: createdb',
  '42501':
    'this user has not the rights that it needs: CREATE on the database, or a schema "plimsoll" of its own (create schema plimsoll authorization USER)',
  '25006': 'it is only read there, as on a standby; name the primary server',
  '53300': 'it is out of connections; raise max_connections, or run fewer processes at once',
  '53100': 'its disk is full',
  '57P01': 'it was shut down, or ended the connection; try again',
  '57P02': 'it crashed and starts again; try again',
  '57P03': 'it is starting or stopping; try again',
  '57014': 'it took too long for a statement, which was given up',
  '55P03': 'another process is writing it; try again',
  '40P01': 'two processes waited for each other; try again',
  '42P01':
    'tables of the schema "plimsoll" are missing; restore them from a copy, or drop the schema and lose what it remembers',
  '3F000': 'the schema "plimsoll" is missing; restore it from a copy',
  ECONNREFUSED: 'nobody listens there',
  ENOENT: 'there is no such socket',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host could not be looked up; try again',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'it cannot be reached',
  ECONNRESET: 'it ended the connection; try again',
  EPIPE: 'it ended the connection; try again',
};

const gone = 'it ended the connection; try again';

/** Errors of the client, which have no code. */
const words: readonly (readonly [RegExp, string])[] = [
  [/Connection terminated|not queryable|has encountered a connection error/, gone],
  [/timeout expired|timeout exceeded|read timeout/, 'it does not answer'],
  [/does not support SSL/, 'it does not speak TLS; switch it on there, or write sslmode=disable'],
  [/password must be a string|SASL/, 'it wants a password; write it into the address, best as ${VARIABLE}'],
];

const pooler =
  'a pooler that gives every transaction another session stands before it (as PgBouncer with pool_mode = transaction); name the server itself, or a pool with pool_mode = session';

/** Nothing is there yet: for some commands that is no trouble. */
export class NoStateError extends PlimsollError {
  constructor(shown: string) {
    super('STATE', `there is no state at ${shown}; "plimsoll run" makes one`);
  }
}

/** For a server that is reached by way of others. */
export function poolerTrouble(shown: string): PlimsollError {
  return new PlimsollError('STATE', `the state ${shown} cannot be used: ${pooler}`);
}

/** What has gone wrong and what to do. Neither the address nor what a server quotes is repeated. */
export function troubleWith(shown: string, error: unknown): PlimsollError {
  if (error instanceof PlimsollError) return error;
  return new PlimsollError('STATE', `the state ${shown} cannot be used: ${troubleOf(error)}`, { cause: error });
}

function troubleOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  const code = String((first as { code?: unknown } | undefined)?.code ?? '');
  const known = sentences[code];
  if (known !== undefined) return known;
  const text = messageOf(first);
  if (/unsupported startup parameter/.test(text)) return pooler;
  if (/CERT|ALTNAME|SELF_SIGNED|UNABLE_TO_|^ERR_(?:TLS|SSL|OSSL)|EPROTO/.test(code)) {
    return `its certificate is not believed (${code}); name its authority with sslrootcert=FILE in the address`;
  }
  const said = words.find(([pattern]) => pattern.test(text))?.[1];
  return said ?? (/^[0-9A-Z]{5}$/.test(code) ? `it answered with the error ${code}: ${text}` : text);
}
