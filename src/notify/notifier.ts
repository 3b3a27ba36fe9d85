import type * as z from 'zod';
import type { Message } from '../core/message.ts';
import type { Problem } from '../core/problem.ts';
import type { Secret } from '../core/secret.ts';
import type { Clock } from '../core/time/clock.ts';
import type { TlsSettings } from '../http/tls-settings.ts';

/** One post of a message, within the limits of its service. */
export interface Part {
  /** Keys of the news it carries. */
  readonly news: readonly string[];
  /** What the channel's own `post` takes; JSON-safe. */
  readonly payload: unknown;
  /** Readable form for a preview and for logs; holds no secrets. */
  readonly text: string;
}

/** What became of one post. Failing is a value: the caller decides whether and when to try again. */
export type Posted =
  | {
      readonly kind: 'accepted';
      /** Opaque, at most 500 characters: lets a later message answer it. */
      readonly receipt?: string;
      /** Accepted, though not as wished: one of three recipients was refused. */
      readonly problem?: Problem;
    }
  | {
      readonly kind: 'failed';
      readonly problem: Problem;
      /** Trying again in this run is useless: the webhook is revoked, the token is wrong. */
      readonly permanent: boolean;
      /** Milliseconds, as the service said. */
      readonly retryAfter?: number;
    };

/** One configured place that receives messages. */
export interface Channel {
  /** Pure: the parts of a message, split between stories, in order. The union of their news is the message's. */
  render(message: Message): readonly Part[];
  /** Sends one part once. Never throws for what the service or the network does. `thread`: receipt of what it belongs to. */
  post(part: Part, thread: string | undefined): Promise<Posted>;
  /** An answer to an earlier post stands in its thread and disturbs nobody; absent: there are no threads, or it does. */
  readonly repliesSilently?: true;
  /** What is wrong with where it posts, as far as the shape of an address or token tells; nobody is asked. */
  readonly doubt?: string;
  /** The least time between two posts, in milliseconds, by the service's rules. */
  readonly pace: number;
  close(): Promise<void>;
}

/** What every channel gets from whoever opens it. */
export interface NotifierDependencies {
  /** The channel's name in the configuration, for problems. */
  readonly name: string;
  /** Goes the way all our requests go (proxies, certificates); logs nothing, since addresses are secrets here. Redirects are answers. */
  readonly fetch: typeof globalThis.fetch;
  /** Certificates for a host and port, for what does not speak HTTP. */
  readonly tlsFor?: (host: string) => TlsSettings | undefined;
  readonly clock: Clock;
  readonly version: string;
  /** Ends everything under way. */
  readonly signal: AbortSignal;
  /** Milliseconds for one post; 15 seconds unless set. */
  readonly timeout?: number;
}

/** The options as opened: what the configuration names as a secret has been read. */
export type OpenOptions<Options, Key extends keyof Options> = {
  readonly [K in keyof Options]: K extends Key ? Secret | Extract<Options[K], undefined> : Options[K];
};

/** One kind of channel, as the list holds it. */
export interface Notifier {
  readonly type: string;
  /** The keys of the configuration beside those that every channel has. */
  readonly schema: z.ZodObject;
  /** Keys whose values are secrets: `${ENV}` or `file:PATH` in the configuration. */
  readonly secrets: readonly string[];
  /** Options that go together, in words, when they do not; the schema has seen to everything else. */
  complaint(options: Readonly<Record<string, unknown>>): string | undefined;
  /** `options`: parsed by the schema, secrets read. */
  open(options: Readonly<Record<string, unknown>>, deps: NotifierDependencies): Promise<Channel>;
}

/** A notifier: its part of the configuration's schema, and how a channel of it is opened. The libraries it needs load when it is. */
export function defineNotifier<S extends z.ZodObject, K extends keyof z.infer<S> & string>(notifier: {
  readonly type: string;
  readonly schema: S;
  readonly secrets: readonly K[];
  readonly complaint?: (options: z.infer<S>) => string | undefined;
  readonly open: (options: OpenOptions<z.infer<S>, K>, deps: NotifierDependencies) => Promise<Channel>;
}): Notifier {
  const { type, schema, secrets, complaint, open } = notifier;
  return {
    type,
    schema,
    secrets,
    complaint: (options) => complaint?.(options as z.infer<S>),
    open: (options, deps) => open(options as OpenOptions<z.infer<S>, K>, deps),
  };
}
