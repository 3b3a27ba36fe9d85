import type { Manners, Reply } from './stand-in.ts';

export const slackHook = '/services/T000/B000/hook-very-secret';
export const slackBot = 'xoxb-very-secret';

/** Slack: an incoming webhook, chat.postMessage and chat.update, with the schema of the blocks that are used. */
export function slackManners(): Manners {
  let last = 1_700_000_000;
  const known = new Set<string>();
  return {
    refusal: (status, seconds) => {
      const headers: Record<string, string> = seconds === undefined ? {} : { 'retry-after': String(seconds) };
      const words: Record<number, string> = {
        404: 'no_service',
        403: 'action_prohibited',
        410: 'channel_is_archived',
        429: 'rate_limited',
      };
      return { status, headers, body: words[status] ?? 'error' };
    },
    answer: ({ path, headers, json }): Reply => {
      const isHook = path === slackHook;
      const no = (word: string): Reply =>
        isHook ? { status: 400, body: word } : { status: 200, body: { ok: false, error: word } };
      if (!isHook && path !== '/api/chat.postMessage' && path !== '/api/chat.update')
        return { status: 404, body: 'no_service' };
      if (!isHook && headers.authorization !== `Bearer ${slackBot}`) return no('invalid_auth');
      if (json === undefined) return no('invalid_payload');
      if (!areBlocks(json['blocks'])) return no('invalid_blocks');
      if (JSON.stringify(json['blocks']).length > 13_200) return no('msg_blocks_too_long');
      if (typeof json['text'] !== 'string' || json['text'].length > 4000) return no('msg_too_long');
      if (isHook) return { status: 200, body: 'ok' };
      if (json['channel'] !== 'C0123' && json['channel'] !== '#ops') return no('channel_not_found');
      if (path === '/api/chat.update')
        return known.has(String(json['ts']))
          ? { status: 200, body: { ok: true, channel: 'C0123', ts: json['ts'] } }
          : no('message_not_found');
      last += 1;
      const ts = `${last}.000100`;
      known.add(ts);
      return { status: 200, body: { ok: true, channel: 'C0123', ts } };
    },
  };
}

function areBlocks(blocks: unknown): boolean {
  return Array.isArray(blocks) && blocks.length > 0 && blocks.length <= 50 && blocks.every(isBlock);
}

function isBlock(block: unknown): boolean {
  const { type, text, elements } = block as {
    type?: unknown;
    text?: { type?: unknown; text?: unknown };
    elements?: unknown;
  };
  if (type === 'header')
    return (
      text?.type === 'plain_text' && typeof text.text === 'string' && text.text.length >= 1 && text.text.length <= 150
    );
  return type === 'rich_text' && isFilled(elements) && elements.every(isRich);
}

function isRich(element: unknown): boolean {
  const { type, elements, style } = element as { type?: unknown; elements?: unknown; style?: unknown };
  if (!isFilled(elements)) return false;
  if (type === 'rich_text_list')
    return (
      style === 'bullet' &&
      elements.every((one) => (one as { type?: unknown }).type === 'rich_text_section' && isRich(one))
    );
  return (type === 'rich_text_section' || type === 'rich_text_preformatted') && elements.every(isInline);
}

function isInline(element: unknown): boolean {
  const { type, text, url } = element as { type?: unknown; text?: unknown; url?: unknown };
  const hasText = typeof text === 'string' && text.length > 0;
  return hasText && (type === 'text' || (type === 'link' && typeof url === 'string' && URL.canParse(url)));
}

function isFilled(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}
