import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defaultConfig } from '../../../config/config.ts';
import { parseReference } from '../../../core/image/reference.ts';
import { Secret } from '../../../core/secret.ts';
import { startDemoBuilder } from '../../../demo/builder.ts';
import type { DemoPublished } from '../../../demo/demo-fleet.ts';
import { assembleJob, requestOver, treeSettings } from '../../../job/assemble.ts';
import { runJob } from '../../../job/run-job.ts';
import { renderTerminal } from '../../../report/render/terminal.ts';
import { openSqliteStore } from '../../../state/sqlite/sqlite.ts';
import type { Session } from '../../session.ts';

/**
 * A published image that its base has left behind, by the real job: found, asked for at a builder behind a webhook, and over when the
 * registry has what that built. `folder` gets its tree and a state of its own.
 */
export async function demoRebuild(
  { image, dockerfile, build }: DemoPublished,
  folder: string,
  session: Session,
  signal: AbortSignal,
): Promise<string> {
  const tree = path.join(folder, 'published');
  mkdirSync(tree);
  writeFileSync(path.join(tree, 'Dockerfile'), dockerfile);
  const builder = await startDemoBuilder(build);
  const store = openSqliteStore(path.join(folder, 'published.db'), { readOnly: false });
  try {
    const secret = new Secret('demo');
    const rebuild = { type: 'webhook', url: builder.url, secret, inputs: {}, timeout: 6 * 60 * 60 * 1000 } as const;
    const config = {
      ...defaultConfig,
      // Of a base that is days old to everybody else, this state has never heard.
      rules: [{ match: { class: ['stale' as const] }, react: ['alert' as const, 'dispatch' as const], minimumAge: 0 }],
      published: [{ image: parseReference(image), file: 'Dockerfile', args: {}, rebuild }],
    };
    const trees = [{ path: tree, ...treeSettings(config, undefined, {}) }];
    const runs: string[] = [];
    for (let number = 0; number < 2; number++) {
      const parts = session.again();
      const request = requestOver({ trees }, config, store, session.now);
      const wishes = { config, given: {}, request, open: async () => '', proposals: 'none', dispatches: true } as const;
      const job = await assembleJob(wishes, parts, store);
      const { record } = await runJob(job, { run: parts.run, store, signal });
      runs.push(renderTerminal(record, { ...session.output.layout, allRows: false }).replaceAll(`${tree}/`, ''));
    }
    const [first = '', second = ''] = runs;
    const posted = builder.asked.map((text) => `  ${text}\n`).join('');
    return `${first}\nWhat its builder was posted, signed:\n\n${posted}\nThe next run, after it was built:\n\n${second}`;
  } finally {
    await store.close();
    await builder.close();
  }
}
