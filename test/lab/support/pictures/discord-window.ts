import type { DiscordPayload } from '../../../../src/notify/discord/discord-render.ts';
import { escapeHtml } from '../../../../src/report/safe/escape-html.ts';

const style = `body{margin:0;padding:16px;background:#313338;color:#dbdee1;font:16px/1.375 "DejaVu Sans",sans-serif}
.post{display:flex;gap:16px;margin-bottom:24px}.face{flex:none;width:40px;height:40px;border-radius:50%;background:#5865f2;color:#fff;text-align:center;line-height:40px}
.body{min-width:0;flex:1}.name{color:#f2f3f5;font-weight:bold}.embed{max-width:520px;margin-top:4px;padding:8px 16px 16px 12px;box-sizing:border-box;border-left:4px solid;border-radius:4px;background:#2b2d31;font-size:14px;overflow-wrap:anywhere}
.title{font-weight:bold;font-size:16px;color:#f2f3f5;margin:8px 0}pre{margin:6px 0;padding:8px;border:1px solid #1e1f22;border-radius:4px;background:#1e1f22;font:12px/1.5 "DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere}
code{background:#1e1f22;font:.85em "DejaVu Sans Mono",monospace}a{color:#00a8fc;text-decoration:none}.foot{margin-top:8px;font-size:12px;color:#b5bac1}@media(max-width:480px){body{padding:12px 8px}.post{gap:8px}}`;

/** Posts of a webhook as Discord's dark theme shows them. Source: Discord's "Markdown Text 101", "Embed Object". */
export function discordWindow(posts: readonly DiscordPayload[]): string {
  const shown = posts.map(
    ({ content = '', embeds }) =>
      `<div class="post"><div class="face">P</div><div class="body"><div class="name">Plimsoll</div><div>${marked(content)}</div>${embeds
        .map(
          ({ title = '', description, color = 0x1e1f22, footer }) =>
            `<div class="embed" style="border-color:#${color.toString(16).padStart(6, '0')}"><div class="title">${inline(title)}</div><div>${marked(description)}</div><div class="foot">${escapeHtml(footer?.text ?? '')}</div></div>`,
        )
        .join('')}</div></div>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Discord</title><style>${style}</style>${shown.join('')}</html>`;
}

function marked(text: string): string {
  return text
    .split(/(```\n[\s\S]*?\n```)\n?/)
    .map((part) => {
      const fence = /^```\n([\s\S]*?)\n```$/.exec(part)?.[1];
      return fence === undefined
        ? inline(part.replace(/\n$/, '')).replaceAll('\n', '<br>')
        : `<pre>${escapeHtml(fence)}</pre>`;
    })
    .join('');
}

function inline(text: string): string {
  return text.replace(
    /\\([\s\S])|`([^`]+)`|\*\*((?:\\[\s\S]|[^\\*])+)\*\*|\[((?:\\[\s\S]|[^\]\\])*)\]\((\S+?)\)|[\s\S]/g,
    (whole, escaped?: string, code?: string, bold?: string, label?: string, url?: string) => {
      if (escaped !== undefined) return escapeHtml(escaped);
      if (code !== undefined) return `<code>${escapeHtml(code)}</code>`;
      if (bold !== undefined) return `<b>${inline(bold)}</b>`;
      if (url !== undefined) return `<a href="${escapeHtml(url)}">${inline(label ?? '')}</a>`;
      return escapeHtml(whole);
    },
  );
}
