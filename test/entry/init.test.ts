import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load.ts';
import { version } from '../../src/entry/origin.ts';
import { scheduleFor, starterConfig, starterWorkflow } from '../../src/report/render/starter/starter.ts';
import { starterPipeline } from '../../src/report/render/starter/starter-pipeline.ts';
import { cli } from '../support/cli.ts';
import { temporaryTree } from '../support/fleet.ts';

let tree: { folder: string; remove: () => void } | undefined;
afterEach(() => tree?.remove());

async function initIn(files: Record<string, string>, args: readonly string[] = []) {
  tree = temporaryTree(files);
  const { folder } = tree;
  const done = await cli(['init', ...args], { cwd: folder });
  return { ...done, read: (name: string) => readFileSync(path.join(folder, name), 'utf8'), folder };
}

const pinned = `debian:12@sha256:${'0'.repeat(64)}`;

describe('plimsoll init', () => {
  it('writes both files, and says how many uses no pull request is possible for', async () => {
    const { code, stdout, read } = await initIn({ Dockerfile: `FROM ${pinned} AS a\nFROM node:22\nFROM a\n` });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^wrote \.github\/workflows\/plimsoll\.yml\nwrote \.github\/plimsoll\.yml\nfound 2 image uses \(2 dockerfile\)\n1 of 2 image uses has no digest, and no pull request is possible.*"pin: true"/,
    );
    expect(read('.github/plimsoll.yml')).toContain('\n# pin: true\n');
  });

  it('has them pinned with --pin', async () => {
    const { stdout, read } = await initIn({ Dockerfile: 'FROM node:22\n' }, ['--pin']);
    expect(stdout).toContain('"pin: true" has the first run open one pull request');
    expect(read('.github/plimsoll.yml')).toContain('\npin: true\n');
  });

  it('says which kinds of files name images, and what has those pinned that are no Dockerfiles', async () => {
    const compose = { 'compose.yaml': `services: { a: { image: 'node:22' }, b: { image: '${pinned}' } }\n` };
    const { stdout } = await initIn({ Dockerfile: 'FROM node:22\n', ...compose }, ['--pin']);
    expect(stdout).toContain('found 3 image uses (1 dockerfile, 2 compose)\n2 of 3 image uses have no digest: ');
    expect(stdout).toContain('"pin: { dockerfile: true, compose: true }" has 1 compose pinned as well\n');
    const alone = await initIn(compose);
    expect(alone.stdout).toContain('you are only told when they move\n"pin: true" is for Dockerfiles alone; ');
    expect(alone.stdout).toContain('"pin: { compose: true }"');
  });

  it('writes over nothing', async () => {
    const files = { '.github/workflows/plimsoll.yml': 'mine', '.plimsoll.yml': 'version: 1\n' };
    const { stdout, read, folder } = await initIn(files);
    expect(stdout).toMatch(
      /^left \.github\/workflows\/plimsoll\.yml as it is\nleft \.plimsoll\.yml as it is\n\nwhat is left/,
    );
    expect(read('.github/workflows/plimsoll.yml')).toBe('mine');
    expect(existsSync(path.join(folder, '.github/plimsoll.yml'))).toBe(false);
  });

  it.each([
    ['renovate.json', '{}'],
    ['.github/renovate.json5', '{}'],
    ['.github/dependabot.yml', 'updates:\n  - package-ecosystem: docker\n'],
  ])('says what %s means for pull requests', async (rival, text) => {
    const { code, stdout } = await initIn({ [rival]: text, Dockerfile: `FROM ${pinned}\n` });
    expect(code).toBe(0);
    expect(stdout).toContain(`${rival} has another program edit the same lines: the Action opens no pull requests`);
    expect(stdout).toContain('mode: pull-request');
  });

  it('says nothing of a Dependabot that leaves images alone', async () => {
    const { stdout } = await initIn({ '.github/dependabot.yml': 'updates:\n  - package-ecosystem: npm\n' });
    expect(stdout).not.toContain('another program');
  });

  it('ends with what is left to do, and with nothing else', async () => {
    const { stdout } = await initIn({ Dockerfile: `FROM ${pinned}\n` });
    const steps = stdout.split('what is left to do:\n')[1]!.trimEnd().split('\n');
    expect(steps.map((one) => /^ {2}\d\. (\w+)/.exec(one)?.[1])).toEqual(['put', 'on', 'commit', 'start']);
    expect(steps[0]).toMatch(/the commit of a release into \.github\/workflows\/plimsoll\.yml, line \d+$/);
    const known = await initIn({
      '.github/workflows/plimsoll.yml': 'uses: a/plimsoll@0123\n',
      '.github/plimsoll.yml': 'version: 1\nnotify:\n  # - { url: "${NOT_THIS}" }\n  - { type: ntfy, url: "${NTFY}" }\n',
    });
    expect(known.stdout).toMatch(
      /what is left to do:\n {2}1\. give the step of the workflow NTFY \(.*\n {2}2\. commit/,
    );
  });

  it('says when --pin does nothing', async () => {
    const left = await initIn({ '.plimsoll.yml': 'version: 1\n', Dockerfile: 'FROM node:22\n' }, ['--pin']);
    expect(left.stdout).toContain(
      '--pin had no effect, as .plimsoll.yml is left as it is: write "pin: true" into it\n',
    );
    const none = await initIn({ Dockerfile: `FROM ${pinned}\n` }, ['--pin']);
    expect(none.stdout).toContain('--pin will have no effect for now: no Dockerfile names an image without a digest\n');
  });

  it('fills in the platforms that workflows build for', async () => {
    const build = 'jobs: {}\n#\n          platforms: linux/amd64,linux/arm64\n';
    const { read } = await initIn({
      '.github/workflows/build.yml': build,
      '.github/workflows/x.yml': ' platforms: ${{ x }}\n',
    });
    expect(read('.github/plimsoll.yml')).toContain('\nplatforms: [linux/amd64, linux/arm64]\n');
  });

  it('wants a folder', async () => {
    const { code, stderr } = await initIn({}, ['nowhere']);
    expect([code, stderr]).toEqual([2, 'plimsoll: nowhere is no folder; name the root of a repository\n']);
  });
});

