import * as z from 'zod';
import { severities } from '../core/advisory.ts';
import { newsClasses } from '../core/news.ts';
import type { Secret } from '../core/secret.ts';
import { type ChannelSettings, channelModes, resolvedWays } from '../notify/channel-settings.ts';
import { notifiers } from '../notify/index.ts';
import type { Notifier } from '../notify/notifier.ts';

const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day such as "22:00", in quotes' });
const types = notifiers.map(({ type }) => type).join(', ');

/** The list under `notify`; each kind of channel brings its own keys. */
export function notifySchema({
  imageGlob,
  repositoryGlob,
  duration,
}: Readonly<Record<'imageGlob' | 'repositoryGlob' | 'duration', z.ZodType<string>>>) {
  const shared = {
    name: z
      .string()
      .regex(/^[\w.-]{1,60}$/, { error: 'expected letters, digits, _, . or -' })
      .optional()
      .describe('identity of the channel; default: its type'),
    only: z
      .strictObject({
        class: z.array(z.enum(newsClasses)).min(1).optional(),
        security: z.boolean().optional(),
        severity: z.enum(severities).optional().describe('the least severity of a fix; what nobody has rated passes'),
        repository: repositoryGlob.optional().describe('a glob over owner/name'),
        image: imageGlob.optional().describe('a glob over images'),
      })
      .optional()
      .describe('what it is told; all that is given must hold'),
    mode: z.enum(channelModes).optional().describe('a message per story, per run (default), per day or per week'),
    quiet: z
      .strictObject({ from: time, to: time, except: z.array(z.enum(newsClasses)).optional() })
      .optional()
      .describe('hours in which messages wait; pin-broken and security do not, unless except says otherwise'),
    resolved: z
      .enum(resolvedWays)
      .optional()
      .describe(
        'how it hears that something is over: in the thread of what told it, with the next message, by a message of its own, or not; default: reply where that is silent, else next',
      ),
    remind: z
      .union([z.literal('never'), duration])
      .optional()
      .describe('when what is still open is told again: a time such as 7d (the default), or never'),
  };
  const kinds = notifiers.map(({ type, schema }) =>
    z.strictObject({ type: z.literal(type), ...shared, ...schema.shape }),
  );
  return z.array(
    z.discriminatedUnion('type', kinds as unknown as [Kind, ...Kind[]], { error: `expected a type: ${types}` }),
  );
}

type Kind = z.ZodObject<{ type: z.ZodLiteral<string> }>;

/** An entry as the schema has let it through. */
type Written = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly name?: string;
  readonly only?: ChannelSettings['only'];
  readonly mode?: ChannelSettings['mode'];
  readonly remind?: string;
  readonly resolved?: NonNullable<ChannelSettings['resolved']>;
  readonly quiet?: {
    readonly from: string;
    readonly to: string;
    readonly except?: NonNullable<ChannelSettings['quiet']>['except'];
  };
};

/** What the caller knows of the file: how a secret is read, and how something is complained about. */
interface Reader {
  /** Milliseconds of a time as it is written. */
  duration(text: string): number;
  secret(text: string, keys: readonly (string | number)[]): Secret;
  complain(keys: readonly (string | number)[], what: string): Error;
}

/** The channels of a configuration. Throws what `complain` makes: a name taken twice, options that do not go together. */
export function channelSettings(entries: readonly unknown[], reader: Reader): ChannelSettings[] {
  const seen = new Map<string, number>();
  return (entries as readonly Written[]).map((entry, index) => {
    const keys = ['notify', index];
    const { type, name = type, only = {}, mode = 'run', quiet, remind = '7d', resolved, ...options } = entry;
    const notifier = notifiers.find((one) => one.type === type) as Notifier;
    const first = seen.get(name);
    if (first !== undefined) {
      throw reader.complain(
        [...keys, 'name'],
        `${name} is the name of channel ${first + 1} as well; each needs a name of its own`,
      );
    }
    seen.set(name, index);
    const complaint = notifier.complaint(options);
    if (complaint !== undefined) throw reader.complain(keys, complaint);
    const read = Object.entries(options).map(([key, value]) => [
      key,
      notifier.secrets.includes(key) && typeof value === 'string' ? reader.secret(value, [...keys, key]) : value,
    ]);
    const opened: Readonly<Record<string, unknown>> = Object.fromEntries(read);
    return {
      name,
      type,
      only,
      mode,
      ...(quiet !== undefined && { quiet: { ...quiet, except: quiet.except ?? ['pin-broken', 'security'] } }),
      ...(remind !== 'never' && { remindAfter: reader.duration(remind) }),
      ...(resolved !== undefined && { resolved }),
      open: (deps) => notifier.open(opened, { ...deps, name }),
    };
  });
}
