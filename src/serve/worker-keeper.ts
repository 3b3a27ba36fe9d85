import { type ChildProcess, spawn } from 'node:child_process';
import { limits } from '../core/limits/limits.ts';
import type { Logger } from '../core/logger.ts';

/** What keeping workers takes. */
export interface WorkerKeeperDependencies {
  readonly logger: Logger;
  /** The program and the words before those of `worker`. */
  readonly command: readonly [program: string, ...words: string[]];
  /** Words of every worker: where state and cache are, and what it serves. */
  words(): readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** The configuration in force; absent: there is none. */
  config(): { readonly file: string; readonly text: string } | undefined;
}

/** Keeps so many workers alive beside the daemon: one that ends is started again, after a moment that grows while it ends at once. */
export class WorkerKeeper {
  readonly #deps: WorkerKeeperDependencies;
  readonly #all: { child?: ChildProcess; timer?: NodeJS.Timeout; wait: number }[];
  #isStopping = false;

  constructor(number: number, deps: WorkerKeeperDependencies) {
    this.#deps = deps;
    this.#all = Array.from({ length: number }, () => ({ wait: limits.serve.workerRest.most / 32 }));
  }

  start(): void {
    for (const [index] of this.#all.entries()) this.#start(index);
  }

  /** With the configuration that is in force now: each ends what it does first. */
  restart(): void {
    for (const { child } of this.#all) child?.kill('SIGTERM');
  }

  /** Ends them all; resolves when they have. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(
      this.#all.map(async ({ child, timer }) => {
        clearTimeout(timer);
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
        const ended = new Promise((resolve) => child.once('close', resolve));
        child.kill('SIGTERM');
        const end = setTimeout(() => child.kill('SIGKILL'), limits.serve.grace.most + limits.worker.giveBack.most);
        await ended;
        clearTimeout(end);
      }),
    );
  }

  #start(index: number): void {
    const one = this.#all[index];
    if (one === undefined || this.#isStopping) return;
    const { command, environment, logger } = this.#deps;
    const [program, ...first] = command;
    const config = this.#deps.config();
    const configured = config === undefined ? [] : ['--config', config.file, '--config-from-stdin'];
    const child = spawn(program, [...first, 'worker', ...this.#deps.words(), ...configured], {
      // The line to it is how it notices that we are gone.
      stdio: ['pipe', 'ignore', 'inherit', 'ipc'],
      env: environment,
    });
    one.child = child;
    const since = performance.now();
    child.stdin?.on('error', () => undefined).end(config?.text ?? '');
    child.once('error', (error) => logger.error(`a worker could not be started: ${error.message}`));
    child.once('close', () => {
      if (this.#isStopping) return;
      const { most } = limits.serve.workerRest;
      one.wait = performance.now() - since > most ? most / 32 : Math.min(most, one.wait * 2);
      one.timer = setTimeout(() => this.#start(index), one.wait);
    });
  }
}
