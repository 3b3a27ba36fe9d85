import * as z from 'zod';
import type { ByteCache } from '../cache/byte-cache.ts';
import { limits } from '../core/limits/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { Secret } from '../core/secret.ts';
import type { Forge, ForgeAdapter, Presentation, Selection } from './forge.ts';

/** A list of names, as the configuration has them. */
export const names = z.array(z.string().min(1).max(200)).max(50);

/** The branches of an entry, for all forges alike. */
export const branchNames = names
  .optional()
  .describe('branches to check and to propose against; the default branch unless given');

/** Characters of our texts where the forge takes as many. */
export const usualSizes: Presentation['most'] = {
  title: limits.proposal.title.most,
  body: limits.proposal.body.most,
  issue: limits.proposal.dashboard.most,
};

type Environment = Readonly<Record<string, string | undefined>>;

/** A server that an entry names, and who we are there; what is absent, the environment says. */
export interface ForgeServer {
  /** Without a slash at its end. */
  readonly url?: string;
  readonly token?: Secret;
  /** Whose the token is, where that may not be asked. */
  readonly login?: string;
}

/** The keys that name a server, for forges that may have several. */
export const serverKeys = {
  url: z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*[^\s?#/])?$/, {
      error: 'expected an address such as https://git.example.org',
    })
    .optional()
    .describe('the address of the server'),
  token: z
    .string()
    .regex(/^(\$\{\w+\}|file:.+)$/, { error: 'a secret is written as ${ENV_NAME} or file:PATH, never as itself' })
    .optional()
    .describe(
      '${ENV_NAME} or file:PATH, never the secret itself; needed where the environment has one for another server',
    ),
};

/** What every forge gets from whoever opens it. */
export interface ForgeDependencies {
  /** Goes the way all our requests go (proxies, certificates); redirects are answers. */
  readonly fetch: typeof globalThis.fetch;
  readonly userAgent: string;
  readonly logger: Logger;
  /** For what is named by its content, and for lists with their validators. */
  readonly cache: ByteCache;
  /** The time by which the run decides, milliseconds since 1970. */
  readonly now: number;
}

/** Opens a forge as whom the login says, and loads what that takes. */
export type OpenForge = (deps: ForgeDependencies) => Promise<Forge>;

/** One kind of forge, as the list holds it. */
export interface ForgeType {
  /** Its word in reports and identities. */
  readonly type: string;
  /** An entry of `repositories` in the configuration; the first key is the one that every entry has. */
  readonly schema: z.ZodObject;
  readonly present: Presentation;
  /** What an entry that the schema has let through selects. `folder`: where relative paths begin. */
  select(entry: Readonly<Record<string, unknown>>, folder: string): Selection;
  /** A sentence instead: there is no login, and where one is given. Throws PlimsollError 'CONFIG' for half a login. */
  login(env: Environment, server?: ForgeServer): OpenForge | string;
}

/** A forge: its part of the configuration, how it is spoken of, how we sign in, and how it is opened. */
export function defineForge<S extends z.ZodObject, L extends object>(forge: {
  readonly type: string;
  readonly schema: S;
  readonly present: Presentation;
  readonly select: (entry: z.infer<S>, folder: string) => Selection;
  readonly login: (env: Environment, server: ForgeServer) => L | string;
  readonly open: (login: L, deps: ForgeDependencies) => Promise<ForgeAdapter>;
}): ForgeType {
  const { type, schema, present, select, login, open } = forge;
  return {
    type,
    schema,
    present,
    select: (entry, folder) => select(entry as z.infer<S>, folder),
    login: (env, server = {}) => {
      const found = login(env, server);
      return typeof found === 'string' ? found : async (deps) => ({ ...(await open(found, deps)), type, present });
    },
  };
}
