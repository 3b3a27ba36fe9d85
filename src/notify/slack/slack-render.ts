import { limits } from '../../core/limits/limits.ts';
import type { Message } from '../../core/message.ts';
import { clip } from '../../report/safe/clip.ts';
import { sectionOf } from '../../report/say/class-words.ts';
import type { StoryText, TextWithLink } from '../../report/say/story-text.ts';
import type { Part } from '../notifier.ts';
import { type Block, blocksOf, inGroups, introOf, newsOf, numbered } from '../pack.ts';

/*
 * Source of the limits: Slack's reference of Block Kit (https://docs.slack.dev/reference/block-kit/blocks): blocks per
 * message, header text, section text (kept for rich text too, which has none of its own); "Truncating really long
 * messages" (https://docs.slack.dev/changelog/2018-truncating-really-long-messages) for text. All blocks together
 * are refused with msg_blocks_too_long from about 13,200 characters on, which is documented nowhere and counts more
 * than texts (https://github.com/slackapi/bolt-js/issues/2509, /2867): so their JSON is counted, with room to spare.
 */
export const slackLimits = { blocks: 50, header: 150, richText: 3000, text: 4000, json: 12_000 } as const;

interface TextElement {
  readonly type: 'text';
  readonly text: string;
  readonly style?: { readonly bold?: true; readonly code?: true };
}
interface LinkElement {
  readonly type: 'link';
  readonly url: string;
  readonly text: string;
}
type Inline = TextElement | LinkElement;
type RichElement =
  | { readonly type: 'rich_text_section'; readonly elements: readonly Inline[] }
  | { readonly type: 'rich_text_preformatted'; readonly elements: readonly Inline[] }
  | { readonly type: 'rich_text_list'; readonly style: 'bullet'; readonly elements: readonly RichElement[] };
export type SlackBlock =
  | {
      readonly type: 'header';
      readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
    }
  | { readonly type: 'rich_text'; readonly elements: readonly RichElement[] };

/** The body of a post; `text` is what notifications show. Source: docs.slack.dev, "Block Kit". */
export interface SlackPayload {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** Texts stand in rich text, where nothing is markup and no mention takes effect; only the fallback is mrkdwn, and is escaped. */
export function slackParts(message: Message): Part[] {
  const blocks = blocksOf(
    message.stories,
    richStory,
    (content) => sizeOf(content) <= slackLimits.richText - 200 && jsonLength(content) <= limits.message.slackStory.most,
  );
  const render = (group: readonly Block<RichElement[]>[], index: number, total: number): SlackBlock[] => [
    ...(index === 0 ? headOf(message) : [header(numbered(message.title, index, total))]),
    ...bodyOf(group),
  ];
  const groups = inGroups(blocks, (group, index) => {
    const all = render(group, index, 99);
    return all.length <= slackLimits.blocks && jsonLength(all) <= slackLimits.json;
  });
  return groups.map((group, index) => {
    const title = numbered(message.title, index, groups.length);
    const payload: SlackPayload = {
      text: escaped(clip(`${title}. ${message.lead}`, 700)),
      blocks: render(group, index, groups.length),
      unfurl_links: false,
      unfurl_media: false,
    };
    const told = group.map(({ content }) => contentText(content));
    return {
      news: newsOf(group),
      payload,
      text: [clip(title, 200), ...(index === 0 ? introOf(message) : []), ...told].join('\n'),
    };
  });
}

function headOf(message: Message): SlackBlock[] {
  const lines = introOf(message).map((line) => section([plain(clip(line, 300))]));
  return [header(message.title), { type: 'rich_text', elements: lines }];
}

function header(title: string): SlackBlock {
  return { type: 'header', text: { type: 'plain_text', text: clip(title, slackLimits.header), emoji: false } };
}

/** A heading per class, a block per story; stories told in a line share lists. */
function bodyOf(group: readonly Block<RichElement[]>[]): SlackBlock[] {
  const out: SlackBlock[] = [];
  let list: RichElement[] = [];
  let section_: string | undefined;
  const flush = (): void => {
    if (list.length > 0)
      out.push({ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements: list }] });
    list = [];
  };
  for (const { story, content, isBrief } of group) {
    const own = sectionOf(story);
    if (own !== section_) {
      flush();
      out.push({ type: 'rich_text', elements: [section([bold(own)])] });
    }
    section_ = own;
    if (isBrief) {
      if (sizeOf(list) + sizeOf(content) > slackLimits.richText) flush();
      list.push(...content);
    } else {
      flush();
      out.push({ type: 'rich_text', elements: content });
    }
  }
  flush();
  return out;
}

function richStory(text: StoryText, isBrief: boolean): RichElement[] {
  const move = text.move === undefined ? '' : `  ${text.move}`;
  const where = [
    ...text.places.flatMap((place, i) => [...(i > 0 ? [plain(', ')] : []), link(place)]),
    ...(text.morePlaces === undefined ? [] : [plain(` ${text.morePlaces}`)]),
  ];
  const inPlaces = where.length === 0 ? [] : [plain(isBrief ? ' in ' : 'in '), ...where];
  const head = [bold(text.subject), ...(move === '' ? [] : [plain(move)])];
  if (isBrief) return [section([...head, plain(`: ${text.sentence}`), ...inPlaces])];
  const rows = [...text.rows, ...(text.moreRows === undefined ? [] : [text.moreRows])];
  const foot = [
    ...text.notes.map((note) => [plain(note)]),
    ...text.links.map((one) => [link(one)]),
    ...(text.since === undefined ? [] : [[plain(text.since)]]),
  ];
  return [
    section([...head, plain(`\n${text.sentence}\n`)]),
    ...(rows.length === 0 ? [] : [preformatted(rows)]),
    ...(text.write.length === 0 ? [] : [preformatted(text.write)]),
    ...(inPlaces.length === 0 ? [] : [section(inPlaces)]),
    ...foot.map(section),
  ];
}

function plain(text: string): TextElement {
  return { type: 'text', text };
}

function bold(text: string): TextElement {
  return { type: 'text', text: text === '' ? ' ' : text, style: { bold: true } };
}

function link({ text, url }: TextWithLink): Inline {
  return url === undefined ? plain(text) : { type: 'link', url, text };
}

function section(elements: readonly Inline[]): RichElement {
  // An element with empty text is refused.
  return {
    type: 'rich_text_section',
    elements: elements.map((one) => (one.text === '' ? { ...one, text: ' ' } : one)),
  };
}

function preformatted(lines: readonly string[]): RichElement {
  return { type: 'rich_text_preformatted', elements: [plain(lines.join('\n') || ' ')] };
}

function jsonLength(value: unknown): number {
  return JSON.stringify(value).length;
}

/** UTF-16 units of all texts and addresses. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + sizeOf(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const { text, url, elements } = value as { text?: unknown; url?: unknown; elements?: unknown };
  return (
    (typeof text === 'string' ? text.length : sizeOf(text)) +
    (typeof url === 'string' ? url.length : 0) +
    sizeOf(elements)
  );
}

function contentText(content: readonly RichElement[]): string {
  return content.map(({ elements }) => elements.map((one) => ('text' in one ? one.text : '')).join('')).join('\n');
}

/** "Escaping text" (https://docs.slack.dev/messaging/formatting-message-text): the three characters that can begin markup that acts. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
