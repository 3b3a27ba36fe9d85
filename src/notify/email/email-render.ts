import { withRoom } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Message } from '../../core/message.ts';
import { renderJson } from '../../report/render/json.ts';
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
  const body = plainBody(blocks.map((block) => ({ ...block, content: block.content.plain })));
  const text = [plainHead(message, message.title, true), ...(body === '' ? [] : [body]), footer(message)].join('\n\n');
  const payload: MailPayload = {
    subject: clip(message.title, 200),
    text: `${text}\n`,
    html: mailHtml.page(
      message,
      blocks.map(({ story, content, isBrief }) => ({ class: story.class, html: content.html, isBrief })),
      footer(message),
    ),
    message: message.id,
    ...(attach &&
      message.record !== undefined && {
        attachment: renderJson({
          ...message.record,
          ...withRoom(message.record.findings, limits.message.postedRows.most),
        }),
      }),
  };
  return { news: newsOf(blocks), payload, text: `${payload.subject}\n\n${payload.text}` };
}

function footer({ kind }: Message): string {
  if (kind === 'sample') return 'Sent by Plimsoll as a sample; nothing has happened.';
  return 'Sent by Plimsoll, which watches the images your builds start from.';
}
