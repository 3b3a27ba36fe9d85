import { withRoom } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Message } from '../../core/message.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { jsonPieces } from '../../report/render/json.ts';
import { clip } from '../../report/safe/clip.ts';
import type { Part } from '../notifier.ts';
import { blocksOf, newsOf } from '../pack.ts';
import { plainBody, plainHead, plainStory } from '../plain-text.ts';
import { mailHtml } from './email-html.ts';

/**
 * Gmail cuts off the HTML of a mail beyond about 102 kB and shows a link to the rest ("[Message clipped]"; known from
 * its behaviour, not documented). Stories past the first dozen take a line each; a line is cut off last.
 */
export const mailLimits = { html: 102_000 } as const;

/** A mail, before it has sender and recipients. */
export interface MailPayload {
  /** No line break can be in it: texts are made visible first. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Id of the message. */
  readonly message: string;
  /** The report. */
  readonly attachment?: string;
}

/** A message as one mail, however long: mail has no limit worth splitting for, and one mail per run is what people bear. */
export function mailPart(message: Message, { attach }: { readonly attach: boolean }): Part {
  const blocks = blocksOf(
    message.stories,
    (text, isBrief) => ({ text, html: mailHtml.story(text, isBrief), plain: plainStory(text, isBrief) }),
    ({ html }) => html.length <= limits.message.mailStory.most,
  );
  const attachment = attach && message.record !== undefined ? attachmentOf(message.record) : undefined;
  const last = attachment === 'too long' ? `${unattached} ${footer(message)}` : footer(message);
  const body = plainBody(blocks.map((block) => ({ ...block, content: block.content.plain })));
  const text = [plainHead(message, message.title, true), ...(body === '' ? [] : [body]), last].join('\n\n');
  const payload: MailPayload = {
    subject: clip(message.title, 200),
    text: `${text}\n`,
    html: mailHtml.page(
      message,
      blocks.map(({ story, content, isBrief }) => ({ class: story.class, html: content.html, isBrief })),
      last,
    ),
    message: message.id,
    ...(attachment !== undefined && attachment !== 'too long' && { attachment }),
  };
  return { news: newsOf(blocks), payload, text: `${payload.subject}\n\n${payload.text}` };
}

const unattached = 'The report is longer than a mail can carry: "plimsoll status --format json" has what was found.';

/** The report, with its packages where a mail has room for them. */
function attachmentOf(record: RunRecord): string | 'too long' {
  for (const rows of [limits.message.postedRows.most, 0]) {
    const text = joined(
      jsonPieces({ ...record, ...withRoom(record.findings, rows) }),
      limits.message.mailAttachment.most,
    );
    if (text !== undefined) return text;
  }
  return 'too long';
}

/** All pieces as one text; undefined where they are longer. */
function joined(pieces: Iterable<string>, most: number): string | undefined {
  const kept: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    length += piece.length;
    if (length > most) return undefined;
    kept.push(piece);
  }
  return kept.join('');
}

function footer({ kind }: Message): string {
  if (kind === 'sample') return 'Sent by Plimsoll as a sample; nothing has happened.';
  return 'Sent by Plimsoll, which watches the images your builds start from.';
}
