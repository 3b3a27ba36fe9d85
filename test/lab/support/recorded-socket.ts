import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Another way to a daemon; `requests` are the first lines of what went through it. */
export interface RecordedSocket {
  readonly url: string;
  readonly requests: () => readonly string[];
  readonly close: () => void;
}

/** A socket beside that of a daemon, which leads there and writes down what is asked. */
export async function recordedSocket(socket: string): Promise<RecordedSocket> {
  const [at, file] = [`${socket}.recorded`, `${socket}.log`];
  const script = path.join(import.meta.dirname, 'recording-proxy.ts');
  const proxy = spawn(process.execPath, [script, at, socket, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => proxy.stdout.once('data', resolve));
  return {
    url: `unix://${at}`,
    requests: () => readFileSync(file, 'utf8').split('\n').filter(Boolean),
    close: () => void proxy.kill(),
  };
}
