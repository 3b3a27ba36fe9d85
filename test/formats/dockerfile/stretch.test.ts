import { expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/formats/dockerfile/parse.ts';
import { longestStretch } from '../../support/watchdog.ts';

/** A megabyte of each, which is the most that is read of a file. */
const files: readonly (readonly [what: string, text: string])[] = [
  ['images', 'FROM a\n'.repeat(149_000)],
  ['mounts', `FROM a\n${'RUN --mount=from=b true\n'.repeat(43_000)}`],
  ['packages in one line', `FROM a\nRUN apt-get install ${'a=1 '.repeat(250_000)}`],
  ['packages in many lines', `FROM a\n${'RUN apk add a=1\n'.repeat(62_000)}`],
  ['arguments', 'ARG a=1\n'.repeat(120_000)],
  ['variables', `FROM a\n${'ENV a=$a\n'.repeat(110_000)}`],
];

it.each(files)('a file of nothing but %s holds up nobody', async (_what, text) => {
  expect(await longestStretch(async () => void parseDockerfile(text))).toBeLessThan(250);
});

it('says what it did not read', () => {
  const messages = (text: string): string =>
    parseDockerfile(text)
      .problems.map(({ message }) => message)
      .join('\n');
  expect(messages('FROM a\n'.repeat(20_000))).toContain('more than 10000 images or packages; what stands behind it');
  expect(messages(`FROM a\nRUN apk add ${'a '.repeat(30_000)}`)).toContain('more than 20000 words; what it installs');
  expect(messages(`FROM a\nRUN apk add ${'a '.repeat(10_000)}`)).toBe('');
});
