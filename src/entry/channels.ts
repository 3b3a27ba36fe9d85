import type { Config } from '../config/config.ts';
import type { Clock } from '../core/time/clock.ts';
import type { OpenChannel } from '../notify/deliver.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

/** Opens the configured channels, loading what each needs. Throws what a channel says of its own options. */
export async function openChannels(
  { notify }: Pick<Config, 'notify'>,
  { parts, clock }: { readonly parts: Pick<Session['parts'], 'fetch' | 'tlsFor'>; readonly clock: Clock },
  signal: AbortSignal,
): Promise<readonly OpenChannel[]> {
  const deps = { fetch: parts.fetch, tlsFor: parts.tlsFor, clock, version: version(), signal };
  return Promise.all(
    notify.map(async ({ open, ...rules }) => ({ name: rules.name, rules, channel: await open(deps) })),
  );
}
