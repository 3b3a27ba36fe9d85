import type { Digest } from '../core/digest.ts';
import { messageOf } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { globToRegExp } from '../core/glob.ts';
import { newsKey } from '../core/news.ts';
import type { Problem } from '../core/problem.ts';
import { problemOf } from '../core/problem-of.ts';
import { formatReference, type ImageReference } from '../core/reference.ts';
import type { TagList } from '../oci/tag-list.ts';
import type { hasOrder, newestTag } from '../tags/newest-tag.ts';
import type { ExaminedUse } from './decide.ts';
import { type EditPreview, editsOf } from './edit-preview.ts';
import type { Examination } from './examination.ts';
import { placeOf, useKey } from './finding-place.ts';
import type { PlacedUse } from './parse.ts';
import { manifestFor, opener } from './platform-child.ts';
import type { TagWishes } from './policy.ts';
import type { Registry } from './resolve.ts';

export interface NewerTagDependencies {
  readonly registry: Registry & {
    listTags(repository: Pick<ImageReference, 'registry' | 'repository'>): Promise<TagList>;
  };
  readonly newestTag: (...given: Parameters<typeof newestTag>) => Promise<string | undefined>;
  readonly hasOrder: typeof hasOrder;
}

/** What the registry has beyond the tag that is there. */
export type NewerTag =
  | { readonly kind: 'none' }
  /** An incomplete listing may miss the newest, so none is named. */
  | { readonly kind: 'unknown'; readonly problem: Problem }
  /** `within`: as near as the rules allow; else it is only told. */
  | { readonly kind: 'found'; readonly tag: string; readonly digest: Digest; readonly within: boolean };

/** Looks for a newer tag of the same shape. Asks nobody when the rules want none. Never rejects. */
export async function findNewerTag(
  reference: ImageReference,
  { pinned }: Pick<Examination, 'pinned'>,
  platforms: PlacedUse['platforms'],
  wishes: TagWishes,
  { registry, newestTag: newest, hasOrder: isOrdered }: NewerTagDependencies,
): Promise<NewerTag> {
  const { tag } = reference;
  if (wishes.versions === 'none' || tag === undefined || !isOrdered(tag)) return { kind: 'none' };
  const subject = formatReference(reference);
  const notKnown = (code: string, why: string): NewerTag => {
    const message = `whether there is a newer tag than ${tag} is not known: ${why}`;
    return { kind: 'unknown', problem: { code, message, subject } };
  };
  try {
    const list = await registry.listTags(reference);
    if (!list.complete) {
      return notKnown('tags-incomplete', list.problem?.message ?? 'the list of tags could not be read to its end');
    }
    const tags = list.tags.filter(wanted(wishes));
    const repository = `${reference.registry}/${reference.repository}`;
    const within = await newest(tag, tags, wishes.versions, repository);
    const found = within ?? (await newest(tag, tags, 'major', repository));
    if (found === undefined) return { kind: 'none' };
    const look = await registry.look(reference, found);
    if (look.kind !== 'found') {
      const why =
        look.kind === 'unknown' ? look.problem.message : `${found} is listed and does not answer: ${look.answer}`;
      return notKnown('newer-tag-unread', why);
    }
    return {
      kind: 'found',
      tag: found,
      digest: await sameKind(reference, look.digest, pinned, platforms, registry),
      within: within !== undefined,
    };
  } catch (error) {
    return notKnown(problemOf(error, subject).code, messageOf(error));
  }
}

function wanted({ allowTags, ignoreTags }: TagWishes): (tag: string) => boolean {
  const [allowed, ignored] = [allowTags, ignoreTags].map((globs) => globs.map(globToRegExp)) as [RegExp[], RegExp[]];
  return (tag) =>
    (allowed.length === 0 || allowed.some((glob) => glob.test(tag))) && !ignored.some((glob) => glob.test(tag));
}

/** A pin to one platform's manifest stays one. */
async function sameKind(
  reference: ImageReference,
  root: Digest,
  pinned: Examination['pinned'],
  platforms: PlacedUse['platforms'],
  registry: Registry,
): Promise<Digest> {
  const [platform] = platforms;
  if (pinned !== 'manifest' || platform === undefined) return root;
  const document = await registry.document(reference, root);
  return (await manifestFor(document, platform, opener(registry, reference))) ?? root;
}

/** Told, and proposed when it is near enough. Pure. */
export function newerTagFindings(
  examined: ExaminedUse,
  newer: NewerTag,
  preview: EditPreview | undefined,
): Omit<Finding, 'reaction'>[] {
  if (newer.kind !== 'found') return [];
  const { use } = examined;
  const possible = preview?.kind === 'possible' ? preview : undefined;
  const current = use.reference?.digest;
  // Within the ceiling there is nothing, or that would have been found: the line that is used has come to its end.
  const away = newer.within
    ? ''
    : `, further away than the rules allow to propose; the line of ${use.reference?.tag ?? 'latest'} has no newer tag`;
  return [
    {
      ...placeOf(examined),
      news: [newsKey('newer-tag', useKey(examined), [newer.tag])],
      class: 'newer-tag',
      security: null,
      remedy: newer.within && possible ? 'edit' : 'none',
      ...(current && { current: { digest: current } }),
      latest: { digest: newer.digest, tag: newer.tag },
      ...(newer.within && possible && editsOf(possible)),
      reason: `A newer version is published: ${newer.tag}${away}.`,
      notes: preview?.kind === 'refused' ? [`no edit is possible: ${preview.reason}`] : [],
      problem: null,
    },
  ];
}
