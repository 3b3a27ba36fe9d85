import * as z from 'zod';
import { PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import { findingClass } from './api-documents.ts';

/** A page of a list, as every list of the API comes. */
export function pageOf(item: z.ZodType, most: number = limits.report.pageRows.most): z.ZodType {
  return z.object({
    items: z.array(item).max(most),
    next: z.string().optional().describe('what the next page is asked for with: ?cursor=…; absent on the last'),
  });
}

/** What lists are asked for with. */
export const listQuery = { cursor: 'where the next page begins, as `next` of the last answer said' };
/** What lists about images are asked for with, besides. */
export const imageQuery = {
  q: 'a part of the name',
  class: 'a class of findings',
  repository: 'a repository by its whole name',
  ...listQuery,
};

/**
 * A query with no parameter but those that a route has. Throws PlimsollError 'USAGE' for another one, and for one that is given
 * twice: whoever asks would take the answer for what was meant.
 */
export function queryOf(query: URLSearchParams, known: readonly string[]): URLSearchParams {
  for (const name of query.keys()) {
    const shown = JSON.stringify(name.slice(0, 40));
    if (!known.includes(name)) {
      const there = known.length === 0 ? 'none' : known.join(', ');
      throw new PlimsollError(
        'USAGE',
        `no parameter ${shown} here; there ${known.length === 1 ? 'is' : 'are'} ${there}`,
      );
    }
    if (query.getAll(name).length > 1) throw new PlimsollError('USAGE', `${shown} is given more than once`);
  }
  return query;
}

/** What a list is asked for with. Throws PlimsollError 'USAGE' for a class that is none. */
export function asked(query: URLSearchParams): {
  readonly text?: string;
  readonly class?: z.infer<typeof findingClass>;
  readonly repository?: string;
} {
  const [text, kind, repository] = [query.get('q'), query.get('class'), query.get('repository')];
  const known = kind === null ? undefined : findingClass.safeParse(kind);
  if (known?.success === false) {
    throw new PlimsollError(
      'USAGE',
      `no class ${JSON.stringify(kind?.slice(0, 40))}; there are ${findingClass.options.join(', ')}`,
    );
  }
  return { ...(text && { text }), ...(known && { class: known.data }), ...(repository && { repository }) };
}

/** What lists with long rows are asked for with, besides. */
export const findingQuery = {
  limit: `rows of a page, at most ${limits.serve.findingRows.most}, which is the default`,
};

/** How many rows are asked for. Throws PlimsollError 'USAGE' for more than there are on a page, and for what is no number. */
export function rowsOf(query: URLSearchParams): number {
  const { most } = limits.serve.findingRows;
  const text = query.get('limit') ?? `${most}`;
  const rows = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  if (rows < 1 || rows > most)
    throw new PlimsollError('USAGE', `a page has between 1 and ${most} rows; say ?limit=${most}`);
  return rows;
}

/** Where a page begins; undefined: at the top. */
export const cursorOf = (query: URLSearchParams): string | undefined => query.get('cursor') || undefined;
