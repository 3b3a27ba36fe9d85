import { limits } from '../../core/limits/limits.ts';
import type { Message } from '../../core/message.ts';
import type { NewsClass } from '../../core/news.ts';
import { clip } from '../../report/safe/clip.ts';
import { prose } from '../../report/safe/markdown-text.ts';
import type { StoryText, TextWithLink } from '../../report/say/story-text.ts';
import type { Part } from '../notifier.ts';
import { type Block, blocksOf, inGroups, introOf, newsOf, numbered } from '../pack.ts';

/*
 * Source of the limits: Discord Developer Documentation, "Message Resource", "Embed Limits" and "Create Message"
 * (https://discord.com/developers/docs/resources/message). A message over any of them is refused with code 50035.
 */
export const discordLimits = {
  content: 2000,
  embeds: 10,
  title: 256,
  description: 4096,
  footer: 2048,
  /** Titles, descriptions and footers of all embeds of one message together. */
  total: 6000,
} as const;

/** An embed as Discord takes it. Source: Discord Developer Documentation, "Embed Object". */
export interface DiscordEmbed {
  readonly title?: string;
  readonly description: string;
  readonly color?: number;
  readonly footer?: { readonly text: string };
}

/** The body of a post, in which nobody is mentioned. Source: Discord Developer Documentation, "Create Message". */
export interface DiscordPayload {
  readonly content?: string;
  readonly embeds: readonly DiscordEmbed[];
  readonly allowed_mentions: { readonly parse: readonly never[] };
}

const colours: Partial<Record<NewsClass, number>> = {
  'pin-broken': 0xd6336c,
  security: 0xe03131,
  unwatched: 0xf08c00,
  unreadable: 0xf08c00,
  unwritable: 0xf08c00,
  redeployed: 0x1c7ed6,
  dispatch: 0xf08c00,
  unchecked: 0xf08c00,
  packages: 0x1c7ed6,
  config: 0x1c7ed6,
  content: 0x1c7ed6,
  lagging: 0xf08c00,
  'end-of-life': 0xf08c00,
  unknown: 0x868e96,
};
const resolvedColour = 0x2f9e44;

/** A message as posts with embeds: one per story, and one for every run of stories told in a line. */
export function discordParts(message: Message): Part[] {
  const blocks = blocksOf(
    message.stories,
    embedOf,
    ({ description }) => description.length <= limits.message.discordStory.most,
  );
  const head = headOf(message);
  const embedsOf = (group: readonly Block<DiscordEmbed>[], index: number): DiscordEmbed[] =>
    index === 0 ? [head, ...merged(group)] : merged(group);
  const groups = inGroups(blocks, (group, index) => fits(embedsOf(group, index)));
  return groups.map((group, index) => {
    const embeds = embedsOf(group, index);
    const content = index === 0 ? {} : { content: prose(numbered(message.title, index, groups.length)) };
    const payload: DiscordPayload = { ...content, embeds, allowed_mentions: { parse: [] } };
    const text = embeds.map(({ title, description, footer }) =>
      [title, description, footer?.text].filter(Boolean).join('\n'),
    );
    return { news: newsOf(group), payload, text: text.join('\n\n') };
  });
}

function fits(embeds: readonly DiscordEmbed[]): boolean {
  const total = embeds.reduce(
    (sum, { title = '', description, footer }) => sum + title.length + description.length + (footer?.text.length ?? 0),
    0,
  );
  return embeds.length <= discordLimits.embeds && total <= discordLimits.total;
}

function headOf(message: Message): DiscordEmbed {
  const most = message.stories.length > 0 ? limits.message.discordHead.most : limits.message.discordStory.most;
  let description = '';
  for (const line of introOf(message)) {
    const next = `${description}${description === '' ? '' : '\n'}${prose(clip(line, 600))}`;
    if (next.length <= most) description = next;
  }
  return { title: prose(clip(message.title, 120)), description };
}

function embedOf(text: StoryText, isBrief: boolean): DiscordEmbed {
  const colour = text.isOver ? resolvedColour : colours[text.class];
  const color = colour === undefined ? {} : { color: colour };
  const move = text.move === undefined ? '' : `  ${prose(text.move)}`;
  const where = [
    ...text.places.map((place) => link(place, isBrief)),
    ...(text.morePlaces === undefined ? [] : [text.morePlaces]),
  ];
  const inPlaces = where.length === 0 ? [] : [`in ${where.join(', ')}`];
  if (isBrief) {
    const line = `• **${prose(text.subject)}**${move}: ${prose(text.sentence)} ${inPlaces.join('')}`;
    return { title: text.section, description: line, ...color };
  }
  const rows = [...text.rows, ...(text.moreRows === undefined ? [] : [text.moreRows])];
  const lines = [
    ...(move === '' ? [] : [move.trim()]),
    prose(text.sentence),
    ...(rows.length === 0 ? [] : [fenced(rows)]),
    ...(text.write.length === 0 ? [] : [fenced(text.write)]),
    ...inPlaces,
    ...text.notes.map((note) => `• ${prose(note)}`),
    ...text.links.map((one) => link(one, false)),
  ];
  return {
    title: `${text.isOver ? 'resolved' : text.class}: ${prose(clip(text.subject, 110))}`,
    description: lines.join('\n'),
    ...color,
    ...(text.since !== undefined && { footer: { text: text.since } }),
  };
}

/** Neighbours of one class told in a line each share an embed, as far as it holds them. */
function merged(group: readonly Block<DiscordEmbed>[]): DiscordEmbed[] {
  const embeds: DiscordEmbed[] = [];
  let open = false;
  for (const { content, isBrief } of group) {
    const last = embeds.at(-1);
    const description = `${last?.description}\n${content.description}`;
    if (open && isBrief && last?.title === content.title && description.length <= discordLimits.description) {
      embeds[embeds.length - 1] = { ...last, description };
    } else embeds.push(content);
    open = isBrief;
  }
  return embeds;
}

/** No backtick closes a fence when there is none inside. */
function fenced(lines: readonly string[]): string {
  return `\`\`\`\n${lines.map((line) => line.replaceAll('`', '\u02cb')).join('\n')}\n\`\`\``;
}

function link({ text, url }: TextWithLink, asText: boolean): string {
  return url === undefined || asText ? prose(text) : `[${prose(text)}](${url})`;
}
