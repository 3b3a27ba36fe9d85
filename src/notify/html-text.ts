import { escapeHtml } from '../report/safe/escape-html.ts';
import { sectionOf } from '../report/say/class-words.ts';
import type { StoryText, TextWithLink } from '../report/say/story-text.ts';
import type { Block } from './pack.ts';

/** A story in the few tags that chats know: b, code, pre, a. `newline` is what ends a line there. */
export function chatHtml(text: StoryText, isBrief: boolean, newline: string): string {
  const { subject, move, sentence, rows, moreRows, write, places, morePlaces, notes, links, since } = text;
  const head = `<b>${escapeHtml(subject)}</b>${move === undefined ? '' : ` <code>${escapeHtml(move)}</code>`}`;
  const where = [...places.map(anchor), ...(morePlaces === undefined ? [] : [escapeHtml(morePlaces)])].join(', ');
  if (isBrief) return `• ${head}: ${escapeHtml(sentence)}${where === '' ? '' : ` in ${where}`}`;
  const code = [...rows, ...(moreRows === undefined ? [] : [moreRows])];
  return [
    head,
    escapeHtml(sentence),
    ...(code.length === 0 ? [] : [`<pre>${code.map(escapeHtml).join('\n')}</pre>`]),
    ...(write.length === 0 ? [] : [`<pre>${write.map(escapeHtml).join('\n')}</pre>`]),
    ...(where === '' ? [] : [`in ${where}`]),
    ...notes.map(escapeHtml),
    ...links.map(anchor),
    ...(since === undefined ? [] : [escapeHtml(since)]),
  ].join(newline);
}

/** Stories under a heading per class. */
export function chatBody(blocks: readonly Block<{ readonly html: string }>[], newline: string): string {
  const out: string[] = [];
  let section: string | undefined;
  for (const { story, content, isBrief } of blocks) {
    const own = sectionOf(story);
    if (own !== section) out.push(`${newline}<b>${escapeHtml(own)}</b>`);
    section = own;
    out.push(isBrief ? content.html : `${newline}${content.html}`);
  }
  return out.join(newline);
}

function anchor({ text, url }: TextWithLink): string {
  return url === undefined ? escapeHtml(text) : `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`;
}
