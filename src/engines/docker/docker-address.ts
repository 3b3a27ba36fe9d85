import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { readAtMost } from '../../disk/read-at-most.ts';
import type { EngineAddress } from '../engine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const defaultSocket = 'unix:///var/run/docker.sock';

/**
 * The daemon that is meant: the address that was written, else DOCKER_HOST, else the context in use, else the usual
 * socket, as Docker's own command line finds it (docker/cli, cli/command, resolveContextName). Throws PlimsollError
 * 'USAGE' for what is no address, or a context that cannot be read.
 */
export function dockerAddress(text: string, env: Environment): EngineAddress {
  if (text !== '') return addressOf(text, 'as it was named', env);
  const host = env['DOCKER_HOST'];
  if (host) return addressOf(host, 'DOCKER_HOST', env);
  const folder = env['DOCKER_CONFIG'] || path.join(homedir(), '.docker');
  const context = env['DOCKER_CONTEXT'] || currentContext(folder);
  if (context !== undefined && context !== 'default') return contextAddress(context, folder);
  return { url: defaultSocket, from: 'the usual socket' };
}

/** Is it one that can be connected to? Says what is wrong with it; undefined for what is right. */
export function addressComplaint(text: string): string | undefined {
  const meant = 'write unix:///PATH, tcp://HOST:PORT or ssh://[USER@]HOST';
  const url = URL.parse(text);
  if (url === null) return `${JSON.stringify(text)} is no address of an engine; ${meant}`;
  switch (url.protocol) {
    case 'unix:':
      return url.pathname.length > 1 && url.host === '' ? undefined : `a socket has an absolute path; ${meant}`;
    case 'tcp:':
      if (url.username !== '' || url.password !== '') return 'an address without a login; it is printed in reports';
      return url.hostname !== '' && url.port !== '' ? undefined : `a port is missing; ${meant}`;
    case 'ssh:':
      if (url.password !== '') return 'an address without a password; ssh asks its agent, or uses a key';
      if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-'))
        return `no host that ssh could be given; ${meant}`;
      return url.pathname === '' || url.pathname === '/' ? undefined : `a path behind the host means nothing; ${meant}`;
    default:
      return `${url.protocol}// is no way to an engine; ${meant}`;
  }
}

function addressOf(url: string, from: string, env: Environment): EngineAddress {
  const complaint = addressComplaint(url);
  if (complaint !== undefined)
    throw new PlimsollError('USAGE', `${from === 'DOCKER_HOST' ? `${from}: ` : ''}${complaint}`);
  const folder = env['DOCKER_CERT_PATH'] || path.join(env['DOCKER_CONFIG'] || path.join(homedir(), '.docker'));
  // Docker's own words for "speak TLS, and believe only this authority" (docker/cli, DOCKER_TLS_VERIFY); set to anything.
  if (!url.startsWith('tcp:') || (!env['DOCKER_TLS_VERIFY'] && !env['DOCKER_TLS'])) return { url, from };
  return { url, from, tls: { ...certificatesIn(folder), ...(!env['DOCKER_TLS_VERIFY'] && { insecure: true }) } };
}

function certificatesIn(folder: string): NonNullable<EngineAddress['tls']> {
  const read = (name: string): string | undefined => {
    const file = path.join(folder, name);
    return existsSync(file) ? readAtMost(file, limits.tree.named.most).toString('utf8') : undefined;
  };
  const [ca, cert, key] = [read('ca.pem'), read('cert.pem'), read('key.pem')];
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && key !== undefined && { cert, key }) };
}

function currentContext(folder: string): string | undefined {
  try {
    const { currentContext } = JSON.parse(
      readAtMost(path.join(folder, 'config.json'), limits.tree.named.most).toString('utf8'),
    ) as {
      currentContext?: unknown;
    };
    return typeof currentContext === 'string' && currentContext !== '' ? currentContext : undefined;
  } catch {
    // Logins are read from the same file, and what is wrong with it is said there.
    return undefined;
  }
}

/** A context is kept under the hash of its name (docker/cli, cli/context/store). */
function contextAddress(context: string, folder: string): EngineAddress {
  const id = createHash('sha256').update(context).digest('hex');
  const from = `the context ${context}`;
  try {
    const meta = JSON.parse(
      readAtMost(path.join(folder, 'contexts', 'meta', id, 'meta.json'), limits.tree.named.most).toString('utf8'),
    ) as {
      Endpoints?: { docker?: { Host?: unknown; SkipTLSVerify?: unknown } };
    };
    const { Host: url, SkipTLSVerify: insecure } = meta.Endpoints?.docker ?? {};
    if (typeof url !== 'string') throw new Error('it names no host');
    const complaint = addressComplaint(url);
    if (complaint !== undefined) throw new Error(complaint);
    const tls = certificatesIn(path.join(folder, 'contexts', 'tls', id, 'docker'));
    const isTls = url.startsWith('tcp:') && (Object.keys(tls).length > 0 || insecure === true);
    return { url, from, ...(isTls && { tls: { ...tls, ...(insecure === true && { insecure: true }) } }) };
  } catch (error) {
    throw new PlimsollError('USAGE', `cannot use ${from} of Docker: ${messageOf(error)}`, { cause: error });
  }
}
