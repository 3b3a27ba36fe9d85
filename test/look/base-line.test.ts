import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import { parseReference } from '../../src/core/image/reference.ts';
import { baseLineOf, imageBaseLine } from '../../src/look/base-line.ts';
import type { ImageHead } from '../../src/look/inspect.ts';

const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}` as Digest;
const head = (diffIds: string[], annotations: Record<string, string> = {}): ImageHead =>
  ({ manifest: { annotations }, config: { diffIds } }) as unknown as ImageHead;
const published = (diffIds: string[], annotations?: Record<string, string>) => ({
  reference: parseReference('ghcr.io/team/app:1'),
  root: digest('a'),
  head: head(diffIds, annotations),
});
const debian = parseReference('debian:12');
const today = (diffIds: string[]) => () => Promise.resolve({ root: digest('b'), head: head(diffIds) });
const base = (name: string) => ({
  'org.opencontainers.image.base.name': name,
  'org.opencontainers.image.base.digest': digest('c'),
});

describe('an image as base line', () => {
  it('is itself for its own repository', async () => {
    expect(await imageBaseLine(published([]), today([]))(parseReference('ghcr.io/team/app'))).toBe(digest('a'));
  });

  it('is today’s base while that lies at the bottom of the published image', async () => {
    expect(await imageBaseLine(published(['1', '2', '3']), today(['1', '2']))(debian)).toBe(digest('b'));
  });

  it('is what the builder wrote down when the base has moved', async () => {
    const line = imageBaseLine(published(['1', '2', '3'], base('docker.io/library/debian:12')), today(['9']));
    expect(await line(debian)).toBe(digest('c'));
    expect(await line(parseReference('debian:13'))).toBeUndefined();
  });

  it.each([['not a name !'], ['debian:11']])('is none when the builder wrote %s', async (name) => {
    expect(await imageBaseLine(published(['1'], base(name)), today(['9']))(debian)).toBeUndefined();
  });
});

it('a pinned reference needs no base line, and the first known one counts', async () => {
  const lines = [() => undefined, () => digest('d'), () => digest('e')];
  expect(await baseLineOf(debian, lines)).toBe(digest('d'));
  expect(await baseLineOf({ ...debian, digest: digest('f') }, lines)).toBeUndefined();
});
