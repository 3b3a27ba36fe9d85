/** Identity of a tree: a repository's id survives its rename, and another branch than the default is another tree. */
export declare function treeId(name: string, repository: Pick<RepositoryPlace, 'forge' | 'id'> | undefined): string;
/** Where a finding's repository lives, and which commit of it was read. */
export interface RepositoryPlace {
    /** The forge's type. */
    readonly forge: string;
    /** Survives a rename, and is no other repository's on any server of this type. */
    readonly id: string;
    /** `owner/name`, or as many components as the forge has. */
    readonly name: string;
    readonly branch: string;
    readonly commit: string;
    readonly url: string;
    /** The address of a line at that commit, with `{file}` and `{line}` in it; absent: there are no pages. */
    readonly lines?: string;
}
/** Where a tree may keep its own configuration. */
export declare const configNames: readonly string[];
/** Is this a folder, by its own name, that holds a configuration for the one it is in? */
export declare function isConfigFolder(name: string): boolean;
/** A place in a file of a tree. */
export interface FilePlace {
    /** The tree as it was named; `.` for the working directory. */
    readonly tree: string;
    /** What people call it, where the configuration says; never part of an identity. */
    readonly title?: string;
    /** The repository on a forge that the tree is a branch of. */
    readonly repository?: RepositoryPlace;
    /** Path in the tree, with `/`. */
    readonly file: string;
    /** The kind of file: `dockerfile`, `compose`. */
    readonly format: string;
    /** 1-based; columns in UTF-16 units. */
    readonly line: number;
    readonly column: number;
    /** How an image is named there, in the format's own words. */
    readonly kind: string;
    /** The build stage, in formats that have some. */
    readonly stage?: string;
    /** Does it reach the last stage? */
    readonly final?: boolean;
}
/** What an engine runs, and replaces, as one. */
export interface Workload {
    /** The engine's name in the configuration. */
    readonly engine: string;
    readonly kind: 'container' | 'service' | 'deployment' | (string & {});
    readonly name: string;
    readonly compose?: {
        readonly project: string;
        readonly service: string;
    };
    /** The line that has its own keeper start it anew, where there is one. */
    readonly redeploy?: string;
}
/** Where a workload stands among those of its engine, however many run of it: what outlives the container. */
export declare function workloadPlace({ compose, name }: Pick<Workload, 'compose' | 'name'>): string;
/** A place that is no text: something that runs. */
export interface WorkloadPlace {
    readonly workload: Workload;
}
/** Where a use of an image is. Only this file, sources, targets and the reports look inside. */
export type Place = FilePlace | WorkloadPlace;
/** A place as reports have it: flat, and the working directory is not named. */
export type PlaceFields = Partial<FilePlace & WorkloadPlace>;
/** Of a place, what stands in a report. */
export declare function placeFields(place: Place): PlaceFields;
/** What is read as a whole: the repository on a forge, the engine, or the tree as it was named, `.` for the working directory. */
export declare function scopeName({ repository, workload, tree }: PlaceFields): string;
/** The same as people call it. */
export declare function scopeTitle(place: PlaceFields): string;
/** Where in its scope: `Dockerfile:3`, or what the workload is called. */
export declare function placeText({ workload, file, line }: Pick<PlaceFields, 'workload' | 'file' | 'line'>): string;
/** The same for a report, with how many replicas it stands for: `shop/web ×2`. */
export declare function placeWithCount(place: Parameters<typeof placeText>[0] & {
    readonly count?: number;
}): string;
/** The same with the scope in front, as reports print it: every second repository has a `Dockerfile`. */
export declare function placeInScope(place: PlaceFields): string;
/** A place, or anything else in a tree, with the tree's name in front. */
export declare function inScope(text: string, scope: string): string;
/** Files first, by tree, path and position; then workloads by engine and name. */
export declare function comparePlaces(a: PlaceFields, b: PlaceFields): number;
/** By code units, the same on every machine. */
export declare function compareText(a: string, b: string): number;
