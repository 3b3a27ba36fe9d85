import type { Finding } from '../core/finding.ts';
import { comparePlaces, compareText, type PlaceFields } from '../core/place.ts';
import type { RunRecord } from '../core/run-record.ts';
import { type Clock, timestamp } from '../core/time/clock.ts';
import type { WatchedFile } from '../sources/discover.ts';
import {
  archiveTrouble,
  guessedNames,
  hostTrouble,
  unreadCounts,
  waitingForPulls,
  withoutTag,
} from '../verdict/run-problems.ts';
import { summarise } from '../verdict/summarise.ts';
import { type Looked, lookAtScopes, type RunDependencies, type RunRequest, type SeenFile } from './look-at-scopes.ts';
import {
  type JudgedImage,
  noRebuilds,
  type PlannedRebuilds,
  planRebuilds,
  withDispatch,
} from './published/plan-rebuilds.ts';

/** What a run, or its parts together, came to. */
export interface Conclusion
  extends Pick<
    Looked,
    'files' | 'decided' | 'decidedPins' | 'rootfs' | 'redeploys' | 'unmoved' | 'ailing' | 'swarms' | 'repositories'
  > {
  readonly record: RunRecord;
  /** Rebuilds of published images: which are over, and which are to be asked for. */
  readonly rebuilds: PlannedRebuilds;
  /** Identities of findings about published images that nobody could tell about. */
  readonly untoldPublished: NonNullable<Looked['published']>['untold'];
  /** Published images that were asked for; absent: none was. */
  readonly published?: readonly JudgedImage[];
}

/** The same where the files that it was found in are at hand, so that an update can write. */
export interface RunResult extends Conclusion {
  readonly files: readonly WatchedFile[];
  /** The include and exclude globs that some path matched. */
  readonly matchedGlobs: ReadonlySet<string>;
}

/** The read-only half of the pipeline: looks at every scope, and concludes. */
export async function run(request: RunRequest, deps: RunDependencies): Promise<RunResult> {
  const looked = await lookAtScopes(request, deps);
  const { files, matchedGlobs } = looked;
  return { ...(await concluded(looked, request, deps)), files, matchedGlobs };
}

/** What is said of a run as a whole, from what was learnt of its scopes. Nobody is asked but the state, about rebuilds. */
export async function concluded(
  looked: Looked,
  request: Pick<RunRequest, 'rebuilds' | 'targeted'>,
  { now, clock }: { readonly now: number; readonly clock: Clock },
): Promise<Conclusion> {
  const { decided, decidedPins, rootfs, published, unchecked, files, problems, unwanted, cost } = looked;
  const examined = decided.map((one) => one.examined);
  const rebuilds = await rebuildsOf(looked, request, now);
  const ofPublished = (published?.findings ?? []).map((finding) => withDispatch(finding, rebuilds.states));
  const ofUses = [...decided, ...decidedPins, ...rootfs].flatMap((one) => one.findings);
  const findings = [...ofUses, ...ofPublished].sort(byPlace);
  const record: RunRecord = {
    schema: 2,
    startedAt: looked.startedAt,
    finishedAt: timestamp(clock.now()),
    platforms: looked.platforms,
    repositories: [...looked.paths, ...looked.repositories.map(({ repository }) => repository.name)],
    scopes: looked.scopes,
    cost,
    summary: summarise(findings, examined, unchecked, {
      files: files.length,
      formats: formatCounts(files),
      excluded: looked.excluded,
      pins: looked.pins,
      images: new Set(looked.images).size,
      unread: { ...unreadCounts(problems), ...unwanted },
    }),
    workloads: looked.workloads,
    findings,
    unchecked: [...unchecked].sort(byPlace),
    problems: [
      ...problems,
      ...(published?.problems ?? []),
      ...withoutTag(examined),
      ...hostTrouble(examined),
      ...guessedNames(decided),
      ...waitingForPulls(examined, new Map(Object.entries(cost.rateLimit))),
      ...archiveTrouble(examined, rootfs),
      ...looked.noted,
    ],
  };
  const { redeploys, unmoved, ailing, swarms, repositories } = looked;
  const moves = { redeploys, unmoved, ailing, swarms, rebuilds, untoldPublished: published?.untold ?? [] };
  const asked = published && { published: published.images };
  return { record, files, decided, decidedPins, rootfs, ...moves, ...asked, repositories };
}

/** A run about some scopes knows not what all is made of, and asks for nothing. */
async function rebuildsOf(
  { published }: Looked,
  { rebuilds: planning, targeted }: Pick<RunRequest, 'rebuilds' | 'targeted'>,
  now: number,
): Promise<PlannedRebuilds> {
  if (published === undefined || planning === undefined || published.images.length === 0) return noRebuilds;
  const known = new Map(published.findings.map((one) => [one.id, one]));
  const images = published.images.map((one) => {
    const stale = one.stale && known.get(one.stale.id);
    return stale === undefined ? one : { ...one, stale };
  });
  const planned = await planRebuilds(images, published.builds, planning, now);
  return targeted === undefined ? planned : { ...planned, wishes: [] };
}

function formatCounts(files: readonly SeenFile[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { format } of files) counts[format.name] = (counts[format.name] ?? 0) + 1;
  return counts;
}

type Placed = PlaceFields & Partial<Pick<Finding, 'class'>>;

function byPlace(a: Placed, b: Placed): number {
  return comparePlaces(a, b) || compareText(a.class ?? '', b.class ?? '');
}
