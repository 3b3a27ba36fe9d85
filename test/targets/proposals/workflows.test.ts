import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { asSecurity, type CentralResult, centralRun } from '../../support/github/run.ts';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';
import type { Repo } from '../../support/github/world.ts';

let github: GitHubServer;
let registry: FakeRegistry;
let repo: Repo;
beforeEach(async () => {
  [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
  const publish = (version: string): string =>
    push(registry, 'base', debianImage({ libc6: '1', openssl: version }), '1');
  const image = `${registry.host}/base:1@${publish('1.0')}`;
  publish('1.1');
  repo = github.world.create('o/a', {
    Dockerfile: `FROM ${image}\n`,
    'compose.yaml': `services: { a: { image: "${image}" } }\n`,
    '.github/workflows/ci.yml': `jobs: { a: { container: "${image}", steps: [] } }\n`,
  });
});
afterEach(async () => {
  await Promise.all([github.close(), registry.close()]);
  expect(github.faults).toEqual([]);
});

const run = (): Promise<CentralResult> => centralRun(github, { adjust: asSecurity });
const changed = (): string[][] =>
  github.world.open(repo).map(({ pull }) => {
    const [before, after] = ['main', pull!.head].map((branch) => github.world.files(repo, branch));
    return Object.keys(after!)
      .filter((file) => before![file] !== after![file])
      .sort();
  });

it('a workflow is changed by a pull request of its own', async () => {
  const { outcomes } = await run();
  expect(outcomes.map(({ kind }) => kind)).toEqual(['created', 'created']);
  expect(changed()).toEqual(expect.arrayContaining([['Dockerfile', 'compose.yaml'], ['.github/workflows/ci.yml']]));
});

it('a token that says it may not is not tried, the rest goes on, and nothing is told as a failure', async () => {
  github.scopes = 'read:org, repo';
  const { outcomes } = await run();
  expect(outcomes).toMatchObject([{ kind: 'created' }, { kind: 'left-alone' }]);
  expect(outcomes[1]?.reason).toContain('the scope "workflow"');
  expect(changed()).toEqual([['Dockerfile', 'compose.yaml']]);
  github.scopes = 'repo, workflow';
  expect((await run()).outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'unchanged']);
});

it('a refusal that only trying shows takes nothing else along', async () => {
  github.intercept = (_method, path, body) =>
    path === '/graphql' && body.includes('createCommitOnBranch') && body.includes('.github/workflows')
      ? {
          status: 200,
          body: {
            data: null,
            errors: [
              {
                type: 'FORBIDDEN',
                message:
                  'refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission',
              },
            ],
          },
        }
      : undefined;
  const { outcomes } = await run();
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'failed']);
  expect(outcomes.find(({ kind }) => kind === 'failed')).toMatchObject({ cause: 'unsupported' });
  expect(changed()).toEqual([['Dockerfile', 'compose.yaml']]);
});
