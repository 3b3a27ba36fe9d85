import type { ImageReference } from './image/reference.js';
import type { Problem } from './problem.js';
/** Half-open range of UTF-16 offsets into a file's text, byte order mark included. */
export interface TextRange {
    readonly start: number;
    readonly end: number;
}
/** A piece of one line of a file; line and column 1-based, column and length in UTF-16 units. */
export interface Span {
    readonly line: number;
    readonly column: number;
    readonly length: number;
}
/** What an image is to whoever names it: built on, copied or mounted from, run as a build's frontend, or run. */
export declare const roles: readonly ['base', 'copied', 'frontend', 'runs'];
export type Role = (typeof roles)[number];
/** One place in one file that names an image. Stage names, stage numbers and `scratch` are not uses. */
export interface ImageUse {
    /** Path in its tree, with `/`. */
    readonly file?: string;
    /** How it is named there, in the format's own words: `from`, `copy-from`, `mount-from`, `syntax`. */
    readonly kind: string;
    readonly role: Role;
    /** Of the first character of the image word; 1-based, columns in UTF-16 units. */
    readonly line: number;
    readonly column: number;
    /** The image as typed, variables included; joined as `name:tag@digest` where it stands in several places. */
    readonly written: string;
    /** Where its parts stand, or would be written, for a use that is not one word. */
    readonly parts?: {
        readonly name?: Span;
        readonly tag?: Span;
        readonly digest?: Span;
        readonly insert?: Span;
    };
    /** What it names after expansion. Absent when `skipped`. */
    readonly reference?: ImageReference;
    /** The stage it is in: its name as typed, else its number. Absent outside stages (`# syntax=`). */
    readonly stage?: string;
    /** Does it reach the last stage: as base, or copied or mounted from on the way? */
    readonly final?: boolean;
    /** The value of `FROM --platform`, expanded; `$BUILDPLATFORM` and `$TARGETPLATFORM` stay as written. */
    readonly platform?: string;
    /**
     * `unresolved`: a variable without a value. `invalid`: not an image reference. `output`: the file makes it. `template`:
     * another program fills it in. `owned`: another program changes it. `artifact`: no image that runs. `cache`: only that.
     * `problem` says more.
     */
    readonly skipped?: 'unresolved' | 'invalid' | 'output' | 'template' | 'owned' | 'artifact' | 'cache';
    /** One sentence, where `skipped`; it is among the file's problems, too. */
    readonly problem?: string;
    /** Variables without a value that were taken as empty, as a build takes them: it is looked at, and never changed. */
    readonly unset?: readonly string[];
    /** What whoever changes it should know: one sentence. */
    readonly note?: string;
    /** The tag a `# tag: 1.2` comment gives to a digest without one. */
    readonly tagComment?: string;
}
/** One package word of an install command. An unpinned install has no operator and no version. */
export interface PackagePin {
    readonly file?: string;
    /** `apt` stands for apt, apt-get and aptitude. */
    readonly manager: 'apt' | 'apk' | 'dnf' | 'yum' | 'microdnf' | 'zypper' | (string & {});
    readonly name: string;
    /** `=`, `~`, `>=`, … as the manager writes it; `-` for the joined rpm form `name-version`. */
    readonly operator?: string;
    readonly version?: string;
    readonly line: number;
    readonly column: number;
    readonly stage?: string;
    /** The release an option asks for, `-t bookworm-backports`, or the tag of apk repositories, `@edge`. */
    readonly suite?: string;
    /** The architecture that the word asks for, where it names one: `libc6:i386`. */
    readonly architecture?: string;
    /** The line before the pin that changes where the stage takes packages from: the base does not tell the whole truth. */
    readonly repositoriesChange?: number;
    /** Named by a comment above a variable, not by a command: whether and where it is installed is not in the file. */
    readonly declared?: true;
}
/** A pin that names a version. */
export type VersionPin = PackagePin & {
    readonly operator: string;
    readonly version: string;
};
/** A pin as one word, much as its author wrote it: `nginx=1.22.1-9`, `openssl-3.0.7`. */
export declare function pinWord({ name, operator, version }: VersionPin): string;
/** One build stage, as far as its packages go. */
export interface ParsedStage {
    /** As PackagePin.stage and ImageUse.stage have it. */
    readonly name: string;
    /** The stage it is built on; absent when that is an image. */
    readonly base?: string;
    /** The manager by which it takes every upgrade there is. */
    readonly upgrades?: string;
}
/** An archive of a root file system that a stage is made from: its base, where others name an image. */
export interface RootfsArchive {
    /** As PackagePin.stage and ImageUse.stage have it. */
    readonly stage: string;
    /** Path in the build context, after expansion. */
    readonly path: string;
    readonly line: number;
    readonly column: number;
    /** Does the stage reach the last one? */
    readonly final: boolean;
}
/** What a format finds in one file. */
export interface ParsedFile {
    readonly uses: readonly ImageUse[];
    readonly pins: readonly PackagePin[];
    /** Absent for formats without stages. */
    readonly stages?: readonly ParsedStage[];
    /** Absent for formats without such archives. */
    readonly rootfs?: readonly RootfsArchive[];
    readonly problems: readonly Problem[];
}
