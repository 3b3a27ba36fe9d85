import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReadRepository } from '../../../src/sources/discover-repositories.ts';
import { dashboardMarker } from '../../../src/targets/proposals/dashboard.ts';
import { defaultLimits } from '../../../src/targets/proposals/pull-request-limits.ts';
import { readDashboards, writeDashboards } from '../../../src/targets/proposals/write-dashboards.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { forgeFor } from '../../support/github/forge.ts';
import { type CentralRun, centralRun } from '../../support/github/run.ts';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';
import type { Item } from '../../support/github/world.ts';

let github: GitHubServer;
let registry: FakeRegistry;
const rules = [{ match: {}, when: 'now' as const }];

beforeEach(async () => {
  [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
  const files = ['a', 'b'].map((name) => {
    const pin = push(registry, name, debianImage({ libc6: '1', openssl: '1.0' }), '1');
    push(registry, name, debianImage({ libc6: '1', openssl: '1.1' }), '1');
    return [`${name}/Dockerfile`, `FROM ${registry.host}/${name}:1@${pin}\n`] as const;
  });
  github.world.create('o/app', Object.fromEntries([...files, ['c/Dockerfile', `FROM ${registry.host}/gone:1\n`]]));
});
afterEach(async () => {
  await Promise.all([github.close(), registry.close()]);
  expect(github.faults).toEqual([]);
});

const repo = () => github.world.repos[0] ?? expect.fail('there is no repository');
const boards = (): Item[] => repo().items.filter(({ pull, user }) => pull === undefined && user === 'plimsoll[bot]');
const board = (): Item => boards()[0] ?? expect.fail('there is no dashboard');
const pulls = () => github.world.open(repo()).map(({ pull }) => pull?.head);

/** One run with the dashboard turned on. */
async function runOnce(more: CentralRun = {}) {
  const forge = forgeFor(github);
  const { repository } = await forge.home('o/app', []);
  const before = await readDashboards([{ repository, tree: 'o/app' } as ReadRepository], forge);
  const wishes = (id: string) => before.get(id)?.wishes ?? new Set<string>();
  const { result, findings, outcomes } = await centralRun(github, { rules, forge, ...more, deps: { wishes } });
  const record = { findings, unchecked: [], problems: result.record.problems };
  const problems = await writeDashboards(before, record, outcomes, forge);
  return { outcomes, problems };
}

const onlyOne = { settings: { limits: { ...defaultLimits, open: 1 } } };
const tick = (text: RegExp): void => {
  board().body = board().body.replace(text, (line) => line.replace('[ ]', '[x]'));
};

describe('the dashboard', () => {
  it('names each file that could not be read once, and none of another repository', async () => {
    const broken = { 'compose.yaml': 'services: [\n}\n', 'deploy/compose.yaml': 'services: {\n' };
    github.world.push(repo(), 'main', broken);
    github.world.create('o/other', { 'other/compose.yaml': 'services: [\n' });
    await runOnce();
    const [, part = ''] = board().body.split('### Could not be read\n\n');
    expect(
      part
        .split('\n\n')[0]
        ?.trim()
        .split('\n')
        .map((line) => line.replace(/: .*/, '')),
    ).toEqual(['- `compose.yaml`', '- `deploy/compose.yaml`']);
  });

  it('lists what is open, waits and could not be told, and is not touched on a day without news', async () => {
    await runOnce(onlyOne);
    expect(board().title).toBe('Plimsoll dashboard');
    expect(board().body).toMatch(
      /### Open\n\n- \[ \] .*plimsoll\/.*\n[\s\S]*### Waiting\n\n- \[ \][\s\S]*### Could not be told\n\n- \*\*unknown\*\* /,
    );
    const writes = github.writes().length;
    await runOnce(onlyOne);
    expect(github.writes()).toHaveLength(writes);
    expect(boards()).toHaveLength(1);
  });

  it('opens what waits for a place when its box is ticked, and clears the box', async () => {
    await runOnce(onlyOne);
    expect(pulls()).toHaveLength(1);
    tick(/### Waiting\n\n- \[ \]/);
    await runOnce(onlyOne);
    expect(pulls()).toHaveLength(2);
    expect(board().body).not.toContain('[x]');
    expect(board().body).not.toContain('### Waiting');
  });

  it('opens again what a person closed when its box is ticked', async () => {
    await runOnce();
    const [closed] = github.world.open(repo());
    github.world.close(closed ?? expect.fail());
    await runOnce();
    expect(pulls()).toHaveLength(1);
    tick(/### Left alone.*\n\n- \[ \]/);
    await runOnce();
    expect(pulls()).toHaveLength(2);
  });

  it('stays closed when a person closes it, and is one when there are two', async () => {
    await runOnce(onlyOne);
    board().state = 'closed';
    await runOnce();
    expect(boards().map(({ state }) => state)).toEqual(['closed']);
    board().state = 'open';
    const forge = forgeFor(github);
    await forge.openIssue((await forge.home('o/app', [])).repository, { title: 'x', body: board().body });
    await runOnce({ rules: [] });
    expect(boards().map(({ state }) => state)).toEqual(['open', 'closed']);
  });

  it("is never somebody else's issue, whatever stands in it", async () => {
    const stranger: Item = {
      ...structuredClone({
        number: 1,
        title: 'x',
        state: 'open' as const,
        labels: [],
        assignees: [],
        milestone: undefined,
        comments: [],
        created: github.world.now(),
        updated: github.world.now(),
      }),
      user: 'eve',
      body: `${dashboardMarker}\n- [x] <!-- plimsoll do=plimsoll/x -->\n`,
    };
    repo().items.push(stranger);
    await runOnce();
    expect(stranger.body).toContain('plimsoll/x');
    expect(boards()).toHaveLength(1);
  });

  it('keeps what somebody ticked while the run was under way', async () => {
    await runOnce(onlyOne);
    const forge = forgeFor(github);
    const { repository } = await forge.home('o/app', []);
    const before = await readDashboards([{ repository } as ReadRepository], forge);
    tick(/### Waiting\n\n- \[ \]/);
    board().updated = github.world.now();
    await writeDashboards(before, { findings: [], unchecked: [], problems: [] }, [], forge);
    expect(board().body).toContain('[x]');
  });

  it('says what the forge refused, and leaves the rest of the run alone', async () => {
    github.intercept = (method, path) =>
      method === 'post' && path.endsWith('/issues')
        ? { status: 410, body: { message: 'Issues are disabled for this repo' } }
        : undefined;
    const { problems, outcomes } = await runOnce();
    expect(problems).toMatchObject([{ code: 'dashboard-failed', subject: 'o/app' }]);
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(2);
  });
});
