/*
 * src/engines/docker/swarm/
 *
 * Services of a swarm, which its managers move by the services' own rules. plan-service.ts says what would be done to bring one to another digest,
 * move-service.ts has it done and watches, service-update.ts is the one change there is. Spreading tasks anew: a node that comes back
 * gets none by itself. This file has what is looked at, placement.ts where a scheduler would put a task, plan-rebalance.ts which services are
 * worth a forced update, read-picture.ts how a manager is asked.
 * Begin here, then move-service.ts or plan-rebalance.ts.
 */

/** A node of a swarm, as constraints look at it. */
export interface SwarmNode {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** It answers, and takes tasks. */
  readonly isReady: boolean;
  /** It does not answer. */
  readonly isDown: boolean;
  readonly os: string;
  readonly architecture: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly engineLabels: Readonly<Record<string, string>>;
}

/** A service, as it is scheduled. */
export interface SwarmService {
  readonly id: string;
  readonly name: string;
  readonly mode: 'replicated' | 'other';
  readonly constraints: readonly string[];
  /** It has wishes for its spread beside constraints. */
  readonly hasPreferences: boolean;
  readonly platforms: readonly { readonly os: string; readonly architecture: string }[];
  /** Tasks on one node, at most; 0: any number. */
  readonly maxPerNode: number;
  /** Its tasks write where a task on another node would not find it, or listen on a port of their node. */
  readonly isTied: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly update: {
    readonly order: 'start-first' | 'stop-first';
    /** Tasks at once; 0: all. */
    readonly parallelism: number;
    /** Absent: it was never updated. */
    readonly state?: string;
    /** When its last update ended, or began; milliseconds since 1970. */
    readonly at?: number;
  };
}

/** A task that runs, and where. */
export interface SwarmTask {
  readonly service: string;
  readonly node: string;
}

/** A swarm at one moment. */
export interface SwarmPicture {
  readonly cluster: string;
  readonly nodes: readonly SwarmNode[];
  readonly services: readonly SwarmService[];
  readonly tasks: readonly SwarmTask[];
  /** Tasks that are to run and do not yet, those on no node included. */
  readonly unsettled: number;
}