describe('what it writes', () => {
  const workflow = parse(starterWorkflow('app', '1.2.3'));

  it('is a workflow with no more permissions than it uses, no two runs at once, and none in forks', () => {
    expect(workflow).toMatchObject({
      permissions: {},
      concurrency: { group: 'plimsoll', 'cancel-in-progress': false },
      jobs: {
        plimsoll: {
          if: '${{ !github.event.repository.fork }}',
          permissions: { contents: 'write', 'pull-requests': 'write', issues: 'write', packages: 'read' },
        },
      },
    });
  });

  it.each([
    ['acme/plimsoll', 'acme/plimsoll@COMMIT'],
    [undefined, 'OWNER/plimsoll@COMMIT'],
  ])('names the Action of %s', (repository, uses) => {
    const text = starterWorkflow('app', '1.2.3', repository);
    expect(parse(text).jobs.plimsoll.steps).toEqual([{ uses }]);
    expect(text.includes('whose Plimsoll')).toBe(repository === undefined);
  });

  it('has only inputs that the Action knows', () => {
    const { inputs } = parse(readFileSync(path.join(import.meta.dirname, '../../action.yml'), 'utf8'));
    const shown = [...starterWorkflow('app', '1').matchAll(/^ {8}# {3}([a-z-]+): /gm)].map(([, name]) => name);
    expect(shown.length).toBeGreaterThan(1);
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(shown));
  });

  it.each(['app', 'infrastructure', 'x', ''])('runs at an odd minute of the night, always the same, in %j', (name) => {
    const [minute = '', hour = '', ...days] = scheduleFor(name).split(' ');
    expect(Number(minute) % 2).toBe(1);
    expect([Number(hour) >= 2, Number(hour) < 6, days]).toEqual([true, true, ['*', '*', '*']]);
    expect(scheduleFor(`/elsewhere/${name}`)).toBe(name === '' ? scheduleFor('elsewhere') : scheduleFor(name));
  });

  it.each([true, false])('is a configuration that holds as it is and with every line taken in (pin: %s)', (pin) => {
    const text = starterConfig(pin);
    expect(parseConfig(text, 'plimsoll.yml', 'operator', {})).toMatchObject({ pin });
    const all = text.replace(/^# (?=[a-z]+:)|^# (?= {2}-)/gm, '');
    expect(parseConfig(all, 'plimsoll.yml', 'operator', { DISCORD_URL: 'https://discord.test/x' })).toMatchObject({
      pin: true,
      dashboard: true,
      rules: { length: 3 },
    });
  });
});

describe('plimsoll init elsewhere', () => {
  const origin = (url: string): Record<string, string> => ({
    '.git/config': `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n`,
  });

  it.each([
    ['git@git.corp.example:group/part/app.git', 'group/part/app'],
    ['https://git.corp.example:8443/group/app', 'group/app'],
    ['ssh://git@git.corp.example/group/app.git', 'group/app'],
  ])('writes a pipeline for GitLab that is included, for %s', async (url, name) => {
    const { code, stdout, read } = await initIn({ Dockerfile: `FROM ${pinned}\n`, ...origin(url) }, [
      '--gitlab',
      '--pin',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^wrote \.gitlab\/plimsoll-ci\.yml\nwrote \.gitlab-ci\.yml\nwrote \.gitlab\/plimsoll-run\.yml\nfound 1 /,
    );
    expect(stdout).not.toContain('put the name of');
    expect(parse(read('.gitlab-ci.yml'))).toEqual({ include: [{ local: '.gitlab/plimsoll-ci.yml' }] });
    const pipeline = parse(read('.gitlab/plimsoll-ci.yml')) as Record<string, { script?: string[]; extends?: string }>;
    expect(Object.keys(pipeline)).toEqual(['variables', '.plimsoll', 'plimsoll', 'plimsoll-check']);
    expect(pipeline['plimsoll']?.script?.[0]).toContain('run --config .gitlab/plimsoll-run.yml');
    const config = parseConfig(read('.gitlab/plimsoll-run.yml'), '.gitlab/plimsoll-run.yml', 'operator', {});
    expect([config.forges, config.pin]).toMatchObject([[{ type: 'gitlab', selections: [{ pattern: name }] }], true]);
  });

  it('leaves a pipeline that is there, and says what to write into it', async () => {
    const { stdout, read } = await initIn({ '.gitlab-ci.yml': 'mine: {}\n' }, ['--gitlab']);
    expect(read('.gitlab-ci.yml')).toBe('mine: {}\n');
    expect(stdout).toContain('left .gitlab-ci.yml as it is');
    expect(stdout).toContain('have .gitlab-ci.yml include it');
    expect(stdout).toContain('put the name of this repository into .gitlab/plimsoll-run.yml');
  });

  it('writes a workflow for Gitea and Forgejo', async () => {
    const { code, read } = await initIn(origin('https://codeberg.org/o/app.git'), ['--gitea']);
    expect(code).toBe(0);
    const workflow = parse(read('.gitea/workflows/plimsoll.yml')) as { jobs: { plimsoll: { steps: unknown[] } } };
    expect(workflow.jobs.plimsoll.steps).toHaveLength(3);
    const config = parseConfig(read('.gitea/plimsoll-run.yml'), '.gitea/plimsoll-run.yml', 'operator', {});
    expect(config.forges).toMatchObject([{ type: 'gitea', selections: [{ pattern: 'o/app' }] }]);
  });

  it('is for one of them', async () => {
    expect((await initIn({}, ['--gitlab', '--gitea'])).code).toBe(2);
  });

  it('is what is under deploy', () => {
    const text = readFileSync(path.join(import.meta.dirname, '../../deploy/gitlab-ci.yml'), 'utf8');
    expect(text).toBe(starterPipeline(version()));
  });
});
