import type { ImageConfig } from '../core/image/image.ts';
import { parseTag } from '../tags/parse-tag.ts';

/** Is what would run another major version than what does? `unknown`: neither image nor its tags say. */
export type MajorChange =
  | { readonly is: 'same' }
  | { readonly is: 'other'; readonly detail: string }
  | { readonly is: 'unknown' };

/** Two images, as far as their configs could be had. */
export interface ImagePair {
  readonly before?: ImageConfig | undefined;
  readonly after?: ImageConfig | undefined;
}

// OCI image-spec, annotations.md "Pre-Defined Annotation Keys".
const versionLabel = 'org.opencontainers.image.version';

/**
 * Compares the first numbers of every version that both images name: in the label for it, in `*_VERSION` and `*_MAJOR` of
 * their ENV, and in tags that name them. One that differs is enough. Pure.
 */
export function majorChange(
  { before, after }: ImagePair,
  tags: { readonly before: readonly string[]; readonly after: readonly string[] },
): MajorChange {
  const pairs = [
    ...(before === undefined || after === undefined ? [] : versionsOf(before, after)),
    ...tagged(tags.before, tags.after),
  ];
  const other = pairs.find(({ from, to }) => from !== to);
  if (other !== undefined) {
    return { is: 'other', detail: `${other.what} goes from major version ${other.from} to ${other.to}` };
  }
  return { is: pairs.length > 0 ? 'same' : 'unknown' };
}

interface Pair {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

function versionsOf(before: ImageConfig, after: ImageConfig): readonly Pair[] {
  const keys = Object.keys(after.behaviour).filter((key) => /^Env\..+_(?:VERSION|MAJOR)$/.test(key));
  return [
    ...pairOf('its version', before.labels[versionLabel], after.labels[versionLabel]),
    ...keys.flatMap((key) => pairOf(key.slice('Env.'.length), before.behaviour[key], after.behaviour[key])),
  ];
}

/** By tags of one shape; one that is called by a word says nothing. */
function tagged(before: readonly string[], after: readonly string[]): readonly Pair[] {
  return before.flatMap((one) =>
    after.flatMap((other) => {
      const [a, b] = [parseTag(one), parseTag(other)];
      if (a === undefined || b === undefined || a.shape.length === 0) return [];
      return pairOf('its tag', a.numbers[0], b.numbers[0]);
    }),
  );
}

function pairOf(what: string, before: string | undefined, after: string | undefined): readonly Pair[] {
  const [from, to] = [before, after].map((text) => /^v?(\d+)(?:$|[.\-_+~:])/.exec(text ?? '')?.[1]);
  return from === undefined || to === undefined ? [] : [{ what, from: Number(from), to: Number(to) }];
}
