import { isIP } from 'node:net';
import * as z from 'zod';
import type { Secret } from '../core/secret.ts';
import { parseCron } from '../core/time/cron.ts';
import { secretText } from '../notify/written.ts';
import {
  type AuthSettings,
  defaultServe,
  type HookSource,
  hookSources,
  openComplaint,
  parseListen,
  type ServeSettings,
} from './serve-settings.ts';

const shared = z.strictObject({});

const authSchema = z.discriminatedUnion('type', [
  shared.extend({ type: z.literal('none').describe('reading only, on this machine only') }),
  shared.extend({
    type: z.literal('token'),
    read: secretText.optional(),
    act: secretText.optional(),
    metrics: secretText.optional(),
  }),
  shared.extend({
    type: z.literal('proxy'),
    user: z
      .string()
      .regex(/^[\w-]+$/)
      .describe('the header with the name of whoever is signed in'),
    from: z
      .array(z.string().min(1))
      .min(1)
      .describe('addresses and ranges of the proxy, such as 127.0.0.1 or 10.0.0.0/8'),
    header: z
      .string()
      .regex(/^[\w-]+$/)
      .describe('the header in which the proxy proves itself'),
    secret: secretText.describe('what stands in it'),
    group: z
      .string()
      .regex(/^[\w-]+$/)
      .optional()
      .describe('the header with groups, by commas'),
    act: z.string().min(1).optional().describe('the group that may act; without it nobody may'),
  }),
]);

const listen = z.string().regex(/^(?:unix:\/.+|(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5})$/, {
  error: 'expected HOST:PORT, or unix:/path/of/a/socket',
});

/** What stands under `serve`. */
export const serveSchema = z.strictObject({
  listen: listen.optional().describe('default 127.0.0.1:8087'),
  publicUrl: z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+\/?$/, { error: 'expected an http(s) address without a path' })
    .nullable()
    .optional()
    .describe('how browsers reach it'),
  auth: authSchema.optional(),
  schedule: z
    .string()
    .refine((text) => parseCron(text) !== undefined, { error: 'expected the five fields of a cron expression' })
    .nullable()
    .optional()
    .describe('when it runs, in the time zone of the configuration; default "17 */6 * * *"; null: never by itself'),
  jitter: z
    .string()
    .regex(/^\d{1,6}[smh]$/, { error: 'expected a time such as 5m' })
    .optional(),
  hooks: z
    .strictObject({
      listen: listen.optional().describe('a second listener for hooks alone'),
      ...(Object.fromEntries(hookSources.map((name) => [name, secretText.optional()])) as Record<
        HookSource,
        z.ZodOptional<typeof secretText>
      >),
    })
    .optional()
    .describe('who may say that an image was pushed; each by its secret of at least 128 bits'),
});

type ServeFile = z.infer<typeof serveSchema>;

/** What the caller knows of the file. */
interface Reader {
  secret(text: string, keys: readonly (string | number)[]): Secret;
  duration(text: string): number;
  complain(keys: readonly (string | number)[], what: string): Error;
}

/** The settings as they are used. Throws what `complain` makes. */
export function serveSettings(given: ServeFile, reader: Reader): ServeSettings {
  const secret = (text: string, ...keys: string[]): Secret => {
    const read = reader.secret(text, ['serve', ...keys]);
    if (!/^.{22,}$/s.test(read.reveal())) {
      throw reader.complain(['serve', ...keys], 'at least 128 bits, which are 22 characters of base64');
    }
    return read;
  };
  const { listen: hookListen, ...sources } = given.hooks ?? {};
  const secrets = Object.entries(sources).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, secret(text, 'hooks', name)] as const],
  );
  const settings: ServeSettings = {
    listen: given.listen === undefined ? defaultServe.listen : parseListen(given.listen),
    publicUrl: given.publicUrl?.replace(/\/$/, '') ?? null,
    auth: authOf(given.auth ?? { type: 'none' }, secret, reader),
    schedule: given.schedule === undefined ? defaultServe.schedule : given.schedule,
    jitter: given.jitter === undefined ? defaultServe.jitter : reader.duration(given.jitter),
    hooks: {
      ...(hookListen !== undefined && { listen: parseListen(hookListen) }),
      secrets: Object.fromEntries(secrets),
    },
  };
  const open = openComplaint(settings);
  if (open !== undefined) throw reader.complain(['serve', 'listen'], open);
  return settings;
}

function authOf(
  auth: NonNullable<ServeFile['auth']>,
  secret: (text: string, ...keys: string[]) => Secret,
  reader: Reader,
): AuthSettings {
  switch (auth.type) {
    case 'none':
      return { type: 'none' };
    case 'token': {
      const { read, act, metrics } = auth;
      if (read === undefined && act === undefined) {
        throw reader.complain(['serve', 'auth'], 'a token to read with is missing: read, or act, which may read, too');
      }
      return {
        type: 'token',
        ...(read !== undefined && { read: secret(read, 'auth', 'read') }),
        ...(act !== undefined && { act: secret(act, 'auth', 'act') }),
        ...(metrics !== undefined && { metrics: secret(metrics, 'auth', 'metrics') }),
      };
    }
    case 'proxy': {
      const wrong = auth.from.find((range) => !isRange(range));
      if (wrong !== undefined) throw reader.complain(['serve', 'auth', 'from'], `${wrong} is no address and no range`);
      const { type, user, from, header, group, act } = auth;
      return {
        type,
        user,
        from,
        header,
        secret: secret(auth.secret, 'auth', 'secret'),
        ...(group !== undefined && { group }),
        ...(act !== undefined && { act }),
      };
    }
  }
}

function isRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
