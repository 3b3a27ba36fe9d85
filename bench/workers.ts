import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { type FakeRegistry, startFakeRegistry } from '../test/support/fake-registry.ts';
import { debianImage, push } from '../test/support/fleet.ts';
import { type GitHubServer, startGitHub } from '../test/support/github/server.ts';
import { nodeEnvironment, unpaced } from '../test/support/node.ts';

const cli = path.join(import.meta.dirname, '../src/entry/cli.ts');
/** Milliseconds after which the registry answers: as one that is not next door. */
const delay = 20;
const bar = 2.1;

/**
 * A run by 1, 2 and 4 workers over 2,000 repositories, and by 2 over 1,000: seconds, repositories a second, CPU of all workers,
 * parts, and bytes of the state. PLIMSOLL_BENCH_POSTGRES=ADDRESS names a server on which databases may be made; without it there
 * is nothing to measure.
 */
export async function workers(): Promise<string[]> {
  const address = process.env['PLIMSOLL_BENCH_POSTGRES'];
  if (address === undefined) return ['left out: PLIMSOLL_BENCH_POSTGRES names no server'];
  const lines: string[] = [];
  const half = await measured(address, 1000, 2);
  lines.push(lineOf(half));
  let whole: Measured | undefined;
  for (const number of [1, 2, 4]) {
    const one = await measured(address, 2000, number);
    lines.push(lineOf(one));
    if (number !== 2) continue;
    whole = one;
    lines.push(one.day);
  }
  const growth = (whole?.cpu ?? 0) / half.cpu;
  lines.push(`twice the fleet: ${growth.toFixed(2)}x the CPU (bar ${bar}${growth <= bar ? '' : ', MISSED'})`);
  return lines;
}

interface Measured {
  readonly repositories: number;
  readonly workers: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly parts: number;
  readonly requests: number;
  readonly most: number;
  readonly bytes: number;
  /** What the next day costs, when one of twenty images has moved. */
  readonly day: string;
}

function lineOf({ repositories, workers: number, seconds, cpu, parts, requests, most, bytes }: Measured): string {
  return `${repositories} repositories, ${number} workers: ${seconds.toFixed(1)} s, ${Math.round(repositories / seconds)} repositories a second, ${cpu.toFixed(1)} s of CPU, ${parts} parts, ${requests} requests to the registry with at most ${most} at once, ${(bytes / 1e6).toFixed(1)} MB of state`;
}

