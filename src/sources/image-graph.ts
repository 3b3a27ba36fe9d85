import type { GraphEdge, GraphNode, ImageGraph } from '../core/image/published.ts';
import { formatReference } from '../core/image/reference.ts';
import { compareText } from '../core/place.ts';
import type { PublishedBuild } from './published-builds.ts';

/** The graph of what is published and what that is made of; `digestOf` is what a tag named last, by the image as it is printed. Pure. */
export function imageGraph(builds: readonly PublishedBuild[], digestOf: (image: string) => string | null): ImageGraph {
  const edges: GraphEdge[] = builds.flatMap(({ image, uses }) =>
    uses.map((use) => ({ ...use, child: formatReference(image) })),
  );
  const nodes = new Map<string, GraphNode>();
  for (const { image, repository, file } of builds) {
    const name = formatReference(image);
    nodes.set(name, { image: name, published: true, digest: digestOf(name), repository, file });
  }
  for (const { base } of edges) {
    if (!nodes.has(base)) nodes.set(base, { image: base, published: false, digest: digestOf(base) });
  }
  const names = [...nodes.keys()].sort(compareText);
  const parents = new Map(names.map((name) => [name, new Set<string>()]));
  for (const { base, child } of edges) parents.get(child)?.add(base);
  const cycles = cyclesIn(names, parents);
  return {
    nodes: names.map((name) => nodes.get(name) as GraphNode),
    edges: edges.sort((a, b) => compareText(a.child, b.child) || compareText(a.base, b.base) || a.line - b.line),
    order: levels(names, parents, new Set(cycles.flat())),
    cycles,
  };
}

/** Everything whose parents have had their turn; what is on a cycle has none, nor what is made of that. */
function levels(
  names: readonly string[],
  parents: ReadonlyMap<string, ReadonlySet<string>>,
  cyclic: ReadonlySet<string>,
): readonly (readonly string[])[] {
  const order: string[][] = [];
  const done = new Set<string>();
  for (;;) {
    const next = names.filter(
      (name) => !done.has(name) && !cyclic.has(name) && [...(parents.get(name) ?? [])].every((one) => done.has(one)),
    );
    if (next.length === 0) return order;
    order.push(next);
    for (const name of next) done.add(name);
  }
}

/** Strongly connected parts of more than one image, and what is made of itself. Source: Tarjan 1972, without recursion. */
function cyclesIn(
  names: readonly string[],
  parents: ReadonlyMap<string, ReadonlySet<string>>,
): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const found: string[][] = [];
  for (const root of names) {
    if (index.has(root)) continue;
    const work: { readonly name: string; readonly rest: string[] }[] = [];
    const enter = (name: string): void => {
      index.set(name, index.size);
      low.set(name, index.get(name) ?? 0);
      stack.push(name);
      onStack.add(name);
      work.push({ name, rest: [...(parents.get(name) ?? [])] });
    };
    enter(root);
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const { name, rest } = top;
      const next = rest.pop();
      if (next !== undefined) {
        if (!index.has(next)) enter(next);
        else if (onStack.has(next)) low.set(name, Math.min(low.get(name) ?? 0, index.get(next) ?? 0));
        continue;
      }
      work.pop();
      const above = work.at(-1)?.name;
      if (above !== undefined) low.set(above, Math.min(low.get(above) ?? 0, low.get(name) ?? 0));
      if (low.get(name) !== index.get(name)) continue;
      const part = stack.splice(stack.lastIndexOf(name));
      for (const one of part) onStack.delete(one);
      if (part.length > 1 || parents.get(name)?.has(name)) found.push(part.sort(compareText));
    }
  }
  return found.sort((a, b) => compareText(a[0] ?? '', b[0] ?? ''));
}
