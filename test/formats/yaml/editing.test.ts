import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/image/digest.ts';
import { yamlFormats } from '../../../src/formats/yaml/index.ts';

const [old, now] = [digestOf('old'), digestOf('now')];
const fill = (text: string): string => text.replaceAll('OLD', old).replaceAll('NEW', now);

async function readerOf(name: string) {
  const format = yamlFormats.find((one) => one.name === name);
  if (format === undefined) throw new Error(`no format ${name}`);
  return format.load();
}

/** Every image of a file to a new digest, and those with a tag in the list to it. */
async function edited(name: string, text: string, tag?: string): Promise<{ text: string; refused: readonly string[] }> {
  const document = (await readerOf(name)).read(fill(text), 'f.yaml');
  const wanted = document.uses
    .filter(({ reference }) => reference)
    .map((use) => ({ use, digest: now, ...(tag !== undefined && { tag }) }));
  const result = document.edit(wanted);
  return { text: result.text, refused: result.refused.map(({ reason }) => reason) };
}

const golden: readonly (readonly [name: string, format: string, before: string, after: string])[] = [
  [
    'plain, quoted and commented',
    'compose',
    "services:\n  a: { image: 'a:1' }\n  b:\n    image:   b:2   # why\n",
    "services:\n  a: { image: 'a:1@NEW' }\n  b:\n    image:   b:2@NEW   # why\n",
  ],
  [
    'a block of one line',
    'compose',
    'services:\n  a:\n    image: >-\n      a:1\n  b: { image: b:2 }\n',
    'services:\n  a:\n    image: >-\n      a:1@NEW\n  b: { image: b:2@NEW }\n',
  ],
  [
    'into the default that ends it',
    'compose',
    'services:\n  a:\n    image: a:${T:-1}\n  b:\n    image: ${I:-b:2}\n',
    'services:\n  a:\n    image: a:${T:-1@NEW}\n  b:\n    image: ${I:-b:2@NEW}\n',
  ],
  [
    'behind what a default begins',
    'compose',
    'services:\n  a:\n    image: ${R:-docker.io}/a:1\n  b:\n    image: b:${T:-1}-slim\n',
    'services:\n  a:\n    image: ${R:-docker.io}/a:1@NEW\n  b:\n    image: b:${T:-1}-slim@NEW\n',
  ],
  [
    'a digest that is there',
    'compose',
    'services:\n  a:\n    image: a:1@OLD\n',
    'services:\n  a:\n    image: a:1@NEW\n',
  ],
  [
    'one place that two services merge',
    'compose',
    'x-a: &a { image: a:1 }\nservices:\n  b: { <<: *a }\n  c: *a\n',
    'x-a: &a { image: a:1@NEW }\nservices:\n  b: { <<: *a }\n  c: *a\n',
  ],
  [
    'behind a scheme',
    'workflow',
    'jobs:\n  a:\n    container: docker://a:1\n    steps: [{ uses: "docker://b:2" }]\n',
    'jobs:\n  a:\n    container: docker://a:1@NEW\n    steps: [{ uses: "docker://b:2@NEW" }]\n',
  ],
  [
    'a line for the digest',
    'kustomize',
    'images:\n  - name: a\n    newTag: "1" # one\n  - newTag: v2\n    name: b\n',
    'images:\n  - name: a\n    newTag: "1" # one\n    digest: NEW\n  - newTag: v2\n    digest: NEW\n    name: b\n',
  ],
  [
    'a key for the digest',
    'kustomize',
    "images: [{ name: a, newTag: '1' }]\n",
    "images: [{ name: a, newTag: '1', digest: NEW }]\n",
  ],
  [
    'a digest of its own',
    'kustomize',
    'images:\n  - { name: a, newTag: v1, digest: OLD }\n',
    'images:\n  - { name: a, newTag: v1, digest: NEW }\n',
  ],
  [
    'a digest within the tag',
    'kustomize',
    'images:\n  - { name: a, newTag: v1@OLD }\n',
    'images:\n  - { name: a, newTag: v1@NEW }\n',
  ],
  [
    'behind a tag that is a number',
    'helm',
    'image:\n  repository: a\n  tag: 1.10\n',
    'image:\n  repository: a\n  tag: 1.10@NEW\n',
  ],
  [
    'an empty digest is filled',
    'helm',
    'image: { registry: x.io, repository: a, tag: "1", digest: "" }\nb:\n  image:\n    repository: b\n    tag: v1\n    digest:\n',
    'image: { registry: x.io, repository: a, tag: "1", digest: "NEW" }\nb:\n  image:\n    repository: b\n    tag: v1\n    digest: NEW\n',
  ],
  [
    'not into a variable of the project',
    'gitlab-ci',
    'variables: { V: "1" }\na:\n  image: a:$V\n',
    'variables: { V: "1" }\na:\n  image: a:$V@NEW\n',
  ],
  [
    'in JSON',
    'kubernetes',
    '{ "apiVersion": "v1", "kind": "Pod", "spec": { "containers": [{ "image": "a:1" }] } }\n',
    '{ "apiVersion": "v1", "kind": "Pod", "spec": { "containers": [{ "image": "a:1@NEW" }] } }\n',
  ],
  [
    'with CRLF',
    'kustomize',
    'images:\r\n  - name: a\r\n    newTag: v1\r\n',
    'images:\r\n  - name: a\r\n    newTag: v1\r\n    digest: NEW\r\n',
  ],
];

