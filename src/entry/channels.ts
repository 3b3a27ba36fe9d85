import type { Config } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import type { OpenChannel } from '../notify/deliver.ts';
import { networkFromEnvironment } from './environment.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

/** Opens the configured channels, loading what each needs. Throws what a channel says of its own options. */
export async function openChannels(
  { notify }: Pick<Config, 'notify'>,
  { app, clock }: { readonly app: Pick<Session['app'], 'fetch'>; readonly clock: Clock },
  signal: AbortSignal,
): Promise<readonly OpenChannel[]> {
  const { tlsFor } = networkFromEnvironment(process.env);
  const deps = { fetch: app.fetch, clock, version: version(), signal, ...(tlsFor && { tlsFor }) };
  return Promise.all(
    notify.map(async ({ open, ...rules }) => ({ name: rules.name, rules, channel: await open(deps) })),
  );
}
