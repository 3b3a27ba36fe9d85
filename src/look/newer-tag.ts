import { messageOf } from '../core/errors.ts';
import { globToRegExp } from '../core/glob.ts';
import type { Digest } from '../core/image/digest.ts';
import { formatReference, type ImageReference } from '../core/image/reference.ts';
import { type Problem, problemOf } from '../core/problem.ts';
import type { ProblemCode } from '../core/problem-code.ts';
import { inTurns } from '../core/time/turns.ts';
import type { TagList } from '../oci/registry/tag-list.ts';
import type { Use } from '../sources/use.ts';
import { hasOrder, newestTag } from '../tags/newest-tag.ts';
import type { Examination } from './examination.ts';
import { manifestFor, opener } from './platform-child.ts';
import type { Registry, Resolution } from './resolve.ts';

/** What the rules want for newer tags of an image. */
export interface TagWishes {
  readonly versions: string;
  readonly allowTags: readonly string[];
  readonly ignoreTags: readonly string[];
}

/** What looking for a newer tag needs. */
export interface NewerTagDependencies {
  readonly registry: Registry & {
    listTags(repository: Pick<ImageReference, 'registry' | 'repository'>): Promise<TagList>;
  };
  readonly signal: AbortSignal;
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
  { pinned, resolution }: Pick<Examination, 'pinned' | 'resolution'>,
  platforms: Use['platforms'],
  wishes: TagWishes,
  { registry, signal }: NewerTagDependencies,
): Promise<NewerTag> {
  const { tag } = reference;
  if (wishes.versions === 'none' || tag === undefined || !hasOrder(tag)) return { kind: 'none' };
  const subject = formatReference(reference);
  const notKnown = (code: ProblemCode, why: string): NewerTag => {
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
    const newest = (range: string): Promise<string | undefined> =>
      inTurns(newestTag(tag, tags, range, repository), signal);
    const within = await newest(wishes.versions);
    const found = within ?? (await newest('major'));
    if (found === undefined) {
      if (list.tags.includes(tag) || !names(resolution)) return { kind: 'none' };
      return notKnown('tags-incomplete', `${tag} answers and is not on the list of tags, so it is not a whole one`);
    }
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

/** Does the tag name something today? */
function names(resolution: Resolution): boolean {
  return resolution.kind === 'current' || resolution.kind === 'moved' || resolution.kind === 'unpinned';
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
  platforms: Use['platforms'],
  registry: Registry,
): Promise<Digest> {
  const [platform] = platforms;
  if (pinned !== 'manifest' || platform === undefined) return root;
  const document = await registry.document(reference, root);
  return (await manifestFor(document, platform, opener(registry, reference))) ?? root;
}
