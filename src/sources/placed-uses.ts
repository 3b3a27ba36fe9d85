import path from 'node:path';
import { type ImageReference, referenceKey } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import { findingId } from '../core/news.ts';
import type { ImageUse, PackagePin, ParsedFile, ParsedStage } from '../core/parsed-file.ts';
import { type FilePlace, treeId } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import type { Document } from '../formats/format.ts';
import { consumedPlatforms, type PlatformSettings } from './consumed-platforms.ts';
import type { WatchedFile } from './discover.ts';
import type { Use } from './use.ts';

/** One file, parsed, with each of its uses at its place. */
export interface ParsedUses {
  readonly uses: readonly Use[];
  readonly pins: readonly PackagePin[];
  readonly stages: readonly ParsedStage[];
  /** Archives that stages are made from, as uses without a reference. */
  readonly rootfs: readonly Use[];
  readonly problems: readonly Problem[];
  /** What the file is changed by. */
  readonly document: Document;
}

/** Reads one file. Problems that explain a skipped use go with the use; the others stand for themselves. */
export function parseFile(watched: WatchedFile, settings: PlatformSettings): ParsedUses {
  const uses: Use[] = [];
  const problems: Problem[] = [];
  const document = watched.format.read(watched.text, watched.file, watched);
  const { parsed, problems: left } = withinBounds(document, watched.file);
  problems.push(...left);
  const stages = parsed.stages ?? [];
  const work = packageWork(stages, parsed.pins);
  const explained = new Set<Problem>();
  const keyOf = keysIn(watched, 'image');
  for (const found of parsed.uses.filter(isPulled)) {
    const { role, written, unset, note } = found;
    const reference = referenceOf(found);
    const subject = `${watched.file}:${found.line}`;
    const skipped = found.skipped ? parsed.problems.find((one) => one.subject === subject) : undefined;
    if (skipped) explained.add(skipped);
    const consumed = consumedPlatforms({ ...found, file: watched.file }, settings);
    if (consumed.problem) problems.push(consumed.problem);
    uses.push({
      place: placeIn(watched, found),
      role,
      written: reference ? written : shownName(written),
      ...(reference && { reference }),
      ...(reference?.digest && { has: { digest: reference.digest, by: 'text' } }),
      platforms: consumed.platforms,
      key: keyOf(reference ? referenceKey(reference) : written),
      ...(found.skipped && { skipped: skipped ?? notRead(found, subject) }),
      ...(unset && { unset }),
      ...(note !== undefined && { note }),
      ...(role === 'base' && work.get(found.stage ?? '')),
    });
  }
  problems.push(...parsed.problems.filter((problem) => !explained.has(problem)));
  const rootfs = (parsed.rootfs ?? []).map((one, index): Use => {
    const place = placeIn(watched, { ...one, kind: 'add' });
    const key = keyIn(watched, 'image', one.path, index);
    const archive = archiveIn(watched);
    return { place, role: 'base', written: one.path, platforms: [], key, archive, ...work.get(one.stage) };
  });
  return { uses, pins: parsed.pins, stages, rootfs, problems, document };
}

/** What is shown of a name: of one that is no reference no more than its beginning. */
export function shownName(written: string): string {
  return written.length > limits.file.unread.most ? `${written.slice(0, limits.file.unread.most - 1)}…` : written;
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

/** Where something stands in a file. */
export function placeIn(
  { tree: { name, title, repository }, file, format }: WatchedFile,
  { line, column, kind, stage, final }: Pick<ImageUse, 'line' | 'column' | 'kind' | 'stage' | 'final'>,
): FilePlace {
  return {
    tree: name,
    ...(title !== undefined && { title }),
    ...(repository && { repository }),
    file,
    format: format.name,
    line,
    column,
    kind,
    ...(stage !== undefined && { stage }),
    ...(final !== undefined && { final }),
  };
}

/** Identity of what stands in one file: of what it names (`key`), and how many equals stand before it. */
function keyIn(
  { tree: { name, repository }, file }: WatchedFile,
  subject: 'image' | 'package',
  key: string,
  ordinal: number,
): string {
  return findingId({ tree: treeId(name, repository), file, subject, key, ordinal });
}

/** The identities of the images or packages of one file, in the order in which they stand there. */
export function keysIn(watched: WatchedFile, subject: 'image' | 'package'): (key: string) => string {
  const seen = new Map<string, number>();
  return (key) => {
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return keyIn(watched, subject, key, ordinal);
  };
}

/** The build context is not in the file, and is nearly always its folder or the tree's root. Nothing of a forge is on this machine. */
function archiveIn({ tree: { folder }, file }: WatchedFile): NonNullable<Use['archive']> {
  return folder === undefined ? {} : { root: folder, contexts: [path.dirname(path.join(folder, file)), folder] };
}

function notRead({ written, skipped, problem }: ImageUse, subject: string): Problem {
  const message = problem ?? `${written} cannot be read as an image reference`;
  return { code: skipped === 'unresolved' ? 'image-unresolved' : 'image-invalid', message, subject };
}

/** What the file makes itself, what another program fills in or changes, and what is no image that runs, is no use of ours. */
function isPulled({ skipped }: ImageUse): boolean {
  return skipped === undefined || skipped === 'unresolved' || skipped === 'invalid';
}

/** A `# tag: 1.2` comment names the tag of a digest that stands alone. */
function referenceOf({ reference, tagComment }: ImageUse): ImageReference | undefined {
  if (!reference || tagComment === undefined || reference.tag !== undefined) return reference;
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tagComment) ? { ...reference, tag: tagComment } : reference;
}

type PackageWork = Pick<Use, 'upgrades' | 'installs'>;

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
