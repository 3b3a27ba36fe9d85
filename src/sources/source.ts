import type { Problem } from '../core/problem.ts';
import type { RedeploySettings } from '../core/redeploy.ts';
import type { ScopeCounts, ScopeReport } from '../core/run-record.ts';
import type { Ailing, RunningWorkload, SwarmNodeState } from '../engines/engine.ts';
import type { EditableFile } from '../formats/format.ts';
import type { Policy } from '../verdict/policy.ts';
import type { PlacedPin } from './placed-pins.ts';
import type { Use } from './use.ts';

/** What yields scopes: a folder, the repositories of a forge, an engine. */
export interface Source {
  readonly type: string;
  /** Never throws: what cannot be read is a scope that is not whole, with its problem. */
  open(): AsyncIterable<Scope>;
}

/** Uses that are decided together, because they can only be changed together: those of one file, or a single one. */
export interface UseGroup {
  readonly uses: readonly Use[];
  /** Package pins with the uses that their stages are built on. */
  readonly pins: readonly PlacedPin[];
  /** Every word of an install command, those without a version too. */
  readonly words: number;
  /** Archives that stages are made from. */
  readonly rootfs: readonly Use[];
  readonly problems: readonly Problem[];
  /** What they are changed by; absent for what is no text. */
  readonly file?: EditableFile;
}

/** A workload, with its use; what was not looked at has none. */
export interface EngineWorkload extends RunningWorkload {
  readonly key?: string;
}

/** What is read as a whole or not at all: a folder, a branch of a repository, an engine, a namespace. */
export interface Scope {
  /** Survives a rename. */
  readonly id: string;
  readonly name: string;
  readonly kind: ScopeReport['kind'];
  readonly policy: Policy;
  /** `os/architecture[/variant]`: what it is looked at for where a use does not say. */
  readonly platforms: readonly string[];
  /** False: something that belongs to it was not listed. Nothing of it ends then. */
  readonly isWhole: boolean;
  readonly problems: readonly Problem[];
  /** What runs there, where it is an engine. */
  readonly engine?: {
    readonly counts: ScopeCounts;
    readonly workloads: readonly EngineWorkload[];
    readonly ailing?: readonly Ailing[];
    /** The swarm that it manages, and its nodes. */
    readonly swarm?: { readonly id: string; readonly nodes: readonly SwarmNodeState[] };
    /** How it may be told to redeploy; absent: it is only asked. */
    readonly redeploy?: RedeploySettings;
  };
  /** Reads it group by group, as each is asked for. */
  groups(): AsyncIterable<UseGroup> | Iterable<UseGroup>;
}
