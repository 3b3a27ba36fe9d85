import type { Digest } from './image/digest.js';
import type { Dispatch } from './image/rebuild.js';
import { type ImageReference } from './image/reference.js';
import type { PackageChange } from './package.js';
import type { PackagePin, Role } from './parsed-file.js';
import type { PlaceFields } from './place.js';
import type { Problem } from './problem.js';
import type { ProposalWishes } from './proposal-wishes.js';
import type { When } from './time/batch.js';
/** What a difference is called; the meanings are in docs/classes.md. Most urgent first. */
export declare const findingClasses: readonly ['pin-broken', 'security', 'packages', 'config', 'content', 'unknown', 'rebuild', 'no-op', 'unpinned', 'stale', 'lagging', 'newer-tag', 'end-of-life'];
export type FindingClass = (typeof findingClasses)[number];
/** At most one of these per image use; the first that holds on any consumed platform. */
export type ContentClass = Exclude<FindingClass, 'stale' | 'lagging' | 'newer-tag' | 'end-of-life'>;
export type HeldReason = 'incomplete' | 'young' | 'unsettled' | 'downgrade' | 'window' | 'limit' | 'budget' | 'policy'
/** What runs is stopped, on the move, or not to be touched. */
 | 'workload'
/** The digest was tried, and put back. */
 | 'failed'
/** Another major version than the one that runs. */
 | 'major';
/** The class stays what it is; only the reaction waits. */
export interface Held {
    readonly reason: HeldReason;
    readonly detail: string;
    /** RFC 3339. */
    readonly until?: string;
}
/** One setting of an image's config (OCI image-spec, config.md) that differs; null where it is not set. */
export interface ConfigChange {
    /** `Env.NODE_VERSION`, `User`, `Entrypoint`, `Labels.…` */
    readonly key: string;
    readonly before: string | null;
    readonly after: string | null;
}
/** What a finding says of one consumed platform, `os/architecture[/variant]`. */
export interface PlatformFinding {
    readonly platform: string;
    readonly class: ContentClass;
    /** Manifest digests. */
    readonly current?: Digest;
    readonly latest?: Digest;
}
/** One changed line of a file. */
export interface LineEdit {
    readonly file: string;
    readonly line: number;
    readonly before: string;
    readonly after: string;
}
/** One classified difference at one place, as it stands in the report. Absent = not applicable, null = could not tell. */
export interface Finding extends PlaceFields {
    readonly id: string;
    readonly news: readonly string[];
    readonly subject: 'image' | 'package';
    readonly class: FindingClass;
    readonly security: boolean | null;
    readonly held?: Held;
    /** What would help, and in whose hands that is. */
    readonly remedy: 'edit' | 'rebuild' | 'upgrade-line' | 'newer-base' | 'redeploy' | 'none';
    readonly role: Role;
    /** How many replicas it is about, where that is more than one. */
    readonly count?: number;
    readonly written: string;
    /** Absent when the use could not be read as a reference. */
    readonly reference?: ImageReference;
    /** What kind of digest the use carries; null when its kind could not be learnt. */
    readonly pinned: 'index' | 'manifest' | 'none' | null;
    /** For subject package. */
    readonly pin?: Pick<PackagePin, 'manager' | 'name' | 'operator' | 'version'>;
    readonly platforms: readonly string[];
    /** The digest of an image, or the version a package pin asks for. */
    readonly current?: {
        readonly digest?: Digest;
        readonly version?: string;
    };
    readonly latest?: {
        readonly digest?: Digest;
        readonly tag?: string;
        readonly version?: string;
        /** Where the distribution has it. */
        readonly suite?: string;
        readonly firstSeen?: string;
    };
    readonly perPlatform?: readonly PlatformFinding[];
    readonly os?: {
        readonly before: string;
        readonly after: string;
    };
    readonly packages?: readonly PackageChange[];
    readonly config?: readonly ConfigChange[];
    /** LABEL differences: shown, never classifying. */
    readonly labels?: readonly ConfigChange[];
    /** The instruction to copy into the stage, for remedy `upgrade-line`. */
    readonly upgradeLine?: string;
    /** The use as it will read. */
    readonly proposed?: string;
    readonly edits?: readonly LineEdit[];
    /** Findings of one tree with the same value share an ARG that supplies them, and change all of them or none. */
    readonly together?: string;
    /** For class stale: what is published, and who says what it was built on. */
    readonly published?: {
        readonly image: string;
        readonly digest: Digest;
        readonly by: 'layers' | 'provenance' | 'annotation';
        readonly tags: readonly string[];
    };
    /** For class stale: how it stands with a rebuild. */
    readonly dispatch?: Dispatch;
    /** One sentence: what this means for the reader. */
    readonly reason: string;
    readonly notes: readonly string[];
    readonly problem: Problem | null;
    /** When a state first knew of its news; RFC 3339. */
    readonly since?: string;
    /** Somebody does not want to hear of it, nor have it proposed, before that time; RFC 3339. */
    readonly snoozed?: {
        readonly until: string;
    };
    /** What the rules of the configuration would have us do. */
    readonly reaction?: Reaction;
    /** What would fix it, with the forge's own word for it: `pull request #12`. */
    readonly proposal?: {
        readonly url: string;
        readonly state: 'open' | 'closed';
        readonly name: string;
    };
}
/** Does its owner name a digest? */
export declare function isPinned({ reference }: Pick<Finding, 'reference'>): boolean;
/** What happens once, and is over when it was told: the tag of a use without a digest moved. */
export declare function isEvent({ subject, pinned, workload, class: kind, }: Pick<Finding, 'subject' | 'pinned' | 'workload' | 'class'>): boolean;
/** What the rules in force ask for when such a finding is there. */
export interface Reaction {
    readonly react: readonly ('propose' | 'alert' | 'record' | 'ignore' | 'redeploy' | 'dispatch')[];
    readonly when: When;
    /** A proposal does not wait for the window: nobody could say that the change is no security fix. */
    readonly proposeNow?: true;
    /** A proposal is marked as a draft: it brings a fix, and is younger than the rules ask for. */
    readonly draft?: true;
    /** What the rules want of its pull request. */
    readonly proposal?: ProposalWishes;
}
/** Is an image with such a finding behind what its tag names? */
export declare function isBehind(kind: FindingClass): boolean;
/** For how many images, or words of package pins, something newer or something broken was found. */
export declare function imagesBehind(findings: readonly Finding[]): number;
/**
 * Findings whose lists are as long as `most` packages in all. Thousands of places may use one image, each with its packages,
 * settings and news: findings beyond the bound have none of them but their first news, and `truncated` says so. Pure.
 */
export declare function withRoom(findings: readonly Finding[], most: number): {
    readonly findings: readonly Finding[];
    readonly truncated?: true;
};
