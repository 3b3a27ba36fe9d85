import type { DiscordEmbed, DiscordPayload } from '../../../src/notify/discord/discord-render.ts';
import type { Manners, Reply } from './stand-in.ts';

export const discordId = '123456789012345678';
export const discordToken = 'webhook-Token_very-secret';
export const discordBot = 'bot.token.very-secret';

interface FieldError {
  readonly _errors: readonly { readonly code: string; readonly message: string }[];
}

/** Discord's API, version 10: the posts and edits of webhooks and channels, with the limits of messages and embeds. */
export function discordManners(): Manners {
  let last = 900000000000000000n;
  const known = new Set<string>();
  return {
    refusal: (status, seconds) =>
      status === 429
        ? {
            status,
            headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
            body: { message: 'You are being rate limited.', retry_after: seconds ?? 0, global: false },
          }
        : {
            status,
            body: { message: `${status}: refused`, code: status === 404 ? 10015 : status === 401 ? 50027 : 0 },
          },
    answer: ({ method, path, headers, json }) => {
      const hook = new RegExp(`^/api/v10/webhooks/${discordId}/${discordToken}(?:/messages/(\\d+))?(\\?.*)?$`).exec(
        path,
      );
      const channel = new RegExp(`^/api/v10/channels/${discordId}/messages(?:/(\\d+))?$`).exec(path);
      const match = hook ?? channel;
      if (match === null) return { status: 404, body: { message: 'Unknown Webhook', code: 10015 } };
      if (channel && headers.authorization !== `Bot ${discordBot}`)
        return { status: 401, body: { message: '401: Unauthorized', code: 0 } };
      const errors = json === undefined ? {} : faults(json as unknown as DiscordPayload);
      if (json === undefined || Object.keys(errors).length > 0)
        return { status: 400, body: { message: 'Invalid Form Body', code: 50035, errors } };
      const id = match[1];
      if (method === 'PATCH')
        return known.has(id ?? '')
          ? ok({ id, ...json })
          : { status: 404, body: { message: 'Unknown Message', code: 10008 } };
      if (method !== 'POST' || id !== undefined)
        return { status: 405, body: { message: '405: Method Not Allowed', code: 0 } };
      last += 1n;
      known.add(String(last));
      if (hook && !/[?&]wait=true/.test(path)) return { status: 204, body: '' };
      return ok({ id: String(last), ...json });
    },
  };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

function faults({ content = '', embeds = [] }: DiscordPayload): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const tooLong = (text: string | undefined, most: number): FieldError | undefined =>
    text !== undefined && text.length > most
      ? { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${most} or fewer in length.` }] }
      : undefined;
  if (content === '' && embeds.length === 0)
    found['_errors'] = [{ code: '50006', message: 'Cannot send an empty message' }];
  if (content.length > 2000) found['content'] = tooLong(content, 2000);
  if (embeds.length > 10)
    found['embeds'] = { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 10 or fewer in length.' }] };
  const inEmbeds = embeds.map((embed: DiscordEmbed) =>
    [tooLong(embed.title, 256), tooLong(embed.description, 4096), tooLong(embed.footer?.text, 2048)].find(
      (fault) => fault !== undefined,
    ),
  );
  if (inEmbeds.some((fault) => fault !== undefined)) found['embeds'] = inEmbeds;
  const total = embeds.reduce(
    (sum: number, { title = '', description = '', footer }) =>
      sum + title.length + description.length + (footer?.text.length ?? 0),
    0,
  );
  if (total > 6000)
    found['embeds'] = {
      _errors: [{ code: 'MAX_EMBED_SIZE_EXCEEDED', message: 'Embed size exceeds maximum size of 6000' }],
    };
  return found;
}
