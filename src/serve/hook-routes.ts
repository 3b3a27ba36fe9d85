import type { Hono } from 'hono';
import type { HookSource } from '../config/serve-settings.ts';
import { limits } from '../core/limits/limits.ts';
import type { Daemon } from './daemon-parts.ts';
import { type HookCall, isGenuine, readHook } from './hooks.ts';
import { bodyOf } from './request-body.ts';

/** What becomes of a call. */
type Result = 'accepted' | 'unknown' | 'duplicate' | 'refused' | 'too-large' | 'too-many';

const statusOf: Readonly<Record<Result, 202 | 401 | 413 | 429>> = {
  accepted: 202,
  unknown: 202,
  duplicate: 202,
  refused: 401,
  'too-large': 413,
  'too-many': 429,
};

/**
 * The routes below `/hooks/`. What a call says is put into the inbox, if the state knows the image; nothing that it names is
 * ever asked for, and the answer to a known image, an unknown one and a second call is the same.
 */
export function addHookRoutes(app: Hono, daemon: Daemon): void {
  let minute = 0;
  let calls = 0;
  const handle = async (source: string, call: Omit<HookCall, 'body'>, request: Request): Promise<Response> => {
    const secrets = daemon.inForce().config.serve.hooks.secrets;
    // `constructor` is a word that every object knows.
    const secret = Object.hasOwn(secrets, source) ? secrets[source as HookSource] : undefined;
    const label = secret === undefined ? 'other' : source;
    const answer = (result: Result): Response => {
      daemon.supervisor.counts.hook(label, result);
      const headers = result === 'too-many' ? { 'retry-after': '60' } : undefined;
      return new Response(null, { status: statusOf[result], ...(headers && { headers }) });
    };
    const now = daemon.clock.now();
    if (Math.floor(now / 60_000) !== minute) {
      minute = Math.floor(now / 60_000);
      calls = 0;
    }
    calls += 1;
    if (calls > limits.serve.hookCalls.most) return answer('too-many');
    const body = await bodyOf(request, limits.serve.hookBody.most);
    if (body === undefined) return answer('too-large');
    const whole = { ...call, body };
    // The same answer for a source that nobody has set up: who asks learns nothing from it.
    if (secret === undefined || !isGenuine(source as HookSource, whole, secret.reveal())) return answer('refused');
    return answer(await accept(daemon, source as HookSource, whole, now));
  };
  app.post('/hooks/:source', (c) =>
    handle(c.req.param('source'), { header: (name) => c.req.header(name), pathSecret: undefined }, c.req.raw),
  );
  app.post('/hooks/:source/:secret', (c) =>
    handle(
      c.req.param('source'),
      { header: (name) => c.req.header(name), pathSecret: c.req.param('secret') },
      c.req.raw,
    ),
  );
  // Nobody is sent from here to log in: the address that is come back to may hold a secret.
  for (const path of ['/hooks/:source', '/hooks/:source/:secret']) {
    app.all(path, (c) => c.text('hooks are called by POST\n', 405, { allow: 'POST' }));
  }
  app.all('/hooks/*', (c) => c.text('no such hook\n', 404));
}

async function accept({ store, logger }: Daemon, source: HookSource, call: HookCall, now: number): Promise<Result> {
  const said = readHook(source, call);
  if (said === undefined) return 'unknown';
  const { references, delivery } = said;
  const known: string[] = [];
  for (const one of references) if ((await store.fleet.references(one)).includes(one)) known.push(one);
  if (known.length === 0) return 'unknown';
  if (delivery !== undefined && !(await store.daemon.firstDelivery(source, delivery, now))) return 'duplicate';
  await store.daemon.addRechecks(known.map((reference) => ({ reference, requested: now, source })));
  logger.info(`a hook of ${source} said that ${known.join(', ')} has moved`);
  return 'accepted';
}
