/*
 * src/entry/commands/demo/
 *
 * `plimsoll demo`: this file has its story, from a check to the pages; demo-proposals.ts, demo-rebuild.ts and demo-redeploy.ts have what is
 * done about what was found, each by the real job. What it runs on is in demo/.
 * Begin here.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Config, defaultConfig } from '../../../config/config.ts';
import type { RunRecord } from '../../../core/run-record.ts';
import { startDemoArchive } from '../../../demo/archive.ts';
import { type DemoEngine, startDemoEngine } from '../../../demo/demo-engine.ts';
import { archiveOfImages, seedFleet } from '../../../demo/demo-fleet.ts';
import { type DemoMailbox, readMail, startDemoMailbox } from '../../../demo/mailbox.ts';
import { startDemoRegistry } from '../../../demo/registry.ts';
import { treeSettings } from '../../../job/assemble.ts';
import { engineSources } from '../../../job/engines.ts';
import type { RunRequest } from '../../../job/look-at-scopes.ts';
import { run } from '../../../job/run.ts';
import { runJob } from '../../../job/run-job.ts';
import { email } from '../../../notify/email/email.ts';
import { folded } from '../../../report/render/fold.ts';
import { renderHtml } from '../../../report/render/html.ts';
import { renderTerminal } from '../../../report/render/terminal.ts';
import { unifiedDiff } from '../../../report/render/unified-diff.ts';
import { openSqliteStore } from '../../../state/sqlite/sqlite.ts';
import { planUpdates, writeUpdate } from '../../../targets/folder-target.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Loudness } from '../../output.ts';
import { openSession, type Session } from '../../session.ts';
import { demoProposals } from './demo-proposals.ts';
import { demoRebuild } from './demo-rebuild.ts';
import { demoRedeploy } from './demo-redeploy.ts';

/**
 * `plimsoll demo`: a registry, a package archive, advisories, a builder and a daemon inside this process, a small fleet of files in a temporary
 * folder, and the real pipeline over them.
 */
