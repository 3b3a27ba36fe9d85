import { limits } from '../../core/limits/limits.ts';
import type { DetailedFinding, RepositoryRow } from '../../state/memory.ts';
import type { Html, Page, PageContext } from '../page.ts';
import { imageTable } from './images-page.ts';
import { link, paths, withQuery } from './links.ts';
import { brief, markup } from './markup.ts';
import { asked, classMark, facts, imageLink, nextLink, placeMark, rebuildMark, sinceMark, table } from './parts.ts';

/** Repositories, folders and engines, those with the most fixes to make first. */
export const repositoriesPage: Page = {
  path: paths.repositories,
  async render(context) {
    const { store } = context;
    const text = asked(context, 'q');
    const { items, next } = await store.memory.repositories(asked(context, 'cursor'), text);
    return {
      status: 200,
      title: 'Repositories',
      body: markup`<h1>Repositories</h1>
<form action="/repositories" method="get"><div><label for="f-q">Part of the name</label><input id="f-q" name="q" value="${text ?? ''}"></div><button>Show</button></form>
${items.length === 0 ? markup`<p>${text === undefined ? 'No run has read any yet.' : 'None in the state is called that.'}</p>` : repositoryTable(context, items)}
${nextLink(context, next === undefined ? undefined : withQuery(paths.repositories, { q: text, cursor: next }))}`,
    };
  },
};

/** Repositories as a table. */
export function repositoryTable(context: PageContext, rows: readonly RepositoryRow[]): Html {
  return table(
    'Repositories, folders and engines, those with the most security fixes to make first',
    [
      { name: 'Repository' },
      { name: 'Security', kind: 'number' },
      { name: 'Findings', kind: 'number' },
      { name: 'Since' },
      { name: 'Uses', kind: 'number' },
      { name: 'Images', kind: 'number' },
    ],
    rows.map(({ name, security, findings, since, uses, images }) => [
      link(context, paths.repository(name), name),
      security,
      findings,
      since === undefined ? '' : sinceMark(since, context.now),
      uses,
      images,
    ]),
  );
}

function says(finding: DetailedFinding): Html {
  const rebuild = rebuildMark(finding);
  return markup`${brief(finding.reason)}${rebuild !== undefined && markup` <span class="dim">${rebuild}</span>`}`;
}

/** One of them: what stands in it, and which images it uses. */
export const repositoryPage: Page = {
  path: '/repositories/:name',
  async render(context) {
    const { params, store, now } = context;
    const name = params['name'] ?? '';
    const [found, images] = await Promise.all([
      // Two lists on one page have half of the rows each.
      store.memory.findings({ repository: name, rows: limits.report.pageRows.most / 2 }, asked(context, 'cursor')),
      store.memory.images({ repository: name }),
    ]);
    if (found.items.length + images.items.length === 0) {
      return {
        status: 404,
        title: 'No such repository',
        body: markup`<h1>No such repository</h1><p>The state knows nothing of ${brief(name)}.</p>`,
      };
    }
    return {
      status: 200,
      title: brief(name),
      body: markup`<h1>${brief(name)}</h1>
${facts([['Images in use', `${images.items.length}${images.next === undefined ? '' : ' or more'}`]])}
<section><h2>What stands</h2>${
        found.items.length === 0
          ? markup`<p>Nothing that was found stands here.</p>`
          : table(
              'The most urgent first',
              [{ name: 'Image' }, { name: 'Class' }, { name: 'Place' }, { name: 'Since' }, { name: 'Says' }],
              found.items.map((one) => [
                imageLink(context, one.reference),
                classMark(one.class),
                placeMark({ ...one, repository: '.' }),
                sinceMark(one.since, now),
                says(one),
              ]),
            )
      }${nextLink(context, found.next === undefined ? undefined : withQuery(paths.repository(name), { cursor: found.next }))}</section>
${images.items.length > 0 && markup`<section><h2>Images</h2>${imageTable(context, images.items, 'Images that it uses')}${nextLink(context, images.next === undefined ? undefined : withQuery(paths.images, { repository: name, cursor: images.next }))}</section>`}`,
    };
  },
};
