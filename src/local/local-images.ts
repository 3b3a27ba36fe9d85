import { PlimsollError } from '../core/errors.ts';
import { type ImageReference, isLocal } from '../core/image/reference.ts';
import type { ImageSource } from '../look/inspect.ts';
import { packageInterest } from '../packages/wanted-paths.ts';
import type { LocalImage, LocalKind } from './local-kind.ts';

type Place = Pick<ImageReference, 'registry' | 'repository'>;

/** The images on this machine that a run looks at, each opened once. */
export class LocalImages {
  readonly #kinds: readonly LocalKind[];
  readonly #opened = new Map<string, Promise<LocalImage>>();

  constructor(kinds: readonly LocalKind[]) {
    this.#kinds = kinds;
  }

  /** Throws PlimsollError 'USAGE' when nothing is there, or another kind, and 'LAYER' when it cannot be read. */
  open({ registry, repository }: Place): Promise<LocalImage> {
    const key = `${registry}${repository}`;
    let image = this.#opened.get(key);
    if (image === undefined) {
      image = this.#open(registry, repository);
      this.#opened.set(key, image);
    }
    return image;
  }

  async #open(prefix: string, place: string): Promise<LocalImage> {
    const kind = this.#kinds.find((one) => one.prefix === prefix);
    if (kind === undefined) throw new PlimsollError('LAYER', `${prefix}${place}: there is no such kind of image`);
    return kind.open(place, packageInterest);
  }
}

/** What was typed as an image on this machine, `dir:PATH`; undefined when it is none. Throws 'REFERENCE' without a path. */
export function parseLocal(text: string, kinds: readonly LocalKind[]): ImageReference | undefined {
  const kind = kinds.find(({ prefix }) => text.startsWith(prefix));
  if (kind === undefined) return undefined;
  const repository = text.slice(kind.prefix.length);
  if (repository === '' || repository.includes('\0')) {
    throw new PlimsollError('REFERENCE', `${kind.prefix} names no path: write ${kind.prefix}PATH`);
  }
  return { registry: kind.prefix, repository };
}

/** Reads images on this machine from it, all others from elsewhere. */
export function withLocal(elsewhere: ImageSource, local: LocalImages): ImageSource {
  return {
    document: async (repository, digest) =>
      isLocal(repository) ? (await local.open(repository)).document(digest) : elsewhere.document(repository, digest),
    config: async (repository, manifest) =>
      isLocal(repository) ? (await local.open(repository)).config(manifest) : elsewhere.config(repository, manifest),
    layer: (repository, digest, size) =>
      isLocal(repository) ? localLayer(local, repository, digest, size) : elsewhere.layer(repository, digest, size),
    gaps: async (repository) => (isLocal(repository) ? (await local.open(repository)).gaps : undefined),
  };
}

async function* localLayer(
  local: LocalImages,
  place: Place,
  digest: Parameters<LocalImage['layer']>[0],
  size: number,
): AsyncGenerator<Uint8Array> {
  yield* (await local.open(place)).layer(digest, size);
}
