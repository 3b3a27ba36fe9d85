import type { ByteCache } from '../../cache/byte-cache.ts';
import type { When } from '../../core/time/batch.ts';
import type { Forge } from '../../forges/forge.ts';
import type { Limits } from './pull-request-limits.ts';

/** How proposals are made, for all repositories. */
export interface ProposeSettings {
  readonly limits: Limits;
  /** Look, and say what would be done. */
  readonly dryRun: boolean;
}

/** What proposing needs beside findings. `now`: milliseconds since 1970. */
export interface ProposeDependencies {
  readonly forge: Forge;
  readonly now: number;
  /** Remembers repositories in which nothing is to be done, until anything in them changes. */
  readonly cache: ByteCache;
  /** Was the batch of a repository (`owner/name`) that is due in this period proposed already? */
  readonly isBatchDone: (repository: string, when: When) => boolean;
  /** Kinds of files, by the names of their formats, that no run before this one has read. Default: none. */
  readonly newFormats?: ReadonlySet<string>;
  /** Has a digest, by proof, been deleted? `reference` is a reference key. */
  readonly isGone: (reference: string, digest: string) => Promise<boolean>;
  /** Branches of a repository (by its id) that somebody asked for by the dashboard: now, whatever they wait for. */
  readonly wishes?: (repository: string) => ReadonlySet<string>;
}
