import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { type SQLInputValue, StatementSync } from 'node:sqlite';
import { routes } from '../src/serve/api-routes.ts';
import { pages } from '../src/serve/pages/index.ts';
import { startDaemon } from '../test/support/daemon.ts';
import { imageName, seededState } from '../test/support/seeded-state.ts';

const [images, uses, news] = [1000, 30_000, 20_000];
const rounds = 40;
/** Of the rounds of an address, the least disturbed set counts: the machine does other things, too. */
const sets = 3;
const bars = { cpu: 15, bytes: 100_000, ratio: 3, memory: 120 };

/** What stands for the names in paths. */
const names: Readonly<Record<string, string>> = {
  reference: encodeURIComponent(imageName(1)),
  name: encodeURIComponent('acme/app-3'),
  id: '1',
};

interface Asked {
  readonly address: string;
  /** Milliseconds of the daemon's processor time for one answer. */
  readonly cpu: number;
  /** Milliseconds until its end, of the 38th of 40. */
  readonly p95: number;
  readonly bytes: number;
}

/**
 * Every page and every list of the API over 1,000 images, 30,000 uses and 20,000 open news, while another process records runs of
 * that fleet without a pause: processor time, size, and how long it takes beside a bare page of the same statements and size; and the
 * daemon's memory after all that.
 */
export async function serving(): Promise<string[]> {
  const seeded = await seededState({ images, uses, news, packages: 100, days: 60 });
  await seeded.closeStore();
  const folder = path.dirname(seeded.file);
  writeFileSync(path.join(folder, 'plimsoll.yml'), 'version: 1\nserve: { listen: "127.0.0.1:0" }\n');
  const started: ChildProcess[] = [];
  const start = async (words: readonly string[]): Promise<{ child: ChildProcess; said: string }> => {
    const child = spawn(process.execPath, words, { cwd: folder, env: { ...process.env, HOME: folder } });
    started.push(child);
    let said = '';
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          said += chunk;
          if (/listening on|writing/.test(said)) resolve();
        });
      }
      child.once('close', (code) => reject(new Error(`${words.join(' ')} ended with ${code}: ${said}`)));
    });
    return { child, said };
  };
  const urlOf = (said: string): string => /listening on (\S+)/.exec(said)?.[1] ?? '';
  try {
    const recorded = path.join(folder, 'statements.json');
    writeFileSync(recorded, JSON.stringify(await statementsOf(seeded.file)));
    const daemon = await start([path.join(import.meta.dirname, '../dist/cli.js'), 'serve', '--state', seeded.file]);
    const bare = await start([path.join(import.meta.dirname, 'bare-page.ts'), seeded.file, recorded]);
    const writer = [seeded.file, images, uses, news].map(String);
    await start([path.join(import.meta.dirname, 'writing-process.ts'), ...writer]);
    const asked: (Asked & { readonly bare: Asked })[] = [];
    for (const address of addresses()) {
      const [ours, bares]: [Asked[], Asked[]] = [[], []];
      for (let set = 0; set < sets; set++) {
        ours.push(await ask(daemon.child, urlOf(daemon.said), address));
        bares.push(
          await ask(bare.child, urlOf(bare.said), `/?of=${encodeURIComponent(address)}&bytes=${ours[0]?.bytes}`),
        );
      }
      asked.push({ ...summed(ours as [Asked]), bare: summed(bares as [Asked]) });
    }
    const worst = <One>(all: readonly One[], of: (one: One) => number): One =>
      all.reduce((a, b) => (of(b) > of(a) ? b : a));
    // Less than a millisecond is not measured well enough to be a ratio.
    const ratioOf = ({ cpu, bare: { cpu: reference } }: (typeof asked)[number]): number =>
      Math.max(cpu, 1) / Math.max(reference, 1);
    const cpu = worst(asked, (one) => one.cpu);
    const bytes = worst(asked, (one) => one.bytes);
    const dear = worst(asked, ratioOf);
    const ratio = ratioOf(dear);
    const late = worst(asked, (one) => one.p95);
    const [resident, peak] = memoryOf(daemon.child);
    return [
      `${asked.length} pages and lists, ${rounds} times each, while runs are recorded: at most ${cpu.cpu.toFixed(1)} ms of CPU (${cpu.address}; bar ${bars.cpu}${missed(cpu.cpu, bars.cpu)}) and ${Math.round(bytes.bytes / 1000)} kB (${bytes.address}; bar ${bars.bytes / 1000}${missed(bytes.bytes, bars.bytes)})`,
      `against a bare page of the same statements and size: at most ${ratio.toFixed(2)}x its CPU (${dear.address}, ${dear.cpu.toFixed(1)} ms against ${dear.bare.cpu.toFixed(1)} ms; bar ${bars.ratio}${missed(ratio, bars.ratio)}); p95 at most ${late.p95.toFixed(1)} ms (${late.address}), the bare page ${late.bare.p95.toFixed(1)} ms`,
      `the daemon's memory after ${asked.length * sets * rounds} answers: ${resident} MB, at most ${peak} MB (bar ${bars.memory}${missed(peak, bars.memory)})`,
    ];
  } finally {
    for (const child of started) child.removeAllListeners('close').kill('SIGKILL');
    seeded.remove();
  }
}

