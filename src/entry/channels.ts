import type { Config } from '../config/config.ts';
import type { Clock } from '../core/time/clock.ts';
import type { OpenChannel } from '../notify/deliver.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

/** Opens the configured channels, loading what each needs. Throws what a channel says of its own options. */
export async function openChannels(
  { notify }: Pick<Config, 'notify'>,
  { app, clock }: { readonly app: Pick<Session['app'], 'fetch' | 'tlsFor'>; readonly clock: Clock },
  signal: AbortSignal,
): Promise<readonly OpenChannel[]> {
  const deps = { fetch: app.fetch, tlsFor: app.tlsFor, clock, version: version(), signal };
  return Promise.all(
    notify.map(async ({ open, ...rules }) => ({ name: rules.name, rules, channel: await open(deps) })),
  );
}
