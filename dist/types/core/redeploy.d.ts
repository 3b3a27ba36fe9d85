import type { Digest } from './image/digest.js';
import type { Workload } from './place.js';
/**
 * How what was started anew is judged before what ran before is let go: it runs for so long without an exit or a restart, it
 * says that it is healthy, or nothing is asked.
 */
export type Gate = {
    readonly kind: 'running';
    readonly seconds: number;
} | {
    readonly kind: 'health';
} | {
    readonly kind: 'none';
};
/** Whose labels may ask for a redeploy, where the operator says so. */
export declare const askingEcosystems: readonly ['plimsoll', 'watchtower'];
export type AskingEcosystem = (typeof askingEcosystems)[number];
/** What the operator says of redeploying on one engine. */
export interface RedeploySettings {
    readonly adopt: ReadonlySet<AskingEcosystem>;
    /** Milliseconds. */
    readonly keepOld: number;
    /** Workloads that one run moves. */
    readonly perRun: number;
    /** Are images that were replaced removed after that time? */
    readonly cleanup: boolean;
}
/** What labels say of moving a workload; none of them is one that its image carries. */
export interface RedeployLabels {
    /** The label that lowers what may be done; an image's own counts for this. */
    readonly narrows?: string;
    /** Those that ask for it, by whose they are. */
    readonly asks: readonly {
        readonly ecosystem: AskingEcosystem;
        readonly key: string;
    }[];
    /** Those that say how, as they are written: `plimsoll.window`. */
    readonly tuning: Readonly<Record<string, string>>;
}
/** What became of a workload that was to be moved to a digest. */
export interface RedeployOutcome {
    readonly workload: Workload;
    /** What ran before; null where nobody could tell. */
    readonly from: Digest | null;
    /** null: there is nothing that it could be moved to. */
    readonly to: Digest | null;
    /**
     * `planned`: it was only said what would be done. `undone`: the new one did not come up, and what ran before runs again.
     * `unfinished`: the engine was lost on the way; the next run, or `plimsoll repair`, ends it.
     */
    readonly outcome: 'planned' | 'moved' | 'current' | 'undone' | 'refused' | 'unfinished';
    /** One sentence. */
    readonly reason: string;
    readonly gate: {
        readonly kind: Gate['kind'];
        readonly seconds: number;
        readonly verdict: 'passed' | 'failed' | 'not reached';
    } | null;
    /** Between the end of the old one and the start of the new one; null where nothing was stopped. Milliseconds. */
    readonly downtimeMs: number | null;
}
/** A gate as rules and labels write it: `running=120s`, `health`, `none`; undefined for anything else. */
export declare function parseGate(text: string): Gate | undefined;
