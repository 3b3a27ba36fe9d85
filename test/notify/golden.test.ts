import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { digestOf } from '../../src/core/image/digest.ts';
import type { Dispatch } from '../../src/core/image/rebuild.ts';
import { notifiers } from '../../src/notify/index.ts';
import { sampleMessages } from '../../src/report/say/message-samples.ts';
import { newsMessage } from '../../src/report/say/message-story.ts';
import { storiesOf } from '../../src/report/say/stories.ts';
import { rebuildChains, withChain } from '../../src/verdict/rebuild-chains.ts';
import { halfWay, key } from '../support/chain-of-rebuilds.ts';
import { openChannel } from '../support/channels/channel.ts';
import { httpServices } from '../support/channels/services.ts';
import { aChange, aFinding } from '../support/findings.ts';

const folder = path.join(import.meta.dirname, 'golden');
const isWriting = process.env['PLIMSOLL_WRITE_GOLDEN'] === '1';
const mail = { host: 'localhost', from: 'a@b.example', to: ['c@d.example'], tls: 'starttls', attach: false };

/** Compares, or writes when PLIMSOLL_WRITE_GOLDEN is 1. */
function golden(name: string, text: string): void {
  const file = path.join(folder, name);
  if (isWriting) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

describe('a sample of every class', () => {
  it.each(notifiers.map(({ type }) => type))('is rendered for %s as it was reviewed', async (type) => {
    const service = httpServices.find((one) => one.type === type);
    const channel = await openChannel(type, service?.options('http://127.0.0.1:9') ?? mail);
    const parts = sampleMessages().flatMap((message) => channel.render(message));
    await channel.close();
    if (type !== 'email') {
      const readable = parts.map(({ payload }) => payload);
      return golden(`${type}.json.txt`, `${JSON.stringify(readable, null, 2)}\n`);
    }
    const mails = parts.map(({ payload }) => payload as { subject: string; text: string; html: string });
    golden(
      'email.txt',
      mails.map(({ subject, text }) => `Subject: ${subject}\n\n${text}`).join(`\n${'='.repeat(72)}\n\n`),
    );
    golden('email.html.txt', mails.map(({ html }) => html).join('\n'));
  });
});

describe('a chain of rebuilds, of which one has failed', () => {
  const stale = (name: string, dispatch: Dispatch): Finding => ({
    ...aFinding('stale', {
      security: true,
      remedy: 'rebuild',
      packages: [aChange(1, { security: true, advisories: ['CVE-2026-10001'] })],
      published: { image: key(name), digest: digestOf(name), by: 'layers', tags: ['1'] },
      news: [`news of ${name}`],
      file: `${name}/Dockerfile`,
      line: 1,
      reason: `${key(name)} was built on an older base than its file names now.`,
    }),
    dispatch,
  });

  it.each(['email', 'slack', 'discord', 'ntfy'])('is one message for %s', async (type) => {
    const chains = rebuildChains(halfWay());
    const findings = [
      stale('base2', { state: 'asked', reason: 'a rebuild was asked for' }),
      stale('base3', { state: 'failed', reason: 'it was built again, on the old base' }),
    ].map((one) => withChain(one, chains));
    const service = httpServices.find((one) => one.type === type);
    const channel = await openChannel(type, service?.options('http://127.0.0.1:9') ?? mail);
    const parts = channel.render(newsMessage(storiesOf(findings)));
    await channel.close();
    const payloads = parts.map(({ payload }) => payload);
    if (type !== 'email') return golden(`chain.${type}.json.txt`, `${JSON.stringify(payloads, null, 2)}\n`);
    const [{ subject, text }] = payloads as [{ subject: string; text: string }];
    golden('chain.email.txt', `Subject: ${subject}\n\n${text}`);
  });
});
