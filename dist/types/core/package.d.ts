import type { Problem } from './problem.js';
/** One installed distro package. */
export interface Package {
    readonly name: string;
    /** The full version, `[epoch:]upstream[-revision]`. */
    readonly version: string;
    /** In the distro's own spelling: `amd64`, `x86_64`, `all`, `noarch`. */
    readonly architecture: string;
    readonly source?: {
        readonly name: string;
        readonly version: string;
    };
    /** An upgrade in the image would leave it as it is: dpkg's selection `hold`. */
    readonly held?: true;
    /** rpm: name and stream of the module it was built in, `nodejs:20`. */
    readonly module?: string;
    /**
     * rpm: who built it, where that is not plainly a distro; a company may be the distro's own. `''`: not known, as it is
     * not installed yet.
     */
    readonly vendor?: string;
    /** rpm: the Vendor as it is written, which zypper does not leave for another's build; absent: there is none. */
    readonly maker?: string;
}
/** A release of a distribution, in the words of its own os-release. Source: os-release(5). */
export interface DistroRelease {
    /** os-release ID: `debian`, `alpine`, … */
    readonly id: string;
    readonly versionId?: string;
    readonly codename?: string;
    readonly prettyName?: string;
}
/** What is installed in an image. "Could not read" is a coverage, never an empty set. */
export interface Inventory {
    readonly os?: DistroRelease;
    /** `complete`: every database found was read to its end. `partial`: something is missing, see problems. `none`: no database, or none readable. */
    readonly coverage: 'complete' | 'partial' | 'none';
    readonly database?: 'dpkg' | 'apk' | 'rpm' | 'status.d' | 'chisel' | (string & {});
    /** Sorted by name, then architecture, then version. */
    readonly packages: readonly Package[];
    readonly problems: readonly Problem[];
}
/** The three version orders; each compares any two strings and never throws. */
export type VersionScheme = 'dpkg' | 'apk' | 'rpm';
/** One row of a package difference. */
export interface PackageChange {
    readonly name: string;
    /** `rebuilt`: the same version with other content where the database can tell (a binary rebuild). */
    readonly kind: 'added' | 'removed' | 'upgraded' | 'downgraded' | 'rebuilt';
    readonly before?: string;
    readonly after?: string;
    /** The package that takes its place, of which `after` is the version; absent: it keeps its name. */
    readonly replacedBy?: string;
    readonly source?: string;
    /** Only when the set holds one name for several architectures. */
    readonly architecture?: string;
    /** null: could not tell, no feed was read. */
    readonly security: boolean | null;
    readonly advisories: readonly string[];
    /** How many advisories there are beside these; absent: none. */
    readonly unlisted?: number;
    /** Of the worst advisory, where anybody rated one. */
    readonly severity?: string;
    /** Advisories that hold for the new version and not for the old one. */
    readonly introduced?: readonly string[];
    /** Where the package comes from when that is not the distro. */
    readonly foreign?: string;
    /** Only when it does not hold on all compared platforms. */
    readonly platforms?: readonly string[];
}
/** What a package becomes, in words: a version, behind the new name where it has one; absent: it goes. */
export declare function afterWords({ after, replacedBy }: Pick<PackageChange, 'after' | 'replacedBy'>): string | undefined;
/** Alpine edge calls itself by the release that it leads to: `3.23_alpha20250612`, `3.21.0_alpha20240606`. */
export declare function isAlpineEdge({ id, versionId }: DistroRelease): boolean;
/** `debian 12`, `alpine 3.22`, `alpine edge`, `rhel 9`: the release, without the point release that only repeats the update. */
export declare function releaseName(os: DistroRelease): string;
