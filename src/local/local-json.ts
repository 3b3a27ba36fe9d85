import { refuse } from './image-path.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Throws PlimsollError 'LAYER' when the bytes are no JSON. */
export function parseJson(bytes: Buffer, place: string, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw refuse(place, `its ${name} is no JSON`, error);
  }
}

/** Is a value of JSON an object, and no array? */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
