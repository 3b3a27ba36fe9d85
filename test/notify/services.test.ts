import { afterEach, describe, expect, it } from 'vitest';
import type { Channel, Posted } from '../../src/notify/notifier.ts';
import { closedMessage, newsMessage } from '../../src/report/say/message-story.ts';
import { openChannel } from '../support/channels/channel.ts';
import { discordBot, discordId, discordManners, discordToken } from '../support/channels/discord.ts';
import { matrixManners, matrixRoom, matrixToken } from '../support/channels/matrix.ts';
import { httpServices } from '../support/channels/services.ts';
import { slackBot, slackManners } from '../support/channels/slack.ts';
import { type Manners, type StandIn, startStandIn } from '../support/channels/stand-in.ts';
import { aStory } from '../support/channels/stories.ts';
import { teamsManners, teamsPath } from '../support/channels/teams.ts';
import { telegramManners, telegramToken } from '../support/channels/telegram.ts';

let standIn: StandIn;
let channel: Channel;
afterEach(async () => {
  await channel?.close();
  await standIn?.close();
});

async function open(type: string, manners: Manners, options: (origin: string) => object): Promise<void> {
  standIn = await startStandIn(manners);
  channel = await openChannel(type, options(standIn.origin) as Record<string, unknown>);
}

async function post(thread?: string): Promise<Posted> {
  const [part] = channel.render(newsMessage([aStory(1)]));
  return channel.post(part!, thread);
}

const receiptOf = (posted: Posted): string | undefined => (posted.kind === 'accepted' ? posted.receipt : undefined);

it.each([
  ...httpServices.filter(({ type }) => type !== 'webhook'),
  { type: 'email', options: () => ({ host: 'localhost', tls: 'none', from: 'a@b.example', to: ['c@d.example'] }) },
])('says of what is resolved that it is, on $type', async ({ type, options }) => {
  const own = await openChannel(type, options('http://127.0.0.1:1'));
  const over = { ...aStory(1, { class: 'pin-broken', places: [] }), isOver: true as const };
  const told = JSON.stringify(own.render(closedMessage([over])).map(({ payload }) => payload));
  await own.close();
  expect(told).toContain('Resolved');
  expect(told).not.toMatch(/the next build fails|in 0 places/i);
});

describe('Discord', () => {
  const asBot = (origin: string) => ({ token: discordBot, channel: discordId, api: `${origin}/api` });

  it('answers to an earlier message as a bot', async () => {
    await open('discord', discordManners(), asBot);
    const receipt = receiptOf(await post());
    await post(receipt);
    expect(standIn.log[0]?.json).not.toHaveProperty('message_reference');
    expect(standIn.log[1]?.json).toMatchObject({
      message_reference: { message_id: receipt, fail_if_not_exists: false },
    });
  });

  it('mentions nobody', async () => {
    await open('discord', discordManners(), asBot);
    await post();
    expect(standIn.log[0]?.json).toMatchObject({ allowed_mentions: { parse: [] } });
  });

  it.each([
    [
      'of an older API',
      (origin: string) => `${origin}/api/v9/webhooks/${discordId}/${discordToken}`,
      `/api/v10/webhooks/${discordId}/${discordToken}?wait=true`,
    ],
    [
      'of a thread',
      (origin: string) => `${origin}/api/webhooks/${discordId}/${discordToken}?thread_id=42`,
      `/api/v10/webhooks/${discordId}/${discordToken}?wait=true&thread_id=42`,
    ],
  ])('takes the address %s', async (_what, url, path) => {
    await open('discord', discordManners(), (origin) => ({ url: url(origin) }));
    expect((await post()).kind).toBe('accepted');
    expect(standIn.log[0]?.path).toBe(path);
  });

  it('says that an address is none of a webhook, without a request', async () => {
    await open('discord', discordManners(), (origin) => ({ url: `${origin}/channels/1/very-secret` }));
    const posted = await post();
    expect(posted).toMatchObject({
      kind: 'failed',
      permanent: true,
      problem: { message: expect.stringContaining('not one of a webhook') },
    });
    expect(JSON.stringify(posted)).not.toContain('very-secret');
    expect(standIn.log).toEqual([]);
  });

  it('names the code of a refusal, and none of its words', async () => {
    await open(
      'discord',
      {
        ...discordManners(),
        answer: () => ({ status: 400, body: { message: `no ${discordToken}`, code: 50035, errors: {} } }),
      },
      asBot,
    );
    const posted = await post();
    expect(posted).toMatchObject({
      permanent: true,
      problem: { message: expect.stringContaining('400 (code 50035)') },
    });
    expect(JSON.stringify(posted)).not.toContain(discordToken);
  });
});