async function measured(address: string, repositories: number, number: number): Promise<Measured> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
  const name = `bench_${process.pid}_${repositories}_${number}`;
  const admin = new Client({ connectionString: address });
  await admin.connect();
  try {
    await admin.query(`create database ${name}`);
    fill(github, registry, repositories);
    let [under, most] = [0, 0];
    registry.intercept = (_, response) => {
      most = Math.max(most, ++under);
      response.once('close', () => under--);
      return false;
    };
    const url = new URL(address);
    url.pathname = `/${name}`;
    const start = startIn(folder, github, registry, url.href);
    const asked = start('enqueue');
    await asked.ended;
    const since = performance.now();
    const all = Array.from({ length: number }, () => start('worker', '--drain'));
    await Promise.all(all.map(({ ended }) => ended));
    const seconds = (performance.now() - since) / 1000;
    const state = new Client({ connectionString: url.href });
    await state.connect();
    const { rows } = await state.query<{ parts: string; bytes: string; failed: string }>(
      `select count(*) as parts, count(*) filter (where state <> 'done') as failed, pg_database_size(current_database()) as bytes from plimsoll.part`,
    );
    await state.end();
    if (Number(rows[0]?.failed) > 0) throw new Error('not every part is done');
    const requests = registry.log.length;
    const day = await dayLater(registry, github, start, number, repositories);
    return {
      repositories,
      workers: number,
      day,
      seconds,
      cpu: all.reduce((sum, one) => sum + one.cpu(), 0),
      parts: Number(rows[0]?.parts),
      requests,
      most,
      bytes: Number(rows[0]?.bytes),
    };
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
    await Promise.all([github.close(), registry.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The requests of a run over the same, after one of twenty images has moved. */
async function dayLater(
  registry: FakeRegistry,
  github: GitHubServer,
  start: (...words: string[]) => Started,
  number: number,
  repositories: number,
): Promise<string> {
  const images = Math.floor(repositories * 0.3);
  for (let i = 0; i < images; i += 20) push(registry, `i${i}`, debianImage({ [`p${i}`]: '3' }), '1');
  const [from, asked] = [registry.log.length, github.log.length];
  await start('enqueue').ended;
  await Promise.all(Array.from({ length: number }, () => start('worker', '--drain')).map(({ ended }) => ended));
  const log = registry.log.slice(from);
  const count = (is: (one: (typeof log)[number]) => boolean): number => log.filter(is).length;
  const heads = count(({ method }) => method === 'HEAD');
  const manifests = count(({ method, path: at }) => method === 'GET' && at.includes('/manifests/'));
  const blobs = count(({ path: at }) => at.includes('/blobs/'));
  const per = (value: number, of: number): string => (value / of).toFixed(2);
  return `a day later, ${Math.ceil(images / 20)} of ${images} references moved: ${per(heads, images)} HEADs a reference, ${per(manifests, images / 20)} manifests and ${per(blobs, images / 20)} blobs a move, ${per(github.log.length - asked, repositories)} requests to the forge a repository`;
}

/** Three files in each; every second of the images has moved. */
function fill(github: GitHubServer, registry: FakeRegistry, repositories: number): void {
  github.tokens.set('token', 'plimsoll[bot]');
  registry.delay = delay;
  const images = Math.floor(repositories * 0.3);
  const pins = Array.from({ length: images }, (_, i) => push(registry, `i${i}`, debianImage({ [`p${i}`]: '1' }), '1'));
  for (let i = 0; i < images; i += 2) push(registry, `i${i}`, debianImage({ [`p${i}`]: '2' }), '1');
  for (let r = 0; r < repositories; r++) {
    const files = Array.from({ length: 3 }, (_, f): [string, string] => {
      const i = (r * 3 + f * 7) % images;
      return [`f${f}/Dockerfile`, `FROM ${registry.host}/i${i}:1@${pins[i]}\n`];
    });
    github.world.create(`o/r${r}`, Object.fromEntries(files));
  }
}

interface Started {
  readonly ended: Promise<void>;
  /** Seconds of CPU, when it has ended. */
  cpu(): number;
}

function startIn(
  folder: string,
  github: GitHubServer,
  registry: FakeRegistry,
  state: string,
): (...words: string[]) => Started {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'plimsoll.yml'),
    `version: 1\nrepositories: [{ github: "o/*" }]\nregistries: { "${registry.host}": {} }\nrules: [{ react: [record] }]\n`,
  );
  return (...words) => {
    const child = spawn(process.execPath, [cli, ...words, '--quiet'], {
      cwd: folder,
      env: {
        ...nodeEnvironment(),
        GITHUB_API_URL: github.url,
        GITHUB_TOKEN: 'token',
        PLIMSOLL_ADVISORIES: 'off',
        HOME: folder,
        PLIMSOLL_STATE: state,
        ...unpaced,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    let seconds = 0;
    // Ticks of 10 ms, in the 14th and 15th column: proc_pid_stat(5).
    const sampling = setInterval(() => {
      try {
        const columns = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ');
        seconds = (Number(columns[11]) + Number(columns[12])) / 100;
      } catch {
        // It has ended.
      }
    }, 20);
    return {
      cpu: () => seconds,
      ended: new Promise((resolve) => {
        child.once('close', () => {
          clearInterval(sampling);
          resolve();
        });
      }),
    };
  };
}
