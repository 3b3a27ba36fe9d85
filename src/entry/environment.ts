import { readFileSync } from 'node:fs';
import path from 'node:path';
import { homeFolder } from '../config/home-folder.ts';
import { PlimsollError } from '../core/errors.ts';
import { type Clock, systemClock } from '../core/time/clock.ts';
import type { Network } from '../http/agents.ts';
import { proxyChoice } from '../http/proxy.ts';
import { dockerCertificates, readPem } from '../http/tls-settings.ts';
import type { CredentialStore } from '../oci/credentials/stored-credentials.ts';
import { registryOf } from '../oci/quirks/index.ts';
import { mayExist } from '../state/open-state.ts';
import { endsWithContainer } from './lasting.ts';

/** The clock of this process: PLIMSOLL_NOW (RFC 3339) stops it, for tests and replays. Throws 'USAGE' when that is no time. */
export function clockFromEnvironment(env: NodeJS.ProcessEnv): Clock {
  const text = env['PLIMSOLL_NOW'];
  if (!text) return systemClock;
  const now = Date.parse(text);
  if (Number.isNaN(now)) throw new PlimsollError('USAGE', `PLIMSOLL_NOW is no RFC 3339 time: ${JSON.stringify(text)}`);
  return { now: () => now };
}

/** Where derived data is kept unless said otherwise: the XDG cache folder; `none` where there is no home for one. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv): string {
  const folder = baseFolder(env['XDG_CACHE_HOME'], '.cache');
  return folder === undefined ? 'none' : path.join(folder, 'plimsoll');
}

/** Where the scheduled job remembers unless said otherwise: the XDG state folder. Throws PlimsollError 'STATE' without a home. */
export function defaultStateFile(env: NodeJS.ProcessEnv): string {
  const folder = baseFolder(env['XDG_STATE_HOME'], '.local/state');
  if (folder === undefined) {
    throw new PlimsollError(
      'STATE',
      'there is no home folder to keep the state in; name a file with --state or "state" in the configuration, or a folder by XDG_STATE_HOME',
    );
  }
  return path.join(folder, 'plimsoll', 'state.db');
}

/** What to say before a state is made that will not outlive this container. Elsewhere nothing. */
export function shortLivedState(file: string, env: NodeJS.ProcessEnv): string | undefined {
  // Set by Podman and our image; others that set it (LXC, nspawn) keep their root. Source: systemd.io/CONTAINER_INTERFACE.
  if (!['docker', 'oci', 'podman'].includes(env['container'] ?? '') || mayExist(file)) return undefined;
  const folder = path.dirname(path.resolve(file));
  try {
    if (!endsWithContainer(folder, readFileSync('/proc/self/mountinfo', 'utf8'))) return undefined;
  } catch {
    return undefined;
  }
  return `the state ${file} will be lost with this container, and the next one tells everything again; mount a volume, as in -v plimsoll:/state`;
}

/** "All paths set in these environment variables must be absolute", and others are ignored. Source: XDG Base Directory Specification. */
function baseFolder(named: string | undefined, below: string): string | undefined {
  if (named && path.isAbsolute(named)) return named;
  const home = homeFolder();
  return home && path.join(home, below);
}

/**
 * Where logins are stored, the first believed first: GitLab's DOCKER_AUTH_CONFIG, the file REGISTRY_AUTH_FILE names,
 * Docker's config.json, podman's auth.json of this session and of this user (containers-auth.json(5)).
 */
export function credentialStores(env: NodeJS.ProcessEnv): readonly CredentialStore[] {
  const text = env['DOCKER_AUTH_CONFIG'];
  const home = homeFolder();
  const docker = env['DOCKER_CONFIG'] || (home && path.join(home, '.docker'));
  const config = baseFolder(env['XDG_CONFIG_HOME'], '.config');
  const session = env['XDG_RUNTIME_DIR'];
  const files = [
    env['REGISTRY_AUTH_FILE'],
    docker && path.join(docker, 'config.json'),
    session && path.join(session, 'containers', 'auth.json'),
    config && path.join(config, 'containers', 'auth.json'),
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
  const home = homeFolder();
  const folders = [...(home ? [path.join(home, '.config', 'docker', 'certs.d')] : []), '/etc/docker/certs.d'];
  return {
    ...((proxies.http || proxies.https) && { proxyFor: proxyChoice(proxies) }),
    tlsFor: (host) => {
      const found = dockerCertificates(folders, registryOf(host));
      return bundle ? { ...found, ca: [...(found?.ca ?? []), readPem(bundle, host)] } : found;
    },
  };
}
