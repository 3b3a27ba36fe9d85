import * as z from 'zod';

/** A secret as a configuration may hold it: named, never spelled out. */
export const secretText = z
  .string()
  .regex(/^(\$\{\w+\}|file:.+)$/, { error: 'a secret is written as ${ENV_NAME} or file:PATH, never as itself' })
  .describe('${ENV_NAME} or file:PATH, never the secret itself');

/** The base of a service's API, where it is not the public one. */
export const address = z
  .string()
  .regex(/^https?:\/\/[^\s/?#@]+[^\s?#@]*$/, { error: 'expected an http(s) address without a query' });

/** The channel needs exactly one of two ways in. */
export function eitherWay(hasAddress: boolean, hasToken: boolean, place: string): string | undefined {
  if (hasAddress && hasToken) return `either url or token and ${place}, not both`;
  return hasAddress || hasToken ? undefined : `url, or token and ${place}, is missing`;
}
