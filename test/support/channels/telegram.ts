import type { Manners, Reply } from './stand-in.ts';

export const telegramToken = '12345:telegram-very-secret';

/** The Bot API: sendMessage and editMessageText, with the HTML that Telegram reads and its limits. */
export function telegramManners(): Manners {
  let last = 0;
  const failed = (code: number, description: string, parameters?: object): Reply => ({
    status: code,
    body: { ok: false, error_code: code, description, ...(parameters && { parameters }) },
  });
  return {
    refusal: (status, seconds) =>
      failed(status, 'refused', seconds === undefined ? undefined : { retry_after: seconds }),
    answer: ({ path, json }) => {
      const method = path.startsWith(`/bot${telegramToken}/`) ? path.split('/').at(-1) : undefined;
      if (method !== 'sendMessage' && method !== 'editMessageText')
        return failed(path.startsWith(`/bot${telegramToken}/`) ? 404 : 401, 'Unauthorized');
      if (json === undefined || json['chat_id'] !== '-100123') return failed(400, 'Bad Request: chat not found');
      const text = String(json['text']);
      const plain = visibleText(text);
      if (plain === undefined) return failed(400, "Bad Request: can't parse entities");
      if (plain.trim() === '') return failed(400, 'Bad Request: message text is empty');
      if (plain.length > 4096) return failed(400, 'Bad Request: message is too long');
      if (method === 'editMessageText')
        return Number(json['message_id']) <= last
          ? { status: 200, body: { ok: true, result: { message_id: json['message_id'] } } }
          : failed(400, 'Bad Request: message to edit not found');
      last++;
      return { status: 200, body: { ok: true, result: { message_id: last } } };
    },
  };
}

/** What is left of the HTML; undefined when a tag is unknown, not closed, or an entity is none of Telegram's. */
export function visibleText(html: string): string | undefined {
  const open: string[] = [];
  let isSound = true;
  const plain = html.replace(
    /<([^>]*)>|&([^;\s]*);?|</g,
    (whole, tag: string | undefined, entity: string | undefined) => {
      if (entity !== undefined) {
        const known: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
        if (known[entity] === undefined) isSound = false;
        return known[entity] ?? '';
      }
      const name = /^(\/?)(b|code|pre|a)(?: href="[^"<>]*")?$/.exec(tag ?? '');
      if (name === null) isSound = false;
      else if (name[1] === '') open.push(name[2] ?? '');
      else if (open.pop() !== name[2]) isSound = false;
      return whole === '<' ? '' : '';
    },
  );
  return isSound && open.length === 0 ? plain : undefined;
}
