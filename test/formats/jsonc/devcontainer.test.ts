import { describe, expect, it } from 'vitest';
import { jsonFormats } from '../../../src/formats/jsonc/index.ts';
import { describeFormat } from '../../contract/format.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { editByFormats, readByFormats, withDigests } from '../../support/formats.ts';

const path = '.devcontainer/devcontainer.json';
const digest = `sha256:${'a'.repeat(64)}`;

const cases: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  ['an image', '{ "name": "x", "image": "a/b:1" }\n', ['1:26 docker.io/a/b:1']],
  [
    'comments, trailing commas, and features that are none',
    '// why\n{\n  /* "image": "no:1", */\n  "image": "mcr.microsoft.com/devcontainers/base:bookworm", // this\n  "features": { "ghcr.io/devcontainers/features/node:1": {}, },\n  "build": { "cacheFrom": "no:2" },\n}\n',
    ['4:13 mcr.microsoft.com/devcontainers/base:bookworm'],
  ],
  [
    'a platform',
    '{ "image": "a/b:1", "runArgs": ["--init", "--platform=linux/arm64"] }',
    ['1:13 docker.io/a/b:1 linux/arm64'],
  ],
  [
    'a platform in two',
    '{ "image": "a/b:1", "runArgs": ["--platform", "linux/arm64"] }',
    ['1:13 docker.io/a/b:1 linux/arm64'],
  ],
  ['what is filled in', '{ "image": "a:${localEnv:TAG:1}" }', ['1:13 template']],
  ['of two the last', '{ "image": "no:1", "image": "a/b:2" }', ['1:30 docker.io/a/b:2']],
  ['deeper down is none', '{ "x": { "image": "no:1" }, "mounts": [{ "image": "no:1" }] }', []],
  ['a Dockerfile', '{ "build": { "dockerfile": "Dockerfile", "args": { "image": "no:1" } } }', []],
  ['compose files', '{ "dockerComposeFile": ["compose.yml"], "service": "image" }', []],
  ['what is no text', '{ "image": 1 }', []],
  ['an empty one', '{ "image": "" }', []],
  ['no image', '{ "image": "A b" }', ['1:13 invalid']],
  ['an error behind it', '{ "image": "a/b:1", "x": }', ['1:13 docker.io/a/b:1']],
];

describe('devcontainer.json', () => {
  it.each(['["a/b:1"]', '{ "name": "a/b:1" }'])('says of %s that it is no name of an image', async (value) => {
    const [format] = jsonFormats;
    const read = (await format?.load())?.read(`{\n  "image": ${value}\n}`, path);
    expect(read?.uses).toEqual([]);
    expect(read?.problems).toMatchObject([{ code: 'image-invalid', subject: `${path}:2` }]);
  });

  it.each(cases)('%s', async (_, text, expected) => {
    const all = ['devcontainer', ...expected];
    expect(await readByFormats(jsonFormats, path, text)).toEqual(all);
    expect(await readByFormats(jsonFormats, path, text.replaceAll('\n', '\r\n'))).toEqual(all);
    expect(await readByFormats(jsonFormats, path, `\ufeff${text}`)).toEqual(all);
  });

  it.each([
    ['a tag', '{ "image" : "a:1", /* x */ }', '{ "image" : "a:1@NEW", /* x */ }'],
    ['a digest', '{ "image":"a:1@OLD" }', '{ "image":"a:1@NEW" }'],
    ['behind an escape', '{ "image": "a\\/b:1" }', '{ "image": "a\\/b:1@NEW" }'],
  ])('is edited in the value: %s', async (_, before, after) => {
    expect(await editByFormats(jsonFormats, path, before)).toEqual({ text: withDigests(after), refused: [] });
  });

  it('with errors is not changed, and says so', async () => {
    const text = '{ "image": "a:1", "x": }';
    expect(await editByFormats(jsonFormats, path, text)).toEqual({
      text,
      refused: ['the file has errors; repair it first'],
    });
    const document = (await jsonFormats[0]?.load())?.read(text, path);
    const message = 'not JSON: value expected; nothing in it is changed';
    expect(document?.problems).toEqual([
      expect.objectContaining({ code: 'json-invalid', subject: `${path}:1`, message }),
    ]);
  });

  it('that a person would not write costs little', async () => {
    const reader = await jsonFormats[0]?.load();
    for (const text of [
      `{ "image": ${'['.repeat(500_000)}`,
      `{ "image": ${'{"a":'.repeat(100_000)}`,
      `{ "image": "${'\\u0061'.repeat(150_000)}" }`,
      `{ "image": "a" ${'/*'.repeat(400_000)}`,
      `{ ${'"image": "a:1",'.repeat(60_000)} }`,
      `"image"${'\0'.repeat(1_000_000)}`,
      `"image"${'"'.repeat(1_000_000)}`,
    ]) {
      const spent = await cpuTime(() => {
        reader?.recognises(text);
        reader?.read(text, path);
      });
      expect(spent, text.slice(0, 40)).toBeLessThan(2000);
    }
  });
});

for (const format of jsonFormats) {
  await describeFormat(format, {
    paths: {
      yes: [path, '.devcontainer.json', '.devcontainer/go/devcontainer.json', 'src/go/.devcontainer/devcontainer.json'],
      no: ['.devcontainer/devcontainer-lock.json', '.devcontainer-lock.json', 'package.json', 'mydevcontainer.json'],
    },
    files: {
      image: `{\n  // one\n  "image": "a:1", // two\n  "features": {},\n}\n`,
      digest: `{ "image": "a/b@${digest}" }\n`,
    },
    vocabulary: [
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '\\n',
        '\\u0061',
        '// x\n',
        '/*',
        '*/',
        '\n',
        '\r\n',
        '\ufeff',
        '\0',
      ],
      ...[
        '"image"',
        '"image": ',
        '"a:1"',
        `"b:2@${digest}"`,
        '"${localEnv:X}"',
        '"runArgs": ["--platform"]',
        '1',
        'null',
        '😀',
      ],
    ],
  });
}