describe('Slack', () => {
  const asBot = (origin: string) => ({ token: slackBot, channel: '#ops', api: `${origin}/api` });

  it('answers in the thread of an earlier message, and turns no name into a mention', async () => {
    await open('slack', slackManners(), asBot);
    const receipt = receiptOf(await post());
    expect(receipt).toMatch(/^C0123:\d+\.\d+$/);
    await post(receipt);
    expect(standIn.log[1]?.json).toMatchObject({
      channel: 'C0123',
      thread_ts: receipt?.split(':')[1],
      link_names: false,
      parse: 'none',
      unfurl_links: false,
    });
  });

  it.each([
    ['invalid_auth', true, 'check its token'],
    ['not_in_channel', true, 'invite the bot'],
    ['ratelimited', false, 'it takes no more for now'],
    ['fatal_error', false, 'fatal_error'],
  ])('knows what %s means, though it comes with a 200', async (error, permanent, words) => {
    await open('slack', { ...slackManners(), answer: () => ({ status: 200, body: { ok: false, error } }) }, asBot);
    expect(await post()).toMatchObject({
      kind: 'failed',
      permanent,
      problem: { message: expect.stringContaining(words) },
    });
  });

  it('repeats no word of an answer that is no error word', async () => {
    await open(
      'slack',
      { ...slackManners(), answer: () => ({ status: 200, body: { ok: false, error: `Token ${slackBot}` } }) },
      asBot,
    );
    expect(JSON.stringify(await post())).not.toContain(slackBot);
  });
});

it('Teams is not believed when it says yes to a post that failed behind it', async () => {
  const body =
    'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x';
  await open('teams', { ...teamsManners(), answer: () => ({ status: 200, body }) }, (origin) => ({
    url: `${origin}${teamsPath}`,
  }));
  expect(await post()).toMatchObject({ kind: 'failed', permanent: false, problem: { code: 'channel-limited' } });
});

it('Telegram answers to an earlier message, and shows no preview of a link', async () => {
  await open('telegram', telegramManners(), (origin) => ({ token: telegramToken, chat: '-100123', api: origin }));
  await post(receiptOf(await post()));
  expect(standIn.log[1]?.json).toMatchObject({
    reply_parameters: { message_id: 1 },
    link_preview_options: { is_disabled: true },
  });
});

it('Matrix shows once what is sent twice, and answers in a thread', async () => {
  await open('matrix', matrixManners(), (origin) => ({ homeserver: origin, token: matrixToken, room: matrixRoom }));
  const [first, again] = [receiptOf(await post()), receiptOf(await post())];
  expect(again).toBe(first);
  const [closing] = channel.render(closedMessage([aStory(1)]));
  expect(receiptOf(await channel.post(closing!, first))).not.toBe(first);
  expect(standIn.log[2]?.json).toMatchObject({
    'm.relates_to': { rel_type: 'm.thread', event_id: first },
    'm.mentions': {},
  });
});

it('ntfy needs a topic in its address', async () => {
  standIn = await startStandIn(teamsManners());
  channel = await openChannel('ntfy', { url: `${standIn.origin}/` });
  expect(await post()).toMatchObject({
    kind: 'failed',
    permanent: true,
    problem: { message: expect.stringContaining('https://ntfy.sh/TOPIC') },
  });
  expect(standIn.log).toEqual([]);
});
