import { randomUUID } from 'node:crypto';
import { closeSync, lstatSync, openSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PlimsollError } from '../core/errors.ts';
import type { LogFields, Logger } from '../core/logger.ts';
import { discard } from '../disk/discard.ts';
import { refuseFilePlace } from '../disk/file-place.ts';
import { coloured, plain, type Style } from '../report/render/style.ts';
import { visible } from '../report/safe/visible.ts';
import { inert, isJob } from './inert.ts';

/** Results go to stdout, everything else to stderr. */
export interface Output {
  readonly style: Style;
  /** How reports for people are laid out here. */
  readonly layout: { readonly style: Style; readonly width?: number };
  readonly isTerminal: boolean;
  /** Only results are written: notes and the log are not. */
  readonly isQuiet: boolean;
  /**
   * Writes a result; resolves when it is handed over, also when nobody reads any more (`| head`). In the log of a CI job text
   * for people starts no command; a `document` (JSON, CSV, a patch) is what it is, to the byte.
   */
  result(text: string | Iterable<string>, kind?: 'text' | 'document'): Promise<void>;
  /** A line for the person, on stderr. */
  note(text: string): void;
  readonly logger: Logger;
  readonly progress: (done: number, all: number) => void;
  clearProgress(): void;
}

/** How much a command says beside its results. */
export interface Loudness {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** `json`: a line of JSON per event on stderr, with the id of this run. */
  readonly log?: 'text' | 'json';
  /** The file that the result is written into, instead of stdout. */
  readonly output?: string;
}

const progressAfter = 1000;

/**
 * The streams of this process: results on stdout, the rest on stderr, progress on a terminal only. In a CI job no line
 * commands it. Throws PlimsollError 'USAGE' for a file of results that cannot be written.
 */
export function processOutput({ quiet = false, verbose = false, log = 'text', output: file }: Loudness): Output {
  const { stdout, stderr, env } = process;
  if (file !== undefined) refuseFilePlace(file);
  const isTerminal = stdout.isTTY === true;
  let progressShown = false;
  const started = Date.now();
  const safe = isJob(env) ? inert : (text: string): string => text;
  const clearProgress = (): void => {
    if (progressShown) stderr.write('\r\u001b[K');
    progressShown = false;
  };
  const note = (text: string): void => {
    if (quiet) return;
    clearProgress();
    stderr.write(`${safe(text)}\n`);
  };
  stdout.on('error', endQuietly);
  const run = randomUUID();
  const line = (level: string, message: string, fields?: LogFields): string =>
    log === 'json' ? jsonLine(run, level, message, fields) : textLine(level, message, fields);
  const style = file === undefined && wantsColour(isTerminal, env) ? coloured : plain;
  return {
    style,
    layout: { style, ...(isTerminal && file === undefined && { width: stdout.columns }) },
    isTerminal,
    isQuiet: quiet,
    result: async (text, kind = 'text') => {
      clearProgress();
      if (file !== undefined) return writeResult(file, text);
      for (const piece of typeof text === 'string' ? [text] : batched(text)) {
        await new Promise<void>((resolve, reject) => {
          stdout.write(kind === 'text' ? safe(piece) : piece, (error) =>
            error ? reject(notWritten(error)) : resolve(),
          );
        });
      }
    },
    note: (text) => note(log === 'json' ? line('info', text) : text),
    logger: {
      isVerbose: verbose,
      debug: (message, fields) => {
        if (verbose) note(line('debug', message, fields));
      },
      info: (message, fields) => {
        if (verbose) note(line('info', message, fields));
      },
      warn: (message, fields) => note(line('warning', message, fields)),
      error: (message, fields) => note(line('error', message, fields)),
    },
    progress: (done, all) => {
      if (quiet || stderr.isTTY !== true || env['TERM'] === 'dumb' || Date.now() - started < progressAfter) return;
      progressShown = true;
      const wide = 24;
      const filled = Math.round((done / all) * wide);
      stderr.write(`\r${'█'.repeat(filled)}${'░'.repeat(wide - filled)} ${done} of ${all} images\u001b[K`);
    },
    clearProgress,
  };
}

/**
 * Whoever reads the file meanwhile sees the last one, whole. What is no plain file (a device, a pipe, a link to one) is written
 * into: to put a file in its place would take it away.
 */
function writeResult(file: string, text: string | Iterable<string>): void {
  const isReplaced = lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? true;
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    const opened = openSync(isReplaced ? beside : file, 'w');
    try {
      for (const piece of typeof text === 'string' ? [text] : batched(text)) writeFileSync(opened, piece);
    } finally {
      closeSync(opened);
    }
    if (isReplaced) renameSync(beside, file);
  } catch (error) {
    if (isReplaced) discard(beside);
    throw new PlimsollError('OUTPUT', `cannot write ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** A write per piece would take longer than the pieces. Characters. */
const batchSize = 1 << 16;

function* batched(pieces: Iterable<string>): Generator<string> {
  let batch: string[] = [];
  let size = 0;
  for (const piece of pieces) {
    batch.push(piece);
    size += piece.length;
    if (size < batchSize) continue;
    yield batch.join('');
    batch = [];
    size = 0;
  }
  yield batch.join('');
}

/** NO_COLOR (no-color.org) before FORCE_COLOR (Node's own rule: `0` means none) before the terminal. */
function wantsColour(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

function textLine(level: string, message: string, fields: LogFields = {}): string {
  const data = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${visible(String(value))}`);
  return [`${level}: ${message}`, ...data].join(' ');
}

/** One event for a collector of logs; fields of our own names come first and stay. */
export function jsonLine(run: string, level: string, message: string, fields: LogFields = {}): string {
  return JSON.stringify({ ...fields, time: new Date().toISOString(), run, level, message });
}

/** The reader of a pipe may leave when it has seen enough; that is no failure of ours. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  // Everything else is told to whoever wrote.
}

function notWritten(error: Error): PlimsollError {
  return new PlimsollError('OUTPUT', `cannot write the result: ${messageOf(error)}`, { cause: error });
}
