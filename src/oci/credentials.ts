import { Secret } from '../core/secret.ts';

export interface Credentials {
  readonly username: string;
  readonly password: Secret;
}

/** Credentials for exactly this registry (`docker.io`, `ghcr.io`, `localhost:5000`), or undefined for anonymous access. */
export type CredentialSource = (registry: string) => Credentials | undefined;

/**
 * Reads the `auths` of a Docker `config.json` (docker/cli, config/configfile). Keys are hosts, or addresses as
 * `https://index.docker.io/v1/`, which `docker login` writes for Docker Hub. Broken entries count as absent.
 */
export function dockerConfigCredentials(config: unknown): CredentialSource {
  const byHost = new Map<string, Credentials>();
  for (const [key, entry] of Object.entries(objectOf(objectOf(config)['auths']))) {
    const credentials = credentialsOf(objectOf(entry));
    const host = hostOfKey(key);
    if (credentials && host !== undefined && !byHost.has(host)) byHost.set(host, credentials);
  }
  return (registry) => byHost.get(registry);
}

/** undefined for other paths: Docker Desktop keeps tokens under https://index.docker.io/v1/access-token, podman logins of one namespace. */
function hostOfKey(key: string): string | undefined {
  const host = /^(?:https?:\/\/)?([^/]+)(?:\/(?:v[12]\/?)?)?$/.exec(key)?.[1];
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function credentialsOf(entry: Record<string, unknown>): Credentials | undefined {
  const { username, password, auth } = entry;
  if (typeof auth === 'string' && auth !== '') {
    // base64 of "user:password"; old docker versions padded it with NUL.
    const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
    const colon = text.indexOf(':');
    // Without a password: beside it stands an `identitytoken`, which only an OAuth2 exchange could use.
    return colon <= 0 || colon === text.length - 1
      ? undefined
      : { username: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) };
  }
  if (typeof username === 'string' && username !== '' && typeof password === 'string' && password !== '') {
    return { username, password: new Secret(password) };
  }
  return undefined;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The value of a Basic `Authorization` header (RFC 7617). */
export function basicAuthorization({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
}
