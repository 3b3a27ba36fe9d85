/** Identity of a tree: a repository's id survives its rename, and another branch than the default is another tree. */
export function treeId(name: string, repository: Pick<RepositoryPlace, 'forge' | 'id'> | undefined): string {
  return repository === undefined ? name : `${repository.forge}:${repository.id} ${name.split('@')[1] ?? ''}`.trimEnd();
}

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
export const configNames: readonly string[] = [
  '.github/plimsoll.yml',
  '.gitlab/plimsoll.yml',
  '.gitea/plimsoll.yml',
  '.forgejo/plimsoll.yml',
  '.plimsoll.yml',
  'plimsoll.yml',
];

/** Is this a folder, by its own name, that holds a configuration for the one it is in? */
export function isConfigFolder(name: string): boolean {
  return configNames.some((one) => one.startsWith(`${name}/`));
}

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
  readonly compose?: { readonly project: string; readonly service: string };
  /** The line that has its own keeper start it anew, where there is one. */
  readonly redeploy?: string;
}

/** Where a workload stands among those of its engine, however many run of it: what outlives the container. */
export function workloadPlace({ compose, name }: Pick<Workload, 'compose' | 'name'>): string {
  return compose === undefined ? name : `${compose.project}/${compose.service}`;
}

/** A place that is no text: something that runs. */
export interface WorkloadPlace {
  readonly workload: Workload;
}

/** Where a use of an image is. Only this file, sources, targets and the reports look inside. */
export type Place = FilePlace | WorkloadPlace;

/** A place as reports have it: flat, and the working directory is not named. */
export type PlaceFields = Partial<FilePlace & WorkloadPlace>;

/** Of a place, what stands in a report. */
export function placeFields(place: Place): PlaceFields {
  if ('workload' in place) return place;
  const { tree, ...fields } = place;
  return { ...(tree !== '.' && { tree }), ...fields };
}

/** What is read as a whole: the repository on a forge, the engine, or the tree as it was named, `.` for the working directory. */
export function scopeName({ repository, workload, tree }: PlaceFields): string {
  return repository?.name ?? workload?.engine ?? tree ?? '.';
}

/** The same as people call it. */
export function scopeTitle(place: PlaceFields): string {
  return place.repository === undefined && place.workload === undefined && place.title !== undefined
    ? place.title
    : scopeName(place);
}

/** Where in its scope: `Dockerfile:3`, or what the workload is called. */
export function placeText({ workload, file, line }: Pick<PlaceFields, 'workload' | 'file' | 'line'>): string {
  return workload === undefined ? `${file}:${line}` : workloadPlace(workload);
}

/** The same for a report, with how many replicas it stands for: `shop/web ×2`. */
export function placeWithCount(place: Parameters<typeof placeText>[0] & { readonly count?: number }): string {
  return `${placeText(place)}${place.count === undefined ? '' : ` ×${place.count}`}`;
}

/** The same with the scope in front, as reports print it: every second repository has a `Dockerfile`. */
export function placeInScope(place: PlaceFields): string {
  return inScope(placeText(place), place.workload?.engine ?? place.title ?? place.tree ?? '.');
}

/** A place, or anything else in a tree, with the tree's name in front. */
export function inScope(text: string, scope: string): string {
  return scope === '.' ? text : `${scope.replace(/\/$/, '')}/${text}`;
}

/** Files first, by tree, path and position; then workloads by engine and name. */
export function comparePlaces(a: PlaceFields, b: PlaceFields): number {
  const order = (one: PlaceFields): number => (one.workload === undefined ? 0 : 1);
  return (
    order(a) - order(b) ||
    compareText(a.tree ?? '', b.tree ?? '') ||
    compareText(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.workload?.engine ?? '', b.workload?.engine ?? '') ||
    compareText(a.workload?.name ?? '', b.workload?.name ?? '')
  );
}

/** By code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
