import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/image/digest.ts';
import { formatReference } from '../../../src/core/image/reference.ts';
import type { FileBeside } from '../../../src/formats/format.ts';
import { envValues } from '../../../src/formats/yaml/env-file.ts';
import { yamlFormats } from '../../../src/formats/yaml/index.ts';
import { cpuTime } from '../../support/cpu-time.ts';

const now = digestOf('now');
const old = digestOf('old');
const fill = (text: string): string => text.replaceAll('OLD', old).replaceAll('NEW', now);
const services = (...images: string[]): string =>
  `services:\n${images.map((image, i) => `  s${i}:\n    image: ${image}\n`).join('')}`;

type Wish = Readonly<{ digest?: typeof now; tag?: string }>;

/** What comes of wishes for the images of a compose file, by their numbers; all get the first where there is one. */
async function edited(
  compose: string,
  beside: FileBeside,
  wishes: readonly (Wish | undefined)[],
): Promise<{ compose: string; env: string; refused: readonly string[]; edits: readonly unknown[] }> {
  const reader = await yamlFormats.find(({ name }) => name === 'compose')!.load();
  const document = reader.read(fill(compose), 'app/compose.yaml', { beside: { ...beside, text: fill(beside.text) } });
  const result = document.edit(document.uses.flatMap((use, i) => (wishes[i] ? [{ use, ...wishes[i] }] : [])));
  return {
    compose: result.text,
    env: result.beside ?? beside.text,
    refused: result.refused.map(({ reason }) => reason),
    edits: result.done.flatMap((one) => one.edits),
  };
}

describe('variables of a .env', () => {
  const values = (text: string) =>
    Object.fromEntries(
      [...envValues(text)].map(([name, one]) => [name, [one.text.text, text.slice(one.range.start, one.range.end)]]),
    );

  it.each<[string, string, Record<string, string>]>([
    ['plain', 'A=1\r\n export B = 2 # why\nC=#3\nD=4#5\n', { A: '1', B: '2', C: '', D: '4#5' }],
    ['quoted', 'A="1 # 2" # 3\nB=\'$A\'\nC="a\\"b"\n', { A: '1 # 2', B: '$A', C: 'a\\"b' }],
    ['over several lines, which name nothing', 'KEY="-----\nA=1\n-----"\nB=2\n', { KEY: '-----\nA=1\n-----', B: '2' }],
    ['twice, of which the last counts', 'A=1\nA=2\n', { A: '2' }],
    ['of those above', 'A=1\nB=${A}-slim\nC="$B"\nD=$E\n', { A: '1', B: '1-slim', C: '1-slim', D: '$E' }],
    ['no variables', '# A=1\nB\n=2\n1C=3\n', {}],
    [
      'of one another, up to a length',
      `A=${'a'.repeat(100)}\nB=$A$A\nC=$B-c\n`,
      { A: 'a'.repeat(100), B: '$A$A', C: '$A$A-c' },
    ],
    ['a quote that never ends', 'A="1\nB=2\n', { A: '"1', B: '2' }],
  ])('%s', (_, text, expected) => {
    const found = values(text);
    expect(Object.fromEntries(Object.entries(found).map(([name, [value]]) => [name, value]))).toEqual(expected);
  });

  it('stand where they were written', () => {
    expect(values('A=1\nB=${A}-slim # x\n')['B']).toEqual(['1-slim', '${A}-slim']);
  });
});

it.each([
  [
    'lines that double one another',
    `A0=0123456789\n${Array.from({ length: 60 }, (_, n) => `A${n + 1}=$A${n}$A${n}\n`).join('')}`,
  ],
  ['many names in every line', `A=${'a'.repeat(120)}\n${`B=${'$A'.repeat(60)}\n`.repeat(8000)}`],
  ['white space', `A=${' '.repeat(1_000_000)}x\n`],
  ['quotes that never end', `A='1\n${'B="\\"\n'.repeat(150_000)}`],
  ['signs of comments', `A=${'#'.repeat(1_000_000)}\n`],
])('a .env costs little and ends: %s', async (_, text) => {
  const compose = services(...Array.from({ length: 50 }, (_, n) => `"a:$A\${A${n}}"`));
  const reader = await yamlFormats.find(({ name }) => name === 'compose')!.load();
  expect(await cpuTime(() => reader.read(compose, 'compose.yaml', { beside: { text } }))).toBeLessThan(1000);
});

