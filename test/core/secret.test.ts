import { format, inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';

const secret = new Secret('hunter2');

it.each([
  ['String', String(secret)],
  ['a template', `${secret}`],
  ['JSON', JSON.stringify({ deep: [secret] })],
  ['inspect', inspect({ deep: { deeper: { deepest: secret } } }, { depth: 9, showHidden: true })],
  ['console.log', format('%s %o %j %O', secret, secret, secret, secret)],
  ['an error', new Error(`failed with ${secret}`).message],
  ['its keys', JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret)])],
  ['a copy', inspect({ ...secret })],
])('%s does not show it', (_how, text) => {
  expect(text).not.toContain('hunter2');
});

it('is opened by reveal alone', () => {
  expect(`${secret} ${JSON.stringify(secret)}`).toBe('*** "***"');
  expect(secret.reveal()).toBe('hunter2');
});
