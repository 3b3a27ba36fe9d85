import { withRoom } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import { type Message, newsOfStories } from '../../core/message.ts';
import { type Secret, signature } from '../../core/secret.ts';
import { count } from '../../report/say/quantity.ts';
import type { Channel, NotifierDependencies, Part } from '../notifier.ts';
import { addressDoubt, isFailed, refused, request } from '../request.ts';

interface Options {
  readonly url: Secret;
  readonly secret?: Secret | undefined;
}

interface WebhookPayload {
  /** Id of the message. */
  readonly id: string;
  readonly body: string;
}

/**
 * Posts the report with what the message says of it. Signed over `TIMESTAMP.BODY`, so that an old post cannot be
 * played again as a new one; the receiver's side is in docs/channels.md.
 */
export async function openWebhook({ url, secret }: Options, deps: NotifierDependencies): Promise<Channel> {
  return {
    ...addressDoubt(url),
    // It is the operator's own.
    pace: 0,
    render: (message) => [webhookPart(message)],
    post: async (part) => {
      const { id, body } = part.payload as WebhookPayload;
      const seconds = Math.floor(deps.clock.now() / 1000).toString();
      const headers = {
        'x-plimsoll-delivery': id,
        'x-plimsoll-timestamp': seconds,
        ...(secret !== undefined && { 'x-plimsoll-signature': signature(secret, seconds, body) }),
      };
      const answer = await request('the webhook', deps, { method: 'POST', url: url.reveal(), headers, body });
      if (isFailed(answer)) return answer;
      return answer.status >= 200 && answer.status < 300 ? { kind: 'accepted' } : refused('the webhook', deps, answer);
    },
    close: async () => {},
  };
}

/** Never split: a program has no use for half a report. */
function webhookPart(message: Message): Part {
  const { kind, id, title, lead, stories, problems, more, record } = message;
  const news = newsOfStories(stories);
  const document = {
    schema: 2,
    ...record,
    ...withRoom(record?.findings ?? [], limits.message.postedRows.most),
    problems: [...(record?.problems ?? []), ...problems],
    event: kind,
    id,
    news,
    title,
    lead,
    stories,
    more,
  };
  const payload: WebhookPayload = { id, body: JSON.stringify(document) };
  return {
    news,
    payload,
    text: `${title}\n${lead}\n(${count(stories.length, 'story', 'stories')} as JSON, ${payload.body.length} characters)`,
  };
}