export async function demo(given: Record<string, unknown>, _words: string[], signal: AbortSignal): Promise<number> {
  const options = given as Loudness & { readonly keep?: boolean; readonly serve?: boolean };
  const [registry, archive, mailbox] = await Promise.all([startDemoRegistry(), startDemoArchive(), startDemoMailbox()]);
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-demo-'));
  const fleet = path.join(folder, 'fleet');
  const settings = {
    ...defaultConfig,
    advisories: { kind: 'osv' as const, base: archive.advisories },
    archives: { ...defaultConfig.archives, mirrors: { [archiveOfImages]: archive.address } },
  };
  const session = openSession({ ...options, cache: path.join(folder, 'cache') }, settings, 'loopback', signal);
  const { output, parts } = session;
  const { style, width = 72 } = output.layout;
  const say = (title: string, text: string): Promise<void> =>
    output.result(`\n${style.bold(`── ${title} `.padEnd(Math.min(72, width), '─'))}\n\n${text}`);
  // What others lay out; lines to copy stay as they are.
  const narrow = (text: string): string =>
    text
      .split('\n')
      .flatMap((line) => {
        if (/^\s*(?:[-+@]|```|FROM |RUN )/.test(line)) return [line];
        const isRow = /\S {2}\S|^ *\|/.test(line);
        return folded(line, output.layout.width, line.search(/\S|$/) + (isRow ? 2 : 0));
      })
      .join('\n');
  try {
    const { files, containers, sick, published } = seedFleet(registry, archive);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(fleet, name)), { recursive: true });
      writeFileSync(path.join(fleet, name), text);
    }
    const request = { trees: [{ path: fleet, ...treeSettings(undefined, undefined, {}) }], baseLines: [] };
    const first = await run(request, parts.run);
    // The folder and port of a demo are noise to whoever reads it.
    const plain = (text: string): string =>
      text
        .replaceAll(`${fleet}: `, '')
        .replaceAll(`${fleet}/`, '')
        .replaceAll(`${registry.host}/library/`, '')
        .replaceAll(`${registry.host}/`, '');
    await say('plimsoll check', plain(renderTerminal(first.record, { ...output.layout, allRows: false })));

    const [told, mail] = await tellByMail(request, session, mailbox, path.join(folder, 'state.db'), signal);
    await say(
      'the mail of the first plimsoll run',
      narrow(`Subject: ${plain(mail.subject)}\n\n${plain(mail.text.trim())}\n`),
    );
    await say('the pull requests it would open', narrow(plain(await demoProposals(fleet, session))));
    const page = path.join(options.keep ? folder : tmpdir(), 'plimsoll-demo.html');
    writeFileSync(page, plain(renderHtml(told)));
    await say('plimsoll check --format html', `A page for whoever wants to look: ${page}\n`);

    await say(
      'plimsoll run, of an image that is published',
      narrow(plain(await demoRebuild(published, folder, session, signal))),
    );

    const engine = await startDemoEngine('nas', containers, sick);
    try {
      const running = await checkEngine(engine, session);
      await say('plimsoll check docker:', plain(renderTerminal(running, { ...output.layout, allRows: false })));
      const moved = await demoRedeploy(engine, ['shop/api', 'runner'], path.join(folder, 'state.db'), session);
      await say('plimsoll redeploy shop/api runner', narrow(plain(moved)));
    } finally {
      await engine.close();
    }

    const updates = planUpdates(first, {
      classes: new Set(['pin-broken', 'security', 'packages', 'config', 'content']),
      pin: false,
    });
    await say(
      'plimsoll update --dry-run',
      plain(updates.map(({ watched, text }) => unifiedDiff(watched.file, watched.text, text)).join('')),
    );
    for (const one of updates) writeUpdate(one);

    const after = await run(request, session.again().run);
    await say(
      'plimsoll check, after the update',
      plain(renderTerminal(after.record, { ...output.layout, allRows: false })),
    );
    // From the sources there is no command yet; what npx would fetch by this name is not ours.
    const self = process.argv[1]?.endsWith('.ts') ? 'npm run plimsoll --' : 'plimsoll';
    const keep = options.keep ? `The demo is in ${folder}.\n` : '';
    await say(
      'and now yours',
      `${keep}What is behind:      ${self} check ~/src/my-service\nThe fixes written:   ${self} update ~/src/my-service\nWhat else there is:  ${self} --help\n`,
    );
    if (!options.serve) return exitCodes.done;
    await say('plimsoll serve', 'The pages of the run above, until you stop it with Ctrl+C:\n');
    const config = path.join(folder, 'plimsoll.yml');
    writeFileSync(config, JSON.stringify(servedConfig(registry.host, settings)));
    const { serve } = await import('../serve.ts');
    return await serve({ config, state: path.join(folder, 'state.db'), cache: path.join(folder, 'cache') });
  } finally {
    session.close();
    await Promise.all([registry.close(), archive.close(), mailbox.close()]);
    if (!options.keep) rmSync(folder, { recursive: true, force: true });
  }
}

/** The demo as a configuration; JSON is YAML. */
function servedConfig(registry: string, { archives: { mirrors }, advisories }: Config): object {
  return {
    version: 1,
    repositories: [{ path: 'fleet' }],
    registries: { [registry]: {} },
    archives: { mirrors },
    ...(advisories.kind === 'osv' && { advisories: advisories.base }),
    serve: { listen: '127.0.0.1:0', schedule: null },
  };
}

/** What a machine runs, by a daemon on this one. */
async function checkEngine({ url }: DemoEngine, session: Session): Promise<RunRecord> {
  const { policy } = treeSettings(undefined, undefined, {});
  const wish = { type: 'docker', asked: 'docker:', address: { url, from: 'the demo' }, stopped: false };
  const parts = session.again();
  const sources = await engineSources([wish], policy, parts);
  return (await run({ trees: [], sources, baseLines: [] }, parts.run)).record;
}

/** The scheduled job, with a mail server on this machine: what it found, and the mail that arrived. */
async function tellByMail(
  request: RunRequest,
  { parts }: Session,
  mailbox: DemoMailbox,
  state: string,
  signal: AbortSignal,
): Promise<readonly [RunRecord, ReturnType<typeof readMail>]> {
  const store = openSqliteStore(state, { readOnly: false });
  // As a configuration is read, with what it leaves to the defaults.
  const options = email.schema.parse({
    host: '127.0.0.1',
    port: mailbox.port,
    tls: 'none',
    from: 'plimsoll@demo.example',
    to: ['you@demo.example'],
  });
  const channel = await email.open(options, { ...parts.notify, name: 'mail' });
  try {
    const channels = [{ name: 'mail', rules: { mode: 'run', only: {} } as const, channel }];
    const { record } = await runJob({ request, channels, timezone: 'UTC' }, { run: parts.run, store, signal });
    return [record, readMail(mailbox.mails[0] ?? '')];
  } finally {
    await channel.close();
    await store.close();
  }
}
