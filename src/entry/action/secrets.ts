import { Secret } from '../../core/secret.ts';
import type { CredentialSource, Credentials } from '../../oci/credentials/credentials.ts';
import type { Runner } from './runner.ts';

/** The job's own token opens GitHub's own registry, and is shown nowhere else; a login that was made there comes first. */
export function ownPackages(
  { serverUrl, actor }: Pick<Runner, 'serverUrl' | 'actor'>,
  token: string | undefined,
): CredentialSource {
  if (token === undefined || serverUrl !== 'https://github.com') return () => undefined;
  const login: Credentials = {
    kind: 'password',
    username: actor,
    password: new Secret(token),
    origin: "the job's token",
  };
  return (registry) => (registry === 'ghcr.io' ? login : undefined);
}

/** Shorter values would black out ordinary words of the log. */
const shortestSecret = 4;

/** Has the runner show `***` in the place of these; it looks for them line by line. */
export async function mask(values: readonly (string | undefined)[]): Promise<void> {
  const { setSecret } = await import('@actions/core');
  const lines = values
    .flatMap((value) => value?.split(/\r?\n/) ?? [])
    .filter((line) => line.trim().length >= shortestSecret);
  for (const line of lines) setSecret(line);
}
