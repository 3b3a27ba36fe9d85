import { formatReference } from '../core/image/reference.ts';
import type { Forge } from '../forges/forge.ts';
import type { Looked } from '../job/look-at-scopes.ts';
import type { Examination } from '../look/examination.ts';
import type { ReadRepository } from '../sources/discover-repositories.ts';
import type { PublishedSetting } from '../sources/published-builds.ts';
import type { DecidedUse } from '../verdict/decided.ts';

/** A repository that another process has read: without what only a commit of its needs. */
interface StoredRepository extends Omit<ReadRepository, 'forge' | 'blobs'> {
  /** Its place among the forges of the configuration. */
  readonly forge: number;
}

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** A use without what only its edit needs; its examination by its place in the list of them. */
interface StoredUse<T extends DecidedUse = DecidedUse> {
  readonly one: Omit<T, 'examined'>;
  readonly examined: Without<DecidedUse['examined'], 'examination' | 'edit' | 'tagEdit'>;
  readonly examination: number;
}

/**
 * {@link Looked} as plain data, for another process that has the same configuration: what belongs to a process alone (forges,
 * edits, texts of files) is left out, and so is what is secret; both are put in again from the configuration.
 */
export interface StoredLooked extends Omit<Looked, 'decided' | 'rootfs' | 'repositories' | 'published' | 'files'> {
  readonly examinations: readonly Examination[];
  readonly decided: readonly StoredUse[];
  readonly rootfs: readonly StoredUse<Looked['rootfs'][number]>[];
  readonly repositories: readonly StoredRepository[];
  /** Names of trees, files and formats. */
  readonly files: readonly (readonly [tree: string, file: string, format: string])[];
  readonly published?: Omit<NonNullable<Looked['published']>, 'images'> & {
    readonly images: readonly (Omit<NonNullable<Looked['published']>['images'][number], 'read' | 'settings'> & {
      readonly read?: StoredRepository;
    })[];
  };
}

/** `forges`: those of the configuration, of which this process opened some. Pure. */
export function storedLooked(looked: Looked, forges: readonly (Forge | undefined)[]): StoredLooked {
  const places = new Map<Examination, number>();
  const placeOf = (examination: Examination): number => {
    const place = places.get(examination) ?? places.size;
    places.set(examination, place);
    return place;
  };
  const repository = ({ forge, blobs: _, ...rest }: ReadRepository): StoredRepository => ({
    ...rest,
    forge: forges.indexOf(forge),
  });
  const use = <T extends DecidedUse>({ examined, ...one }: T): StoredUse<T> => {
    const { examination, edit: _, tagEdit: __, ...rest } = examined;
    return { one, examined: rest, examination: placeOf(examination) };
  };
  const { published, files, repositories, ...rest } = looked;
  const [decided, rootfs] = [looked.decided.map(use), looked.rootfs.map(use)];
  return {
    ...rest,
    decided,
    rootfs,
    examinations: [...places.keys()],
    repositories: repositories.map(repository),
    files: files.map(({ tree, file, format }) => [tree.name, file, format.name]),
    ...(published && {
      published: {
        ...published,
        builds: published.builds.map(({ rebuild: _, ...build }) => build),
        images: published.images.map(({ read, settings: _, ...image }) => ({
          ...image,
          ...(read && { read: repository(read) }),
        })),
      },
    }),
  };
}

/** What another process has looked at. `settings`: what the configuration says is published. Pure. */
export function lookedFrom(
  stored: StoredLooked,
  forges: readonly (Forge | undefined)[],
  settings: readonly PublishedSetting[],
): Looked {
  const rebuilds = new Map(
    settings.flatMap(({ image, rebuild }) => (rebuild ? [[formatReference(image), rebuild]] : [])),
  );
  const repository = ({ forge, ...rest }: StoredRepository): ReadRepository => ({
    ...rest,
    forge: forges[forge] as Forge,
    blobs: new Map(),
  });
  const { examinations, published, files, repositories, decided, rootfs, ...rest } = stored;
  const use = <T extends DecidedUse>({ one, examined, examination }: StoredUse<T>): T =>
    ({ ...one, examined: { ...examined, examination: examinations[examination] } }) as unknown as T;
  return {
    ...rest,
    decided: decided.map(use),
    rootfs: rootfs.map(use),
    repositories: repositories.map(repository),
    files: files.map(([tree, file, format]) => ({ tree: { name: tree }, file, format: { name: format } })),
    ...(published && {
      published: {
        ...published,
        builds: published.builds.map((build) => {
          const rebuild = rebuilds.get(formatReference(build.image));
          return rebuild === undefined ? build : { ...build, rebuild };
        }),
        images: published.images.map(({ read, ...image }) => {
          const own = rebuilds.get(image.image);
          return { ...image, ...(own && { settings: own }), ...(read && { read: repository(read) }) };
        }),
      },
    }),
  };
}

