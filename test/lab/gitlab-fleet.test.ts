import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, inject, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import { startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { startGitLab } from '../support/gitlab/forge.ts';

/*
 * One central run over a group of 200 projects by the program as people start it: what it asks GitLab, and what it takes of the
 * machine's memory. Only answers of this machine are waited for.
 */

const projects = 200;
const filesEach = 3;
const cli = path.join(import.meta.dirname, '../../src/entry/cli.ts');
/** The kernel's own account of the peak (getrusage), in kB. */
const report = `data:text/javascript,${encodeURIComponent("process.on('exit',()=>process.stderr.write('\\npeak '+process.resourceUsage().maxRSS+'\\n'))")}`;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  /** MB. */
  readonly peak: number;
}

function started(cwd: string, now: string): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', report, cli, 'run'], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, PLIMSOLL_ADVISORIES: 'off', PLIMSOLL_NOW: now, TOKEN: 'token' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) =>
    child.on('close', (code) => {
      const peak = Number(/\npeak (\d+)/.exec(stderr)?.[1]) / 1024;
      if (code === 0) resolve({ code, stdout, peak });
      else reject(new Error(`exit code ${code}: ${stderr.slice(-2000)}`));
    }),
  );
}

it('reads 200 projects with 600 references in one run, within the budget of requests and of memory', async () => {
  const [gitlab, registry] = await Promise.all([startGitLab(), startFakeRegistry()]);
  const cwd = mkdtempSync(path.join(inject('lab').folder, 'gitlab-'));
  const pinned: Digest[] = [];
  for (let i = 0; i < projects * filesEach; i++)
    pinned.push(push(registry, `i${i}`, debianImage({ openssl: `1.${i}` }), '1'));
  for (let r = 0; r < projects; r++) {
    const files = Array.from({ length: filesEach }, (_, f): [string, string] => {
      const n = r * filesEach + f;
      return [`f${f}/Dockerfile`, `FROM ${registry.host}/i${n}:1@${pinned[n]}\n`];
    });
    gitlab.world.create(`g/team-${r % 7}/r${r}`, { ...Object.fromEntries(files), 'README.md': `${r}\n` });
  }
  writeFileSync(
    path.join(cwd, 'plimsoll.yml'),
    `version: 1
state: state.db
cache: { dir: cache }
repositories: [{ gitlab: "g/**", url: ${gitlab.url}, token: "\${TOKEN}" }]
registries: { "${registry.host}": {} }
rules: [{ react: [propose], when: now }]
`,
  );
  const counted = async (what: string, now: string) => {
    const from = gitlab.log.length;
    const { stdout, peak } = await started(cwd, now);
    const log = gitlab.log.slice(from);
    const own = log.filter(({ path: at }) => /^\/projects\/\d/.test(at) || at.includes('.git/'));
    const each = own.length / projects;
    const listing = log.length - own.length;
    console.log(
      `GitLab, ${projects} projects, ${what}: ${each} requests each and ${listing} besides, ${Math.round(peak)} MB`,
    );
    expect(peak).toBeLessThan(300);
    return { each, listing, own, stdout };
  };
  // Its branches, our merge requests, its files, and each that is new; two pages of the group, who we are, what our token may.
  expect(await counted('cold', '2026-11-23T06:00:00Z')).toMatchObject({ each: 3 + filesEach, listing: 4, stdout: '' });
  const warm = await counted('warm', '2026-11-24T06:00:00Z');
  expect(warm).toMatchObject({ each: 2, listing: 4, stdout: '' });
  expect(new Set(warm.own.map(({ status }) => status))).toEqual(new Set([304]));
  expect(gitlab.writes()).toEqual([]);

  // One image moves: once that has settled, one project is written to, and the others cost what they did.
  push(registry, 'i7', debianImage({ openssl: '2' }), '1');
  await counted('one has moved', '2026-11-25T06:00:00Z');
  expect(gitlab.writes()).toEqual([]);
  const { own } = await counted('one is proposed', '2026-11-26T06:00:00Z');
  const [moved] = gitlab.world.repos.filter((repo) => gitlab.world.open(repo).length > 0);
  expect(moved?.name).toBe('r2');
  const others = own.filter(
    ({ path: at }) => !at.startsWith(`/projects/${moved?.databaseId}/`) && !at.includes('.git/'),
  );
  expect(others).toHaveLength(2 * (projects - 1));
  expect(own.length - others.length).toBeLessThan(2 + 20);
  expect(gitlab.faults).toEqual([]);
  await Promise.all([gitlab.close(), registry.close()]);
}, 600_000);
