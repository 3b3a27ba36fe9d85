import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newsMessage } from '../../../src/report/say/message-story.ts';
import { noon, openChannel } from '../../support/channels/channel.ts';
import { type StandIn, startStandIn } from '../../support/channels/stand-in.ts';
import { aStory } from '../../support/channels/stories.ts';
import { aFinding, aRecord } from '../../support/findings.ts';

const key = 'signing-very-secret';
const message = newsMessage(
  [aStory(1), aStory(2)],
  aRecord([aFinding('security')], [{ code: 'registry-denied', message: 'y' }]),
);

type Receive = (
  headers: Record<string, unknown>,
  body: string,
  key: string,
  now: number,
) => Record<string, unknown> | undefined;

/** The receiver that the documentation shows, as it stands there. */
async function documentedReceiver(): Promise<Receive> {
  const page = readFileSync(path.join(import.meta.dirname, '../../../docs/channels.md'), 'utf8');
  const [, source = ''] = /```js\n(\/\/ receiver\.mjs[\s\S]*?)```/.exec(page) ?? [];
  const { receive } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  return receive;
}

describe('the webhook', () => {
  let standIn: StandIn;
  let receive: Receive;
  beforeEach(async () => {
    standIn = await startStandIn({
      answer: () => ({ status: 200, body: 'thanks' }),
      refusal: (status) => ({ status, body: '' }),
    });
    const channel = await openChannel('webhook', { url: `${standIn.origin}/in`, secret: key });
    await channel.post(channel.render(message)[0]!, undefined);
    receive = await documentedReceiver();
  });
  afterEach(() => standIn.close());

  it('brings the report with what the message says', () => {
    const [{ headers, json } = { headers: {}, json: undefined }] = standIn.log;
    expect(json).toMatchObject({
      schema: 2,
      event: 'news',
      id: message.id,
      news: ['news-1', 'news-2'],
      title: message.title,
      findings: [{ class: 'security' }],
      problems: [{ code: 'registry-denied' }],
    });
    expect(headers).toMatchObject({
      'x-plimsoll-delivery': message.id,
      'x-plimsoll-timestamp': String(noon / 1000),
      'content-type': 'application/json',
    });
  });

  it('is believed by the receiver in the documentation', () => {
    const [{ headers, body } = { headers: {}, body: '' }] = standIn.log;
    expect(receive(headers, body, key, noon)).toMatchObject({ event: 'news', id: message.id });
  });

  it.each([
    ['another key', (headers: object) => headers, (body: string) => body, 'other', noon],
    ['another body', (headers: object) => headers, (body: string) => `${body} `, key, noon],
    ['an old post', (headers: object) => headers, (body: string) => body, key, noon + 10 * 60_000],
    [
      'another time',
      (headers: object) => ({ ...headers, 'x-plimsoll-timestamp': String(noon / 1000 + 1) }),
      (body: string) => body,
      key,
      noon,
    ],
    [
      'no signature',
      (headers: object) => ({ ...headers, 'x-plimsoll-signature': undefined }),
      (body: string) => body,
      key,
      noon,
    ],
    [
      'nonsense',
      (headers: object) => ({ ...headers, 'x-plimsoll-signature': 'sha256=é' }),
      (body: string) => body,
      key,
      noon,
    ],
  ])('is not believed with %s', (_what, changeHeaders, changeBody, own, now) => {
    const [{ headers, body } = { headers: {}, body: '' }] = standIn.log;
    expect(receive(changeHeaders(headers) as Record<string, unknown>, changeBody(body), own, now)).toBeUndefined();
  });
});
