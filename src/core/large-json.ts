import { limits } from './limits/limits.ts';
import type { Steps } from './time/turns.ts';

/** Characters that are handed to JSON.parse at once: a few milliseconds, whatever they are. */
const usualPiece = 64 * 1024;

/** An array or object whose end has not come. */
interface Open {
  readonly start: number;
  readonly isObject: boolean;
  /** What has been read of it; undefined as long as it is short enough to be read with what is around it. */
  value: unknown[] | Record<string, unknown> | undefined;
  /** Where the part begins that has not been read. */
  from: number;
  /** Such a part begins behind a value, and a comma or the end must follow. */
  isBehind: boolean;
  /** The last string in it, which is the key of what comes next in an object. */
  keyStart: number;
  keyEnd: number;
}

/**
 * JSON.parse (RFC 8259) in steps: large arrays and objects are read piece by piece, all that is small with what stands
 * beside it. Throws SyntaxError for what is no JSON, and for what is nested deeper than anything real.
 */
export function* parseLargeJson(text: string, piece = usualPiece): Steps<unknown> {
  if (text.length <= piece) return JSON.parse(text);
  const open: Open[] = [];
  let pausedAt = 0;
  for (let at = 0; at < text.length; at++) {
    if (at - pausedAt > piece) {
      pausedAt = at;
      yield;
    }
    const here = open.at(-1);
    switch (text.charCodeAt(at)) {
      case 0x22: {
        const end = stringEnd(text, at);
        if (here !== undefined) [here.keyStart, here.keyEnd] = [at, end];
        at = end - 1;
        break;
      }
      case 0x5b:
      case 0x7b:
        if (open.length >= limits.feed.depth.most) throw broken();
        open.push({
          start: at,
          isObject: text.charCodeAt(at) === 0x7b,
          value: undefined,
          from: at + 1,
          isBehind: false,
          keyStart: 0,
          keyEnd: 0,
        });
        break;
      case 0x2c:
        if (here !== undefined && (here.isBehind || at - here.from > piece)) read(here, text, at, true);
        break;
      case 0x5d:
      case 0x7d: {
        if (here === undefined || here.isObject !== (text.charCodeAt(at) === 0x7d)) throw broken();
        open.pop();
        if (here.value === undefined) break;
        read(here, text, at, false);
        const around = open.at(-1);
        if (around === undefined) {
          if (!isBlank(text.slice(0, here.start)) || !isBlank(text.slice(at + 1))) throw broken();
          return here.value;
        }
        place(around, text, here, at + 1);
        break;
      }
    }
  }
  // Nothing in it was large but texts.
  return JSON.parse(text);
}

/** Reads what stands in an array or object up to here, a comma that more must follow or its end. */
function read(here: Open, text: string, end: number, isComma: boolean): void {
  const part = text.slice(here.from, end);
  if (here.isBehind) {
    if (!isBlank(part)) throw broken();
  } else add(here, part);
  here.from = end + 1;
  here.isBehind = !isComma;
}

/** Puts a value that was read where it stands in what is around it. */
function place(around: Open, text: string, { start, value }: Open, end: number): void {
  if (around.isBehind) throw broken();
  const valueStart = around.isObject ? around.keyStart : start;
  const before = text.slice(around.from, Math.max(around.from, valueStart)).replace(/[ \t\r\n]+$/, '');
  if (before !== '' && !before.endsWith(',')) throw broken();
  if (before !== '') add(around, before.slice(0, -1));
  around.value ??= around.isObject ? {} : [];
  if (Array.isArray(around.value)) around.value.push(value);
  else {
    if (around.keyStart < around.from || !/^[ \t\r\n]*:[ \t\r\n]*$/.test(text.slice(around.keyEnd, start)))
      throw broken();
    set(around.value, JSON.parse(text.slice(around.keyStart, around.keyEnd)) as string, value);
  }
  around.from = end;
  around.isBehind = true;
}

/** Members with commas between them, at least one. */
function add(here: Open, members: string): void {
  if (isBlank(members)) throw broken();
  if (here.isObject) {
    const more = JSON.parse(`{${members}}`) as Record<string, unknown>;
    here.value ??= {};
    for (const key of Object.keys(more)) set(here.value as Record<string, unknown>, key, more[key]);
  } else {
    const more = JSON.parse(`[${members}]`) as unknown[];
    here.value ??= [];
    for (const one of more) (here.value as unknown[]).push(one);
  }
}

/** JSON knows no prototypes. */
function set(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Behind the closing quotation mark. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw broken();
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}

function broken(): SyntaxError {
  return new SyntaxError('it is not JSON');
}
