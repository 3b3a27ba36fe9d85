import type { Html } from './page.ts';
import { assets } from './pages/index.ts';
import { attribute, markup } from './pages/markup.ts';

/** A page that says nothing of what is known here: for whoever did not say who they are, and when something went wrong. */
export function plainDocument(title: string, body: Html): Html {
  const stylesheet = assets.find(({ type }) => type.startsWith('text/css'))?.path;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Plimsoll</title>
${stylesheet !== undefined && markup`<link rel="stylesheet" href="${attribute(stylesheet)}">`}
</head>
<body>
<main id="main">
${body}
</main>
</body>
</html>
`;
}
