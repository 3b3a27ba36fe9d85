import { expect, it } from 'vitest';
import { inTurns } from '../../src/core/time/turns.ts';
import { newestTag } from '../../src/tags/newest-tag.ts';
import { longestStretch } from '../support/watchdog.ts';

it.each([
  ['usual', (i: number) => `1.${i % 500}.${Math.floor(i / 500)}-alpine3.20`, '1.2.3-alpine3.20'],
  ['as long as they may be', (i: number) => `${'1.'.repeat(56)}${i}`, `${'1.'.repeat(56)}3`],
])('of as many tags as are listed the newest is found in turns: %s', async (_what, tag, current) => {
  const tags = Array.from({ length: 200_000 }, (_, i) => tag(i));
  expect(await inTurns(newestTag(current, tags, 'major'))).toBeDefined();
  expect(await longestStretch(() => inTurns(newestTag(current, tags, 'major')))).toBeLessThan(250);
});
