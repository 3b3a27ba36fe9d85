import { Secret } from '../../../src/core/secret.ts';
import { Agents, type Network } from '../../../src/http/agents.ts';
import { plainFetch } from '../../../src/http/plain-fetch.ts';
import { notifiers } from '../../../src/notify/index.ts';
import type { Channel, NotifierDependencies } from '../../../src/notify/notifier.ts';

/** 2026-11-21T12:00:00Z. */
export const noon = Date.UTC(2026, 10, 21, 12);

/** Opens a channel as a configuration would; texts that `secrets` names become secrets. */
export function openChannel(
  type: string,
  options: Readonly<Record<string, unknown>>,
  more: Partial<NotifierDependencies> & { readonly network?: Network } = {},
): Promise<Channel> {
  const notifier = notifiers.find((one) => one.type === type);
  if (notifier === undefined) throw new Error(`no notifier ${type}`);
  const controller = new AbortController();
  const fetch = plainFetch(new Agents(more.network), controller.signal);
  const opened = Object.entries(options).map(([key, value]) => [
    key,
    notifier.secrets.includes(key) && typeof value === 'string' ? new Secret(value) : value,
  ]);
  const { network: _, ...rest } = more;
  return notifier.open(Object.fromEntries(opened), {
    name: 'ops',
    fetch,
    clock: { now: () => noon },
    version: '0.0.0',
    signal: controller.signal,
    timeout: 60_000,
    ...rest,
  });
}
