import { formatPlatform } from '../core/image/platform.ts';
import { treeId } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import { meaningOf } from '../core/problem-code.ts';
import { prepared } from '../formats/chosen-reader.ts';
import type { PlatformSettings } from './consumed-platforms.ts';
import { type Discovery, formatFailed, type WatchedFile } from './discover.ts';
import type { DiscoveredTree, ReadRepository } from './discover-repositories.ts';
import { placePins } from './placed-pins.ts';
import { type ParsedUses, parseFile } from './placed-uses.ts';
import type { Scope, UseGroup } from './source.ts';

/** A folder or a branch: what was found in it, and how it is changed. */
export interface TreeScope extends Scope {
  readonly discovery: Discovery;
  /** The branch of a repository on a forge; absent for a folder, and where it could not be read. */
  readonly read?: ReadRepository;
}

/** The scope that a tree of files is. `name`: as it was named; that of a repository is known only when it was read. */
export function treeScope(
  tree: DiscoveredTree & { readonly name?: string; readonly read?: ReadRepository },
): TreeScope {
  const { discovery, platforms, policy, read } = tree;
  const name = read?.tree ?? tree.name ?? '.';
  const isUnread = discovery.problems.some(({ code }) => meaningOf(code).of === 'scope');
  return {
    id: treeId(name, read?.repository),
    name,
    kind: tree.name === undefined ? 'branch' : 'folder',
    policy,
    platforms: platforms.targets.map(formatPlatform),
    isWhole: !isUnread && read?.isPartial !== true,
    problems: discovery.problems,
    discovery,
    ...(read && { read }),
    async *groups(): AsyncGenerator<UseGroup> {
      for (const watched of discovery.files) {
        await prepared(watched.format, watched.text);
        yield groupOf(watched, tree);
      }
    },
  };
}

function groupOf(watched: WatchedFile, { platforms }: DiscoveredTree): UseGroup {
  const parsed = parsedOf(watched, platforms);
  if ('code' in parsed) return { uses: [], pins: [], words: 0, rootfs: [], problems: [parsed] };
  const { uses, pins, stages, rootfs, problems, document } = parsed;
  return {
    uses,
    pins: placePins(watched, pins, stages, [...uses, ...rootfs]),
    words: pins.length,
    rootfs,
    problems,
    file: { file: watched.file, text: watched.text, edit: document.edit },
  };
}

function parsedOf(watched: WatchedFile, platforms: PlatformSettings): ParsedUses | Problem {
  try {
    return parseFile(watched, platforms);
  } catch (error) {
    return formatFailed(watched.file, error);
  }
}
