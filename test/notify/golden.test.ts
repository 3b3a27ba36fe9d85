import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { notifiers } from '../../src/notify/index.ts';
import { sampleMessages } from '../../src/report/say/message-samples.ts';
import { openChannel } from '../support/channels/channel.ts';
import { httpServices } from '../support/channels/services.ts';

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
