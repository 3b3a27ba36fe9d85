import type { Digest } from '../core/image/digest.ts';
import type { ImageConfig } from '../core/image/image.ts';
import type { ImageReference } from '../core/image/reference.ts';
import type { Gate } from '../core/redeploy.ts';

/** A workload that is to move, judged already: who may move, when and why is decided before. */
export interface RedeployWish {
  readonly workload: string;
  readonly kind: 'container' | 'service';
  /** As its owner wrote it: repository and tag. */
  readonly reference: ImageReference;
  /** What was judged. The root is what is pulled. */
  readonly to: { readonly root: Digest; readonly manifest: Digest };
  /** The config of the new image, where it was looked into: then the plan says what comes from it. */
  readonly newImage?: Pick<ImageConfig, 'behaviour' | 'labels'>;
  /** Default: health where the new one has a healthcheck, else running for 120 seconds. */
  readonly gate?: Gate;
  /** Seconds. A gate that may take longer is refused before anything is touched. */
  readonly gateTimeout: number;
  /** Seconds that the old one, or its image, is kept. */
  readonly keepOld: number;
  /** Names of what needs it, and is only told. */
  readonly dependsOn: readonly string[];
  /** What a person said yes to. */
  readonly even: ReadonlySet<'unhealthy' | 'major' | 'volumes'>;
}

/** A setting of a workload, by its name in the engine's API, and what becomes of it. A value is shown only where it is an image's own. */
export interface PlannedKey {
  readonly key: string;
  readonly verdict: 'same' | 'from the new image' | 'kept' | 'dropped';
  readonly value?: string;
}

/** What would be done. What doing it needs beside this stays inside the engine: it is full of secrets. */
export interface RedeployPlan {
  readonly workload: string;
  readonly kind: RedeployWish['kind'];
  readonly from: { readonly imageId: string; readonly root?: Digest };
  readonly to: RedeployWish['to'];
  readonly keys: readonly PlannedKey[];
  /** What moves with it. */
  readonly dependants: readonly string[];
  /** What is only told. */
  readonly soft: readonly string[];
  /** `seconds`: how long it takes, of a healthcheck at most. Absent while the new image's healthcheck, on which it depends, is not known. */
  readonly gate?: { readonly kind: Gate['kind']; readonly seconds: number };
  /** Where it writes outside of itself: no rollback restores that. */
  readonly mounts: readonly string[];
}

/** The plan, why there is none, or that it runs that digest already. */
export type Planned =
  | { readonly is: 'plan'; readonly plan: RedeployPlan }
  | { readonly is: 'refused'; readonly reason: string }
  | { readonly is: 'current' };

/** What came of it. `refused`: nothing was stopped. `undone`: the old one serves again. `unfinished`: the next run finishes or undoes it. */
export interface RedeployOutcome {
  readonly workload: string;
  readonly from: Digest | null;
  readonly to: Digest | null;
  readonly outcome: 'moved' | 'current' | 'undone' | 'refused' | 'unfinished';
  readonly reason?: string;
  readonly gate?: {
    readonly kind: Gate['kind'];
    readonly seconds: number;
    readonly verdict: 'passed' | 'failed' | 'not reached';
  };
  /** Milliseconds between the end of the old one and the start of the new one, by the engine's own clock. */
  readonly downtimeMs?: number;
  /** The last lines of one that was put back. For whoever sits before a terminal, and for nothing that keeps them. */
  readonly log?: readonly string[];
}

/** What redeploying needs to hear of the world while it is at it. */
export interface RedeployHooks {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Is the process asked to end? Before the old one is stopped that undoes, after it it leaves the rest to the next run. */
  stopping(): boolean;
  /** The value of X-Registry-Auth; undefined: none is sent. */
  credentials(reference: ImageReference): Promise<string | undefined>;
  /** Are the last lines of what was put back wanted? */
  readonly wantsLog: boolean;
}

/** A redeploy that has not come to its end. */
export interface Unfinished {
  readonly workload: string;
  /** RFC 3339, by the engine's clock. */
  readonly since?: string;
  /** How it stands, and where nobody but a person can tell what to do, by which commands. */
  readonly says: string;
  /** Off: names, labels and ids do not agree, so nothing is done. */
  readonly hands: 'repairable' | 'off';
}

/** What is kept of before. */
export interface Kept {
  readonly workload: string;
  readonly digest?: Digest;
  /** RFC 3339. */
  readonly until: string;
  /** The old container, stopped; of one of compose only its image is kept. */
  readonly containerId?: string;
  readonly tag: string;
}

/** Hands on an engine: everything that changes what runs there. Each throws PlimsollError 'ENGINE' when it could not even be asked. */
export interface EngineHands {
  /** Asks, and changes nothing. */
  plan(wish: RedeployWish): Promise<Planned>;
  /** Does what was planned by these same hands. */
  redeploy(plan: RedeployPlan, hooks: RedeployHooks): Promise<RedeployOutcome>;
  /** What was left in between, by names and labels. Changes nothing. */
  unfinished(): Promise<readonly Unfinished[]>;
  /** Finishes or undoes that. */
  repair(hooks: RedeployHooks): Promise<readonly RedeployOutcome[]>;
  /** What `planRollback` could go back to. */
  kept(): Promise<readonly Kept[]>;
  /** The same towards what was before. */
  planRollback(wish: Omit<RedeployWish, 'reference' | 'to' | 'newImage' | 'kind'>): Promise<Planned>;
  /** What of all that does not get through to it, each with the permission that is missing. Tried on what is not there: changes nothing. */
  missingRights(): Promise<readonly string[]>;
  /** Removes what was kept for long enough; gives a sentence for each. Images only where they are ours to remove. */
  cleanup(now: number, options: { readonly removeImages: boolean }): Promise<readonly string[]>;
}
