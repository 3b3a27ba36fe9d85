import { createHash } from 'node:crypto';
import { minuteText } from '../../report/say/times.ts';
import { acts, type Html, type PageAnswer, type PageContext } from '../page.ts';
import { link, paths } from './links.ts';
import { attribute, markup } from './markup.ts';
import { icon, pageStyle } from './page-style.ts';

/** A file beside the pages. */
export interface Asset {
  /** As a request names it; a new content has a new name. */
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

function asset(name: string, suffix: string, type: string, body: string): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { path: `/assets/${name}-${hash}.${suffix}`, type, body };
}

const style = asset('style', 'css', 'text/css; charset=utf-8', pageStyle);
const picture = asset('icon', 'svg', 'image/svg+xml', icon);

/** All that pages bring along. */
export const assets: readonly Asset[] = [style, picture];

/** The file that it is in the export: beside the pages. */
export function exportedAsset({ path }: Asset): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const sections = [
  ['Fleet', paths.fleet],
  ['Images', paths.images],
  ['Packages', paths.packages],
  ['Repositories', paths.repositories],
  ['Workloads', paths.workloads],
  ['News', paths.news],
  ['Runs', paths.runs],
  ['Channels', paths.channels],
  ['Settings', paths.settings],
] as const;

const exported: ReadonlySet<string> = new Set([paths.fleet, paths.images, paths.packages, paths.news, paths.runs]);

/** What a page of the export may load, where no server says so. Firefox takes no file for one of the same place. */
const exportPolicy =
  "default-src 'none'; style-src 'self' file:; img-src 'self' file:; base-uri 'none'; form-action 'none'";

/** A whole page around what it says. `section` is the path of the entry of the navigation that it belongs to. */
export function documentOf({ title, body, refresh }: PageAnswer, section: string, context: PageContext): Html {
  const { isExport = false, daemon, now } = context;
  const shown = sections.filter(([, path]) => !isExport || exported.has(path));
  const file = (one: Asset): Html => attribute(isExport ? exportedAsset(one) : one.path);
  const entry = ([name, path]: (typeof sections)[number]): Html => {
    const address = attribute(isExport ? (path === '/' ? 'index.html' : `${path.slice(1)}.html`) : path);
    return path === section
      ? markup`<li><a href="${address}" aria-current="page">${name}</a></li>`
      : markup`<li><a href="${address}">${name}</a></li>`;
  };
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
${isExport && markup`<meta http-equiv="Content-Security-Policy" content="${attribute(exportPolicy)}">\n`}<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
${refresh !== undefined && markup`<meta http-equiv="refresh" content="${refresh}">\n`}<title>${title} · Plimsoll</title>
<link rel="stylesheet" href="${file(style)}">
<link rel="icon" href="${file(picture)}" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div>
<a class="brand" href="${attribute(isExport ? 'index.html' : '/')}"><img src="${file(picture)}" alt="">Plimsoll</a>
<nav aria-label="Pages"><ul>${shown.map(entry)}</ul></nav>
${!isExport && searchForm(context)}
</div></header>
<main id="main" tabindex="-1">
${isExport && markup`<p class="banner"><b>For whoever may see all of it.</b> These pages name every repository, folder and engine that was looked at, private ones too.</p>`}
${daemon.refused !== undefined && markup`<p class="banner" role="status"><b>The newest configuration is not in force:</b> ${daemon.refused}</p>`}
${body}
<footer><p>Plimsoll ${daemon.version} · ${isExport ? 'written' : 'as of'} ${minuteText(now)}. ${!isExport && link(context, paths.runs, 'What runs have cost')}</p>${context.isSignedIn && markup`<form action="${acts.logout}" method="post"><button>Sign out</button></form>`}</footer>
</main>
</body>
</html>
`;
}

function searchForm({ query }: PageContext): Html {
  return markup`<form action="/search" method="get" role="search"><label class="hidden" for="search">Search images, packages and repositories</label><input id="search" name="q" type="search" placeholder="Find a name" value="${query.get('q') ?? ''}"><button>Search</button></form>`;
}
