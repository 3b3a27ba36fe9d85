import { PlimsollError } from '../core/errors.ts';
import { formatReference, parseReference } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import { refuse } from './image-path.ts';

interface Tagged {
  /** Tags, or whole names with them. */
  readonly names: readonly string[];
  /** One platform's part of an image that others have parts of. */
  readonly hasPlatform: boolean;
}

/**
 * The entries that a tag names; without one, all when they are one image. A tag may be typed as it stands there, or as
 * the part of a whole name behind its colon. Throws PlimsollError 'LAYER' and lists what there is.
 */
export function chooseTagged<T extends Tagged>(
  all: readonly T[],
  tag: string | undefined,
  place: string,
): readonly T[] {
  if (tag === undefined) {
    const names = new Set(all.map((one) => one.names.join(' ')));
    if (all.length <= 1 || (names.size === 1 && all.every(({ hasPlatform }) => hasPlatform))) return all;
    throw refuse(place, `it holds several images; choose one with its tag: ${shown(all)}`);
  }
  const found = all.filter(({ names }) => names.some((name) => isNamed(name, tag)));
  if (found.length === 0) throw refuse(place, `it has no image with the tag ${tag}; it has ${shown(all)}`);
  const isOne = found.length === 1 || found.every(({ hasPlatform }) => hasPlatform);
  if (!isOne) throw refuse(place, `${tag} names several of its images; write the whole name: ${shown(found)}`);
  return found;
}

function isNamed(name: string, wanted: string): boolean {
  return name === wanted || normal(name) === normal(wanted) || /:([^:/]+)$/.exec(name)?.[1] === wanted;
}

/** Whole names are equal however much of them is left unsaid. */
function normal(name: string): string {
  try {
    const reference = parseReference(name);
    return formatReference({ ...reference, tag: reference.tag ?? 'latest' });
  } catch (error) {
    if (error instanceof PlimsollError) return name;
    throw error;
  }
}

function shown(all: readonly Tagged[]): string {
  const names = [...new Set(all.flatMap((one) => one.names))];
  if (names.length === 0) return all.length === 0 ? 'no image' : 'no tags';
  const more =
    names.length > limits.image.archiveTags.most ? ` and ${names.length - limits.image.archiveTags.most} more` : '';
  return `${names.slice(0, limits.image.archiveTags.most).join(', ')}${more}`;
}
