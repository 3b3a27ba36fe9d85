import { limits } from '../../core/limits/limits.ts';
import type { Message } from '../../core/message.ts';
import type { Secret } from '../../core/secret.ts';
import { clip } from '../../report/safe/clip.ts';
import { sectionOf } from '../../report/say/class-words.ts';
import type { StoryText, TextWithLink } from '../../report/say/story-text.ts';
import type { Channel, NotifierDependencies, Part, Posted } from '../notifier.ts';
import { type Block, blocksOf, inGroups, introOf, newsOf, numbered } from '../pack.ts';
import { plainBody, plainHead, plainStory } from '../plain-text.ts';
import { addressDoubt, isFailed, notItself, refused, request } from '../request.ts';

/*
 * Source of the limits: https://learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/format-your-bot-messages
 * and .../webhooks-and-connectors/how-to/connectors-using: a message is at most 28 KB, more is refused; four requests
 * per second. Senders found it counted in UTF-16, two bytes for every character, so that is how it is kept. A workflow
 * answers 202 before anything is posted, so what it drops later is not seen by anybody.
 */
export const teamsLimits = { bytes: 28 * 1024 } as const;
const pace = 1000;

interface Run {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly fontType?: 'Monospace';
  readonly isSubtle?: true;
  readonly selectAction?: { readonly type: 'Action.OpenUrl'; readonly url: string };
}
interface Paragraph {
  readonly type: 'RichTextBlock';
  readonly spacing?: 'None' | 'Medium' | 'Large';
  readonly separator?: true;
  readonly inlines: readonly Run[];
}

/** The channel behind a workflow's webhook, which can only be posted to. */
export async function openTeams({ url }: { readonly url: Secret }, deps: NotifierDependencies): Promise<Channel> {
  const post = async (part: Part): Promise<Posted> => {
    const answer = await request('Teams', deps, {
      method: 'POST',
      url: url.reveal(),
      body: JSON.stringify(part.payload),
    });
    if (isFailed(answer)) return answer;
    if (answer.status < 200 || answer.status >= 300) return refused('Teams', deps, answer);
    // The older connectors say with a 200 that the posting behind them failed, with the status inside.
    const inner = /failed with error: .{0,80}HTTP error (\d{3})/.exec(answer.text)?.[1];
    if (inner !== undefined) return refused('Teams', deps, { ...answer, status: Number(inner) });
    // A workflow may answer with words of its own; a page is somebody else's.
    if (/^text\/html\b/i.test(answer.header('content-type') ?? '')) return refused('Teams', deps, answer, notItself);
    return { kind: 'accepted' };
  };
  return { pace, render: teamsParts, post, ...addressDoubt(url), close: async () => {} };
}

/** Cards made of text runs, in which nothing is markup (adaptivecards.io/explorer/TextRun.html); a TextBlock would read Markdown. */
function teamsParts(message: Message): Part[] {
  const render = (text: StoryText, isBrief: boolean) => ({
    card: story(text, isBrief),
    plain: plainStory(text, isBrief),
  });
  const blocks = blocksOf(message.stories, render, ({ card }) => bytes(card) <= limits.message.teamsStory.most);
  const cardOf = (group: readonly Block<{ card: Paragraph[] }>[], index: number, total: number): unknown =>
    card([...headOf(message, index, total), ...sections(group)]);
  const groups = inGroups(blocks, (group, index) => bytes(cardOf(group, index, 99)) <= teamsLimits.bytes);
  return groups.map((group, index) => {
    const title = numbered(message.title, index, groups.length);
    const plain = plainBody(group.map((block) => ({ ...block, content: block.content.plain })));
    return {
      news: newsOf(group),
      payload: cardOf(group, index, groups.length),
      text: `${plainHead(message, title, index === 0)}\n\n${plain}`,
    };
  });
}

function card(body: readonly Paragraph[]): unknown {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
    msteams: { width: 'Full' },
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function headOf(message: Message, index: number, total: number): Paragraph[] {
  const title = paragraph([bold(clip(numbered(message.title, index, total), 200))]);
  return index === 0 ? [title, ...introOf(message).map((line) => paragraph([run(clip(line, 600))]))] : [title];
}

function sections(group: readonly Block<{ card: Paragraph[] }>[]): Paragraph[] {
  const out: Paragraph[] = [];
  let section: string | undefined;
  for (const { story: told, content } of group) {
    const own = sectionOf(told);
    if (own !== section) out.push({ ...paragraph([bold(own)]), separator: true, spacing: 'Large' });
    section = own;
    out.push(...content.card);
  }
  return out;
}

function story(text: StoryText, isBrief: boolean): Paragraph[] {
  const { subject, move, sentence, rows, moreRows, write, places, morePlaces, notes, links, since } = text;
  const head = [bold(subject), ...(move === undefined ? [] : [run(`  ${move}`)])];
  const where = [
    run('in '),
    ...places.flatMap((place, i) => [...(i > 0 ? [run(', ')] : []), link(place)]),
    ...(morePlaces === undefined ? [] : [run(` ${morePlaces}`)]),
  ];
  if (isBrief) return [paragraph([...head, run(`: ${sentence} `), ...(places.length === 0 ? [] : where)])];
  const code = [...rows, ...(moreRows === undefined ? [] : [moreRows]), ...write];
  return [
    { ...paragraph(head), spacing: 'Medium' },
    paragraph([run(sentence)]),
    ...code.map((line) => paragraph([{ ...run(line), fontType: 'Monospace' as const }])),
    ...(places.length === 0 ? [] : [paragraph(where)]),
    ...notes.map((note) => paragraph([run(note)])),
    ...links.map((one) => paragraph([link(one)])),
    ...(since === undefined ? [] : [paragraph([{ ...run(since), isSubtle: true as const }])]),
  ];
}

function paragraph(inlines: readonly Run[]): Paragraph {
  return { type: 'RichTextBlock', spacing: 'None', inlines };
}
function run(text: string): Run {
  return { type: 'TextRun', text };
}
function bold(text: string): Run {
  return { type: 'TextRun', text, weight: 'Bolder' };
}
function link({ text, url }: TextWithLink): Run {
  return url === undefined ? run(text) : { ...run(text), selectAction: { type: 'Action.OpenUrl', url } };
}
function bytes(value: unknown): number {
  return JSON.stringify(value).length * 2;
}
