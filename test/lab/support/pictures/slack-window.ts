import type { SlackBlock, SlackPayload } from '../../../../src/notify/slack/slack-render.ts';
import { escapeHtml } from '../../../../src/report/safe/escape-html.ts';

type Element = Extract<SlackBlock, { readonly type: 'rich_text' }>['elements'][number];
type Inline = Exclude<Element['elements'][number], Element>;

const style = `body{margin:0;padding:16px;background:#fff;color:#1d1c1d;font:15px/1.46 "DejaVu Sans",sans-serif}
.post{display:flex;gap:8px;margin-bottom:24px}.face{flex:none;width:36px;height:36px;border-radius:4px;background:#4a154b;color:#fff;text-align:center;line-height:36px}
.body{min-width:0;max-width:700px;flex:1;overflow-wrap:anywhere}.name{font-weight:bold}h1{margin:8px 0;font-size:18px}.section{white-space:pre-wrap}.block{margin:8px 0}
pre{margin:4px 0;padding:8px;border:1px solid #ddd;border-radius:4px;background:#f8f8f8;font:12px/1.5 "DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere}
ul{margin:0;padding-left:24px}a{color:#1264a3;text-decoration:none}@media(max-width:480px){body{padding:12px 8px}}`;

/** Messages as Slack's light theme shows them. Source: Slack's reference of Block Kit. */
export function slackWindow(posts: readonly SlackPayload[]): string {
  const shown = posts.map(
    ({ blocks }) =>
      `<div class="post"><div class="face">P</div><div class="body"><div class="name">Plimsoll</div>${blocks.map(blockOf).join('')}</div></div>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Slack</title><style>${style}</style>${shown.join('')}</html>`;
}

function blockOf(block: SlackBlock): string {
  if (block.type === 'header') return `<h1>${escapeHtml(block.text.text)}</h1>`;
  return `<div class="block">${block.elements.map(elementOf).join('')}</div>`;
}

function elementOf({ type, elements }: Element): string {
  if (type === 'rich_text_list') return `<ul>${elements.map((one) => `<li>${elementOf(one)}</li>`).join('')}</ul>`;
  const text = elements.map(inlineOf).join('');
  return type === 'rich_text_preformatted' ? `<pre>${text}</pre>` : `<div class="section">${text}</div>`;
}

function inlineOf(one: Inline): string {
  const text = escapeHtml(one.text);
  if (one.type === 'link') return `<a href="${escapeHtml(one.url)}">${text}</a>`;
  return one.style?.bold ? `<b>${text}</b>` : text;
}
