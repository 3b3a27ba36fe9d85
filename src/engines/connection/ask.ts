/*
 * src/engines/connection/
 *
 * The way to an engine: engine-transport.ts dials what an address names (a socket, a port with or without TLS, ssh by ssh-agent.ts), this
 * file asks one question there, bounded in size and time; answer-fields.ts picks single fields out of what came back. What may be asked
 * at all is each client's list.
 * Begin here.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { PlimsollError } from '../../core/errors.ts';
import { parseLargeJson } from '../../core/large-json.ts';
import { limits } from '../../core/limits/limits.ts';
import { inTurns } from '../../core/time/turns.ts';
import type { EngineDependencies } from '../engine.ts';
import type { Transport } from './engine-transport.ts';

/** Why an engine did not answer. `status`: what it, or a proxy in front of it, answered instead. */
export class EngineFailure extends PlimsollError {
  readonly status: number | undefined;

  constructor(message: string, status?: number, cause?: unknown) {
    super('ENGINE', message, { cause });
    this.status = status;
  }
}

/** What came back, whatever its status. */
export interface EngineAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** One question: a path with its query, and how many bytes its answer may have. */
export interface Question {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly most: number;
  /** Default: GET. */
  readonly method?: string;
  /** JSON. */
  readonly body?: string;
  /** Milliseconds until all of the answer has to be there. Default: limits.engine.answerTime. */
  readonly time?: number;
  /** Of a long answer: hears every line as it comes, of which nothing is kept then. */
  readonly line?: (line: string) => void;
}

/** Asks. Throws EngineFailure when no whole answer came, and the signal's reason when the run was stopped. */
export function ask(
  { options, request, explain }: Transport,
  { path, headers, most, method = 'GET', body, time = limits.engine.answerTime.most, line }: Question,
  { signal, userAgent }: EngineDependencies,
): Promise<EngineAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const sent = request({
      ...options,
      method,
      path,
      headers: {
        'user-agent': userAgent,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    const timer = setTimeout(() => end(new EngineFailure(`no answer within ${time / 1000} s`)), time);
    const stop = (): void => end(signal.reason);
    const end = (failure: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      sent.destroy();
      reject(failure);
    };
    signal.addEventListener('abort', stop, { once: true });
    const failed = (error: NodeJS.ErrnoException): void => end(new EngineFailure(explain(error), undefined, error));
    sent.once('error', failed);
    sent.once('response', (answer) => {
      const pieces: Buffer[] = [];
      let size = 0;
      const lines = line !== undefined && answer.statusCode === 200 ? lineSplitter(line) : undefined;
      answer.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > most) return end(new EngineFailure(`answered with more than ${most} bytes`));
        if (lines === undefined) return pieces.push(piece);
        try {
          lines(piece);
        } catch (error) {
          end(error);
        }
      });
      answer.once('error', failed);
      answer.once('end', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        const bytes = Buffer.concat(pieces);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, text: bytes.toString('utf8') });
      });
    });
    sent.end(body);
  });
}

/** Calls back for each line of what comes in pieces. Throws EngineFailure for one that has no end. */
function lineSplitter(line: (line: string) => void): (piece: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (piece) => {
    const parts = (rest + decoder.write(piece)).split('\n');
    rest = parts.pop() ?? '';
    const most = limits.engine.line.most;
    if (rest.length > most) throw new EngineFailure(`answered with a line of more than ${most} characters`);
    for (const one of parts) line(one);
  };
}

/** An answer as JSON; `what` is who gave it. Throws EngineFailure for what is none. */
export async function jsonIn({ text }: EngineAnswer, what: string, signal: AbortSignal): Promise<unknown> {
  try {
    return await inTurns(parseLargeJson(text), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new EngineFailure(`the answer to GET ${what} is no JSON`, undefined, error);
  }
}

/** What an engine says of its own failure; what is no answer of an engine is not repeated. */
export function messageIn({ text }: EngineAnswer): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message.slice(0, limits.engine.reason.most) : '';
  } catch {
    return '';
  }
}
