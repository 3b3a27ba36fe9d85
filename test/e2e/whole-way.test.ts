import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { type FakeDocker, startFakeDocker } from '../support/engine/fake-docker.ts';
import { isLong } from '../support/fast-check.ts';
import { push } from '../support/fleet.ts';
import { type GitHubServer, startGitHub } from '../support/github/server.ts';
import { killedAtStep } from '../support/killed-at.ts';
import { nodeEnvironment, unpaced } from '../support/node.ts';
import { type RebuildWorld, rootImage, startRebuildWorld } from '../support/rebuild-world.ts';

/** From a fix in Debian to what runs: an own base on it, one image that names no digest of that, one that does, and a container of each. */

const day = 24 * 60 * 60 * 1000;
const start = Date.UTC(2026, 10, 2, 6);
const program = path.join(import.meta.dirname, '../../src/entry/cli.ts');
const containers = ['shop', 'web'];

let github: GitHubServer;
let engine: FakeDocker;
let own: RebuildWorld;
/** What whoever builds was asked for, in that order. */
let asked: string[];

beforeEach(async () => {
  [github, engine, own] = await Promise.all([startGitHub(), startFakeDocker(), startRebuildWorld()]);
  asked = [];
  github.world.onBuild = (_, { inputs }) => asked.push((inputs['image'] ?? '').replace(`${own.registry.host}/`, ''));
  own.publish('root:12', rootImage('3.0.15-1'));
  const base = build('base:1', 'root:12');
  build('web:1', 'base:1');
  build('shop:1', 'base:1');
  configure(base);
  for (const name of containers) {
    const repository = `${own.registry.host}/${name}`;
    engine.model.pull(repository, digestOf(name), '1');
    engine.model.run({ name, image: `${repository}:1`, host: { RestartPolicy: { Name: 'always' } } });
  }
  engine.log.length = 0;
});
afterEach(async () => {
  await Promise.all([github.close(), engine.close(), own.close()]);
  expect([github.faults, engine.model.violations]).toEqual([[], []]);
});

/** What the registry has of an image now. */
function digestOf(name: string): Digest {
  return push(own.registry, name, own.built.get(`${name}:1`) as never, '1');
}

/** As a builder that pulls makes one; engines can pull it from then on. */
function build(name: string, on: string): Digest {
  const digest = own.build(name, on);
  engine.model.publish(`${own.registry.host}/${name.split(':')[0]}`, digest);
  return digest;
}

function configure(base: Digest): void {
  const { host } = own.registry;
  const workflow = 'on: { workflow_dispatch: { inputs: { image: {}, run: {} } } }\njobs: {}\n';
  github.world.create('o/bases', {
    'base/Dockerfile': `FROM ${host}/root:12\nCOPY . /srv\n`,
    '.github/workflows/build.yml': workflow,
  });
  github.world.create('o/apps', {
    'web/Dockerfile': `FROM ${host}/base:1\nCOPY . /srv\n`,
    'shop/Dockerfile': `FROM ${host}/base:1@${base}\nCOPY . /srv\n`,
    '.github/workflows/build.yml': workflow,
  });
  const how = 'workflow: build.yml, inputs: { image: "{image}", run: "{correlation}" }';
  const published = (name: string, repository: string): string =>
    `  - { image: "${host}/${name}:1", repository: ${repository}, file: ${name}/Dockerfile, rebuild: { ${how} } }`;
  own.configure(`version: 1
state: state.db
repositories: [{ github: "o/*" }]
engines: [{ name: nas, host: "${engine.url}", mode: redeploy }]
registries: { "${host}": {} }
rules:
  - { match: { class: [stale] }, react: [alert, dispatch] }
  - { match: { engine: nas, class: [security] }, react: [alert, redeploy], gate: running=1s }
published:
${published('base', 'o/bases')}
${published('web', 'o/apps')}
${published('shop', 'o/apps')}
`);
}

const environment = (at: number) => ({
  GITHUB_API_URL: github.url,
  GITHUB_TOKEN: 'token',
  PLIMSOLL_ADVISORIES: own.osv.base,
  PLIMSOLL_NOW: new Date(at).toISOString(),
  ...unpaced,
});

function run(at: number): Promise<CliResult> {
  github.world.setTime(at);
  return cli(['run'], { cwd: own.folder, env: environment(at) });
}

