import type { Finding } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import type { RedeployOutcome } from '../core/redeploy.ts';
import type { CostReport, RebuildReport } from '../core/run-record.ts';
import type { Proposed } from '../job/act.ts';
import type { PlatformManifest } from '../look/platform-manifests.ts';
import type { KnownLook, LookWishes } from '../look/shared-examinations.ts';
import type { ListedBranch, UnlistedOwner } from '../sources/discover-repositories.ts';
import type { Use } from '../sources/use.ts';
import type { RebuildChain } from '../verdict/rebuild-chains.ts';
import type { StoredLooked } from './looked-text.ts';

/** What a part reads: a folder, an engine, the list of a forge, or branches of it. Forges and engines by their places in the configuration. */
export type Reading =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'engine'; readonly engine: number }
  | { readonly kind: 'list'; readonly forge: number; readonly selections: readonly number[] }
  | {
      readonly kind: 'branches';
      readonly forge: number;
      readonly branches: readonly (ListedBranch | UnlistedOwner)[];
    };

/** Of a part of the phase `scan`. */
export interface Scanned {
  /** Names of what has to be looked at for it. */
  readonly keys: readonly string[];
  /** Kinds of files, by the names of their formats, that no run before has read. */
  readonly newFormats: readonly string[];
  readonly cost: CostReport;
}

/** What one process asks another to look at. */
export interface Ask {
  readonly use: Use;
  readonly wishes: LookWishes;
}

/** Of parts of the phases `look` and `inspect`: the names of what is wanted. */
export interface LookWork {
  readonly keys: readonly string[];
}

/** What was learnt of one reference, with the manifests that it was learnt from. */
export interface SharedLook extends KnownLook {
  readonly manifests: readonly {
    readonly digest: Digest;
    readonly platforms: string;
    readonly manifests: readonly PlatformManifest[];
  }[];
}

/** Of parts of the phase `judge`, and of those of engines in `act`. */
export interface JudgeWork {
  readonly reading: Reading;
  readonly keys: readonly string[];
  readonly newFormats: readonly string[];
}

/** What came of one. */
export interface Judged {
  readonly looked: StoredLooked;
  readonly proposed: readonly Proposed[];
  readonly redeploys?: readonly RedeployOutcome[];
}

/** Of the part of the phase `act` that asks whoever builds. */
export interface BuildersWork {
  readonly kind: 'builders';
}

/** What came of it: findings about published images as they stand then. */
export interface AskedBuilders {
  readonly findings: readonly Finding[];
  readonly reports: readonly RebuildReport[];
  readonly chains: readonly RebuildChain[];
}
