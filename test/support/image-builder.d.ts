import { type Digest } from '../../src/core/digest.ts';
import type { Platform } from '../../src/core/platform.ts';
/** Builds images as bytes: tar archives, layers, configs, manifests, indexes, with correct digests. Everything is pure. */
export interface TarInput {
  /** Written as it is: `./a`, `/a` and `../a` too. */
  readonly path: string;
  /** `file` unless `link` says more. */
  readonly type?: 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  /** Target of a symlink or hardlink. */
  readonly link?: string;
  /** How names beyond 100 bytes are written; pax by default. */
  readonly longNames?: 'pax' | 'gnu';
  /** Records of an extended header before the entry. */
  readonly pax?: Readonly<Record<string, string>>;
}
/** Files by path and content, or entries in order. */
export type TarInputs = readonly TarInput[] | Readonly<Record<string, string | Uint8Array>>;
export type Compression = 'gzip' | 'zstd' | 'none';
export interface BuiltBlob {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
}
export interface BuiltLayer extends BuiltBlob {
  /** Digest of the uncompressed archive. */
  readonly diffId: Digest;
}
export interface BuiltImage {
  readonly manifest: BuiltBlob;
  readonly config: BuiltBlob;
  readonly layers: readonly BuiltLayer[];
  readonly platform: Platform;
}
export interface BuiltIndex extends BuiltBlob {
  readonly images: readonly BuiltImage[];
}
export type MediaTypes = 'oci' | 'docker';
export interface ImageInput {
  readonly layers?: readonly BuiltLayer[];
  /** The `config` member of the image config: Env, User, Entrypoint, … */
  readonly config?: Readonly<Record<string, unknown>>;
  /** linux/amd64 by default. */
  readonly platform?: Platform;
  readonly created?: string;
  readonly history?: readonly Readonly<Record<string, unknown>>[];
  /** Of the manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly mediaTypes?: MediaTypes;
}
export interface IndexInput {
  readonly image: BuiltImage;
  /** What the index says; the image's own platform by default. */
  readonly platform?: Platform;
  /** Of the descriptor. */
  readonly annotations?: Readonly<Record<string, string>>;
}
/** A tar archive with its end-of-archive blocks; leave those out with `end: false` to join archives. */
export declare function tar(
  inputs: TarInputs,
  options?: {
    end?: boolean;
  },
): Buffer;
/** One header block with its checksum. `fields` replaces bytes of it: `[offset, text]`. */
export declare function tarHeader(
  header: {
    name: string;
    flag: string;
    size?: number;
    mode?: number;
    link?: string;
  },
  fields?: readonly (readonly [offset: number, bytes: string | Uint8Array])[],
): Buffer;
/** A body padded to whole blocks. */
export declare function tarBody(content: string | Uint8Array): Buffer;
/** The records of a pax extended header. */
export declare function paxRecords(records: Readonly<Record<string, string>>): Buffer;
export declare function layer(
  inputs: TarInputs,
  options?: {
    compression?: Compression;
    mediaTypes?: MediaTypes;
  },
): BuiltLayer;
export declare function image(input?: ImageInput): BuiltImage;
export declare function index(
  inputs: readonly IndexInput[],
  options?: {
    annotations?: Readonly<Record<string, string>>;
    mediaTypes?: MediaTypes;
  },
): BuiltIndex;
/** Any bytes as a blob with its digest. */
export declare function blob(bytes: Uint8Array, mediaType?: string): BuiltBlob;
/** What another document says of a blob. */
export declare function descriptor({ mediaType, digest, size }: BuiltBlob): {
  mediaType: string;
  digest: Digest;
  size: number;
};
/** Bytes that do not compress, the same for the same seed. */
export declare function noise(size: number, seed?: string): Buffer;