/** A run that dies at its n-th write or request; null where it had fewer. */
function killed(step: number, at: number): Promise<NodeJS.Signals | null> {
  github.world.setTime(at);
  // Whatever asks for something: a build, a branch, a proposal, a change of the engine.
  const paths = /dispatches|\/runs|graphql|\/git\/|\/pulls|\/containers\/|\/images\/create/;
  const preload = killedAtStep(step, paths, isLong);
  const child = spawn(process.execPath, ['--import', preload, program, 'run'], {
    cwd: own.folder,
    env: { ...nodeEnvironment(), HOME: path.join(own.folder, '.home'), ...environment(at) },
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal)));
}

const pulls = () => github.world.repos.flatMap((repo) => repo.items.map((item) => ({ repo, item })));

const done = new Set<string>();
beforeEach(() => done.clear());

/** What builders and people do between two runs: what was asked for is built, what is proposed is merged, and that is built. */
function meanwhile(): void {
  for (const name of asked) {
    if (!done.has(name)) build(name, name === 'base:1' ? 'root:12' : 'base:1');
    done.add(name);
  }
  for (const { repo, item } of pulls()) {
    if (item.state === 'open' && github.world.merge(repo, item)) build('shop:1', 'base:1');
  }
}

/** What a container runs, by the digest that it was pulled with. */
function runs(name: string): string | undefined {
  const { image, isRunning } = engine.model.container(name);
  return isRunning ? [...image.digests][0]?.split('@')[1] : undefined;
}

const made = (): number => engine.log.filter((one) => one.startsWith('POST /containers/create')).length;

describe('a fix in Debian', () => {
  it('reaches what runs by one request or proposal for each image and one move for each container, in order, to an end', async () => {
    await run(start);
    own.publish('root:12', rootImage('3.0.16-1'));
    const days: string[] = [];
    for (let number = 1; number <= 10; number++) {
      const before = [asked.length, pulls().length, made()] as const;
      const { code, stderr } = await run(start + number * day);
      expect([code, stderr], `day ${number}`).toEqual([0, '']);
      days.push(
        [
          ...asked.slice(before[0]),
          ...pulls()
            .slice(before[1])
            .map(({ repo }) => `a pull request in ${repo.name}`),
          ...Array(made() - before[2]).fill('a container'),
        ].join(', '),
      );
      meanwhile();
    }
    expect(days).toEqual([
      '',
      'base:1',
      'a pull request in apps',
      'web:1',
      'a container',
      'a container',
      '',
      '',
      '',
      '',
    ]);
    expect(containers.map(runs)).toEqual(containers.map(digestOf));
    // All of it is told as over, and nothing stands.
    const { stdout } = await cli(['status', '--state', 'state.db'], { cwd: own.folder });
    expect(stdout).not.toMatch(/stale|security/);
  }, 240_000);

  it('that is only another build of the same packages moves nothing', async () => {
    await run(start);
    own.publish('root:12', rootImage('3.0.15-1', '2026-02-02T00:00:00Z'));
    for (const number of [1, 2, 3, 4]) {
      expect(await run(start + number * day)).toMatchObject({ code: 0 });
      meanwhile();
    }
    expect([asked, pulls(), made()]).toEqual([[], [], 0]);
  }, 120_000);

  // Every day's run dies at the same step, and is run again: few days have many.
  it.each(isLong ? Array.from({ length: 120 }, (_, n) => n + 1) : [4, 9, 16, 30])(
    'is asked for once, proposed once and moved to whichever step its runs die at: %i',
    async (step) => {
      await run(start);
      own.publish('root:12', rootImage('3.0.16-1'));
      let deaths = 0;
      for (let number = 1; number <= 8; number++) {
        const at = start + number * day;
        if ((await killed(step, at)) !== null) deaths++;
        const { code, stderr } = await run(at + day / 24);
        // A move that was not done is put back, and then it is for a person to say so.
        const [, undone] =
          /^error: (nas\/\w+): undone .*: an earlier run was ended before it was done\n$/.exec(stderr) ?? [];
        if (undone === undefined) expect([code, stderr], `day ${number}`).toEqual([0, '']);
        else await cli(['retry', undone.replace('/', ':'), '--state', 'state.db'], { cwd: own.folder });
        meanwhile();
      }
      // What was put back on the last day has a day without an accident.
      await run(start + 9 * day);
      expect(asked).toEqual(['base:1', 'web:1']);
      expect(pulls()).toHaveLength(1);
      expect(containers.map(runs)).toEqual(containers.map(digestOf));
      const running = [...engine.model.containers.values()].filter(({ isRunning }) => isRunning);
      expect(running.map(({ name }) => name).sort()).toEqual(containers);
      if (step <= 12) expect(deaths).toBeGreaterThan(3);
    },
    300_000,
  );
});
