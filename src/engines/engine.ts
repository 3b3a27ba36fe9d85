import type { Digest } from '../core/image/digest.ts';
import type { Platform } from '../core/image/platform.ts';
import type { ImageReference } from '../core/image/reference.ts';
import type { Workload } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import type { RedeployLabels } from '../core/redeploy.ts';
import type { ScopeCounts, WorkloadMode } from '../core/run-record.ts';
import type { SwarmHands } from './docker/swarm/swarm-hands.ts';
import type { EngineHands } from './engine-hands.ts';

/** What a workload runs. */
export interface RunningImage {
  /** What was pulled: an index, or a manifest. */
  readonly root: Digest;
  /** The manifest of the platform, where the engine says it. */
  readonly manifest?: Digest;
  /** Who says so: Podman, the image store, a digest that the engine keeps of the repository, or the image as it was written. */
  readonly by: 'podman' | 'store' | 'repo-digest' | 'written';
}

/** Something that runs, as its engine has it. */
export interface RunningWorkload extends Pick<Workload, 'kind' | 'name' | 'compose' | 'redeploy'> {
  /** The image as its owner wrote it. */
  readonly written: string;
  /** Absent for what is no reference. With a digest only where its owner wrote one. */
  readonly reference?: ImageReference;
  readonly platforms: readonly Platform[];
  readonly image:
    | { readonly is: 'known'; readonly running: RunningImage }
    /** Nobody could tell which digest runs. */
    | { readonly is: 'unknown'; readonly problem: Problem }
    /** Made on this machine: there is no registry to ask. */
    | { readonly is: 'local' }
    /** Not looked at; why is in `why`. */
    | { readonly is: 'skipped' };
  /** By its labels. */
  readonly mode: WorkloadMode;
  readonly labels?: RedeployLabels;
  /** Does it write to a volume or a folder of its host, which no rollback puts back? */
  readonly hasData?: boolean;
  /** Why it has this mode, or was not looked at: one sentence. */
  readonly why: string;
}

/** Something that stopped, starts again and again, or says itself that it is not well. */
export interface Ailing {
  readonly name: string;
  readonly says: string;
}

/** A node of a swarm, and whether it takes tasks. */
export interface SwarmNodeState {
  readonly id: string;
  readonly isReady: boolean;
}

/** What an engine runs, as far as it said. */
export interface EngineReading {
  /** Its own identity, and that of the swarm that it manages. */
  readonly id: string;
  readonly swarm?: string;
  /** Of that swarm. */
  readonly nodes?: readonly SwarmNodeState[];
  /** The name of its host. */
  readonly name: string;
  readonly workloads: readonly RunningWorkload[];
  readonly counts: ScopeCounts;
  /** What does not do well, by its name, and in what way: `is unhealthy`. */
  readonly ailing?: readonly Ailing[];
  /** False: something that runs there was not listed. */
  readonly isWhole: boolean;
  /** Subjects are names of workloads; of what was not listed there is none. */
  readonly problems: readonly Problem[];
  /** Labels that mean something to another program, and are not read here. */
  readonly unreadLabels: readonly string[];
}

/** Of these digests of one repository, the one whose manifest for the platform has this config; undefined: none, or nobody could tell. */
export type ChooseDigest = (choice: {
  readonly repository: Pick<ImageReference, 'registry' | 'repository'>;
  readonly digests: readonly Digest[];
  readonly config: Digest;
  readonly platform: Platform;
}) => Promise<Digest | undefined>;

/** How an engine is read. */
export interface ReadOptions {
  /** Also what does not run. */
  readonly stopped: boolean;
  readonly choose: ChooseDigest;
  /** Of an engine that has some: these alone. Default: all. */
  readonly namespaces?: readonly string[];
}

/** One engine, connected. */
export interface Engine {
  /** Throws PlimsollError 'ENGINE' when nothing could be read. */
  read(options: ReadOptions): Promise<EngineReading>;
  /** What changes there what runs; absent: it is only looked at. */
  readonly hands?: EngineHands;
  /** What spreads the tasks of its swarm; absent: it is only looked at, or knows no swarms. */
  readonly swarm?: SwarmHands;
  close(): void;
}

/** Where an engine is, and how one gets there. */
export interface EngineAddress {
  /** As the operator, or Docker's own settings, have it: `unix:///var/run/docker.sock`. */
  readonly url: string;
  /** Who named it: the command line, DOCKER_HOST, a context. */
  readonly from: string;
  /** PEM. */
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly insecure?: boolean;
    /** Whom its certificate is for, where that is not its host. */
    readonly servername?: string;
  };
  /** What it is called where it does not say its own name. */
  readonly name?: string;
  /** By which one is let in. */
  readonly token?: string;
}

/** What connecting needs beside an address. */
export interface EngineDependencies {
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** A kind of engine: `docker:` on the command line. */
export interface EngineType {
  readonly type: string;
  /**
   * The address that is meant by what stands behind `TYPE:`, or by the environment where nothing does. Throws PlimsollError
   * 'USAGE' for what is none.
   */
  address(text: string, env: Readonly<Record<string, string | undefined>>): EngineAddress;
  /** `mode`: what the operator allowed. Default: watch. */
  connect(address: EngineAddress, deps: EngineDependencies, mode?: 'watch' | 'redeploy'): Engine;
}
