import type { Platform } from '../core/image/platform.ts';
import type { GraphEdge, PublishedImage } from '../core/image/published.ts';
import type { RebuildSettings } from '../core/image/rebuild-how.ts';
import { formatReference, type ImageReference, parseReference } from '../core/image/reference.ts';
import type { ParsedFile, ParsedStage } from '../core/parsed-file.ts';
import { prepared } from '../formats/chosen-reader.ts';
import type { OrderedBuild } from '../formats/format.ts';
import type { WatchedFile } from './discover.ts';

/** An image that a tree publishes, with what it is made of. */
export interface PublishedBuild extends PublishedImage {
  readonly uses: readonly Omit<GraphEdge, 'child'>[];
  /** Of the use that its last stage is built on; absent: that is none, or an archive. */
  readonly baseLine?: number;
  /** As the configuration has it. */
  readonly platforms?: readonly Platform[];
  readonly rebuild?: RebuildSettings;
}

/** What the configuration says of an image that is published. */
export interface PublishedSetting {
  readonly image: ImageReference;
  /** `owner/name`, or the path of a folder; absent: the tree that has the file. */
  readonly repository?: string;
  readonly file: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** What it is published for; absent: what its file is built for. */
  readonly platforms?: readonly Platform[];
  /** How a rebuild is asked for; absent: nobody is asked. */
  readonly rebuild?: RebuildSettings;
}

/**
 * The images that the files of one tree publish: those that its workflows, bake files, compose files and pipelines name, and
 * those of the configuration, whose word counts for an image that both name.
 */
export async function publishedBuilds(
  files: readonly WatchedFile[],
  repository: string,
  settings: readonly PublishedSetting[],
): Promise<readonly PublishedBuild[]> {
  const byPath = new Map(files.map((one) => [one.file, one]));
  const found = new Map<string, PublishedBuild>();
  for (const watched of files) {
    if (watched.format.builds === undefined) continue;
    await prepared(watched.format, watched.text);
    for (const build of watched.format.builds(watched.text, watched.file, watched, true)) {
      for (const one of await buildsOf(build, byPath, repository)) add(found, one);
    }
  }
  for (const { image, file, target, args, repository: own, platforms, rebuild } of settings) {
    if (own === undefined ? !byPath.has(file) : own !== repository) continue;
    const build = { dockerfile: file, args: new Map(Object.entries(args)), images: [formatReference(image)] };
    for (const one of await buildsOf({ ...build, ...(target !== undefined && { target }) }, byPath, repository))
      found.set(formatReference(one.image), { ...one, ...(platforms && { platforms }), ...(rebuild && { rebuild }) });
  }
  return [...found.values()];
}

/** One image may be published from several files: the first counts. */
function add(found: Map<string, PublishedBuild>, one: PublishedBuild): void {
  const key = formatReference(one.image);
  if (!found.has(key)) found.set(key, one);
}

async function buildsOf(
  { dockerfile, images, target, args }: OrderedBuild,
  files: ReadonlyMap<string, WatchedFile>,
  repository: string,
): Promise<readonly PublishedBuild[]> {
  const watched = files.get(dockerfile);
  const references = images.flatMap((text) => readable(text) ?? []);
  if (watched === undefined || references.length === 0) return [];
  const given = new Map([
    ...(watched.given ?? []),
    ...[...args].map(([name, value]) => [name, { value, by: dockerfile }] as const),
  ]);
  await prepared(watched.format, watched.text);
  const document = watched.format.read(watched.text, dockerfile, { ...watched, given, ...(target && { target }) });
  const uses = document.uses.flatMap((use) => {
    const kind = kindOf(use.kind);
    if (use.final !== true || use.reference === undefined || kind === undefined) return [];
    const { digest, ...tagged } = use.reference;
    const base = formatReference(
      tagged.tag === undefined && digest === undefined
        ? { ...tagged, tag: 'latest' }
        : tagged.tag === undefined
          ? use.reference
          : tagged,
    );
    return [{ base, kind, file: dockerfile, line: use.line, pinned: digest !== undefined }];
  });
  const baseLine = baseLineOf(document, target);
  const rest = { repository, file: dockerfile, uses, ...(baseLine !== undefined && { baseLine }) };
  return references.map((image) => ({ image, ...rest, ...(target && { target }) }));
}

/** Where the image stands that the built stage is built on, through the stages in between. */
function baseLineOf({ stages = [], uses }: ParsedFile, target: string | undefined): number | undefined {
  const named = (name: string): ParsedStage | undefined =>
    stages.find((one) => one.name.toLowerCase() === name.toLowerCase());
  let stage = target === undefined ? stages.at(-1) : (named(target) ?? stages[Number(target)]);
  // Each is built on one before it.
  for (let left = stages.length; stage?.base !== undefined && left > 0; left--) stage = named(stage.base);
  return uses.find((use) => use.kind === 'from' && use.stage === stage?.name)?.line;
}

function kindOf(kind: string): GraphEdge['kind'] | undefined {
  switch (kind) {
    case 'from':
      return 'from';
    case 'copy-from':
      return 'copy';
    case 'mount-from':
      return 'mount';
    default:
      return undefined;
  }
}

/** Without a tag it is `latest`; undefined for what is no reference, or one of a digest. */
function readable(text: string): ImageReference | undefined {
  try {
    const { tag = 'latest', digest, ...name } = parseReference(text);
    return digest === undefined ? { ...name, tag } : undefined;
  } catch {
    return undefined;
  }
}
