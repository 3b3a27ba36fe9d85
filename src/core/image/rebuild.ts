import type { Secret } from '../secret.ts';

/** Who is asked to build a published image anew. */
export const rebuildTypes = ['workflow', 'repository-dispatch', 'gitlab', 'gitea', 'webhook'] as const;

export type RebuildType = (typeof rebuildTypes)[number];

/** How a rebuild of one image is asked for; what its type does not know is absent. */
export interface RebuildSettings {
  readonly type: RebuildType;
  /** The file of the workflow, or its name below the folder of workflows. */
  readonly workflow?: string;
  /** Absent: the branch that was read. */
  readonly ref?: string;
  /** As the builder names them; `{image}`, `{base}` and `{correlation}` are filled in. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Of a webhook. */
  readonly url?: string;
  /** What a webhook is signed with, or the trigger token of a pipeline. */
  readonly secret?: Secret;
  /** Milliseconds until a rebuild that does not come is told. */
  readonly timeout: number;
}

/** Rebuilds asked for within 24 hours. */
export interface DispatchLimit {
  readonly perDay: number;
  readonly perImage: number;
}

/** For what brings a fix, more is allowed. */
export interface DispatchLimits extends DispatchLimit {
  readonly security: DispatchLimit;
}

/** As many as that, unless the configuration says otherwise. */
export const defaultDispatchLimits: DispatchLimits = {
  perDay: 10,
  perImage: 1,
  security: { perDay: 20, perImage: 2 },
};

/**
 * How it stands with the rebuild of a stale image. `none`: nobody asks for one. `held`: it will be asked for, and waits, or has to
 * be allowed by a person. `asked`: the registry does not have it yet. The others are how the last request ended.
 */
export interface Dispatch {
  readonly state: 'none' | 'held' | 'asked' | 'served' | 'failed' | 'timed-out';
  /** When it was asked for; RFC 3339. */
  readonly at?: string;
  /** Where it is built, as the forge says. */
  readonly url?: string;
  /** One sentence, without a full stop. */
  readonly reason: string;
}
