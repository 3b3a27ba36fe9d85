import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/core/image/digest.ts';
import { dockerfile } from '../../../../src/formats/dockerfile/index.ts';

const reader = await dockerfile.load();
const [old, now] = [digestOf('old'), digestOf('now')];
const fill = (text: string): string => text.replaceAll('OLD', old).replaceAll('NEW', now);

/** All uses of a file to another tag, and those with a digest to the new one. */
function retag(text: string, tags: readonly string[]) {
  const { uses } = reader.read(text);
  const wanted = uses.map((use, index) => ({
    use,
    tag: tags[index] ?? '',
    ...(use.reference?.digest && { digest: now }),
  }));
  return reader.read(text).edit(wanted);
}

describe('another tag', () => {
  it.each<[string, readonly string[], string]>([
    ['FROM node:22.3.0\n', ['22.4.1'], 'FROM node:22.4.1\n'],
    ['FROM node:22.3.0@OLD AS b\n', ['22.4.1'], 'FROM node:22.4.1@NEW AS b\n'],
    ['FROM alpine:3.9\n', ['3.10'], 'FROM alpine:3.10\n'],
    ['FROM "node:22-slim"\n', ['24-slim'], 'FROM "node:24-slim"\n'],
    ['FROM localhost:5000/x:1.2\n', ['1.3'], 'FROM localhost:5000/x:1.3\n'],
    ['ARG V=22\nFROM node:${V}-slim@OLD\n', ['24-slim'], 'ARG V=24\nFROM node:${V}-slim@NEW\n'],
    [
      'ARG V=22\nFROM node:${V} AS a\nFROM node:$V-slim\n',
      ['24', '24-slim'],
      'ARG V=24\nFROM node:${V} AS a\nFROM node:$V-slim\n',
    ],
    ['ARG I=node:22@OLD\nFROM $I\n', ['24'], 'ARG I=node:24@NEW\nFROM $I\n'],
    ['FROM scratch\nCOPY --from=busybox:1.36@OLD / /\n', ['1.37'], 'FROM scratch\nCOPY --from=busybox:1.37@NEW / /\n'],
  ])('%j to %j', (text, tags, after) => {
    const result = retag(fill(text), tags);
    expect(result.refused).toEqual([]);
    expect(result.text).toBe(fill(after));
  });

  it.each<[string, readonly string[], RegExp]>([
    ['ARG A=2\nARG B=2\nFROM node:${A}${B}\n', ['30'], /put together/],
    ['FROM node\n', ['22'], /not part of the image name/],
    ['# tag: 22\nFROM node@OLD\n', ['24'], /not part of the image name/],
    [
      'ARG V=22\nFROM node:$V AS a\nFROM python:$V\n',
      ['24', '25'],
      /would change more|give each image an ARG of its own/,
    ],
  ])('is refused for %j', (text, tags, reason) => {
    const result = retag(fill(text), tags);
    expect(result.text).toBe(fill(text));
    expect(result.refused.length).toBeGreaterThan(0);
    for (const one of result.refused) expect(one.reason).toMatch(reason);
  });

  it('moves no image that was not meant', () => {
    const text = 'ARG V=22\nFROM node:$V AS a\nFROM python:$V\n';
    const [use] = reader.read(text).uses;
    if (!use) throw new Error('no use');
    expect(reader.read(text).edit([{ use, tag: '24' }])).toMatchObject({ text, refused: [{ use }] });
  });
});
