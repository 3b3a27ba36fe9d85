import { limits } from '../../core/limits/limits.ts';
import type { Message } from '../../core/message.ts';
import type { Secret } from '../../core/secret.ts';
import { clip } from '../../report/safe/clip.ts';
import { escapeHtml } from '../../report/safe/escape-html.ts';
import { chatBody, chatHtml } from '../html-text.ts';
import type { Channel, NotifierDependencies, Part, Posted } from '../notifier.ts';
import { blocksOf, inGroups, introOf, newsOf, numbered } from '../pack.ts';
import { plainBody, plainHead, plainStory } from '../plain-text.ts';
import { isFailed, notItself, refused, request } from '../request.ts';

/**
 * https://spec.matrix.org/v1.11/client-server-api/#size-limits: an event is at most 65,536 bytes with everything the
 * server adds; half of it is left for that.
 */
export const matrixLimits = { content: 30_000 } as const;
/** No rate in the specification; Synapse's default (rc_message) is one message in five seconds after a burst of ten. */
const pace = 1000;

interface Options {
  readonly homeserver: string;
  readonly token: Secret;
  readonly room: string;
}
interface MatrixPayload {
  /** The server takes one transaction once, so that what is sent again is not shown again. */
  readonly transaction: string;
  readonly content: object;
}

/** A room of a homeserver. What is sent twice in one transaction stands there once. Source: Matrix client-server API. */
export async function openMatrix({ homeserver, token, room }: Options, deps: NotifierDependencies): Promise<Channel> {
  const base = `${homeserver.replace(/\/+$/, '')}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message`;
  const send = async (transaction: string, content: object): Promise<Posted> => {
    const headers = { authorization: `Bearer ${token.reveal()}` };
    const answer = await request('Matrix', deps, {
      method: 'PUT',
      url: `${base}/${encodeURIComponent(transaction)}`,
      headers,
      body: JSON.stringify(content),
    });
    if (isFailed(answer)) return answer;
    const { event_id: id, errcode, retry_after_ms: wait } = (answer.json ?? {}) as Record<string, unknown>;
    if (answer.status === 200) {
      const isOurs = typeof id === 'string' && id.length <= 255;
      return isOurs ? { kind: 'accepted', receipt: id } : refused('Matrix', deps, answer, notItself);
    }
    const isCode = typeof errcode === 'string' && /^M_[A-Z_]{1,40}$/.test(errcode);
    return refused('Matrix', deps, answer, {
      ...(isCode && { detail: errcode }),
      // Older servers say how long in the body only (deprecated since v1.10).
      ...(typeof wait === 'number' && answer.header('retry-after') === null && { retryAfter: wait }),
      ...(answer.status === 403 && { hint: 'check that the account is in the room and may write' }),
    });
  };
  return {
    pace,
    render: matrixParts,
    post: (part, thread) => {
      const { transaction, content } = part.payload as MatrixPayload;
      return send(transaction, {
        ...content,
        ...(thread !== undefined && { 'm.relates_to': { rel_type: 'm.thread', event_id: thread } }),
      });
    },
    repliesSilently: true,
    close: async () => {},
  };
}

function matrixParts(message: Message): Part[] {
  const blocks = blocksOf(
    message.stories,
    (text, isBrief) => ({ html: chatHtml(text, isBrief, '<br>'), plain: plainStory(text, isBrief) }),
    ({ html, plain }) => Buffer.byteLength(html) + Buffer.byteLength(plain) <= limits.message.matrixStory.most,
  );
  const contentOf = (group: typeof blocks, index: number, total: number): { body: string; formatted_body: string } => {
    const title = numbered(message.title, index, total);
    const plain = plainBody(group.map((block) => ({ ...block, content: block.content.plain })));
    const intro = index === 0 ? introOf(message).map((line) => `<br>${escapeHtml(clip(line, 600))}`) : [];
    return {
      body: [plainHead(message, title, index === 0), plain].filter((text) => text !== '').join('\n\n'),
      formatted_body: `<b>${escapeHtml(clip(title, 200))}</b>${intro.join('')}${group.length === 0 ? '' : `<br>${chatBody(group, '<br>')}`}`,
    };
  };
  const groups = inGroups(
    blocks,
    (group, index) => Buffer.byteLength(JSON.stringify(contentOf([...group], index, 99))) <= matrixLimits.content,
  );
  return groups.map((group, index) => {
    const content = contentOf(group, index, groups.length);
    // No mention is meant, whatever the text looks like (specification, "User and room mentions").
    const notice = { msgtype: 'm.notice', format: 'org.matrix.custom.html', ...content, 'm.mentions': {} };
    return {
      news: newsOf(group),
      payload: { transaction: `plimsoll-${message.id}-${index}`, content: notice },
      text: content.body,
    };
  });
}
