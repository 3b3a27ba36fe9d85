import type { Credentials } from './credentials.ts';

/**
 * A login as Docker's API takes it in `X-Registry-Auth`: AuthConfig as JSON in base64url (moby, api/docs/v1.51.yaml,
 * "Authentication"), padded: Go's decoder takes the last characters for nothing without, and the daemon then asks as nobody. `registry` as
 * references name it.
 */
export function registryAuth(credentials: Credentials, registry: string): string {
  const serveraddress = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  const text = Buffer.from(JSON.stringify({ ...shown(credentials), serveraddress })).toString('base64');
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

function shown(credentials: Credentials): Readonly<Record<string, string>> {
  switch (credentials.kind) {
    case 'password':
      return { username: credentials.username, password: credentials.password.reveal() };
    case 'identity':
      return { username: credentials.username, identitytoken: credentials.token.reveal() };
    case 'bearer':
      return { registrytoken: credentials.token.reveal() };
  }
}
