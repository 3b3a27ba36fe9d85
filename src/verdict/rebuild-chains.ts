import type { Finding } from '../core/finding.ts';
import type { ImageGraph } from '../core/image/published.ts';
import type { Dispatch, RebuildRequest } from '../core/image/rebuild.ts';
import { familiarReference, parseReference } from '../core/image/reference.ts';

/** How the images of a run stand, as far as they are made of one another. */
export interface ChainFacts {
  readonly graph: Pick<ImageGraph, 'edges' | 'order'>;
  /** The stale ones, after what was asked for. */
  readonly states: ReadonlyMap<string, Dispatch>;
  /** Images whose file an open proposal moves. */
  readonly proposed: ReadonlySet<string>;
  readonly requests: readonly RebuildRequest[];
  /** By image: who runs it. */
  readonly runs: ReadonlyMap<string, readonly string[]>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What goes on below one base. */
export interface RebuildChain {
  /** What is not done yet and stands first. */
  readonly head: string;
  readonly images: ReadonlySet<string>;
  /** One line, the steps one after the other. */
  readonly text: string;
}

type Standing = 'rebuilt' | 'asked for' | 'failed' | 'held' | 'stale' | 'proposed' | 'waits';

/**
 * For every base below which something is under way: what is done, waits and has failed, parents before children, and who runs
 * what comes of it. What stands alone is no chain. Pure.
 */
export function rebuildChains(facts: ChainFacts): readonly RebuildChain[] {
  const { graph, runs } = facts;
  const children = Map.groupBy(graph.edges, ({ base }) => base);
  const made = new Set(graph.edges.map(({ child }) => child));
  const bases = [...children.keys()].filter((base) => !made.has(base)).sort();
  return bases.flatMap((base) => {
    const images = descendants(base, children);
    const standing = new Map<string, Standing>();
    const steps = graph.order
      .map((level) => level.filter((image) => images.has(image)))
      .map((level) => {
        for (const image of level) {
          const is = standingOf(image, standing, facts);
          if (is !== undefined) standing.set(image, is);
        }
        return level.filter((image) => standing.has(image));
      })
      .filter((level) => level.length > 0);
    const head = [...standing].find(([, is]) => is !== 'rebuilt')?.[0];
    const running = [...standing.keys()].flatMap((image) =>
      (runs.get(image) ?? []).map((who) => `${who} runs ${named(image)}`),
    );
    if (head === undefined || steps.flat().length + running.length < 2) return [];
    const texts = [
      ...steps.map((level) => stepText(level, standing)),
      ...(running.length > 0 ? [running.join(', ')] : []),
    ];
    return [{ head, images: new Set(standing.keys()), text: `built on ${named(base)}: ${texts.join(' → ')}` }];
  });
}

function descendants(
  base: string,
  children: ReadonlyMap<string, readonly { readonly child: string }[]>,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const wanted = [base]; wanted.length > 0; ) {
    for (const { child } of children.get(wanted.pop() ?? '') ?? []) {
      if (found.has(child)) continue;
      found.add(child);
      wanted.push(child);
    }
  }
  return found;
}

const ofState: Readonly<Record<Dispatch['state'], Standing>> = {
  none: 'stale',
  held: 'held',
  asked: 'asked for',
  served: 'stale',
  failed: 'failed',
  'timed-out': 'failed',
};

/** What was rebuilt before that is no step of what goes on now. */
const recent = 14 * 24 * 60 * 60 * 1000;

/** Undefined: nothing happens to it. Whatever it is made of has been looked at before. */
function standingOf(
  image: string,
  known: ReadonlyMap<string, Standing>,
  { graph, states, proposed, requests, now }: ChainFacts,
): Standing | undefined {
  const state = states.get(image)?.state;
  if (state !== undefined) return ofState[state];
  if (proposed.has(image)) return 'proposed';
  const parents = graph.edges.filter(({ child }) => child === image).map(({ base }) => known.get(base));
  if (parents.some((is) => is !== undefined && is !== 'rebuilt')) return 'waits';
  const last = requests.findLast((request) => request.image === image);
  return last?.outcome === 'served' && now - last.at < recent ? 'rebuilt' : undefined;
}

/** Images that stand alike are named together. */
function stepText(level: readonly string[], standing: ReadonlyMap<string, Standing>): string {
  const groups = Map.groupBy(level, (image) => standing.get(image) as Standing);
  return [...groups]
    .map(([is, images]) => `${images.map(named).join(', ')} ${images.length > 1 && is === 'waits' ? 'wait' : is}`)
    .join('; ');
}

function named(image: string): string {
  return familiarReference(parseReference(image));
}

/** The chain's line stands with the finding of its head, so that a message tells it once. Pure. */
export function withChain(finding: Finding, chains: readonly RebuildChain[]): Finding {
  const chain = chains.find(({ head }) => finding.class === 'stale' && head === finding.published?.image);
  return chain === undefined ? finding : { ...finding, notes: [...finding.notes, chain.text] };
}
