import type { Digest } from './digest.js';
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
export declare const defaultDispatchLimits: DispatchLimits;
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
/** How a request ended. */
export type RebuildOutcome = Exclude<Dispatch['state'], 'none' | 'held' | 'asked'>;
/** A rebuild that was asked for, as it is remembered. Times are milliseconds since 1970. */
export interface RebuildRequest {
    readonly number: number;
    /** As it is printed, with its tag. */
    readonly image: string;
    /** The base that it is to be built on. */
    readonly base: Digest;
    /** What its tag named when it was asked for. */
    readonly was: Digest;
    /** Stands for what the base brings: equal ones bring the same. */
    readonly brings: string;
    /** By which a build is found again. */
    readonly correlation: string;
    readonly at: number;
    /** Milliseconds. */
    readonly timeout: number;
    /** When the builder said yes; absent: nobody knows whether it has heard of it. */
    readonly sent?: number;
    /** Where it is built. */
    readonly url?: string;
    /** Absent with the outcome: the registry does not have it yet. */
    readonly ended?: number;
    readonly outcome?: RebuildOutcome;
    /** One sentence, without a full stop. */
    readonly reason: string;
    /** Somebody allowed what failed to be tried again. */
    readonly isCleared: boolean;
}
