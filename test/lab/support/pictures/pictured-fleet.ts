/*
 * test/lab/support/pictures/
 *
 * What somebody sees of Plimsoll outside of a browser, as pages that a browser can draw: the demo's fleet in a folder with
 * everything that it tells somebody (pictured-fleet.ts), and a window for each: terminal-window.ts, discord-window.ts,
 * slack-window.ts, forge-page.ts. Each knows the markup that we write, and no other. Begin here.
 */

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import PostalMime from 'postal-mime';
import { startDemoArchive } from '../../../../src/demo/archive.ts';
import { archiveOfImages, seedFleet } from '../../../../src/demo/demo-fleet.ts';
import { startDemoMailbox } from '../../../../src/demo/mailbox.ts';
import { startDemoRegistry } from '../../../../src/demo/registry.ts';
import type { DiscordPayload } from '../../../../src/notify/discord/discord-render.ts';
import type { SlackPayload } from '../../../../src/notify/slack/slack-render.ts';
import { discordId, discordManners, discordToken } from '../../../support/channels/discord.ts';
import { slackHook, slackManners } from '../../../support/channels/slack.ts';
import { startStandIn } from '../../../support/channels/stand-in.ts';
import { nodeEnvironment } from '../../../support/node.ts';

/** The demo's fleet under the names that people know, after its first run, and a terminal in front of it. */
export interface PicturedFleet {
  /** As the files pin it. */
  readonly debianPin: string;
  /** What the first run sent. */
  readonly discord: readonly DiscordPayload[];
  readonly slack: readonly SlackPayload[];
  readonly mail: { readonly subject: string; readonly html: string };
  /** What somebody sees who types this: what reaches a terminal of so many columns. */
  terminal(words: readonly string[], columns: number): Promise<string>;
  /** The same into a pipe. */
  piped(words: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

// Progress is wiped before anything else is printed.
const wiped = /\r[^\r\n]*\u001b\[K/g;
const cli = path.join(import.meta.dirname, '../../../../src/entry/cli.ts');

/** Starts what the fleet asks: a mirror of Docker Hub, an archive, advisories, and whoever is told; makes one run. */
export async function startPicturedFleet(folder: string): Promise<PicturedFleet> {
  const servers = await Promise.all([
    startDemoRegistry(),
    startDemoArchive(),
    startDemoMailbox(),
    startStandIn(discordManners()),
    startStandIn(slackManners()),
  ]);
  const [registry, archive, mailbox, discord, slack] = servers;
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  // That something is gone is believed of Docker Hub itself, which is not here.
  const { 'proxy/Dockerfile': _, ...files } = seedFleet(registry, archive).files;
  for (const [name, text] of Object.entries(files))
    write(`fleet/${name}`, text.replaceAll(`${registry.host}/library/`, ''));
  write('discord-url', `${discord.origin}/api/webhooks/${discordId}/${discordToken}`);
  write('slack-url', `${slack.origin}${slackHook}`);
  const mail = { host: '127.0.0.1', port: mailbox.port, tls: 'none', from: 'p@demo.example', to: ['you@demo.example'] };
  const settings = {
    version: 1,
    repositories: [{ path: 'fleet' }],
    registries: { 'docker.io': { mirror: `http://${registry.host}` } },
    archives: { mirrors: { [archiveOfImages]: archive.address } },
    advisories: archive.advisories,
    notify: [
      { type: 'discord', url: 'file:discord-url' },
      { type: 'slack', url: 'file:slack-url' },
      { type: 'email', ...mail },
    ],
  };
  // JSON is YAML.
  write('plimsoll.yml', JSON.stringify(settings));

  const typed = (command: string, words: readonly string[]): Promise<string> => {
    const env = { ...nodeEnvironment(), HOME: path.join(folder, 'home'), TERM: 'xterm', SHELL: '/bin/sh' };
    const child = spawn(command, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    return new Promise((resolve) =>
      child.on('close', () => resolve(text.replaceAll(wiped, '').replaceAll('\r\n', '\n'))),
    );
  };
  const piped = (words: readonly string[]): Promise<string> => typed(process.execPath, [cli, ...words]);
  await piped(['run', '--config', 'plimsoll.yml', '--state', 'state.db', '--quiet']);
  const { html = '', subject = '' } = await PostalMime.parse(Buffer.from(mailbox.mails[0] ?? '', 'latin1'));
  const posted = (log: readonly { readonly json: unknown }[]): unknown[] => log.map(({ json }) => json);
  return {
    debianPin: /debian:12-slim@\S+/.exec(readFileSync(path.join(folder, 'fleet/api/Dockerfile'), 'utf8'))?.[0] ?? '',
    discord: posted(discord.log) as DiscordPayload[],
    slack: posted(slack.log) as SlackPayload[],
    mail: { subject, html },
    piped,
    terminal: (words, columns) => {
      const quoted = [process.execPath, cli, ...words].map((one) => `'${one}'`).join(' ');
      return typed('script', ['-qec', `stty cols ${columns} rows 50; exec ${quoted}`, '/dev/null']);
    },
    close: async () => void (await Promise.all(servers.map((one) => one.close()))),
  };
}