describe('an edit of YAML changes the scalar and nothing else', () => {
  it.each(golden)('%s', async (_, format, before, after) => {
    expect(await edited(format, before)).toEqual({ text: fill(after), refused: [] });
  });

  it.each<[string, string, string, string]>([
    [
      'the part that differs',
      'compose',
      'services: { a: { image: "a:22-slim" } }\n',
      'services: { a: { image: "a:24-slim@NEW" } }\n',
    ],
    [
      'of its own scalar',
      'helm',
      'image: { repository: a, tag: 22-slim }\n',
      'image: { repository: a, tag: 24-slim@NEW }\n',
    ],
    [
      'in a default',
      'compose',
      'services: { a: { image: "a:${T:-22-slim}" } }\n',
      'services: { a: { image: "a:${T:-24-slim@NEW}" } }\n',
    ],
  ])('another tag: %s', async (_, format, before, after) => {
    expect((await edited(format, before, '24-slim')).text).toBe(fill(after));
  });

  it.each<[string, string, string, RegExp]>([
    ['what has errors', 'compose', 'services:\n  a:\n    image: a:1\n\tb: c\n', /the document has errors/],
    ['what escapes hide', 'compose', 'services: { a: { image: "\\x61:1" } }\n', /with escapes/],
    ['what has no value', 'compose', 'services: { a: { image: "${R}a:1" } }\n', /R has no value/],
    [
      'a tag that feeds two',
      'gitlab-ci',
      'variables: { V: "22-slim" }\na: { image: "a:$V" }\nb: { image: "b:$V" }\n',
      /more than this image|put together/,
    ],
  ])('%s is refused', async (_, format, text, reason) => {
    const result = await edited(format, text, format === 'gitlab-ci' ? '24-slim' : undefined);
    if (format !== 'gitlab-ci') expect(result.text).toBe(fill(text));
    if (format !== 'gitlab-ci') expect(result.refused[0]).toMatch(reason);
  });

  it('shows the scalar, and nothing that stands beside it', async () => {
    const text = 'services:\n  a: { image: a:1, environment: { PASSWORD: hunter2 } }\n';
    const document = (await readerOf('compose')).read(text);
    const [use] = document.uses;
    const { done } = document.edit(use ? [{ use, digest: now }] : []);
    expect(done[0]).toMatchObject({ written: `a:1@${now}`, edits: [{ line: 2, before: 'a:1', after: `a:1@${now}` }] });
  });
});

it.each([
  ['larger than is parsed', `services:\n${'  a: { image: a:1 }\n'.repeat(15_000)}`],
  ['nested too deeply', `services: ${'['.repeat(100_000)}`],
])('a document that is %s is not called wrong, and the others are read', async (_, large) => {
  const { uses, problems } = (await readerOf('compose')).read(`${large}\n---\nservices: { b: { image: b:2 } }\n`);
  expect(problems).toMatchObject([{ code: 'file-too-long', message: expect.stringMatching(/is not read$/) }]);
  expect(uses.map(({ written }) => written)).toEqual(['b:2']);
});

it('a manifest that is too large is told of, and one that only defines a resource is not', async () => {
  const reader = await readerOf('kubernetes');
  const large = (kind: string): string =>
    `apiVersion: v1\nkind: ${kind}\nitems:\n${'  - { image: a:1, x: y }\n'.repeat(15_000)}`;
  expect(reader.recognises(large('List'))).toBe(true);
  expect(reader.read(large('List')).problems).toMatchObject([{ code: 'file-too-long' }]);
  expect(reader.recognises(large('CustomResourceDefinition'))).toBe(false);
  expect(reader.recognises(`image: apiVersion\nkind: x\n${'a: b\n'.repeat(60_000)}`)).toBe(false);
});
