import { messageOf } from '../../core/errors.ts';
import type { ImageReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import { defaultTagLimits, type TagLimits, type TagList } from './tag-list.ts';

/** Whether what two answers called gone is gone. */
export type GoneProof =
  /** `still`: what the same repository does answer for, as half a sentence. */
  | { readonly kind: 'proven'; readonly still: string }
  /** Not a single manifest of the repository answers: it may be hidden, or its registry in trouble. */
  | { readonly kind: 'silent'; readonly why: string }
  /** The repository answers, and what it says does not fit together or is not whole. */
  | { readonly kind: 'unsure'; readonly why: string };

/** The registry itself, with the credentials of the run. */
export interface GoneWitness {
  /** Does a HEAD of this tag or digest end in 200? Never rejects. */
  serves(target: string): Promise<boolean>;
  listTags(limits?: TagLimits): Promise<TagList>;
}

const firstPage: TagLimits = { ...defaultTagLimits, pages: 1 };

/**
 * The half of the proof that a 404 cannot give: the repository answers for another manifest, so we may look into it and
 * its registry works. A tag must be missing from the whole list, too, for a registry that loses manifests still lists
 * their tags. Costs nothing where the own tag of a digest
 * answers; else the tags, of which a digest needs the first page alone, and at most three HEADs.
 */
export async function proveGone(
  { tag: own, digest, repository }: ImageReference,
  what: 'tag' | 'digest',
  witness: GoneWitness,
): Promise<GoneProof> {
  if (what === 'digest' && own !== undefined && (await witness.serves(own))) return servesStill(own);
  let list: TagList;
  try {
    list = await witness.listTags(what === 'digest' ? firstPage : undefined);
  } catch (error) {
    const why = `its tags could not be listed (${messageOf(error)})`;
    return { kind: what === 'tag' && digest !== undefined ? 'unsure' : 'silent', why };
  }
  const gone = what === 'tag' ? (own ?? 'latest') : undefined;
  if (gone !== undefined && list.tags.includes(gone)) {
    return { kind: 'unsure', why: 'the repository still lists it, so its registry may be in trouble' };
  }
  if (gone !== undefined && !list.complete) {
    const why = list.problem?.message ?? 'the tags are not all known';
    return { kind: 'unsure', why: `it is not on the list, which could not be read to its end (${why})` };
  }
  if (what === 'tag' && digest !== undefined && (await witness.serves(digest))) {
    return { kind: 'proven', still: 'still serves its digest' };
  }
  const asked = list.tags.filter((tag) => tag !== own).slice(0, limits.registry.goneTags.most);
  for (const tag of asked) if (await witness.serves(tag)) return servesStill(tag);
  return { kind: 'silent', why: `nothing else in ${repository} answers either` };
}

function servesStill(tag: string): GoneProof {
  return { kind: 'proven', still: `still serves the tag ${tag} of the same repository` };
}
