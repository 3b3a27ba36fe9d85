import type { Finding, FindingClass } from './finding.js';
import type { Digest } from './image/digest.js';
import type { Dispatch } from './image/rebuild.js';
import type { ImageReference } from './image/reference.js';
import type { Workload } from './place.js';
import type { Problem } from './problem.js';
import type { ProposalOutcome } from './proposal.js';
import type { RedeployOutcome } from './redeploy.js';
import type { Unchecked } from './unchecked.js';
/** What a run cost others: requests, and bytes of bodies as they were sent, in all and by whom they were sent to. */
export interface CostReport {
    /** All of them, whoever answered. */
    readonly requests: number;
    /** Manifest GETs: what Docker Hub counts as pulls. */
    readonly countedPulls: number;
    readonly bytes: number;
    readonly cacheHits: number;
    readonly registry: {
        readonly requests: number;
        readonly bytes: number;
    };
    readonly archive: {
        readonly requests: number;
        readonly bytes: number;
    };
    readonly advisory: {
        readonly requests: number;
        readonly bytes: number;
    };
    /** Reading and writing where the repositories live; its library does not tell bytes. Absent for local trees. */
    readonly forge?: {
        readonly requests: number;
    };
    readonly rateLimit: Readonly<Record<string, {
        readonly limit: number;
        readonly remaining: number;
    }>>;
}
/** The counts of a run, and its two answers. Uses that are ignored or snoozed count as uses, not as unchecked. */
export interface Summary {
    /** Files read; folders left out by the exclude list, and files and folders that git ignores and does not track. */
    readonly files: number;
    /** Of each kind, by the format's name. */
    readonly formats: Readonly<Record<string, number>>;
    readonly excluded: number;
    readonly uses: number;
    /** Those of them that an engine runs, replicas counted once. */
    readonly running: number;
    readonly pins: number;
    /** Unique references looked up. */
    readonly images: number;
    readonly unpinned: number;
    readonly findings: Readonly<Partial<Record<FindingClass, number>>>;
    /** Image uses about which nothing could be learnt. */
    readonly unknown: number;
    /** Image uses, none of them unknown, with a question that could have been answered and was not. */
    readonly unchecked: number;
    /** Held back because a budget ran out. */
    readonly deferred: number;
    /** Files and folders of the kinds that are read, and that could not be: by the reason. Files of a kind that the configuration switches off, by their names. */
    readonly unread: Readonly<Record<string, number>>;
    /** null: nothing found asks for a rebuild, but something could not be told. */
    readonly needsRebuild: boolean | null;
    /** The same of what runs: does something have to be started anew? */
    readonly needsRedeploy: boolean | null;
    /** Can somebody have a security fix today: by an edit, a rebuild, or a line to add? null as above. */
    readonly fixAvailable: boolean | null;
}
/** One scope, and whether everything that belongs to it was listed. */
export interface ScopeReport {
    /** Survives a rename. */
    readonly id: string;
    readonly name: string;
    readonly kind: 'folder' | 'branch' | 'engine' | 'namespace';
    readonly whole: boolean;
    /** Of an engine. */
    readonly counts?: ScopeCounts;
}
/** How much of what an engine has. */
export interface ScopeCounts {
    /** Containers that run, but for those of a swarm. */
    readonly containers: number;
    readonly services: number;
    /** Containers that do not run. */
    readonly stopped: number;
    /** Containers of a swarm's tasks on this machine. */
    readonly tasks: number;
    /** Workloads whose image was built, loaded or named on that machine. */
    readonly local: number;
}
/** What may be done to a workload: nothing at all, be looked at, or be moved to a newer image. */
export type WorkloadMode = 'ignore' | 'watch' | 'redeploy';
/** Something that runs, and how it stands. */
export interface WorkloadReport extends Workload {
    readonly written: string;
    /** Absent for what is no reference. */
    readonly reference?: ImageReference;
    /** null: could not be told. */
    readonly platform: string | null;
    /** null: could not be told, or nobody keeps it. */
    readonly running: {
        readonly root: Digest;
        readonly manifest: Digest | null;
        readonly by: 'podman' | 'store' | 'repo-digest' | 'written' | 'state';
    } | null;
    readonly state: 'current' | 'behind' | 'unknown' | 'unchecked' | 'local' | 'skipped';
    readonly mode: WorkloadMode;
    /** One sentence. */
    readonly why: string;
    /** Ids. */
    readonly findings: readonly string[];
}
/** A rebuild that was asked for, or ended, in a run. */
export interface RebuildReport {
    readonly image: string;
    /** The base that it is to be built on. */
    readonly base: Digest;
    readonly state: Dispatch['state'];
    /** One sentence, without a full stop. */
    readonly reason: string;
    readonly url?: string;
}
/** The document of one run: `check --format json`. Findings are sorted by repository, file, line, column, class. */
export interface RunRecord {
    readonly schema: 2;
    /** RFC 3339 UTC. */
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly platforms: readonly string[];
    /** Everything that was read as a whole, or should have been. */
    readonly scopes: readonly ScopeReport[];
    /** Everything that runs on the engines among the scopes, by engine and name. */
    readonly workloads: readonly WorkloadReport[];
    /** All that was looked at: `owner/name` on a forge, local trees as they were named. */
    readonly repositories: readonly string[];
    readonly cost: CostReport;
    readonly summary: Summary;
    readonly findings: readonly Finding[];
    /** Every question without an answer, in the order of the findings. */
    readonly unchecked: readonly Unchecked[];
    readonly problems: readonly Problem[];
    /** What was done to workloads; absent where nothing was. */
    readonly redeploys?: readonly RedeployOutcome[];
    /** What became of rebuilds of published images in this run; absent where nothing did. */
    readonly rebuilds?: readonly RebuildReport[];
    /** What became of pull requests; absent where none are opened. */
    readonly proposals?: readonly ProposalOutcome[];
}
/** What a run is about when it is not about everything. With both: about these references in these scopes. */
export interface RunTargets {
    /** Reference keys. */
    readonly references?: ReadonlySet<string>;
    /** Ids. */
    readonly scopes?: ReadonlySet<string>;
}
/** Where something is known to be. Without a reference it is about the scope or the file itself. */
export interface KnownPlace {
    /** Id. */
    readonly scope: string;
    /** Empty for what is about the scope as such. */
    readonly file: string;
    readonly reference?: string;
}
/** Is a run about this scope, or something in it? Pure. */
export declare function isScopeTarget(targeted: RunTargets | undefined, scope: string): boolean;
/** Is a run about this place? What is about a scope or a file is none of one that is about references. Pure. */
export declare function isTarget(targeted: RunTargets | undefined, { scope, reference }: KnownPlace): boolean;