/** What is asked of the state for each address. */
async function statementsOf(file: string): Promise<Readonly<Record<string, readonly object[]>>> {
  const all: Record<string, object[]> = {};
  let own: object[] | undefined;
  const { all: ask } = StatementSync.prototype;
  StatementSync.prototype.all = function (this: StatementSync, ...values: SQLInputValue[]) {
    own?.push({ sql: this.sourceSQL, values });
    return (ask as (...all: SQLInputValue[]) => unknown).apply(this, values);
  } as typeof ask;
  const daemon = await startDaemon({}, {}, undefined, file);
  try {
    for (const address of addresses()) {
      own = [];
      all[address] = own;
      await daemon.ask('GET', address);
      own = undefined;
    }
    return all;
  } finally {
    StatementSync.prototype.all = ask;
    await daemon.close();
  }
}

/** The processor time of all, and the time of the least disturbed. */
function summed(sets: readonly [Asked, ...Asked[]]): Asked {
  const cpu = sets.reduce((all, one) => all + one.cpu, 0) / sets.length;
  return { ...sets[0], cpu, p95: Math.min(...sets.map(({ p95 }) => p95)) };
}

function missed(value: number, bar: number): string {
  return value <= bar ? '' : ', MISSED';
}

function addresses(): readonly string[] {
  const addressOf = (route: string): string => route.replace(/:(\w+)/g, (_, name: string) => names[name] ?? 'x');
  const lists = routes.filter(({ method }) => method === 'get').map((route) => `/api/v1${addressOf(route.path)}`);
  return ['/metrics', '/api/openapi.json', ...lists, ...pages.map((page) => addressOf(page.path))];
}

/** One address, forty times, after it was warmed up. */
async function ask(child: ChildProcess, base: string, address: string): Promise<Asked> {
  const agent = new http.Agent({ keepAlive: true });
  let bytes = 0;
  const once = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const begun = performance.now();
      http
        .get(`${base}${address}`, { agent }, (response) => {
          bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
          });
          response.on('end', () => resolve(performance.now() - begun));
        })
        .on('error', reject);
    });
  for (let i = 0; i < 4; i++) await once();
  const before = ticksOf(child);
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) times.push(await once());
  const cpu = ((ticksOf(child) - before) * 10) / rounds;
  agent.destroy();
  times.sort((a, b) => a - b);
  return { address, cpu, bytes, p95: times[Math.floor(rounds * 0.95) - 1] ?? 0 };
}

/** Hundredths of a second of processor time, in all of its threads; proc(5). */
function ticksOf({ pid }: ChildProcess): number {
  const [, fields = ''] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const numbers = fields.split(' ').map(Number);
  return (numbers[11] ?? 0) + (numbers[12] ?? 0);
}

/** Megabytes now, and at most. */
function memoryOf({ pid }: ChildProcess): readonly [number, number] {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024);
  return [of('VmRSS'), of('VmHWM')];
}