describe('an image whose variable a .env sets', () => {
  const digest: Wish = { digest: now };
  it.each<[string, string, string, Wish, string]>([
    ['a tag', 'app:${TAG}', 'TAG=1.2.3\n', { tag: '1.2.4' }, 'TAG=1.2.4\n'],
    ['a tag and its digest', 'app:${TAG}', 'TAG=1.2.3\n', { tag: '1.2.4', digest: now }, 'TAG=1.2.4@NEW\n'],
    [
      'a digest that is not there yet',
      'app:$TAG',
      'A=1\nTAG="1.2.3" # why\r\nB=2\n',
      digest,
      'A=1\nTAG="1.2.3@NEW" # why\r\nB=2\n',
    ],
    ['a digest behind the image', '${IMAGE}', 'export IMAGE=nginx:1.27@OLD\n', digest, 'export IMAGE=nginx:1.27@NEW\n'],
    ['a digest of its own', 'nginx:1.27@${DIGEST}', "DIGEST='OLD'\n", digest, "DIGEST='NEW'\n"],
    ['what stands before a default', 'app:${TAG:-1}', 'TAG=2', digest, 'TAG=2@NEW'],
    [
      'the part that another variable adds',
      'app:${FULL}',
      'V=1\nFULL=${V}-slim\n',
      digest,
      'V=1\nFULL=${V}-slim@NEW\n',
    ],
    ['the last of equals', 'app:${TAG}', 'TAG=1\nTAG=2\n', { tag: '3' }, 'TAG=1\nTAG=3\n'],
  ])('changes there: %s', async (_, image, env, wish, expected) => {
    const compose = services(image, 'other:1');
    const result = await edited(compose, { text: env }, [wish]);
    expect(result).toMatchObject({ compose: fill(compose), env: fill(expected), refused: [] });
  });

  it('is changed in both files, where parts of it stand in both', async () => {
    const result = await edited(services('app:${TAG}@OLD'), { text: 'TAG=1\n' }, [{ tag: '2', digest: now }]);
    expect(result).toMatchObject({ compose: fill(services('app:${TAG}@NEW')), env: 'TAG=2\n' });
  });

  it('shows the value that changes, its line and its file, and nothing that stands there', async () => {
    const env = 'PASSWORD=hunter2\nTAG=1.2.3 # hunter3\n';
    const { edits } = await edited(services('app:${TAG}'), { text: env }, [{ tag: '1.2.4' }]);
    expect(edits).toEqual([{ file: 'app/.env', line: 2, before: '1.2.3', after: '1.2.4' }]);
  });

  it.each<[string, string, FileBeside, RegExp]>([
    [
      'git does not track it',
      services('app:${TAG}'),
      { text: 'TAG=1\n', fixed: 'git does not track it' },
      /does not track/,
    ],
    [
      'an environment has it, too',
      `${services('app:${TAG}')}    environment: { V: "\${TAG}" }\n`,
      { text: 'TAG=1\n' },
      /TAG of \.env stands elsewhere in this file/,
    ],
    [
      'it is passed on by its name',
      `${services('app:${TAG}')}    build:\n      args: [TAG]\n  b:\n    image: b:${'${TAG}'}\n`,
      { text: 'TAG=1\n' },
      /stands elsewhere/,
    ],
    [
      'it names what is built',
      `${services('app:${TAG}')}  b: { image: "own:\${TAG}", build: . }\n`,
      { text: 'TAG=1\n' },
      /stands elsewhere/,
    ],
    [
      'another file has it',
      services('app:${TAG}'),
      { text: 'TAG=1\n', readers: new Map([['app/compose.prod.yaml', services('other:${TAG}')]]) },
      /TAG of \.env stands in app\/compose\.prod\.yaml/,
    ],
    [
      'other variables have it',
      services('app:${TAG}'),
      { text: 'TAG=1\nB=${TAG}-x\n' },
      /TAG of \.env stands in other variables/,
    ],
    [
      'another image has it, which stays',
      services('app:${TAG}', 'other:${TAG}'),
      { text: 'TAG=1\n' },
      /more than this image/,
    ],
    [
      'it is put together from parts',
      services('app:${V}'),
      { text: 'M=1\nN=2\nV=$M.$N\n' },
      /in other variables|in one piece/,
    ],
  ])('is refused where %s', async (_, compose, beside, why) => {
    const wishes = compose.includes('build') && compose.includes('args') ? [undefined, { tag: '9' }] : [{ tag: '9' }];
    const result = await edited(compose, beside, wishes);
    expect(result).toMatchObject({ compose, env: beside.text, refused: [expect.stringMatching(why)] });
  });

  it('moves with another image of the same variable, when both are wanted', async () => {
    const wish = { tag: '2' };
    const compose = services('app:${TAG}', 'worker:${TAG}');
    expect(await edited(compose, { text: 'TAG=1\n' }, [wish, wish])).toMatchObject({
      compose,
      env: 'TAG=2\n',
      refused: [],
    });
    const apart = await edited(compose, { text: 'TAG=1\n' }, [digest, { digest: old }]);
    expect(apart).toMatchObject({ compose, env: 'TAG=1\n' });
    expect(apart.refused.length).toBeGreaterThan(0);
  });

  it('may stand in comments, and in other files that only look alike', async () => {
    const compose = `# TAG is what runs\n${services('app:${TAG}')}`;
    const readers = new Map([['app/b.yaml', `# TAG\n${services('app:${TAGS}')}`]]);
    expect(await edited(compose, { text: 'TAG=1\n', readers }, [{ tag: '2' }])).toMatchObject({ env: 'TAG=2\n' });
  });

  it('is read again as what was wanted', async () => {
    const reader = await yamlFormats.find(({ name }) => name === 'compose')!.load();
    const compose = services('app:${TAG}', 'other:1');
    const { env } = await edited(compose, { text: 'TAG=1\n' }, [{ tag: '2', digest: now }]);
    const { uses } = reader.read(compose, 'compose.yaml', { beside: { text: env } });
    expect(uses.map(({ reference }) => reference && formatReference(reference))).toEqual([
      `docker.io/library/app:2@${now}`,
      'docker.io/library/other:1',
    ]);
  });
});
