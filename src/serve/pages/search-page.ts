import type { Page } from '../page.ts';
import { imageTable } from './images-page.ts';
import { link, paths, withQuery } from './links.ts';
import { brief, markup } from './markup.ts';
import { asked } from './parts.ts';
import { repositoryTable } from './repositories-page.ts';

/** Rows of each kind; each has a page with all of them. */
const shown = 20;

/** Images, packages and repositories with a text in their name. */
export const searchPage: Page = {
  path: paths.search,
  async render(context) {
    const text = asked(context, 'q');
    if (text === undefined) {
      return { status: 200, title: 'Search', body: markup`<h1>Search</h1><p>Type a part of a name above.</p>` };
    }
    const { memory } = context.store;
    const [images, packages, repositories] = await Promise.all([
      memory.images({ text }),
      memory.packageNames(text),
      memory.repositories(undefined, text),
    ]);
    const nothing = images.items.length + packages.length + repositories.items.length === 0;
    return {
      status: 200,
      title: `Search: ${brief(text)}`,
      body: markup`<h1>Search: ${brief(text)}</h1>
${nothing && markup`<p>No image, package or repository in the state has that in its name.</p>`}
${
  images.items.length > 0 &&
  markup`<section><h2>Images</h2>${imageTable(context, images.items.slice(0, shown), 'Images with it in their name')}${images.items.length > shown && markup`<p class="pager">${link(context, withQuery(paths.images, { q: text }), 'All such images')}</p>`}</section>`
}
${
  packages.length > 0 &&
  markup`<section><h2>Packages</h2><ul class="places">${packages.slice(0, shown).map((name) => markup`<li>${link(context, paths.package(name), name)}</li>`)}</ul>${packages.length > shown && markup`<p class="dim">… and more: type more of the name.</p>`}</section>`
}
${
  repositories.items.length > 0 &&
  markup`<section><h2>Repositories</h2>${repositoryTable(context, repositories.items.slice(0, shown))}${repositories.items.length > shown && markup`<p class="pager">${link(context, withQuery(paths.repositories, { q: text }), 'All such repositories')}</p>`}</section>`
}`,
    };
  },
};
