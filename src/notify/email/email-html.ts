import type { Message } from '../../core/message.ts';
import type { NewsClass } from '../../core/news.ts';
import { clip } from '../../report/safe/clip.ts';
import { escapeHtml as escaped } from '../../report/safe/escape-html.ts';
import { sectionOf } from '../../report/say/class-words.ts';
import type { StoryText, TextWithLink } from '../../report/say/story-text.ts';
import { introOf } from '../pack.ts';

/*
 * HTML as mail clients show it: tables for the layout and styles in place, because Outlook for Windows renders with
 * Word and Gmail drops what it does not know; the style element only adds the dark colours for clients that read it
 * (Apple Mail, Outlook for Mac and iOS, Thunderbird). No images, no scripts, nothing is fetched.
 */

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const mono = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Courier New',monospace";

const colours: Readonly<Record<NewsClass, string>> = {
  'pin-broken': '#c2255c',
  security: '#c92a2a',
  unwatched: '#b35c00',
  unreadable: '#b35c00',
  unwritable: '#b35c00',
  redeployed: '#0b5cad',
  dispatch: '#b35c00',
  unchecked: '#b35c00',
  packages: '#1864ab',
  config: '#1864ab',
  content: '#1864ab',
  unknown: '#495057',
  rebuild: '#495057',
  'no-op': '#495057',
  unpinned: '#495057',
  stale: '#b35c00',
  lagging: '#b35c00',
  'newer-tag': '#1864ab',
  'end-of-life': '#b35c00',
};
const resolvedColour = '#237032';

const style = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.bg{background:#16181b!important}.card{background:#212529!important;border-color:#3b4147!important}
.ink{color:#f1f3f5!important}.dim{color:#adb5bd!important}.link{color:#74c0fc!important}
.code{background:#16181b!important;color:#dee2e6!important}
}
@media (max-width:480px){.pad{padding-left:14px!important;padding-right:14px!important}.wrap{padding:8px!important}}
`;

/** A story as one row of the mail's table, or a line of such a row. */
function story(text: StoryText, isBrief: boolean): string {
  const { subject, move, sentence, rows, moreRows, write, places, morePlaces, notes, links, since } = text;
  const where = [
    ...places.map((place) => anchor(place)),
    ...(morePlaces === undefined ? [] : [escaped(morePlaces)]),
  ].join(', ');
  const arrow =
    move === undefined ? '' : ` <span class="dim" style="${mono};font-size:12px;color:#5c636a">${escaped(move)}</span>`;
  const name = `<strong class="ink" style="color:#16181b;overflow-wrap:anywhere">${escaped(subject)}</strong>${arrow}`;
  const paragraph = (html: string, kind: 'ink' | 'dim', size = 14): string =>
    `<div class="${kind}" style="margin-top:6px;font-size:${size}px;line-height:1.45;color:${kind === 'ink' ? '#16181b' : '#5c636a'};overflow-wrap:anywhere">${html}</div>`;
  if (isBrief) {
    // Without links, which would be half of a long mail.
    const named = [...places.map((place) => place.text), ...(morePlaces === undefined ? [] : [morePlaces])].join(', ');
    return `<div style="margin-top:6px"><b>${escaped(subject)}</b>${move === undefined ? '' : ` ${escaped(move)}`}: ${escaped(sentence)}${named === '' ? '' : ` in ${escaped(named)}`}</div>`;
  }
  const shown = [...rows, ...(moreRows === undefined ? [] : [moreRows])];
  const tail = [...links.map(anchor), ...(since === undefined ? [] : [escaped(since)])].join(' &nbsp;·&nbsp; ');
  return cell(
    [
      `<div style="font-size:15px;line-height:1.4">${name}</div>`,
      paragraph(escaped(sentence), 'ink'),
      ...(shown.length === 0 ? [] : [code(shown)]),
      ...(write.length === 0 ? [] : [code(write)]),
      ...(where === '' ? [] : [paragraph(`in ${where}`, 'dim', 13)]),
      ...notes.map((note) => paragraph(escaped(note), 'dim', 13)),
      ...(tail === '' ? [] : [paragraph(tail, 'dim', 13)]),
    ].join(''),
    '14px',
  );
}

function cell(html: string, padding: string): string {
  return `<tr><td class="pad" style="padding:${padding} 24px;${font}">${html}</td></tr>`;
}

function code(lines: readonly string[]): string {
  const html = lines.map(escaped).join('<br>').replaceAll('  ', ' &nbsp;');
  return `<div class="code" style="margin-top:8px;padding:8px 10px;border-radius:6px;background:#f1f3f5;color:#212529;${mono};font-size:12px;line-height:1.6;overflow-wrap:anywhere;word-break:break-word">${html}</div>`;
}

interface MailStory {
  readonly class: NewsClass;
  readonly html: string;
  readonly isBrief: boolean;
}

/** The whole page: title, what it counts, a heading per class, the stories, who sent it. */
function page(message: Message, stories: readonly MailStory[], footer: string): string {
  const [lead = '', ...more] = introOf(message).map((line) => escaped(clip(line, 600)));
  const out: string[] = [];
  let section: string | undefined;
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0)
      out.push(
        cell(
          `<div class="ink" style="font-size:14px;line-height:1.45;color:#16181b;overflow-wrap:anywhere">${lines.join('\n')}</div>`,
          '8px',
        ),
      );
    lines = [];
  };
  const isOver = message.kind === 'closed';
  for (const one of stories) {
    const own = sectionOf({ class: one.class, ...(isOver && { isOver }) });
    if (own !== section) {
      flush();
      out.push(heading(own, isOver ? resolvedColour : colours[one.class]));
    }
    section = own;
    if (one.isBrief) lines.push(one.html);
    else out.push(one.html);
  }
  flush();
  const title = escaped(clip(message.title, 200));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${title}</title><style>${style}</style></head>
<body class="bg" style="margin:0;padding:0;background:#f1f3f5"><div role="main">
<table role="presentation" class="bg" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f1f3f5"><tr><td class="wrap" align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:640px;background:#ffffff;border:1px solid #dee2e6;border-radius:10px;text-align:left">
<tr><td class="pad" style="padding:22px 24px 6px;${font}"><h1 class="ink" style="margin:0;font-size:20px;line-height:1.3;font-weight:700;color:#16181b;overflow-wrap:anywhere">${title}</h1>
<div class="dim" style="margin-top:8px;font-size:14px;line-height:1.45;color:#5c636a;overflow-wrap:anywhere">${lead}</div>${more.map((line) => `<div class="ink" style="margin-top:8px;font-size:14px;line-height:1.45;color:#16181b;overflow-wrap:anywhere">${line}</div>`).join('')}</td></tr>
${out.join('\n')}
<tr><td class="pad" style="padding:18px 24px 20px;${font}"><div class="dim" style="font-size:12px;color:#5c636a">${escaped(footer)}</div></td></tr>
</table>
</td></tr></table>
</div></body></html>
`;
}

function heading(section: string, colour: string): string {
  return cell(
    `<span style="display:inline-block;padding:3px 10px;border-radius:4px;background:${colour};color:#ffffff;font-size:12px;font-weight:700">${escaped(section)}</span>`,
    '12px',
  ).replace('12px 24px', '16px 24px 0');
}

function anchor({ text, url }: TextWithLink): string {
  if (url === undefined) return escaped(text);
  return `<a class="link" href="${escaped(url)}" style="color:#1864ab">${escaped(text)}</a>`;
}

/** The pieces of a mail's HTML. Every text is escaped here. */
export const mailHtml = { story, page } as const;
