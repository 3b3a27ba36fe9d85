import type { ImageGraph } from '../../core/image/published.ts';
import { formatReference, parseReference } from '../../core/image/reference.ts';
import type { Problem } from '../../core/problem.ts';
import { discover } from '../../sources/discover.ts';
import { imageGraph } from '../../sources/image-graph.ts';
import { type PublishedBuild, type PublishedSetting, publishedBuilds } from '../../sources/published-builds.ts';
import type { TreeScope } from '../../sources/tree-scope.ts';
import { treeScope } from '../../sources/tree-scope.ts';
import type { Store } from '../../state/store.ts';
import { unreadScopes } from '../../verdict/run-problems.ts';
import type { RunRequest } from '../look-at-scopes.ts';
import { lookKey } from '../state-keys.ts';

/** The graph, and what could not be read for it. */
export interface ReadGraph {
  readonly graph: ImageGraph;
  readonly unread: readonly Problem[];
}

/** Reads every tree of a request, and puts together what they publish. Digests are those that the state knows; nobody is asked. */
export async function imageGraphOf(
  request: Pick<RunRequest, 'trees' | 'repositories' | 'unread'>,
  settings: readonly PublishedSetting[],
  store: Store | undefined,
): Promise<ReadGraph> {
  const builds: PublishedBuild[] = [];
  const unread: Problem[] = [...(request.unread ?? [])];
  const read = async (scope: TreeScope): Promise<void> => {
    unread.push(...unreadScopes(scope));
    builds.push(...(await publishedBuilds(scope.discovery.files, scope.name, settings)));
  };
  for (const { path, discovery, ...rest } of request.trees)
    await read(treeScope({ name: path, discovery: await discover(path, discovery), ...rest }));
  if (request.repositories !== undefined) for await (const one of request.repositories) await read(treeScope(one));
  const names = [
    ...new Set(builds.flatMap(({ image, uses }) => [formatReference(image), ...uses.map(({ base }) => base)])),
  ];
  const keys = new Map(names.map((name) => [name, lookKey(parseReference(name))]));
  const looks = (await store?.looks([...keys.values()])) ?? new Map();
  return { graph: imageGraph(builds, (image) => looks.get(keys.get(image) ?? '')?.[0]?.digest ?? null), unread };
}
