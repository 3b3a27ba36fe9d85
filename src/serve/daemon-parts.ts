import type { Config } from '../config/config.ts';
import type { Logger } from '../core/logger.ts';
import type { Clock } from '../core/time/clock.ts';
import type { Store } from '../state/store.ts';
import type { DaemonFacts } from './page.ts';
import type { Supervisor } from './supervisor.ts';

/** What is in force: the newest configuration that could be read. */
export interface InForce {
  readonly config: Config;
  readonly configFile?: string;
  /** Why a newer one is not. */
  readonly refused?: string;
}

/** All that answers are made from. */
export interface Daemon {
  readonly store: Store;
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** When the process began; milliseconds since 1970. */
  readonly started: number;
  inForce(): InForce;
}

/** What pages and metrics say of the process. */
export function daemonFacts({ supervisor, version, started, inForce }: Daemon): DaemonFacts {
  const { refused } = inForce();
  return { version, started, ...supervisor.facts(), ...(refused !== undefined && { refused }) };
}
