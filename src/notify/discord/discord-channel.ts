import { DiscordAPIError, HTTPError, RateLimitError, REST, type RouteLike } from 'discord.js';
import { limits } from '../../core/limits/limits.ts';
import type { Message } from '../../core/message.ts';
import type { Secret } from '../../core/secret.ts';
import type { Channel, NotifierDependencies, Part, Posted } from '../notifier.ts';
import { inTime, notItself, refused, unreachable } from '../request.ts';
import { discordParts } from './discord-render.ts';

/** Discord documents no fixed rate ("should not be hard coded", docs/topics/rate-limits); webhooks are known to take 30 posts a minute. */
const pace = 2000;
/** SUPPRESS_NOTIFICATIONS. Source: Discord Developer Documentation, "Message Flags". */
const silent = 1 << 12;
const publicApi = 'https://discord.com/api';
const service = 'Discord';

interface Options {
  readonly url?: Secret | undefined;
  readonly token?: Secret | undefined;
  readonly channel?: string | undefined;
  readonly api?: string | undefined;
}

/** Where messages are posted. */
interface Way {
  readonly base: string;
  readonly route: RouteLike;
  readonly query: URLSearchParams;
  readonly token: Secret | undefined;
}

/** A channel of Discord, through discord.js's own client with its retries off: who posts decides when to try again. */
export async function openDiscord(options: Options, deps: NotifierDependencies): Promise<Channel> {
  const way = wayIn(options);
  const rest = new REST({
    api: way?.base ?? publicApi,
    version: '10',
    retries: 0,
    // Its own limit comes first only if ours fails.
    timeout: limits.message.discordTime.most,
    rejectOnRateLimit: () => true,
    handlerSweepInterval: 0,
    hashSweepInterval: 0,
    userAgentAppendix: `plimsoll/${deps.version}`,
    makeRequest: async (url, init) => {
      const response = await deps.fetch(url, init as unknown as RequestInit);
      // discord.js takes anything below 400 for a success.
      if (response.status >= 300 && response.status < 400) throw new Redirected(response.status);
      return response as never;
    },
  });
  if (way?.token !== undefined) rest.setToken(way.token.reveal());

  const send = async (suffix: string, body: unknown): Promise<Posted> => {
    if (way === undefined) return noWebhook(deps);
    const route: RouteLike = `${way.route}${suffix}`;
    const request = {
      fullRoute: route,
      method: 'POST' as never,
      body,
      auth: way.token !== undefined,
      query: way.query,
    };
    try {
      const answer = await inTime(deps, (signal) => rest.request({ ...request, signal } as never));
      const id = (answer as { id?: unknown } | null)?.id;
      if (typeof id === 'string' && /^\d{1,30}$/.test(id)) return { kind: 'accepted', receipt: id };
      return refused(service, deps, { status: 200, header: () => null }, notItself);
    } catch (error) {
      return failure(error, deps);
    }
  };

  return {
    pace,
    render: (message: Message): readonly Part[] => discordParts(message),
    post: (part, thread) => {
      const reply = { message_reference: { message_id: thread, fail_if_not_exists: false }, flags: silent };
      const isReply = way?.token !== undefined && thread !== undefined;
      return send(way?.token === undefined ? '' : '/messages', {
        ...(part.payload as object),
        ...(isReply && reply),
      });
    },
    ...(way?.token !== undefined && { repliesSilently: true as const }),
    ...(way === undefined && { doubt: noWay }),
    close: async () => {
      rest.clearHandlerSweeper();
      rest.clearHashSweeper();
    },
  };
}

/** discord.js takes only discord.com's own addresses with tokens of one length; others (older hosts, proxies of a company) are as good. */
function wayIn({ url, token, channel, api }: Options): Way | undefined {
  if (token !== undefined) {
    const base = api ?? publicApi;
    return { base: base.replace(/\/+$/, ''), route: `/channels/${channel ?? ''}`, query: new URLSearchParams(), token };
  }
  const text = url?.reveal().trim() ?? '';
  const [, own = '', id, secret] =
    /^(https?:\/\/[^\s?#@]+?)(?:\/v\d+)?\/webhooks\/(\d{1,25})\/([\w-]+)(?:[/?].*)?$/.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const thread = new URL(text).searchParams.get('thread_id');
  return {
    base: (api ?? own).replace(/\/+$/, ''),
    route: `/webhooks/${id}/${secret}`,
    // Without `wait` the answer is empty, and nobody knows whether the message was taken.
    query: new URLSearchParams({ wait: 'true', ...(thread !== null && { thread_id: thread }) }),
    token: undefined,
  };
}

const noWay = 'the url is not one of a webhook (https://discord.com/api/webhooks/ID/TOKEN); copy it again';

function noWebhook(deps: NotifierDependencies): Posted {
  const message = `could not post to Discord: ${noWay}`;
  return { kind: 'failed', problem: { code: 'channel-refused', message, subject: deps.name }, permanent: true };
}

class Redirected extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`redirected (${status})`);
    this.status = status;
  }
}

/** discord.js's errors carry the address with its token: only status, code and waiting time leave here. */
function failure(error: unknown, deps: NotifierDependencies): Posted {
  const header = (): null => null;
  if (error instanceof RateLimitError) {
    const retryAfter = error.retryAfter > 0 ? { retryAfter: Math.ceil(error.retryAfter) } : {};
    return refused(service, deps, { status: 429, header }, retryAfter);
  }
  if (error instanceof DiscordAPIError)
    return refused(
      service,
      deps,
      { status: error.status, header },
      Number.isFinite(Number(error.code)) ? { detail: `(code ${Number(error.code)})` } : {},
    );
  if (error instanceof HTTPError || error instanceof Redirected)
    return refused(service, deps, { status: error.status, header });
  return unreachable(service, deps, error);
}
