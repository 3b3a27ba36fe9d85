import { inspect } from 'node:util';
import PostalMime, { type Email } from 'postal-mime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits/limits.ts';
import { newsOfStories } from '../../../src/core/message.ts';
import { mailLimits } from '../../../src/notify/email/email-render.ts';
import type { Channel, Posted } from '../../../src/notify/notifier.ts';
import { closedMessage, newsMessage } from '../../../src/report/say/message-story.ts';
import { certificate } from '../../support/certificate.ts';
import { localCertificate } from '../../support/channels/certificate.ts';
import { openChannel } from '../../support/channels/channel.ts';
import { type MailServer, mailPassword, mailUser, startMailServer } from '../../support/channels/mail.ts';
import { aStory, hugeStory, manyStories } from '../../support/channels/stories.ts';
import { aChange, aFinding, aRecord } from '../../support/findings.ts';

const network = (ca: string) => ({ tlsFor: () => ({ ca: [ca] }) });
const options = (port: number, more: object = {}) => ({
  host: '127.0.0.1',
  port,
  tls: 'starttls',
  username: mailUser,
  password: mailPassword,
  from: 'plimsoll@example.org',
  to: ['ops@example.org'],
  attach: false,
  prefix: '[plimsoll]',
  ...more,
});

describe('mail', () => {
  let server: MailServer;
  const said: unknown[] = [];
  beforeEach(async () => {
    server = await startMailServer();
  });
  afterEach(async () => {
    await server.close();
    const all = inspect(said, { depth: 9, maxStringLength: null });
    for (const secret of [mailPassword, 'on record']) expect(all).not.toContain(secret);
    said.length = 0;
  });

  const open = (more: object = {}, deps: object = {}): Promise<Channel> =>
    openChannel('email', options(server.port, more), { ...network(localCertificate), ...deps });
  const send = async (channel: Channel, message = newsMessage([aStory(1)]), thread?: string): Promise<Posted> => {
    const [part] = channel.render(message);
    const posted = await channel.post(part!, thread);
    said.push(posted, part!.text);
    return posted;
  };
  const received = (index = 0): Promise<Email> => PostalMime.parse(server.mails[index]?.raw ?? '');
  const header = (mail: Email, key: string): string | undefined => mail.headers.find((one) => one.key === key)?.value;

  it('goes encrypted to everybody, as text and as HTML, and says what it is', async () => {
    const posted = await send(await open({ to: ['ops@example.org', 'second@example.org'] }));
    expect(server.mails).toMatchObject([{ secure: true, to: ['ops@example.org', 'second@example.org'] }]);
    const mail = await received();
    expect(mail.subject).toBe('[plimsoll] 1 security fix for debian:1');
    expect(mail.from).toEqual({ name: 'Plimsoll', address: 'plimsoll@example.org' });
    expect(mail.text).toContain('service-1/Dockerfile:2');
    expect(mail.html).toContain('href="https://github.example/acme/shop/blob/main/service-1/Dockerfile#L2"');
    expect(mail.date).toBe('2026-11-21T12:00:00.000Z');
    expect(header(mail, 'list-id')).toBe('Plimsoll <plimsoll.example.org>');
    expect(header(mail, 'auto-submitted')).toBe('auto-generated');
    expect(posted).toEqual({ kind: 'accepted', receipt: mail.messageId });
    expect(mail.attachments).toEqual([]);
  });

  it('is recognised when it comes twice, and threads what follows', async () => {
    const channel = await open();
    const first = await send(channel);
    await send(channel);
    const receipt = first.kind === 'accepted' ? first.receipt : undefined;
    await send(channel, closedMessage([aStory(1)]), receipt);
    const [one, again, closed] = await Promise.all([received(0), received(1), received(2)]);
    expect(again.messageId).toBe(one.messageId);
    expect(closed.messageId).not.toBe(one.messageId);
    expect(closed.inReplyTo).toBe(one.messageId);
    expect(closed.references).toBe(one.messageId);
  });

  it('attaches the report', async () => {
    const record = aRecord([aFinding('security')]);
    await send(await open({ attach: true }), newsMessage([aStory(1)], record));
    const [attachment] = (await received()).attachments;
    expect(attachment).toMatchObject({ filename: 'plimsoll-report.json', mimeType: 'application/json' });
    expect(JSON.parse(new TextDecoder().decode(attachment?.content as ArrayBuffer))).toEqual(record);
  });

  it('attaches as much of the report as servers take, and says when that is nothing', async () => {
    const packages = Array.from({ length: 500 }, (_, n) => aChange(n));
    const many = (number: number) =>
      aRecord(Array.from({ length: number }, (_, line) => aFinding('packages', { line, packages })));
    const channel = await open({ attach: true });
    const said = 'The report is longer than a mail can carry';
    await send(channel, newsMessage([aStory(1)], many(150)));
    const mail = await received();
    const report = new TextDecoder().decode(mail.attachments[0]?.content as ArrayBuffer);
    expect(JSON.parse(report)).toMatchObject({ truncated: true, findings: { length: 150 } });
    expect(report.length).toBeLessThan(limits.message.mailAttachment.most);
    expect(mail.text).not.toContain(said);
    await send(channel, newsMessage([aStory(1)], many(20_000)));
    const bare = await received(1);
    expect(bare.attachments).toEqual([]);
    for (const text of [bare.text, bare.html]) expect(text).toContain(said);
  });

  it('is one mail with all 300 stories, which Gmail shows to its end', async () => {
    const channel = await open();
    const message = newsMessage(manyStories(300));
    const parts = channel.render(message);
    expect(parts).toHaveLength(1);
    expect(parts[0]?.news).toEqual(newsOfStories(message.stories));
    await send(channel, message);
    const mail = await received();
    for (const { subject } of message.stories) expect(mail.text).toContain(subject.replace('docker.io/library/', ''));
    expect(Buffer.byteLength(mail.html ?? '')).toBeLessThan(mailLimits.html);
  });

  it('cuts off rows, not the story', async () => {
    await send(await open(), newsMessage([hugeStory]));
    const mail = await received();
    expect(mail.text).toContain('… and 1,960 more');
    expect(mail.html).toContain('… and 1,960 more');
    expect(mail.html?.trimEnd().endsWith('</html>')).toBe(true);
  });

  it('lets nothing into its headers or its markup', async () => {
    const text = 'x\r\nBcc: evil@example.org\r\n\r\n<script>alert(1)</script>\u202e';
    const story = aStory(1, {
      subject: text,
      reason: text,
      notes: [text],
      upgradeLine: text,
      proposals: ['javascript:alert(1)'],
    });
    const channel = await open({}, {});
    const message = { ...newsMessage([story]), title: text, lead: text };
    await send(channel, message, '<a@b>\r\nBcc: evil@example.org');
    const mail = await received();
    expect(server.mails[0]?.to).toEqual(['ops@example.org']);
    expect(header(mail, 'bcc')).toBeUndefined();
    expect(mail.inReplyTo).toBeUndefined();
    expect(mail.subject).toContain('Bcc: evil@example.org');
    expect(mail.html).not.toMatch(/<script|javascript:/);
    expect(mail.html).toContain('&lt;script&gt;');
    expect(`${mail.text}${mail.html}`).not.toContain('\u202e');
  });

  it('was sent when one of three recipients was refused, and says so', async () => {
    const posted = await send(await open({ to: ['a@example.org', 'nobody@example.org', 'c@example.org'] }));
    expect(posted).toMatchObject({
      kind: 'accepted',
      problem: {
        code: 'channel-partly-refused',
        subject: 'ops',
        message: expect.stringContaining('refused 1 of 3 recipients'),
      },
    });
    expect(server.mails[0]?.to).toEqual(['a@example.org', 'c@example.org']);
  });

  it.each([
    ['refuses every recipient', { to: ['nobody@example.org'] }, {}, undefined, true, 'every recipient (550)'],
    ['refuses the login', { password: 'wrong' }, {}, undefined, true, 'refused the login (535)'],
    ['is busy', {}, {}, 451, false, '(451)'],
    ['does not want us', {}, {}, 554, true, '(554)'],
    ['has a certificate that nobody knows', {}, network(certificate), undefined, true, 'certificate'],
    ['speaks TLS only when asked', { tls: 'implicit' }, {}, undefined, false, 'TLS'],
  ])('says when the server %s', async (_what, more, deps, refusal, permanent, words) => {
    server.refusal = refusal;
    const posted = await send(await open(more, deps));
    expect(posted).toMatchObject({
      kind: 'failed',
      permanent,
      problem: { subject: 'ops', message: expect.stringContaining(words) },
    });
    expect(server.mails).toEqual([]);
  });

  it('never goes in plain text when encryption was asked for', async () => {
    const plain = await startMailServer({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    const posted = await send(await openChannel('email', options(plain.port), network(localCertificate)));
    expect(posted).toMatchObject({
      kind: 'failed',
      permanent: true,
      problem: { message: expect.stringContaining('no encryption') },
    });
    expect(plain.mails).toEqual([]);
    await plain.close();
  });

  it('goes over implicit TLS, and in plain text to a server on this machine', async () => {
    const secure = await startMailServer({ secure: true });
    expect(
      (await send(await openChannel('email', options(secure.port, { tls: 'implicit' }), network(localCertificate))))
        .kind,
    ).toBe('accepted');
    await secure.close();
    const plain = await startMailServer({ disabledCommands: ['STARTTLS'], authOptional: true });
    const anonymous = { tls: 'none', username: undefined, password: undefined };
    expect((await send(await openChannel('email', options(plain.port, anonymous)))).kind).toBe('accepted');
    await plain.close();
  });

  it('does not wait for ever, and says when nobody is there', async () => {
    server.silent = true;
    const posted = await send(await open({}, { timeout: 200 }));
    expect(posted).toMatchObject({
      kind: 'failed',
      permanent: false,
      problem: { code: 'channel-unreachable', message: expect.stringContaining('no answer within 0.2 s') },
    });
    const gone = await send(await openChannel('email', options(1)));
    expect(gone).toMatchObject({
      kind: 'failed',
      permanent: false,
      problem: { code: 'channel-unreachable', message: expect.stringContaining('connection refused') },
    });
  });
});