/** One of several, as if one process had looked at all; the first says when. Pure. */
export function joinedLooked(startedAt: string, all: readonly Looked[]): Looked {
  const flat = <K extends keyof Looked>(key: K): never =>
    all.flatMap((one) => one[key] as unknown as readonly unknown[]) as never;
  const published = all.flatMap((one) => one.published ?? []);
  const unwanted: Record<string, number> = {};
  for (const [reason, number] of all.flatMap((one) => Object.entries(one.unwanted)))
    unwanted[reason] = (unwanted[reason] ?? 0) + number;
  return {
    startedAt,
    scopes: flat('scopes'),
    platforms: [...new Set(all.flatMap(({ platforms }) => platforms))],
    paths: flat('paths'),
    repositories: flat('repositories'),
    files: flat('files'),
    excluded: all.reduce((sum, { excluded }) => sum + excluded, 0),
    unwanted,
    pins: all.reduce((sum, { pins }) => sum + pins, 0),
    images: flat('images'),
    decided: flat('decided'),
    decidedPins: flat('decidedPins'),
    rootfs: flat('rootfs'),
    unchecked: flat('unchecked'),
    ...(published.length > 0 && {
      published: {
        findings: published.flatMap(({ findings }) => findings),
        untold: published.flatMap(({ untold }) => untold),
        problems: published.flatMap(({ problems }) => problems),
        images: published.flatMap(({ images }) => images),
        builds: published.flatMap(({ builds }) => builds),
      },
    }),
    workloads: flat('workloads'),
    problems: flat('problems'),
    noted: oncePerSentence(all.flatMap(({ noted }) => noted)),
    cost: joinedCost(all.map(({ cost }) => cost)),
    redeploys: flat('redeploys'),
    unmoved: new Map(all.flatMap(({ unmoved }) => [...unmoved])),
    ailing: flat('ailing'),
    swarms: flat('swarms'),
  };
}

/** Several processes met the same trouble on the way. */
function oncePerSentence(problems: Looked['noted']): Looked['noted'] {
  return [...new Map(problems.map((one) => [`${one.code} ${one.subject} ${one.message}`, one])).values()];
}

/** What several processes have cost together. Pure. */
export function joinedCost(all: readonly Looked['cost'][]): Looked['cost'] {
  const tally = (pick: (cost: Looked['cost']) => { requests: number; bytes: number }) => ({
    requests: all.reduce((sum, one) => sum + pick(one).requests, 0),
    bytes: all.reduce((sum, one) => sum + pick(one).bytes, 0),
  });
  const [registry, archive, advisory] = [
    tally((one) => one.registry),
    tally((one) => one.archive),
    tally((one) => one.advisory),
  ];
  const forge = all.reduce((sum, one) => sum + (one.forge?.requests ?? 0), 0);
  const rateLimit: Record<string, { limit: number; remaining: number }> = {};
  for (const [host, limit] of all.flatMap((one) => Object.entries(one.rateLimit))) {
    const before = rateLimit[host];
    if (before === undefined || limit.remaining < before.remaining) rateLimit[host] = limit;
  }
  return {
    requests: registry.requests + archive.requests + advisory.requests + forge,
    countedPulls: all.reduce((sum, one) => sum + one.countedPulls, 0),
    bytes: registry.bytes + archive.bytes + advisory.bytes,
    cacheHits: all.reduce((sum, one) => sum + one.cacheHits, 0),
    registry,
    archive,
    advisory,
    ...(forge > 0 && { forge: { requests: forge } }),
    rateLimit,
  };
}
