import type { Finding } from '../../core/finding.ts';
import type { ImageGraph } from '../../core/image/published.ts';
import type { Dispatch, DispatchLimits, RebuildRequest } from '../../core/image/rebuild.ts';
import type { ReadRepository } from '../../sources/discover-repositories.ts';
import { imageGraph } from '../../sources/image-graph.ts';
import type { PublishedBuild } from '../../sources/published-builds.ts';
import type { Builder } from '../../targets/ask-builder.ts';
import { builderOf } from '../../targets/ask-builder.ts';
import { dispatchPlan, type PublishedNow, type RebuildEnding, type RebuildWish } from '../../verdict/dispatch-law.ts';
import type { RebuildChain } from '../../verdict/rebuild-chains.ts';

/** A published image as a run found it, and where it is built. */
export interface JudgedImage extends Omit<PublishedNow, 'since' | 'obstacle'> {
  readonly read?: ReadRepository;
  /** The key of the use that it is built on. */
  readonly use: string;
}

/** What the state knows of rebuilds, and how many may be asked for. */
export interface RebuildPlanning {
  readonly limits: DispatchLimits;
  /** Of these images, and all of the last days. */
  readonly requests: (images: readonly string[]) => Promise<readonly RebuildRequest[]>;
  /** Since when news is known, by its key. */
  readonly since: () => Promise<ReadonlyMap<string, { readonly first: number }>>;
}

/** What is to be done about rebuilds. */
export interface PlannedRebuilds {
  /** By the image as it is printed. */
  readonly states: ReadonlyMap<string, Dispatch>;
  readonly endings: readonly RebuildEnding[];
  readonly wishes: readonly (RebuildWish & { readonly builder: Builder })[];
  /** Requests of which nobody knows whether they were heard. */
  readonly unsure: readonly { readonly request: RebuildRequest; readonly builder: Builder }[];
  /** All that are remembered of the images of this run, as they stand. */
  readonly requests: readonly RebuildRequest[];
  readonly graph: Pick<ImageGraph, 'edges' | 'order'>;
  /** By image, the use that it is built on. */
  readonly uses: ReadonlyMap<string, string>;
  /** What goes on below each base, after what was asked for. */
  readonly chains: readonly RebuildChain[];
}

/** Nothing is published, or nobody is asked. */
export const noRebuilds: PlannedRebuilds = {
  states: new Map(),
  endings: [],
  wishes: [],
  unsure: [],
  requests: [],
  graph: { edges: [], order: [] },
  uses: new Map(),
  chains: [],
};

/** Puts together what a run found, the graph and what was asked for before. Asks nobody but the state. */
export async function planRebuilds(
  images: readonly JudgedImage[],
  builds: readonly PublishedBuild[],
  planning: RebuildPlanning,
  now: number,
): Promise<PlannedRebuilds> {
  const [requests, known] = [
    await planning.requests(images.map(({ image }) => image)),
    images.some(({ isPinned, stale }) => isPinned && stale !== undefined) ? await planning.since() : new Map(),
  ];
  const builders = new Map<string, Builder>();
  const all = images.map((one): PublishedNow => {
    const since = one.stale?.news.flatMap((key) => known.get(key)?.first ?? []) ?? [];
    const builder = one.settings && builderOf(one.settings, one.read);
    if (typeof builder === 'object') builders.set(one.image, builder);
    return {
      ...one,
      ...(since.length > 0 && { since: Math.min(...since) }),
      ...(typeof builder === 'string' && { obstacle: builder }),
    };
  });
  const graph = imageGraph(builds, () => null);
  const { states, endings, wishes } = dispatchPlan(all, { graph, requests, limits: planning.limits, now });
  const over = new Map(endings.map((one) => [one.number, one]));
  return {
    states,
    endings,
    requests: requests.map((one) => ({ ...one, ...over.get(one.number) })),
    graph,
    uses: new Map(images.map(({ image, use }) => [image, use])),
    chains: [],
    wishes: wishes.flatMap((wish) => {
      const builder = builders.get(wish.image);
      return builder === undefined ? [] : [{ ...wish, builder }];
    }),
    unsure: requests.flatMap((request) => {
      const { image, number, ended, sent } = request;
      const builder = builders.get(image);
      const isOpen = ended === undefined && sent === undefined && !over.has(number);
      return isOpen && builder !== undefined ? [{ request, builder }] : [];
    }),
  };
}

/** The finding as it stands with a rebuild, in its own sentence, too. Pure. */
export function withDispatch(finding: Finding, states: ReadonlyMap<string, Dispatch>): Finding {
  const dispatch = states.get(finding.published?.image ?? '');
  if (dispatch === undefined) return finding;
  const { dispatch: before, reason, ...rest } = finding;
  const own = before === undefined ? reason : reason.slice(0, reason.length - sentenceOf(before).length);
  return { ...rest, reason: `${own}${sentenceOf(dispatch)}`, dispatch };
}

function sentenceOf({ state, reason }: Dispatch): string {
  switch (state) {
    case 'none':
      return '';
    case 'held':
      return ` No rebuild is asked for yet: ${reason}.`;
    case 'asked':
    case 'served':
      return ` ${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
    case 'failed':
      return ` A rebuild that was asked for has failed: ${reason}.`;
    case 'timed-out':
      return ` A rebuild that was asked for did not come: ${reason}.`;
  }
}
