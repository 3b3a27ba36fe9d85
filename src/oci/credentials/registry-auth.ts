import type { Credentials } from './credentials.ts';

/**
 * A login as Docker's API takes it in `X-Registry-Auth`: AuthConfig as JSON in base64url (moby, api/docs/v1.51.yaml,
 * "Authentication"). `registry` as references name it.
 */
export function registryAuth(credentials: Credentials, registry: string): string {
  const serveraddress = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  return Buffer.from(JSON.stringify({ ...shown(credentials), serveraddress })).toString('base64url');
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
