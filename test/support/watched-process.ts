import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { Worker } from 'node:worker_threads';
import { slowness } from './cpu-time.ts';
import { watchdog } from './watchdog.ts';

/*
 * Preloaded into a process of ours (NODE_OPTIONS=--import=…). At its end it writes to the file in WATCHED_FILE how long the
 * main thread was held, as JSON (see `Watched`). With WATCHED_TERMINATE it sends itself SIGTERM after so many
 * milliseconds of processor time, or with WATCHED_FILE_GROWS when that file is larger than a megabyte, whatever the main
 * thread is doing.
 */

/** All in milliseconds of processor time; `longest` and `afterSignal` as the machine of the bars would take them. */
export interface Watched {
  /** The longest stretch of the main thread; those in which modules were loaded are not ours to cut. */
  readonly longest: number;
  /** What the process took in all. */
  readonly spent: number;
  /** What the process still took after it was told to stop; absent when it was not. */
  readonly afterSignal?: number;
}

const file = process.env['WATCHED_FILE'];
const terminateAfter = process.env['WATCHED_TERMINATE'];
const grows = process.env['WATCHED_FILE_GROWS'];

let loads = 0;
registerHooks({
  load: (url, context, next) => {
    // What is loaded in one turn runs in it, or in the next.
    loads = 2;
    return next(url, context);
  },
});
const dog = watchdog(() => loads === 0 || --loads < 0);

const signalledAt = new Float64Array(new SharedArrayBuffer(8));
if (terminateAfter !== undefined || grows !== undefined) {
  const code = `
    const { workerData: [signalledAt, after, grows] } = require('node:worker_threads');
    const { statSync } = require('node:fs');
    const isLarge = () => grows !== undefined && (statSync(grows, { throwIfNoEntry: false })?.size ?? 0) > 1e6;
    const spent = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
    const look = () => {
      if (grows === undefined ? spent() < after : !isLarge()) return void setTimeout(look, 1);
      signalledAt[0] = spent();
      process.kill(process.pid, 'SIGTERM');
    };
    look();`;
  new Worker(code, { eval: true, workerData: [signalledAt, Number(terminateAfter), grows] }).unref();
}

process.on('exit', () => {
  if (file === undefined) return;
  dog.stop();
  const { user, system } = process.cpuUsage();
  const [at = 0] = signalledAt;
  const watched: Watched = {
    longest: dog.longest() / slowness(),
    spent: (user + system) / 1000,
    ...(at > 0 && { afterSignal: ((user + system) / 1000 - at) / slowness() }),
  };
  writeFileSync(file, JSON.stringify(watched));
});
