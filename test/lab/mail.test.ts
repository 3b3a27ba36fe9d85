import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closedMessage, newsMessage } from '../../src/report/say/message-story.ts';
import { openChannel } from '../support/channels/channel.ts';
import { aStory, manyStories } from '../support/channels/stories.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { freePort, untilListening } from './support/registry-server.ts';
import { runTool } from './support/run-tool.ts';

/** Debian's exim on a loopback port, with a configuration and a spool of its own, that keeps mail for any name. */
interface Exim {
  readonly port: number;
  /** What is in a mailbox, in the order of delivery. */
  mails(name: string): string[];
  stop(): Promise<void>;
}

async function startExim(): Promise<Exim> {
  installDebianPackages(['exim4-daemon-light']);
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-exim-'));
  const [user, group] = ['-u', '-g'].map((flag) => Number(runTool('id', [flag, 'Debian-exim'])));
  const own = (name: string): string => {
    const full = path.join(folder, name);
    mkdirSync(full);
    chownSync(full, user!, group!);
    return full;
  };
  chownSync(folder, user!, group!);
  const [spool, boxes, log] = ['spool', 'mail', 'log'].map(own);
  const port = await freePort();
  const config = path.join(folder, 'exim.conf');
  writeFileSync(
    config,
    [
      'primary_hostname = mail.example.org',
      'domainlist local_domains = example.org',
      `spool_directory = ${spool}`,
      `log_file_path = ${log}/%slog`,
      'local_interfaces = 127.0.0.1',
      `daemon_smtp_ports = ${port}`,
      `pid_file_path = ${folder}/exim.pid`,
      'tls_advertise_hosts =',
      'host_lookup =',
      'rfc1413_query_timeout = 0s',
      'deliver_drop_privilege = true',
      'never_users =',
      'acl_smtp_rcpt = check_rcpt',
      'begin acl',
      'check_rcpt:',
      '  deny local_parts = nobody',
      '  accept domains = +local_domains',
      '  deny',
      'begin routers',
      'local:',
      '  driver = accept',
      '  domains = +local_domains',
      '  transport = box',
      'begin transports',
      'box:',
      '  driver = appendfile',
      // Exim makes no file name of what a client said; what it looked up itself will do.
      `  file = \${lookup{$local_part}lsearch{${folder}/users}}`,
      '',
    ].join('\n'),
  );
  writeFileSync(path.join(folder, 'users'), ['ops', 'second'].map((name) => `${name}: ${boxes}/${name}\n`).join(''));
  chownSync(config, 0, 0);
  const output = path.join(folder, 'output');
  const server = spawn('/usr/sbin/exim4', ['-C', config, '-bdf', '-q1h'], {
    uid: user!,
    gid: group!,
    stdio: ['ignore', openSync(output, 'a'), openSync(output, 'a')],
  });
  const stopNow = (): void => void server.kill('SIGKILL');
  process.once('exit', stopNow);
  await untilListening(`127.0.0.1:${port}`, server, output);
  return {
    port,
    mails: (name) => {
      try {
        return readFileSync(path.join(boxes!, name), 'utf8')
          .split(/^From .*\n/m)
          .slice(1);
      } catch {
        return [];
      }
    },
    stop: async () => {
      process.removeListener('exit', stopNow);
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let exim: Exim;
beforeAll(async () => {
  exim = await startExim();
});
afterAll(() => exim?.stop());

async function delivered(name: string, number: number): Promise<string[]> {
  for (let i = 0; i < 100; i++) {
    const mails = exim.mails(name);
    // A mail that is still being written lacks the last boundary of its parts, and the empty line after it.
    if (mails.length >= number && mails.every((mail) => mail.endsWith('--\n\n'))) return mails;
    await sleep(100);
  }
  return exim.mails(name);
}

it('reaches the mailbox of a real mail server whole, and threads what follows', async () => {
  const options = {
    host: '127.0.0.1',
    port: exim.port,
    tls: 'none',
    from: 'plimsoll@example.org',
    to: ['ops@example.org', 'nobody@example.org', 'second@example.org'],
    attach: false,
    prefix: '[plimsoll]',
  };
  const channel = await openChannel('email', options, { timeout: 20_000 });
  const message = newsMessage(manyStories(300));
  const [part] = channel.render(message);
  const posted = await channel.post(part!, undefined);
  expect(posted).toMatchObject({ kind: 'accepted', problem: { message: expect.stringContaining('refused 1 of 3') } });
  const receipt = posted.kind === 'accepted' ? posted.receipt : undefined;
  const [first] = await delivered('ops', 1);
  const [closing] = channel.render(closedMessage([aStory(1)]));
  await channel.post(closing!, receipt);
  await channel.close();
  const [, second] = await delivered('ops', 2);
  const mail = await PostalMime.parse(first ?? '');
  const follow = await PostalMime.parse(second ?? '');
  const { text, html } = part!.payload as { text: string; html: string };
  expect(mail.subject).toBe(`[plimsoll] ${message.title}`);
  expect(mail.text?.trim()).toBe(text.trim());
  expect(mail.html?.trim()).toBe(html.trim());
  expect(mail.messageId).toBe(receipt);
  expect(follow.inReplyTo).toBe(receipt);
  expect(await delivered('second', 2)).toHaveLength(2);
});
