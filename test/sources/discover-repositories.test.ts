import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { repositorySettings } from '../../src/job/assemble.ts';
import { discoverRepositories, namedBy, type RepositoryTree } from '../../src/sources/discover-repositories.ts';
import { forgeFor } from '../support/github/forge.ts';
import { type GitHubServer, startGitHub } from '../support/github/server.ts';

let github: GitHubServer;
beforeEach(async () => {
  github = await startGitHub();
});
afterEach(async () => {
  await github.close();
  expect(github.faults).toEqual([]);
});

const selection = { topics: [], languages: [], archived: false, forks: false, templates: false, branches: [] };

async function read(
  patterns: readonly string[] = ['o/*'],
  branches: readonly string[] = [],
): Promise<RepositoryTree[]> {
  const trees: RepositoryTree[] = [];
  const settings = await repositorySettings({ ...defaultConfig, exclude: ['old/**'] });
  const selections = patterns.map((pattern) => ({ ...selection, pattern, branches }));
  for await (const tree of discoverRepositories({ selections, settings }, forgeFor(github))) trees.push(tree);
  return trees;
}

const files = ({ discovery }: RepositoryTree): string[] => discovery.files.map(({ file }) => file);
const codes = (trees: readonly RepositoryTree[]): string[] =>
  trees.flatMap(({ discovery }) => discovery.problems.map(({ code }) => code));

describe('what is read of a repository', () => {
  it('is what formats recognise, without what is excluded', async () => {
    const paths = ['Dockerfile', 'a/Containerfile', 'old/Dockerfile', 'node_modules/x/Dockerfile', 'README.md'];
    github.world.create('o/a', Object.fromEntries(paths.map((path) => [path, `# ${path}\nFROM scratch\n`])));
    const [tree] = await read();
    expect(files(tree!)).toEqual(['Dockerfile', 'a/Containerfile']);
    expect(github.log.filter(({ path }) => path.includes('/blobs/'))).toHaveLength(2);
  });

  it('asks for files whose names tell first, and for a bounded number of others, those in telling folders first', async () => {
    const pod = 'apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: "a:1" }] }\n';
    const others = Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`docs/${n}.yaml`, `title: ${n}\n`]));
    const marked = { 'z/a.sh': '# plimsoll: image=a:1\nA=a:1\n' };
    const own = {
      'compose.yaml': 'services: { a: { image: "b:1" } }\n',
      'z/k8s/pod.yaml': pod,
      'z/other.yaml': pod,
      ...marked,
    };
    github.world.create('o/a', { ...others, ...own });
    const trees = await read();
    expect(files(trees[0]!)).toEqual(['compose.yaml', 'z/k8s/pod.yaml']);
    expect(github.log.filter(({ path }) => path.includes('/blobs/'))).toHaveLength(201);
    expect(trees[0]?.discovery.problems).toMatchObject([
      { code: 'files-unasked', message: expect.stringMatching(/^52 files/) },
    ]);
  });

  it('follows the repository’s own configuration, as far as that may go', async () => {
    const own = 'version: 1\ninclude: ["images/*"]\npin: true\ncommit: { prefix: "deps: " }\n';
    github.world.create('o/a', { '.github/plimsoll.yml': own, 'images/x': 'FROM a\n', Dockerfile: 'FROM b\n' });
    const [tree] = await read();
    expect(files(tree!)).toEqual(['images/x']);
    expect(tree).toMatchObject({ policy: { pin: true }, read: { commit: { prefix: 'deps: ', signoff: false } } });
  });

  it.each([
    ['a secret', 'version: 1\nregistries: { ghcr.io: { username: a, password: "${TOKEN}" } }\n'],
    ['limits', 'version: 1\nlimits: { open: 1000 }\n'],
    ['nonsense', ': ['],
  ])('is nothing when its configuration holds %s, and the others go on', async (_name, own) => {
    github.world.create('o/a', { 'plimsoll.yml': own, Dockerfile: 'FROM a\n' });
    github.world.create('o/b', { Dockerfile: 'FROM b\n' });
    const trees = await read();
    expect(codes(trees)).toEqual(['repository-config']);
    expect(trees.map(({ read }) => read?.tree)).toEqual([undefined, 'o/b']);
  });

  it('is nothing when it has two configurations', async () => {
    github.world.create('o/a', { 'plimsoll.yml': 'version: 1\n', '.plimsoll.yml': 'version: 1\n' });
    expect(codes(await read())).toEqual(['repository-config']);
  });

  it('leaves out a file that is too large, with a word', async () => {
    github.world.create('o/a', { Dockerfile: `FROM a\n${'#'.repeat(1024 * 1024)}` });
    expect(codes(await read())).toEqual(['file-too-large']);
  });

  it('leaves out a file whose encoding hides what it says, with a word', async () => {
    github.world.create('o/a', { 'compose.yaml': 's\0e\0r\0', Dockerfile: 'FROM a\n' });
    const trees = await read();
    expect(codes(trees)).toEqual(['file-encoding']);
    expect(trees[0]?.discovery.files.map(({ file }) => file)).toEqual(['Dockerfile']);
  });

  it('names every branch a tree of its own, and a repository once', async () => {
    const repo = github.world.create('o/a', { Dockerfile: 'FROM a\n' });
    github.world.push(repo, 'next', { Dockerfile: 'FROM b\n' });
    expect((await read(['o/*', 'o/a'], ['main', 'next'])).map(({ read }) => read?.tree)).toEqual([
      'o/a@main',
      'o/a@next',
    ]);
  });

  it('is nothing when one of its files cannot be read: it must not look like one that is gone', async () => {
    github.world.create('o/a', { Dockerfile: 'FROM a\n', 'b/Dockerfile': 'FROM b\n' });
    let asked = 0;
    github.intercept = (_method, path) =>
      path.includes('/blobs/') && asked++ === 0 ? { status: 404, body: { message: 'Not Found' } } : undefined;
    const trees = await read();
    expect(codes(trees)).toEqual(['repository-unreadable']);
    expect(trees[0]?.read).toBeUndefined();
  });
});

it('goes on past an owner that cannot be listed', async () => {
  github.world.create('o/a', { Dockerfile: 'FROM a\n' });
  const trees = await read(['nobody/*', 'o/*']);
  expect(codes(trees)).toEqual(['owner-unreadable']);
  expect(trees.map(({ read }) => read?.tree)).toEqual([undefined, 'o/a']);
});

it.each([
  ['o/*', ['o/a', 'o/a@main'], ['p/a', 'o/a/b']],
  ['group/**', ['group/a', 'group/part/a', 'group/part/a@main'], ['groups/a', 'other/group/a']],
  ['group/*/a', ['group/part/a', 'group/part/a@release'], ['group/a', 'group/part/b']],
  ['group/part/a', ['group/part/a', 'group/part/a@release'], ['group/part/a/b', 'group/a']],
])('a selection by %s names repositories with as many components', (pattern, named, others) => {
  const isNamed = namedBy([{ ...selection, pattern }]);
  expect(named.filter((name) => !isNamed(name))).toEqual([]);
  expect(others.filter(isNamed)).toEqual([]);
});
