import { spawn } from 'node:child_process';

export interface Measured {
  /** Milliseconds of wall clock, process start included. */
  readonly ms: number;
  /** Peak resident memory in megabytes. */
  readonly peak: number;
}

export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const rounds = 7;

/** Runs two commands in turns, so that whatever else the machine does hits both; medians of each. */
export async function alternate(ours: Command, reference: Command): Promise<{ ours: Measured; reference: Measured }> {
  const [a, b]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    b.push(await measure(reference));
    a.push(await measure(ours));
  }
  return { ours: median(a), reference: median(b) };
}

/** One run of this Node; throws when it fails. */
export async function measure({ args, env = {} }: Command): Promise<Measured> {
  const started = performance.now();
  // The kernel's own account of the peak (getrusage), asked for by the process itself as it ends.
  const report = `data:text/javascript,${encodeURIComponent("process.on('exit',()=>process.stderr.write('\\npeak '+process.resourceUsage().maxRSS+'\\n'))")}`;
  const child = spawn(process.execPath, ['--import', report, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const ms = performance.now() - started;
  if (code !== 0) throw new Error(`${args.join(' ')} exited ${code}: ${text}`);
  return { ms, peak: Number(/\npeak (\d+)/.exec(text)?.[1] ?? 0) / 1024 };
}

function median(runs: readonly Measured[]): Measured {
  const middle = (pick: (run: Measured) => number): number =>
    runs.map(pick).sort((x, y) => x - y)[Math.floor(runs.length / 2)] ?? 0;
  return { ms: middle((run) => run.ms), peak: middle((run) => run.peak) };
}

export function ratioLine(
  what: string,
  { ours, reference }: { ours: Measured; reference: Measured },
  bar: number,
): string {
  const ratio = ours.ms / reference.ms;
  return `${what}: ${ratio.toFixed(2)}x (bar ${bar}x${ratio <= bar ? '' : ', MISSED'}); ${Math.round(ours.ms)} ms against ${Math.round(reference.ms)} ms; peak ${Math.round(ours.peak)} MB against ${Math.round(reference.peak)} MB`;
}
