import type { Message } from '../core/message.ts';
import { clip } from '../report/safe/clip.ts';
import { sectionOf } from '../report/say/class-words.ts';
import type { StoryText } from '../report/say/story-text.ts';
import { type Block, introOf } from './pack.ts';

/** A story as lines of plain text: what mails without HTML, previews and ntfy show. */
export function plainStory(text: StoryText, isBrief: boolean): string {
  const { subject, move, sentence, rows, moreRows, write, places, morePlaces, notes, links, since } = text;
  const head = `${text.class}: ${subject}${move === undefined ? '' : `  ${move}`}`;
  const where = [...places.map((place) => place.text), ...(morePlaces === undefined ? [] : [morePlaces])].join(', ');
  if (isBrief) return `- ${head}: ${sentence}${where === '' ? '' : ` (${where})`}`;
  return [
    head,
    `  ${sentence}`,
    ...rows.map((row) => `    ${row}`),
    ...(moreRows === undefined ? [] : [`    ${moreRows}`]),
    ...write.map((line) => `  ${line}`),
    ...(where === '' ? [] : [`  in ${where}`]),
    ...notes.map((note) => `  note: ${note}`),
    ...links.map((link) => `  ${link.text}: ${link.url ?? ''}`),
    ...(since === undefined ? [] : [`  ${since}`]),
  ].join('\n');
}

/** The head of a part: its title and, on the first, what is said before the stories. */
export function plainHead(message: Message, title: string, isFirst: boolean): string {
  return [clip(title, 200), ...(isFirst ? introOf(message).map((line) => clip(line, 600)) : [])].join('\n');
}

/** Stories under a heading per class. */
export function plainBody(blocks: readonly Block<string>[]): string {
  const lines: string[] = [];
  let section: string | undefined;
  for (const { story, content } of blocks) {
    const own = sectionOf(story);
    if (own !== section) lines.push('', own.toUpperCase(), '');
    else if (lines.length > 0 && !content.startsWith('- ')) lines.push('');
    section = own;
    lines.push(content);
  }
  return lines.join('\n').trim();
}
