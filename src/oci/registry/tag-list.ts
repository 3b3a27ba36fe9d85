import { messageOf } from '../../core/errors.ts';
import { parseLargeJson } from '../../core/large-json.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { inTurns } from '../../core/time/turns.ts';
import type { HttpResponse } from '../../http/http-client.ts';
import { readBody } from './body.ts';
import { nextLink } from './link.ts';
import { failWith, RegistryError } from './registry-answers.ts';
import type { RegistryTransport, Repository } from './transport.ts';

/** What a listing may cost; beyond it the list is incomplete. */
export interface TagLimits {
  readonly tags: number;
  readonly pages: number;
  /** Bytes of one page. */
  readonly page: number;
}

/** The tags of a repository, as far as they were read. */
export interface TagList {
  readonly tags: readonly string[];
  /** false: there are more, and nothing may be concluded from what is missing. */
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly problem?: Problem;
}

export const defaultTagLimits: TagLimits = {
  tags: limits.registry.tags.most,
  pages: limits.registry.tagPages.most,
  page: limits.registry.tagPage.most,
};
// More than this some servers refuse (distribution 3: 1000); fewer they give as they like.
const pageSize = 1000;
// distribution-spec, "tag".
const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/**
 * Every tag of a repository, following the `Link` of each page (distribution-spec, "Listing Tags"). Throws
 * PlimsollError 'REGISTRY' or 'HTTP' when not even the first page could be had.
 */
export async function listTags(
  transport: Pick<RegistryTransport, 'send'>,
  repository: Repository,
  bounds: TagLimits = defaultTagLimits,
): Promise<TagList> {
  const name = `${repository.registry}/${repository.repository}`;
  const tags = new Set<string>();
  const seen = new Set<string>();
  const incomplete = (why: string): TagList => ({
    tags: [...tags],
    complete: false,
    problem: {
      code: 'registry-tags-incomplete',
      message: `the tags of ${name} are not all known: ${why}`,
      subject: name,
    },
  });
  for (let query: string | undefined = `?n=${pageSize}`; query !== undefined; ) {
    seen.add(query);
    let page: Page;
    try {
      page = await readPage(transport, repository, query, bounds.page);
    } catch (error) {
      if (seen.size === 1) throw error;
      return incomplete(messageOf(error));
    }
    for (const tag of page.tags) {
      if (tags.size >= bounds.tags) return incomplete(`there are more than ${bounds.tags}`);
      tags.add(tag);
    }
    if (page.next.kind === 'refused') return incomplete(page.next.why);
    query = page.next.kind === 'last' ? undefined : page.next.query;
    if (query !== undefined && seen.has(query)) return incomplete('the registry links a page to an earlier one');
    if (query !== undefined && seen.size >= bounds.pages)
      return incomplete(`there are more than ${bounds.pages} pages`);
  }
  return { tags: [...tags], complete: true };
}

type Next =
  | { readonly kind: 'last' }
  | { readonly kind: 'page'; readonly query: string }
  | { readonly kind: 'refused'; readonly why: string };

interface Page {
  readonly tags: readonly string[];
  readonly next: Next;
}

async function readPage(
  transport: Pick<RegistryTransport, 'send'>,
  repository: Repository,
  query: string,
  largest: number,
): Promise<Page> {
  const name = `the tags of ${repository.registry}/${repository.repository}`;
  const response = await transport.send(repository, 'GET', `tags/list${query}`, 'application/json');
  if (response.status !== 200) return failWith(name, response);
  const bytes = await readBody(response, largest);
  let json: { name?: unknown; tags?: unknown } | null;
  try {
    json = (await inTurns(parseLargeJson(new TextDecoder().decode(bytes)))) as typeof json;
  } catch (error) {
    const message = `${name}: ${response.url.host} answered something that is not JSON`;
    throw new RegistryError({ code: 'registry-unexpected', message }, { cause: error });
  }
  // A repository without tags has null, or leaves them out, in several registries; an answer of nothing is another one.
  const given = json?.tags ?? (json?.tags === null || typeof json?.name === 'string' ? [] : undefined);
  if (!Array.isArray(given)) {
    const message = `${name}: ${response.url.host} answered something that is no list of tags`;
    throw new RegistryError({ code: 'registry-unexpected', message });
  }
  const tags = given.filter((tag): tag is string => typeof tag === 'string' && tagGrammar.test(tag));
  return { tags, next: nextOf(response) };
}

/**
 * Where the next page is. Only the query of a link is taken: what stands before it is ours to know, and registries
 * behind proxies write it with a scheme or path of their own. A link to another host is refused.
 */
function nextOf(response: HttpResponse): Next {
  const target = nextLink(response.values('link'));
  if (target === undefined) return { kind: 'last' };
  const { url: asked } = response;
  const url = URL.canParse(target, asked.href) ? new URL(target, asked) : undefined;
  if (url === undefined || url.search === '')
    return { kind: 'refused', why: `${asked.host} links its next page to nowhere` };
  if (url.hostname !== asked.hostname) {
    return {
      kind: 'refused',
      why: `${asked.host} links its next page to another host, ${url.host}, which was not followed`,
    };
  }
  return { kind: 'page', query: url.search };
}
