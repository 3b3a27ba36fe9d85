import { createHash } from 'node:crypto';
import type { Html, PageContext } from '../page.ts';
import { attribute, brief, markup } from './markup.ts';

/** Where the pages stand. */
export const paths = {
  fleet: '/',
  images: '/images',
  image: (reference: string) => `/images/${segment(reference)}`,
  packages: '/packages',
  package: (name: string) => `/packages?name=${segment(name)}`,
  repositories: '/repositories',
  repository: (name: string) => `/repositories/${segment(name)}`,
  workloads: '/workloads',
  workload: (engine: string, name: string) => `/workloads/${segment(engine)}/${segment(name)}`,
  news: '/news',
  runs: '/runs',
  run: (id: number) => `/runs/${id}`,
  channels: '/channels',
  settings: '/settings',
  search: '/search',
};

/** The number of a run as addresses have it, in one way alone; undefined for all other text. */
export function runNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

/** One segment of a path, or one value of a query. Half a character is nobody's name. */
function segment(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** A path with these values in its query; what is not given is left out. */
export function withQuery(path: string, values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== '');
  return given.length === 0 ? path : `${path}?${given.map(([key, value]) => `${key}=${segment(value)}`).join('&')}`;
}

/** A link to a page of ours; plain text where an export has no such page. */
export function link(
  { isExport = false, files }: Pick<PageContext, 'isExport' | 'files'>,
  path: string,
  text: string | Html,
): Html {
  const words = typeof text === 'string' ? brief(text) : text;
  const address = isExport ? exportedName(path) : path;
  return address === undefined || files?.has(address) === false
    ? markup`${words}`
    : markup`<a href="${attribute(address)}">${words}</a>`;
}

/** Pages whose lists go on are in the export page by page. */
const listed = /^\/(images|packages|news)(?:\?cursor=([\w-]+))?$/;

/**
 * The file that a page is in the export, by its path; undefined for what is not exported. All lie side by side, and no name
 * from outside can be more than letters, digits, dots and hyphens in one of them.
 */
export function exportedName(path: string): string | undefined {
  if (path === paths.fleet) return 'index.html';
  if (path === paths.runs) return 'runs.html';
  const [, list, cursor] = listed.exec(path) ?? [];
  // Cursors may differ in nothing but the case of letters, which not every file system tells apart.
  if (list !== undefined) return `${list}${cursor === undefined ? '' : `-${hashOf(cursor)}`}.html`;
  const [, run] = /^\/runs\/(\d+)$/.exec(path) ?? [];
  if (run !== undefined) return `run-${run}.html`;
  const [, image] = /^\/images\/([^/?]+)$/.exec(path) ?? [];
  return image === undefined ? undefined : `image-${slug(decodeURIComponent(image))}.html`;
}

/** Is it the name of one page of many in an export: of an image, a run, or the next part of a list? */
export function isOneOfMany(name: string): boolean {
  return /^(?:image-[a-z0-9.-]*-[0-9a-f]{12}|(?:images|packages|news)-[0-9a-f]{12}|run-\d+)\.html$/.test(name);
}

function slug(name: string): string {
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, 80);
  // Two names may read the same.
  return `${readable}-${hashOf(name)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
