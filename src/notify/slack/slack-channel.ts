import type { Secret } from '../../core/secret.ts';
import type { Channel, NotifierDependencies, Part, Posted } from '../notifier.ts';
import { addressDoubt, isFailed, notItself, refused, request } from '../request.ts';
import { slackParts } from './slack-render.ts';

/** "1 message per second per channel", short bursts aside (https://docs.slack.dev/apis/web-api/rate-limits); above it messages are hidden without an error. */
const pace = 1100;
const service = 'Slack';
/** Errors of chat.postMessage that pass by themselves (https://docs.slack.dev/reference/methods/chat.postMessage#errors). */
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

interface Options {
  readonly url?: Secret | undefined;
  readonly token?: Secret | undefined;
  readonly channel?: string | undefined;
  readonly api?: string | undefined;
}

/**
 * A channel by its webhook, or by a bot's token. Source: docs.slack.dev, "Sending messages using incoming webhooks",
 * chat.postMessage.
 */
export async function openSlack({ url, token, channel, api }: Options, deps: NotifierDependencies): Promise<Channel> {
  const base = (api ?? 'https://slack.com/api').replace(/\/+$/, '');

  const byWebhook = async (part: Part): Promise<Posted> => {
    const answer = await request(service, deps, {
      method: 'POST',
      url: url?.reveal() ?? '',
      body: JSON.stringify(part.payload),
    });
    if (isFailed(answer)) return answer;
    if (answer.status === 200)
      return answer.text.trim() === 'ok' ? { kind: 'accepted' } : refused(service, deps, answer, notItself);
    return refused(service, deps, answer, detail(answer.text.trim()));
  };
  const call = async (method: string, body: object): Promise<Posted> => {
    const headers = { authorization: `Bearer ${token?.reveal()}`, 'content-type': 'application/json; charset=utf-8' };
    const answer = await request(service, deps, {
      method: 'POST',
      url: `${base}/${method}`,
      headers,
      body: JSON.stringify(body),
    });
    if (isFailed(answer)) return answer;
    if (answer.status !== 200) return refused(service, deps, answer);
    const { ok, error, channel: place, ts } = (answer.json ?? {}) as Record<string, unknown>;
    if (typeof ok !== 'boolean') return refused(service, deps, answer, notItself);
    if (ok) {
      const hasReceipt = typeof place === 'string' && typeof ts === 'string' && place.length + ts.length < 200;
      return { kind: 'accepted', ...(hasReceipt && { receipt: `${place}:${ts}` }) };
    }
    // Slack says no with a 200.
    const word = typeof error === 'string' ? error : '';
    return refused(service, deps, answer, {
      ...detail(word),
      permanent: word !== '' && !passing.has(word),
      hint: hints[word] ?? 'see the errors of chat.postMessage in its documentation',
    });
  };

  const shared = { pace, render: slackParts, close: async () => {} };
  if (token === undefined) {
    return { ...shared, post: byWebhook, ...addressDoubt(url, /\/\w+/, 'https://hooks.slack.com/services/…') };
  }
  return {
    ...shared,
    post: (part, thread) => {
      const [place, ts] = split(thread);
      return call('chat.postMessage', {
        channel: place ?? channel,
        ...(part.payload as object),
        link_names: false,
        parse: 'none',
        ...(ts !== undefined && { thread_ts: ts }),
      });
    },
    repliesSilently: true,
  };
}

const hints: Readonly<Record<string, string>> = {
  not_in_channel: 'invite the bot to the channel',
  channel_not_found: 'no such channel, or the bot is not in it',
  invalid_auth: 'check its token',
  not_authed: 'check its token',
  token_revoked: 'make a new token',
  missing_scope: 'the bot needs the scope chat:write',
  is_archived: 'the channel is archived',
  ratelimited: 'it takes no more for now',
};

/** Slack's errors are words; anything else it says is not repeated. */
function detail(word: string): { detail?: string } {
  return /^[a-z_]{1,60}$/.test(word) ? { detail: word } : {};
}

function split(receipt: string | undefined): [string | undefined, string | undefined] {
  const [, place, ts] = /^([^:]+):([\d.]+)$/.exec(receipt ?? '') ?? [];
  return [place, ts];
}
