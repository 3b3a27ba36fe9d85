import type { Platform } from '../core/image/platform.ts';
import { referenceKey } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import type { Problem } from '../core/problem.ts';
import type { RepositoryPlace } from '../core/repository-place.ts';
import type { ImageUse, PackagePin, ParsedFile, ParsedStage, RootfsArchive } from '../core/use.ts';
import type { Document } from '../formats/format.ts';
import { consumedPlatforms, type PlatformSettings } from './consumed-platforms.ts';
import type { WatchedFile } from './discover.ts';

/** A use at its place, with the platforms it is taken for. */
export interface PlacedUse {
  readonly watched: WatchedFile;
  readonly tree: string;
  readonly repository?: RepositoryPlace;
  readonly use: ImageUse & { readonly file: string };
  /** The same use as the format returned it, which is what an edit is asked for with. */
  readonly found: ImageUse;
  readonly platforms: readonly Platform[];
  /** Counts equals (same reference key) in the file from 0. */
  readonly ordinal: number;
  /** Why the use was skipped, if it was. */
  readonly problem?: Problem;
  /** The manager by which its stage, or one built on it, takes every upgrade there is. */
  readonly upgrades?: string;
  /** Does its stage, or one built on it, install packages? */
  readonly installs?: true;
}

/** One file, parsed, with each of its uses at its place. */
export interface ParsedUses {
  readonly uses: readonly PlacedUse[];
  readonly pins: readonly PackagePin[];
  readonly stages: readonly ParsedStage[];
  /** Archives that stages are made from, as uses of the kind `add` without a reference. */
  readonly rootfs: readonly PlacedUse[];
  readonly problems: readonly Problem[];
  /** What the file is changed by. */
  readonly document: Document;
}

/** Reads one file. Problems that explain a skipped use go with the use; the others stand for themselves. */
export function parseFile(watched: WatchedFile, settings: PlatformSettings): ParsedUses {
  const uses: PlacedUse[] = [];
  const problems: Problem[] = [];
  const document = watched.format.read(watched.text, watched.file);
  const { parsed, problems: left } = withinBounds(document, watched.file);
  problems.push(...left);
  const stages = parsed.stages ?? [];
  const work = packageWork(stages, parsed.pins);
  const explained = new Set<Problem>();
  const seen = new Map<string, number>();
  for (const found of parsed.uses) {
    const use = { ...withTagComment(found), file: watched.file };
    const key = use.reference ? referenceKey(use.reference) : use.written;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    const place = `${watched.file}:${use.line}`;
    const problem = use.skipped ? parsed.problems.find(({ subject }) => subject === place) : undefined;
    if (problem) explained.add(problem);
    const consumed = consumedPlatforms(use, settings);
    if (consumed.problem) problems.push(consumed.problem);
    uses.push({
      watched,
      ...treeOf(watched),
      use,
      found,
      platforms: consumed.platforms,
      ordinal,
      ...(problem && { problem }),
      ...workOn(use, work),
    });
  }
  problems.push(...parsed.problems.filter((problem) => !explained.has(problem)));
  const rootfs = (parsed.rootfs ?? []).map((one, index) => placeArchive(one, index, watched, work));
  return { uses, pins: parsed.pins, stages, rootfs, problems, document };
}

/** The first so many uses and pins of a file, and a word about the others: they were not looked at. */
function withinBounds(
  parsed: ParsedFile,
  file: string,
): { readonly parsed: ParsedFile; readonly problems: readonly Problem[] } {
  const [uses, pins] = [parsed.uses.length, parsed.pins.length];
  if (uses <= limits.file.uses.most && pins <= limits.file.pins.most) return { parsed, problems: [] };
  const what = [
    ...(uses > limits.file.uses.most ? [`${uses} images, of which the first ${limits.file.uses.most}`] : []),
    ...(pins > limits.file.pins.most ? [`${pins} packages, of which the first ${limits.file.pins.most}`] : []),
  ];
  const message = `the file names ${what.join(', and ')} were looked at`;
  return {
    parsed: {
      ...parsed,
      uses: parsed.uses.slice(0, limits.file.uses.most),
      pins: parsed.pins.slice(0, limits.file.pins.most),
    },
    problems: [{ code: 'file-too-long', message, subject: file }],
  };
}

function placeArchive(
  { path, line, column, stage, final }: RootfsArchive,
  ordinal: number,
  watched: WatchedFile,
  work: ReadonlyMap<string, PackageWork>,
): PlacedUse {
  const found: ImageUse = { kind: 'add', line, column, written: path, stage, final };
  const use = { ...found, file: watched.file };
  return { watched, ...treeOf(watched), use, found, platforms: [], ordinal, ...workOn(use, work) };
}

function treeOf({ tree: { name, repository } }: WatchedFile): Pick<PlacedUse, 'tree' | 'repository'> {
  return { tree: name, ...(repository && { repository }) };
}

/** A `# tag: 1.2` comment names the tag of a digest that stands alone. */
function withTagComment(use: ImageUse): ImageUse {
  const { reference, tagComment } = use;
  if (!reference || tagComment === undefined || reference.tag !== undefined) return use;
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tagComment)
    ? { ...use, reference: { ...reference, tag: tagComment } }
    : use;
}

type PackageWork = Pick<PlacedUse, 'upgrades' | 'installs'>;

function workOn({ kind, stage }: ImageUse, work: ReadonlyMap<string, PackageWork>): PackageWork {
  return kind === 'from' || kind === 'add' ? (work.get(stage ?? '') ?? {}) : {};
}

/** What is done with packages in each stage that is built on an image, and in those that are built on it. */
function packageWork(stages: readonly ParsedStage[], pins: readonly PackagePin[]): ReadonlyMap<string, PackageWork> {
  const roots = rootStages(stages);
  const installing = new Set(pins.map(({ stage }) => stage));
  const work = new Map<string, PackageWork>();
  for (const stage of stages) {
    const root = roots.get(stage)?.name ?? stage.name;
    const known = work.get(root);
    const upgrades = known?.upgrades ?? stage.upgrades;
    const installs = known?.installs || upgrades !== undefined || installing.has(stage.name);
    work.set(root, { ...(upgrades !== undefined && { upgrades }), ...(installs && { installs: true as const }) });
  }
  return work;
}

/** The stage at the bottom of each, which is built on an image. Of stages of one name those that come later build on the first. */
export function rootStages(stages: readonly ParsedStage[]): ReadonlyMap<ParsedStage, ParsedStage> {
  const byName = new Map<string, ParsedStage>();
  const roots = new Map<ParsedStage, ParsedStage>();
  for (const stage of stages) {
    const root = (stage.base === undefined ? undefined : byName.get(stage.base)) ?? stage;
    roots.set(stage, root);
    if (!byName.has(stage.name)) byName.set(stage.name, root);
  }
  return roots;
}
