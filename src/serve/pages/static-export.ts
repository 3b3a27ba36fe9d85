import { limits } from '../../core/limits/limits.ts';
import type { Page as Listed } from '../../state/memory.ts';
import type { Page, PageContext } from '../page.ts';
import { fleetPage } from './fleet-page.ts';
import { imagePage } from './image-page.ts';
import { imagesPage } from './images-page.ts';
import { assets, renderPage } from './index.ts';
import { exportedName, paths, withQuery } from './links.ts';
import { newsPage } from './news-page.ts';
import { packagesPage } from './packages-page.ts';
import { exportedAsset } from './page-layout.ts';
import { runPage, runsPage } from './runs-page.ts';

/** A file of the export. */
export interface ExportedFile {
  /** Letters, digits, dots and hyphens: all lie side by side. */
  readonly name: string;
  readonly text: string;
}

type ExportContext = Omit<PageContext, 'params' | 'query' | 'mayAct' | 'isExport' | 'files'>;

/** A page of the export: how it is made, and where it would stand on a server. */
interface ExportedPage {
  readonly page: Page;
  readonly path: string;
  readonly params?: PageContext['params'];
}

/**
 * The pages that stand for themselves, as files that lie side by side: fleet, images and each image, packages, news, the newest
 * runs, and what they bring along. Rejects with PlimsollError 'STATE'.
 */
export async function* exportedFiles(context: ExportContext): AsyncGenerator<ExportedFile> {
  for (const one of assets) yield { name: exportedAsset(one), text: one.body };
  const names = new Map<string, ExportedPage>();
  for await (const one of pagesOf(context)) {
    const name = exportedName(one.path);
    if (name !== undefined) names.set(name, one);
  }
  const files = new Set(names.keys());
  for (const [name, { page, path, params = {} }] of names) {
    const query = new URLSearchParams(path.split('?')[1] ?? '');
    yield { name, text: await renderPage(page, { ...context, params, query, mayAct: false, isExport: true, files }) };
  }
}

async function* pagesOf({ store }: ExportContext): AsyncGenerator<ExportedPage> {
  const { memory } = store;
  yield { page: fleetPage, path: paths.fleet };
  for await (const { cursor, items } of listPages((from) => memory.images({}, from))) {
    yield { page: imagesPage, path: withQuery(paths.images, { cursor }) };
    for (const { reference } of items) yield { page: imagePage, path: paths.image(reference), params: { reference } };
  }
  for await (const { cursor } of listPages((from) => memory.fixes(from))) {
    yield { page: packagesPage, path: withQuery(paths.packages, { cursor }) };
  }
  for await (const { cursor } of listPages((from) => memory.news(from))) {
    yield { page: newsPage, path: withQuery(paths.news, { cursor }) };
  }
  yield { page: runsPage, path: paths.runs };
  for (const { id } of await store.runs(limits.report.pageRows.most)) {
    yield { page: runPage, path: paths.run(id), params: { id: String(id) } };
  }
}

/** Is this a page of an export? */
export function isExported(text: string): boolean {
  return /<title>[^<]* · Plimsoll<\/title>/.test(text);
}

/** A list page by page; an empty one has a page, too. */
async function* listPages<T>(
  ask: (cursor: string | undefined) => Promise<Listed<T>>,
): AsyncGenerator<{ readonly cursor: string | undefined; readonly items: readonly T[] }> {
  let cursor: string | undefined;
  do {
    const { items, next } = await ask(cursor);
    yield { cursor, items };
    cursor = next;
  } while (cursor !== undefined);
}
