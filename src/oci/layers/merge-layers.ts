import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { type Meaning, meaningOf } from '../../core/problem-code.ts';
import type { Steps } from '../../core/time/turns.ts';
import { followLinks, type LinkedFiles } from '../registry/follow-links.ts';
import type { PathInterest } from './layer-collector.ts';
import type { LayerExtract } from './layer-extract.ts';
import { joinPath, resolvePath, splitPath } from './layer-path.ts';
import { LayeredRoot } from './layered-root.ts';

/** The wanted files of an image's root file system. */
export interface MergedLayers extends LinkedFiles {
  /** False when some layer was not read to its end, or a file that matters could not be taken out of it. */
  readonly complete: boolean;
  readonly problems: readonly Problem[];
}

/** What problems mean by which a path on which packages may depend was left out. */
const losses: ReadonlySet<Meaning['of']> = new Set(['unread', 'entry', 'path']);

/**
 * Lays layers over each other, the base first (the order of a manifest), by the rules of the OCI image-spec, layer.md:
 * whiteouts and opaque markers hide what lower layers have, never what their own layer has; so does anything that is
 * not a directory for what lower layers have below it. Symlinked directories (`lib → usr/lib`) are followed, so a file
 * counts at the place where it is found in the end, and by `interest` under the names by which it is asked for. A step is
 * as much as one layer has of one kind.
 */
export function* mergeLayers(
  extracts: readonly LayerExtract[],
  interest: Pick<PathInterest, 'wants' | 'named'> = { wants: () => false, named: () => [] },
): Steps<MergedLayers> {
  const root = new LayeredRoot();
  const problems: Problem[] = [];
  for (const extract of extracts) {
    problems.push(...extract.problems);
    yield* hideLower(root, extract);
    problems.push(...(yield* addFiles(root, extract)));
  }
  const complete =
    extracts.every(({ truncated }) => truncated === undefined) &&
    !problems.some(({ code }) => losses.has(meaningOf(code).of));
  return { ...(yield* followLinks(root, interest)), complete, problems };
}

/**
 * Takes out of the root what a layer deletes or replaces, and adds its symlinks. Step by step, since each step changes
 * where the paths of the next one are.
 */
function* hideLower(root: LayeredRoot, extract: LayerExtract): Steps<void> {
  const { symlinks } = root;
  const [gone, emptied] = [placesOf(extract.whiteouts, symlinks), placesOf(extract.opaque, symlinks)];
  yield;
  for (const place of gone) root.hide(place);
  yield;
  for (const place of emptied) root.empty(place);
  yield;
  for (const path of [...extract.directories, ...extract.opaque]) {
    // A directory takes the place of a lower symlink or file, and joins a lower directory.
    root.remove(placeOf(path, symlinks));
  }
  yield;
  for (const place of placesOf([...extract.nonDirectories, ...extract.symlinks.keys()], symlinks)) root.hide(place);
  yield;
  for (const [path, target] of extract.symlinks) root.setSymlink(placeOf(path, symlinks), target);
  yield;
  for (const place of placesOf([...extract.files.keys(), ...extract.hardlinks.keys()], symlinks)) root.hide(place);
}

function* addFiles(root: LayeredRoot, extract: LayerExtract): Steps<readonly Problem[]> {
  yield;
  const locate = locator(root.symlinks);
  for (const [path, content] of extract.files) root.setFile(locate(path), content);
  yield;
  const problems: Problem[] = [];
  for (const path of extract.hardlinks.keys()) {
    const content = linkedContent(path, extract);
    if (content !== undefined) root.setFile(locate(path), content);
    else {
      const message = `left out ${path}: the file it is a hard link to was not read`;
      problems.push({ code: 'hardlink-target-missing', message, subject: path });
    }
  }
  return problems;
}

/** A hard link may name another one; a loop ends nowhere. */
function linkedContent(path: string, extract: LayerExtract): Uint8Array | undefined {
  let target: string | undefined = path;
  for (let hops = 0; hops < limits.image.hardlinkHops.most && target !== undefined; hops++) {
    const content = extract.files.get(target);
    if (content !== undefined) return content;
    target = extract.hardlinks.get(target);
  }
  return undefined;
}

/** Where a path is once the symlinks of its directory are followed; the last component stays what it is. */
function placeOf(path: string, symlinks: ReadonlyMap<string, string>): string {
  return locator(symlinks)(path);
}

function placesOf(paths: Iterable<string>, symlinks: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set(Array.from(paths, locator(symlinks)));
}

/** {@link placeOf} for many paths, while the symlinks stay as they are: each directory is followed once. */
function locator(symlinks: ReadonlyMap<string, string>): (path: string) => string {
  const known = new Map<string, string>([['', '']]);
  const follow = (directory: string): string => {
    const before = known.get(directory);
    if (before !== undefined) return before;
    const { directory: parent, base } = splitPath(directory);
    const next = joinPath(follow(parent), base);
    // What cannot be resolved stays as it is written, where nothing else finds it.
    const place = symlinks.has(next) ? (resolvePath(next, symlinks) ?? next) : next;
    known.set(directory, place);
    return place;
  };
  return (path) => {
    const { directory, base } = splitPath(path);
    return joinPath(follow(directory), base);
  };
}
