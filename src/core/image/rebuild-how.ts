import type { Secret } from '../secret.ts';

/** Who is asked to build a published image anew. */
export const rebuildTypes = ['workflow', 'repository-dispatch', 'gitlab', 'gitea', 'webhook'] as const;

export type RebuildType = (typeof rebuildTypes)[number];

/** How a rebuild of one image is asked for; what its type does not know is absent. */
export interface RebuildSettings {
  readonly type: RebuildType;
  /** The name of its file, without the folder. */
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
