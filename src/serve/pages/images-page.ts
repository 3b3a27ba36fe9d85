import { PlimsollError } from '../../core/errors.ts';
import { type FindingClass, findingClasses } from '../../core/finding.ts';
import type { ImageRow } from '../../state/memory.ts';
import type { Html, Page, PageContext } from '../page.ts';
import { paths, withQuery } from './links.ts';
import { markup } from './markup.ts';
import { asked, classMark, dayMark, imageLink, nextLink, sinceMark, table } from './parts.ts';

/** Images in use, the most urgent first, by name, class and repository. */
export const imagesPage: Page = {
  path: paths.images,
  async render(context) {
    const { store, isExport = false } = context;
    const [text, kind, repository] = [
      asked(context, 'q'),
      classOf(asked(context, 'class')),
      asked(context, 'repository'),
    ];
    const { items, next } = await store.memory.images(
      { ...(text && { text }), ...(kind && { class: kind }), ...(repository && { repository }) },
      asked(context, 'cursor'),
    );
    const isAll = text === undefined && kind === undefined && repository === undefined;
    return {
      status: 200,
      title: 'Images',
      body: markup`<h1>Images</h1>
${!isExport && filters(text, kind, repository)}
${
  items.length === 0
    ? markup`<p>${isAll ? 'No run has seen an image in use yet.' : 'No image in the state is like that.'}</p>`
    : imageTable(context, items, 'Images in use, the most urgent first')
}
${nextLink(context, next === undefined ? undefined : withQuery(paths.images, { q: text, class: kind, repository, cursor: next }))}`,
    };
  },
};

function classOf(text: string | undefined): FindingClass | undefined {
  const known = findingClasses.find((kind) => kind === text);
  if (text === undefined || known !== undefined) return known;
  throw new PlimsollError(
    'USAGE',
    `no class ${JSON.stringify(text.slice(0, 40))}; there are ${findingClasses.join(', ')}`,
  );
}

function filters(text: string | undefined, kind: FindingClass | undefined, repository: string | undefined): Html {
  const option = (one: FindingClass): Html =>
    one === kind ? markup`<option selected>${one}</option>` : markup`<option>${one}</option>`;
  return markup`<form action="/images" method="get">
<div><label for="f-q">Part of the name</label><input id="f-q" name="q" value="${text ?? ''}"></div>
<div><label for="f-class">Class</label><select id="f-class" name="class"><option value="">any</option>${findingClasses.map(option)}</select></div>
<div><label for="f-repository">Repository, whole name</label><input id="f-repository" name="repository" value="${repository ?? ''}"></div>
<button>Show</button></form>`;
}

/** Images as a table. An image without a finding is one about which nothing was found, and no more than that. */
export function imageTable(context: PageContext, images: readonly ImageRow[], caption: string): Html {
  return table(
    caption,
    [
      { name: 'Image' },
      { name: 'Stands' },
      { name: 'Findings', kind: 'number' },
      { name: 'Since' },
      { name: 'Uses', kind: 'number' },
      { name: 'Repositories', kind: 'number' },
      { name: 'Looked up' },
    ],
    images.map(({ reference, class: kind, isSecurity, findings, since, uses, repositories, looked }) => [
      imageLink(context, reference),
      kind === undefined
        ? markup`<span class="dim">${looked === undefined ? 'not looked up yet' : 'nothing was found'}</span>`
        : markup`${classMark(kind)}${isSecurity && kind !== 'security' && markup` <span class="dim">with fixes</span>`}`,
      findings,
      since === undefined ? '' : sinceMark(since, context.now),
      uses,
      repositories,
      looked === undefined ? '' : dayMark(looked),
    ]),
  );
}
