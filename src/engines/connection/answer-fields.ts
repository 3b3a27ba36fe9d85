import { limits } from '../../core/limits/limits.ts';
import type { Steps } from '../../core/time/turns.ts';
import { EngineFailure } from './ask.ts';

/** Labels, or what else an engine has by name. */
export type Labels = Readonly<Record<string, string>>;

/** An object of an answer, none of whose fields is believed yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** So many are read before others have a turn. */
const entriesPerStep = 1000;

/** A list of entries. Throws EngineFailure where it is something else. */
export function* readList<T>(answer: unknown, path: string, read: (one: unknown) => T): Steps<readonly T[]> {
  if (!Array.isArray(answer)) throw new EngineFailure(`the answer to GET ${path} is no list`);
  const all: T[] = [];
  for (const one of answer) {
    if (all.push(read(one)) % entriesPerStep === 0) yield;
  }
  return all;
}

/** An object. Throws EngineFailure where it is something else. */
export function fields(value: unknown, path: string): Fields {
  const found = optional(value);
  if (found === undefined) throw new EngineFailure(`the answer to GET ${path} is not what the API describes`);
  return found;
}

/** An object; undefined for everything else. */
export function optional(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Text; empty for everything else. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A name, no longer than a report can show. */
export function cut(name: string): string {
  return name.slice(0, limits.engine.text.most);
}

/** Values are compared and quoted, so they are cut; a name that long is none that is known. */
export function labelsIn(value: unknown): Labels {
  const found = Object.entries(optional(value) ?? {}).filter(([key]) => key.length <= limits.engine.text.most);
  return Object.fromEntries(found.map(([key, one]) => [key, cut(text(one))]));
}
