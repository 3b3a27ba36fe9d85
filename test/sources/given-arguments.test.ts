import { describe, expect, it } from 'vitest';
import { formatReference } from '../../src/core/image/reference.ts';
import { formats } from '../../src/formats/index.ts';
import { discover } from '../../src/sources/discover.ts';
import { temporaryTree } from '../support/fleet.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;

/** Every use of a file of a tree, with its note, and what an edit of the first would do. */
async function usesOf(files: Readonly<Record<string, string>>, file = 'app/Dockerfile') {
  const tree = temporaryTree(files);
  const { files: found, problems } = await discover(tree.folder, { formats, include: [], exclude: [] });
  tree.remove();
  expect(problems).toEqual([]);
  const watched = found.find((one) => one.file === file)!;
  const document = watched.format.read(watched.text, file, watched);
  return {
    images: document.uses.map(({ reference, note }) => [reference && formatReference(reference), note]),
    edit: (wish: object) => document.edit([{ use: document.uses[0]!, ...wish }]),
  };
}

const dockerfile = 'ARG V=20\nARG DISTRO\nFROM node:${V}\nFROM debian:${DISTRO:-bookworm} AS b\n';

describe('build arguments that other files give', () => {
  it.each<[name: string, files: Record<string, string>]>([
    ['compose, as a mapping', { 'compose.yaml': 'services: { a: { build: { context: app, args: { V: 22 } } } }\n' }],
    [
      'compose, as a list',
      {
        'compose.yaml':
          'services:\n  a:\n    build:\n      context: ./app\n      args:\n        - V=22\n        - HOME\n',
      },
    ],
    [
      'compose in a folder, with another name and a variable',
      {
        'deploy/compose.yaml':
          'services:\n  a:\n    build: { context: .., dockerfile: app/Dockerfile, args: { V: "${NODE}" } }\n',
        'deploy/.env': 'NODE=22\n',
      },
    ],
    [
      'a workflow',
      {
        '.github/workflows/build.yml':
          'jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          file: app/Dockerfile\n          build-args: |\n            V=22\n            DISTRO=${{ matrix.distro }}\n',
      },
    ],
    [
      'bake, inherited and through a variable',
      {
        'docker-bake.hcl':
          'variable "NODE" { default = "22" }\ntarget "base" { args = { V = NODE } }\ntarget "a" {\n  inherits = ["base"]\n  context = "app"\n}\n',
      },
    ],
    ['bake in JSON', { 'docker-bake.json': '{ "target": { "a": { "context": "app", "args": { "V": "22" } } } }\n' }],
  ])('are looked at instead of the default: %s', async (_name, files) => {
    const { images } = await usesOf({ ...files, 'app/Dockerfile': dockerfile });
    const [by] = Object.keys(files).filter((file) => !file.endsWith('.env'));
    const note = `it is built with V by ${by}: that was looked at, not the default`;
    expect(images).toEqual([
      ['docker.io/library/node:22', note],
      ['docker.io/library/debian:bookworm', undefined],
    ]);
  });

  it('give a value to what has no default, in a stage as well', async () => {
    const { images } = await usesOf({
      'compose.yaml': 'services: { a: { build: { context: app, args: { DISTRO: trixie, V: "20" } } } }\n',
      'app/Dockerfile': dockerfile,
    });
    expect(images.map(([image]) => image)).toEqual(['docker.io/library/node:20', 'docker.io/library/debian:trixie']);
  });

  it('are said, and the default counts, where builds do not agree or one gives none', async () => {
    const note = 'it is built with different values of V (compose.yaml); the default here was looked at';
    for (const second of ['{ context: app, args: { V: 18 } }', 'app']) {
      const { images } = await usesOf({
        'compose.yaml': `services:\n  a: { build: { context: app, args: { V: 22 } } }\n  b: { build: ${second} }\n`,
        'app/Dockerfile': dockerfile,
      });
      expect(images[0]).toEqual(['docker.io/library/node:20', note]);
      expect(images[1]?.[1]).toBeUndefined();
    }
  });

  it('of addresses, of other folders and of what only a run knows mean nothing here', async () => {
    const build = (context: string): string => `build: { context: "${context}", args: { V: 22 } }`;
    const contexts = ['https://example.org/app.git', '../app', '/app', '${WHERE}', 'git@example.org:app'];
    const { images } = await usesOf({
      'compose.yaml': `services:\n${contexts.map((one, n) => `  s${n}: { ${build(one)} }\n`).join('')}`,
      'app/Dockerfile': dockerfile,
    });
    expect(images[0]).toEqual(['docker.io/library/node:20', undefined]);
  });

  it('leave a digest that stands in the Dockerfile to be moved, and nothing else of that image', async () => {
    const files = { 'compose.yaml': 'services: { a: { build: { context: app, args: { V: 22 } } } }\n' };
    const pinned = await usesOf({ ...files, 'app/Dockerfile': `ARG V=20\nFROM node:\${V}@${digest}\n` });
    expect(pinned.edit({ digest: other })).toMatchObject({ text: `ARG V=20\nFROM node:\${V}@${other}\n`, refused: [] });
    const reason = expect.stringContaining('another file orders this build with arguments of its own');
    expect(pinned.edit({ digest: other, tag: '24' }).refused).toMatchObject([{ reason }]);
    const open = await usesOf({ ...files, 'app/Dockerfile': dockerfile });
    expect(open.edit({ digest: other })).toMatchObject({ text: dockerfile, refused: [{ reason }] });
  });

  it('of targets that inherit in a circle, or multiply, end', async () => {
    const circle = 'target "a" { inherits = ["b"] }\ntarget "b" { inherits = ["a"]\n args = { V = "22" } }\n';
    const names = Array.from({ length: 2_000 }, (_, n) => n);
    const many = `target "x" {\n args = {\n${names.map((n) => `  A${n} = "1"\n`).join('')} }\n}\n`;
    const heirs = names.map((n) => `target "t${n}" {\n inherits = ["x", "t${n - 1}"]\n context = "app"\n}\n`).join('');
    const { images } = await usesOf({ 'docker-bake.hcl': circle + many + heirs, 'app/Dockerfile': dockerfile });
    expect(images[0]?.[0]).toBe('docker.io/library/node:20');
  });
});
