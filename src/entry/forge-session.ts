import type { Config } from '../config/config.ts';
import { PlimsollError } from '../core/errors.ts';
import type { Forge, Selection } from '../forges/forge.ts';
import type { Session } from './session.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The forges of all repositories that the configuration names, each with those. Throws 'CONFIG' without a login. */
export async function openForges(
  { forges }: Pick<Config, 'forges'>,
  { parts }: Pick<Session, 'parts'>,
  env: Environment,
): Promise<readonly { readonly forge: Forge; readonly selections: readonly Selection[] }[]> {
  return Promise.all(
    forges.map(async ({ type, selections }) => {
      const forge = await parts.forge(type, env);
      if (typeof forge === 'string') throw new PlimsollError('CONFIG', forge);
      return { forge, selections };
    }),
  );
}
