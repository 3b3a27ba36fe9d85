import { coverageLine, nothingCarries } from '../../report/say/claims.ts';
import { remedyWords } from '../../report/say/remedies.ts';
import type { PackageRow } from '../../state/memory.ts';
import type { Html, Page, PageAnswer, PageContext } from '../page.ts';
import { link, paths, withQuery } from './links.ts';
import { brief, markup } from './markup.ts';
import { asked, digestMark, imageLink, nextLink, table } from './parts.ts';

/** Who has which version of a package: versions first, then the images of one, and what would help. */
export const packagesPage: Page = {
  path: paths.packages,
  async render(context) {
    const [name, version] = [asked(context, 'name'), asked(context, 'version')];
    if (name === undefined) return fixesOf(context);
    return version === undefined ? versionsOf(context, name) : carriersOf(context, name, version);
  },
};

function form({ isExport = false }: PageContext, name = ''): Html | undefined {
  if (isExport) return undefined;
  return markup`<form action="/packages" method="get"><div><label for="name">Package, or what it is built from</label><input id="name" name="name" value="${name}" required></div><button>Who has it?</button></form>`;
}

async function coverageWords({ store }: PageContext): Promise<Html> {
  const { fleet } = store;
  const [coverage, newest, unanswered] = await Promise.all([fleet.coverage(), fleet.lastRun(), fleet.unanswered()]);
  const line = coverageLine({
    ...coverage,
    unanswered,
    ...(newest !== undefined && { newestRun: new Date(newest).toISOString() }),
  });
  return markup`<p class="dim">${capitalised(line)}.</p>`;
}

/** Without a name: what could be newer, by package. */
async function fixesOf(context: PageContext): Promise<PageAnswer> {
  const { items, next } = await context.store.memory.fixes(asked(context, 'cursor'));
  return {
    status: 200,
    title: 'Packages',
    body: markup`<h1>Packages</h1>
${form(context)}
${
  items.length === 0
    ? markup`<p>No newer version of any package is known.</p>`
    : table(
        'Packages of which a newer version is known, those of the most images first',
        [{ name: 'Package' }, { name: 'Images', kind: 'number' }, { name: 'Newer' }, { name: 'What helps' }],
        items.map((one) => [
          link(context, paths.package(one.package), one.package),
          one.images,
          markup`${one.versions.map((version, index) => markup`${index > 0 && ', '}<code>${brief(version)}</code>`)}${one.moreVersions > 0 && ` and ${one.moreVersions} more`}`,
          one.remedies.map(remedyWords).join(', '),
        ]),
      )
}
${nextLink(context, next === undefined ? undefined : withQuery(paths.packages, { cursor: next }))}
${await coverageWords(context)}`,
  };
}

async function versionsOf(context: PageContext, name: string): Promise<PageAnswer> {
  const { store } = context;
  const { items, next } = await store.memory.packages(name, asked(context, 'cursor'));
  return {
    status: 200,
    title: brief(name),
    body: markup`<h1>${brief(name)}</h1>
${form(context, name)}
${items.length === 0 ? await nobody(context, name) : versionTable(context, items)}
${nextLink(context, next === undefined ? undefined : withQuery(paths.packages, { name, cursor: next }))}
${await coverageWords(context)}`,
  };
}

function versionTable(context: PageContext, rows: readonly PackageRow[]): Html {
  return table(
    'Versions in images in use; a version leads to its images',
    [
      { name: 'Package' },
      { name: 'Version' },
      { name: 'Distribution' },
      { name: 'Images', kind: 'number' },
      { name: 'Places', kind: 'number' },
    ],
    rows.map(({ name, version, os, images, places }) => [
      brief(name),
      link(context, withQuery(paths.packages, { name, version }), version),
      os === null ? markup`<span class="dim">not known</span>` : brief(os),
      images,
      places,
    ]),
  );
}

async function nobody(context: PageContext, name: string): Promise<Html> {
  const { store } = context;
  const [coverage, similar] = await Promise.all([store.fleet.coverage(), store.fleet.similar(name)]);
  const near = similar.map((one) => markup`<li>${link(context, paths.package(one), one)}</li>`);
  return markup`<p>${capitalised(nothingCarries(brief(name), coverage))}.</p>${near.length > 0 && markup`<p>Near names:</p><ul class="places">${near}</ul>`}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function carriersOf(context: PageContext, name: string, version: string): Promise<PageAnswer> {
  const { store } = context;
  const { items, next } = await store.memory.carriers(name, version, asked(context, 'cursor'));
  return {
    status: items.length === 0 ? 404 : 200,
    title: brief(`${name} ${version}`),
    body: markup`<h1>${brief(name)} <code>${brief(version)}</code></h1>
<p>${link(context, paths.package(name), 'All versions')}</p>
${
  items.length === 0
    ? markup`<p>No image that was looked into is known to carry it.</p>`
    : table(
        'Images that carry it, those in use in the most places first; an image leads to its places',
        [{ name: 'Image' }, { name: 'Digest' }, { name: 'Places', kind: 'number' }, { name: 'What helps' }],
        items.map(({ reference, digest, places, fixes: [best] }) => [
          imageLink(context, reference),
          digestMark(digest),
          places,
          best === undefined || best.version === version
            ? markup`<span class="dim">nothing newer is known</span>`
            : markup`${remedyWords(best.remedy)} to get <code>${brief(best.version)}</code>`,
        ]),
      )
}
${nextLink(context, next === undefined ? undefined : withQuery(paths.packages, { name, version, cursor: next }))}
${await coverageWords(context)}`,
  };
}
