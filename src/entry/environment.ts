import { homedir } from 'node:os';
import path from 'node:path';
import { PlimsollError } from '../core/errors.ts';
import { type Clock, systemClock } from '../core/time/clock.ts';
import type { Network } from '../http/agents.ts';
import { proxyChoice } from '../http/proxy.ts';
import { dockerCertificates, readPem } from '../http/tls-settings.ts';
import type { CredentialStore } from '../oci/credentials/stored-credentials.ts';
import { registryOf } from '../oci/quirks/index.ts';

/** The clock of this process: PLIMSOLL_NOW (RFC 3339) stops it, for tests and replays. Throws 'USAGE' when that is no time. */
export function clockFromEnvironment(env: NodeJS.ProcessEnv): Clock {
  const text = env['PLIMSOLL_NOW'];
  if (!text) return systemClock;
  const now = Date.parse(text);
  if (Number.isNaN(now)) throw new PlimsollError('USAGE', `PLIMSOLL_NOW is no RFC 3339 time: ${JSON.stringify(text)}`);
  return { now: () => now };
}

/** Where derived data is kept unless said otherwise: the XDG cache folder. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv): string {
  return path.join(env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'plimsoll');
}

/** Where the scheduled job remembers unless said otherwise: the XDG state folder. */
export function defaultStateFile(env: NodeJS.ProcessEnv): string {
  return path.join(env['XDG_STATE_HOME'] || path.join(homedir(), '.local', 'state'), 'plimsoll', 'state.db');
}

/**
 * Where logins are stored, the first believed first: GitLab's DOCKER_AUTH_CONFIG, the file REGISTRY_AUTH_FILE names,
 * Docker's config.json, podman's auth.json of this session and of this user (containers-auth.json(5)).
 */
export function credentialStores(env: NodeJS.ProcessEnv): readonly CredentialStore[] {
  const text = env['DOCKER_AUTH_CONFIG'];
  const config = env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config');
  const session = env['XDG_RUNTIME_DIR'];
  const files = [
    env['REGISTRY_AUTH_FILE'],
    path.join(env['DOCKER_CONFIG'] || path.join(homedir(), '.docker'), 'config.json'),
    session && path.join(session, 'containers', 'auth.json'),
    path.join(config, 'containers', 'auth.json'),
  ];
  return [
    ...(text ? [{ kind: 'text', name: 'DOCKER_AUTH_CONFIG', text } as const] : []),
    ...files.flatMap((file) => (file ? [{ kind: 'file', file } as const] : [])),
  ];
}

/**
 * How this machine reaches others: the proxy variables in both spellings (of HTTP_PROXY only the lower case one counts
 * where a web server runs us, for there the other is a header of the visitor: CVE-2016-5385), the authorities of
 * SSL_CERT_FILE, and what Docker was told under certs.d. NODE_EXTRA_CA_CERTS is Node's own affair.
 * Throws PlimsollError 'CONFIG' when a proxy variable is no address.
 */
export function networkFromEnvironment(env: NodeJS.ProcessEnv): Network {
  const either = (name: string): string | undefined => env[name.toLowerCase()] || env[name];
  const proxies = {
    http: env['http_proxy'] || (env['REQUEST_METHOD'] ? undefined : env['HTTP_PROXY']),
    https: either('HTTPS_PROXY'),
    no: either('NO_PROXY'),
  };
  const bundle = env['SSL_CERT_FILE'];
  const folders = [path.join(homedir(), '.config', 'docker', 'certs.d'), '/etc/docker/certs.d'];
  return {
    ...((proxies.http || proxies.https) && { proxyFor: proxyChoice(proxies) }),
    tlsFor: (host) => {
      const found = dockerCertificates(folders, registryOf(host));
      return bundle ? { ...found, ca: [...(found?.ca ?? []), readPem(bundle, host)] } : found;
    },
  };
}
