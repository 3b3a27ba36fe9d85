import { discordBot, discordId, discordManners, discordToken } from './discord.ts';
import { matrixManners, matrixRoom, matrixToken } from './matrix.ts';
import { ntfyManners, ntfyToken, ntfyTopic } from './ntfy.ts';
import { slackBot, slackHook, slackManners } from './slack.ts';
import type { Manners } from './stand-in.ts';
import { teamsManners, teamsPath } from './teams.ts';
import { telegramManners, telegramToken } from './telegram.ts';

/** Every way into a service that speaks HTTP. */
export interface HttpService {
  readonly name: string;
  readonly type: string;
  readonly manners: () => Manners;
  readonly options: (origin: string) => Readonly<Record<string, unknown>>;
  /** Texts that may be in no problem, log or preview. */
  readonly secrets: readonly string[];
}

export const httpServices: readonly HttpService[] = [
  {
    name: 'Discord by webhook',
    type: 'discord',
    manners: discordManners,
    options: (origin) => ({ url: `${origin}/api/webhooks/${discordId}/${discordToken}` }),
    secrets: [discordToken],
  },
  {
    name: 'Discord as a bot',
    type: 'discord',
    manners: discordManners,
    options: (origin) => ({ token: discordBot, channel: discordId, api: `${origin}/api` }),
    secrets: [discordBot],
  },
  {
    name: 'Slack by webhook',
    type: 'slack',
    manners: slackManners,
    options: (origin) => ({ url: `${origin}${slackHook}` }),
    secrets: [slackHook],
  },
  {
    name: 'Slack as a bot',
    type: 'slack',
    manners: slackManners,
    options: (origin) => ({ token: slackBot, channel: '#ops', api: `${origin}/api` }),
    secrets: [slackBot],
  },
  {
    name: 'the webhook',
    type: 'webhook',
    manners: () => ({
      answer: () => ({ status: 204, body: '' }),
      refusal: (status, seconds) => ({
        status,
        body: 'no',
        ...(seconds !== undefined && { headers: { 'retry-after': String(seconds) } }),
      }),
    }),
    options: (origin) => ({ url: `${origin}/hook-very-secret?key=also-secret`, secret: 'signing-very-secret' }),
    secrets: ['hook-very-secret', 'also-secret', 'signing-very-secret'],
  },
  {
    name: 'ntfy',
    type: 'ntfy',
    manners: ntfyManners,
    options: (origin) => ({ url: `${origin}/${ntfyTopic}`, token: ntfyToken }),
    secrets: [ntfyTopic, ntfyToken],
  },
  {
    name: 'Teams',
    type: 'teams',
    manners: teamsManners,
    options: (origin) => ({ url: `${origin}${teamsPath}` }),
    secrets: ['teams-very-secret', '/workflows/abc'],
  },
  {
    name: 'Telegram',
    type: 'telegram',
    manners: telegramManners,
    options: (origin) => ({ token: telegramToken, chat: '-100123', api: origin }),
    secrets: [telegramToken],
  },
  {
    name: 'Matrix',
    type: 'matrix',
    manners: matrixManners,
    options: (origin) => ({ homeserver: origin, token: matrixToken, room: matrixRoom }),
    secrets: [matrixToken],
  },
];
