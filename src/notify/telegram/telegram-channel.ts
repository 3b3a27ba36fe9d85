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
 * https://core.telegram.org/bots/api#sendmessage: 1-4096 characters after entities parsing. Formatting beyond 100
 * entities is dropped in silence (found by python-telegram-bot, MAX_MESSAGE_ENTITIES; documented nowhere).
 */
export const telegramLimits = { text: 4096, entities: 100 } as const;
/** https://core.telegram.org/bots/faq: one message per second in a chat, 20 a minute in a group. */
const pace = 3000;

interface Options {
  readonly token: Secret;
  readonly chat: string;
  readonly api?: string | undefined;
}

/** A chat in which a bot may write. Source: core.telegram.org/bots/api, sendMessage. */
export async function openTelegram({ token, chat, api }: Options, deps: NotifierDependencies): Promise<Channel> {
  const base = (api ?? 'https://api.telegram.org').replace(/\/+$/, '');
  const call = async (method: string, body: object): Promise<Posted> => {
    const url = `${base}/bot${token.reveal()}/${method}`;
    const answer = await request('Telegram', deps, {
      method: 'POST',
      url,
      body: JSON.stringify({ chat_id: chat, ...body }),
    });
    if (isFailed(answer)) return answer;
    const { ok, result, parameters } = (answer.json ?? {}) as {
      ok?: unknown;
      result?: { message_id?: unknown };
      parameters?: { retry_after?: unknown };
    };
    const id = result?.message_id;
    if (answer.status === 200 && ok === true)
      return { kind: 'accepted', ...(typeof id === 'number' && { receipt: String(id) }) };
    if (answer.status === 200) return refused('Telegram', deps, answer, notItself);
    const seconds = parameters?.retry_after;
    const hint =
      answer.status === 400
        ? 'check the id of the chat, and that the bot is in it'
        : answer.status === 404
          ? 'check its token'
          : undefined;
    return refused('Telegram', deps, answer, {
      ...(typeof seconds === 'number' && { retryAfter: seconds * 1000 }),
      ...(hint !== undefined && { hint }),
    });
  };
  return {
    pace,
    render: telegramParts,
    post: (part, thread) => {
      const reply = thread !== undefined &&
        /^\d{1,15}$/.test(thread) && {
          reply_parameters: { message_id: Number(thread), allow_sending_without_reply: true },
          disable_notification: true,
        };
      return call('sendMessage', { ...(part.payload as object), ...(reply || {}) });
    },
    repliesSilently: true,
    ...(!/^\d+:[\w-]{20,}$/.test(token.reveal().trim()) && {
      doubt: 'the token is not one of a bot (123456789:…); ask @BotFather for it',
    }),
    close: async () => {},
  };
}

function telegramParts(message: Message): Part[] {
  const blocks = blocksOf(
    message.stories,
    (text, isBrief) => ({ html: chatHtml(text, isBrief, '\n'), plain: plainStory(text, isBrief) }),
    ({ html }) => lengthOf(html) <= limits.message.telegramStory.most,
  );
  const htmlOf = (group: typeof blocks, index: number, total: number): string =>
    [headOf(message, index, total), chatBody(group, '\n')].filter((text) => text !== '').join('\n');
  const groups = inGroups(blocks, (group, index) => isWithin(htmlOf([...group], index, 99)));
  return groups.map((group, index) => {
    const plain = plainBody(group.map((block) => ({ ...block, content: block.content.plain })));
    const payload = {
      text: htmlOf(group, index, groups.length),
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    };
    return {
      news: newsOf(group),
      payload,
      text: `${plainHead(message, numbered(message.title, index, groups.length), index === 0)}\n\n${plain}`,
    };
  });
}

/** Lines that do not fit any more are left out: beside stories there is only the one that counts them. */
function headOf(message: Message, index: number, total: number): string {
  let head = `<b>${escapeHtml(clip(numbered(message.title, index, total), 170))}</b>`;
  if (index > 0) return head;
  for (const line of introOf(message)) {
    const next = `${head}\n${escapeHtml(clip(line, 400))}`;
    if (lengthOf(next) <= (message.stories.length > 0 ? limits.message.telegramHead.most : telegramLimits.text))
      head = next;
  }
  return head;
}

function isWithin(html: string): boolean {
  return lengthOf(html) <= telegramLimits.text && (html.match(/<\//g)?.length ?? 0) <= telegramLimits.entities;
}

/** UTF-16 units that are left when tags and entities of ours have been read. */
function lengthOf(html: string): number {
  return html.replace(/<[^>]*>/g, '').replace(/&#?\w+;/g, '&').length;
}
