import { Secret } from '../../core/secret.ts';
import type { Credentials } from './credentials.ts';

/** What a Docker `config.json` or a podman `auth.json` says about logins. */
export interface DockerConfig {
  /** The login for a repository, else for the part of the registry it lies in, else for the registry. */
  find(registry: string, repository: string): Credentials | undefined;
  /** Who is to be asked instead, and under which name it knows the registry. */
  helperFor(registry: string): { readonly helper: string; readonly server: string } | undefined;
  /** Is there a login for the registry that cannot be read? */
  isBroken(registry: string): boolean;
}

interface Key {
  readonly host: string;
  /** The namespace or repository; empty for the whole registry. */
  readonly path: string;
}

/**
 * Reads the `auths`, `credHelpers` and `credsStore` of a Docker `config.json` (docker/cli, cli/config/configfile) or of
 * podman's auth.json (containers-auth.json(5): keys may go down to a namespace or repository). Keys of `auths` are
 * hosts, or addresses as `https://index.docker.io/v1/`, which `docker login` writes for Docker Hub. Broken entries
 * count as absent, and are named when asked. `origin` is where it stood, for people.
 */
export function parseDockerConfig(config: unknown, origin?: string): DockerConfig {
  const { auths, credHelpers, credsStore } = objectOf(config);
  const logins = new Map<string, Credentials>();
  const written = new Map<string, string>();
  const broken = new Set<string>();
  for (const [text, entry] of Object.entries(objectOf(auths))) {
    const key = parseKey(text);
    if (key === undefined) continue;
    const name = key.path === '' ? key.host : `${key.host}/${key.path}`;
    if (key.path === '' && !written.has(key.host)) written.set(key.host, text);
    const credentials = credentialsOf(objectOf(entry));
    // An empty entry is what `docker login` leaves where a helper keeps the secret.
    if (!credentials && textOf(objectOf(entry)['auth']) !== undefined) broken.add(key.host);
    if (credentials && !logins.has(name)) logins.set(name, { ...credentials, ...(origin !== undefined && { origin }) });
  }
  const helpers = new Map<string, { helper: string; server: string }>();
  for (const [text, helper] of Object.entries(objectOf(credHelpers))) {
    const key = parseKey(text);
    if (key?.path === '' && typeof helper === 'string' && helper !== '') {
      helpers.set(key.host, { helper, server: serverName(key.host, undefined) });
    }
  }
  const store = typeof credsStore === 'string' && credsStore !== '' ? credsStore : undefined;
  return {
    isBroken: (registry) => broken.has(registry),
    find: (registry, repository) => {
      for (let name = `${registry}/${repository}`; name.includes('/'); name = name.slice(0, name.lastIndexOf('/'))) {
        const found = logins.get(name);
        if (found) return found;
      }
      return logins.get(registry);
    },
    helperFor: (registry) =>
      helpers.get(registry) ??
      (store === undefined ? undefined : { helper: store, server: serverName(registry, written.get(registry)) }),
  };
}

/** Helpers know Docker Hub by the address of its first API, and others as `docker login` was told. */
function serverName(registry: string, written: string | undefined): string {
  return written ?? (registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry);
}

/** undefined for other addresses: Docker Desktop keeps tokens under https://index.docker.io/v1/access-token. */
function parseKey(text: string): Key | undefined {
  const [, scheme, name, rest = ''] = /^(https?:\/\/)?([^/]+)((?:\/.*)?)$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  const host = name === 'index.docker.io' || name === 'registry-1.docker.io' ? 'docker.io' : name;
  if (/^\/?$|^\/v[12]\/?$/.test(rest)) return { host, path: '' };
  const path = rest.replace(/^\/|\/$/g, '');
  return scheme === undefined && /^[^/]/.test(path) ? { host, path } : undefined;
}

function credentialsOf(entry: Record<string, unknown>): Credentials | undefined {
  const { auth } = entry;
  const identity = textOf(entry['identitytoken']);
  const bearer = textOf(entry['registrytoken']);
  const login = auth === undefined || auth === '' ? [entry['username'], entry['password']] : decodeAuth(auth);
  const [username, password] = login.map(textOf);
  if (bearer !== undefined) return { kind: 'bearer', token: new Secret(bearer) };
  if (identity !== undefined) return { kind: 'identity', username: username ?? '<token>', token: new Secret(identity) };
  return loginOf(username, password);
}

/** Docker's sign for "the secret is an identity token", in files and from helpers. */
const tokenUser = '<token>';

/** A name and a secret as stores hand them out; undefined when one is missing. */
export function loginOf(username: string | undefined, secret: string | undefined): Credentials | undefined {
  if (username === undefined || secret === undefined) return undefined;
  return username === tokenUser
    ? { kind: 'identity', username, token: new Secret(secret) }
    : { kind: 'password', username, password: new Secret(secret) };
}

/** base64 of "user:password"; old docker versions padded it with NUL. */
function decodeAuth(auth: unknown): [string, string] | [] {
  if (typeof auth !== 'string') return [];
  const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = text.indexOf(':');
  return colon < 0 ? [] : [text.slice(0, colon), text.slice(colon + 1)];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
