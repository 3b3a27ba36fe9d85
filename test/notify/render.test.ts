import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingClasses } from '../../src/core/finding.ts';
import { newsOfStories, type Story } from '../../src/core/message.ts';
import { type DiscordPayload, discordLimits } from '../../src/notify/discord/discord-render.ts';
import type { Channel, Part } from '../../src/notify/notifier.ts';
import { newsMessage } from '../../src/report/say/message-story.ts';
import { openChannel } from '../support/channels/channel.ts';
import { discordManners } from '../support/channels/discord.ts';
import { httpServices } from '../support/channels/services.ts';
import { aStory } from '../support/channels/stories.ts';
import { visibleText } from '../support/channels/telegram.ts';
import { fc } from '../support/fast-check.ts';
import { aChange } from '../support/findings.ts';
import { hostileTexts } from '../support/hostile-texts.ts';

const origin = 'http://127.0.0.1:9';
const mail = {
  name: 'mail',
  type: 'email',
  options: () => ({ host: 'localhost', from: 'a@b.example', to: ['c@d.example'], tls: 'starttls', attach: false }),
};
const kinds = [...httpServices.filter(({ name }) => !name.endsWith('as a bot')), mail];

const channels = new Map<string, Channel>();
beforeAll(async () => {
  for (const { name, type, options } of kinds) channels.set(name, await openChannel(type, options(origin)));
});
afterAll(async () => {
  for (const channel of channels.values()) await channel.close();
});

const awkward = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(...hostileTexts.map(([, text]) => text)),
  fc
    .constantFrom('&', '<', '`', '*', '😀', '字', '"', '\\', '\u202e', '@everyone ')
    .chain((unit) => fc.integer({ min: 0, max: 1500 }).map((n) => unit.repeat(n))),
);
const url = fc.oneof(
  awkward,
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constant(`https://x.example/${'a'.repeat(480)}`),
);
const story: fc.Arbitrary<Story> = fc.record({
  class: fc.constantFrom(...findingClasses),
  security: fc.constantFrom(true, false, null),
  subject: awkward,
  from: awkward,
  to: awkward,
  reason: awkward,
  places: fc.array(fc.record({ repository: awkward, file: awkward, line: fc.nat(), url }), { maxLength: 20 }),
  packages: fc.array(
    fc.record({ name: awkward, after: awkward }).map((one) => aChange(1, one)),
    { maxLength: 60 },
  ),
  config: fc.array(fc.record({ key: awkward, before: fc.option(awkward), after: fc.option(awkward) }), {
    maxLength: 10,
  }),
  upgradeLine: awkward,
  notes: fc.array(awkward, { maxLength: 6 }),
  proposals: fc.array(url, { maxLength: 5 }),
  since: awkward,
  news: fc.uniqueArray(fc.integer({ min: 0, max: 500 }).map(String), { maxLength: 4 }),
});

/** What the stand-in of a service says to a part; undefined for mail, which has no limits. */
function verdict(name: string, part: Part): number | undefined {
  const service = httpServices.find((one) => one.name === name);
  if (service === undefined) return undefined;
  const { payload } = part;
  const body = JSON.stringify(payload);
  if (name === 'Teams') return Buffer.byteLength(body, 'utf16le') <= 28 * 1024 ? 200 : 413;
  if (name === 'ntfy') return Buffer.byteLength((payload as { message: string }).message) <= 4096 ? 200 : 413;
  if (name === 'Matrix')
    return Buffer.byteLength(JSON.stringify((payload as { content: object }).content)) <= 32_768 ? 200 : 413;
  if (name === 'Telegram') {
    const text = visibleText((payload as { text: string }).text);
    return text !== undefined && text.length <= 4096 ? 200 : 400;
  }
  const at = service.options('');
  const path = name.startsWith('Discord') ? `/api/v10${String(at['url']).slice(4)}?wait=true` : String(at['url']);
  return service.manners().answer({ method: 'POST', path, headers: {}, body, json: JSON.parse(body) }).status;
}

describe.each(kinds.map(({ name }) => name))('%s', (name) => {
  it('is within every limit, tells all news in order, and never in vain', () => {
    fc.assert(
      fc.property(fc.array(story, { maxLength: 40 }), (stories) => {
        const message = newsMessage(stories);
        const parts = channels.get(name)!.render(message);
        expect(parts.length).toBeGreaterThan(0);
        const told = parts.flatMap(({ news }) => news);
        expect([...new Set(told)]).toEqual(newsOfStories(stories));
        for (const part of parts) {
          const status = verdict(name, part);
          if (status !== undefined) expect([200, 204]).toContain(status);
          expect(part.text.replaceAll('\n', ' ')).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u);
        }
      }),
      { numRuns: 25 },
    );
  });

  it.each(hostileTexts)('shows %s as text', (_what, text) => {
    const hostile = aStory(1, {
      subject: text,
      reason: text,
      from: text,
      to: text,
      places: [{ repository: text, file: text, line: 1, url: text }],
      packages: [
        aChange(1, { name: text, before: text, after: text, security: true, severity: text, advisories: [text] }),
      ],
      config: [{ key: text, before: text, after: text }],
      upgradeLine: text,
      notes: [text],
      proposals: [text],
    });
    const parts = channels.get(name)!.render(newsMessage([hostile]));
    const shown = parts.map(({ payload }) => markup(name, payload)).join('\n');
    expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u001b\u0007]/u);
    expect(shown).not.toMatch(dangers[name] ?? /(?!)/);
  });
});

/** What a service reads as markup, without the places where it reads none. */
function markup(name: string, payload: unknown): string {
  if (name.startsWith('Discord')) {
    const { content = '', embeds } = payload as DiscordPayload;
    return [
      content,
      ...embeds.flatMap(({ title = '', description }) => [title, description.replace(/```[\s\S]*?```/g, '')]),
    ].join('\n');
  }
  if (name === 'Telegram') return (payload as { text: string }).text;
  if (name === 'Matrix') return (payload as { content: { formatted_body: string } }).content.formatted_body;
  if (name === 'Slack by webhook') return (payload as { text: string }).text;
  if (name === 'mail') return (payload as { html: string }).html.replace(/<style>[\s\S]*?<\/style>/, '');
  return '';
}

const tags =
  /<(?!\/?(?:b|code|pre|a|br|!doctype|html|head|meta|title|style|body|table|tr|td|div|span|strong|h1)\b)|href="(?!https?:)|<[^>]*\son\w+=/i;
const dangers: Readonly<Record<string, RegExp>> = {
  'Discord by webhook':
    /(?<!\\)<[@#:t]|@everyone|(?<!\\)\]\((?!https?:\/\/(?:github\.example|evil\.example))|(?<![\\:])\bhttps?:\/\/evil[^)]*$/m,
  Telegram: tags,
  Matrix: tags,
  mail: tags,
  'Slack by webhook': /[<>]/,
};

describe('Discord', () => {
  it('holds ten embeds, and as many characters as one message may', () => {
    expect(discordLimits).toMatchObject({ embeds: 10, total: 6000 });
    const over = { embeds: Array.from({ length: 11 }, () => ({ description: 'x' })) };
    const { answer } = discordManners();
    const path = `/api/v10${String(httpServices[0]?.options('')['url']).slice(4)}?wait=true`;
    expect(answer({ method: 'POST', path, headers: {}, body: '', json: over })).toMatchObject({
      status: 400,
      body: { code: 50035 },
    });
  });
});
