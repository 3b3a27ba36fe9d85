/*
 * src/serve/pages/
 *
 * What `serve` shows in a browser, and what `report --html` writes as files: one file per page, each of which asks the
 * state and answers with markup. markup.ts makes everything from outside text; links.ts knows where pages stand, in the
 * export too; parts.ts are the pieces that pages share, page-layout.ts is what is around them, page-style.ts how they look.
 * why-no-proposal.ts words why there is no pull request, inventory-difference.ts what two digests differ in.
 * static-export.ts walks through all that is exported. No page has a script, and none changes anything.
 * Begin here, then fleet-page.ts.
 */

import { PlimsollError } from '../../core/errors.ts';
import type { Page, PageAnswer, PageContext } from '../page.ts';
import { channelsPage } from './channels-page.ts';
import { fleetPage } from './fleet-page.ts';
import { imagePage } from './image-page.ts';
import { imagesPage } from './images-page.ts';
import { markup } from './markup.ts';
import { newsPage } from './news-page.ts';
import { packagesPage } from './packages-page.ts';
import { documentOf } from './page-layout.ts';
import { repositoriesPage, repositoryPage } from './repositories-page.ts';
import { runPage, runsPage } from './runs-page.ts';
import { searchPage } from './search-page.ts';
import { settingsPage } from './settings-page.ts';
import { workloadPage } from './workload-page.ts';
import { workloadsPage } from './workloads-page.ts';

export { type Asset, assets } from './page-layout.ts';

/** Every page there is. */
export const pages: readonly Page[] = [
  fleetPage,
  imagesPage,
  imagePage,
  packagesPage,
  repositoriesPage,
  repositoryPage,
  workloadsPage,
  workloadPage,
  newsPage,
  runsPage,
  runPage,
  channelsPage,
  settingsPage,
  searchPage,
];

/** A page as a browser gets it. */
export interface RenderedPage {
  readonly status: PageAnswer['status'];
  readonly text: string;
}

/** A whole document, with the status that goes with it. Rejects with PlimsollError 'STATE'. */
export async function renderAnswer(page: Page, context: PageContext): Promise<RenderedPage> {
  const answer = await page.render(context).catch(notAsked);
  const section = page.path.replace(/\/:\w+$/, '');
  return { status: answer.status, text: documentOf(answer, section, context).toString() };
}

/** Whoever asked for what is none has to be told, and gets no other answer for one; the rest is for the log. */
function notAsked(error: unknown): PageAnswer {
  if (!(error instanceof PlimsollError && error.code === 'USAGE')) throw error;
  const body = markup`<h1>This cannot be answered</h1>
<p class="banner" role="alert">The address asks for what is not there: ${error.message}.</p>`;
  return { status: 400, title: 'This cannot be answered', body };
}

/** The same without the status. */
export async function renderPage(page: Page, context: PageContext): Promise<string> {
  return (await renderAnswer(page, context)).text;
}
