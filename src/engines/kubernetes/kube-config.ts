import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { readAtMost } from '../../disk/read-at-most.ts';
import { type Fields, optional, text } from '../connection/answer-fields.ts';
import type { EngineAddress } from '../engine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a pod finds its account. */
const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

interface Entry {
  readonly fields: Fields;
  /** Paths are relative to the file that names them. */
  readonly folder: string;
}

/** What some files say together: of two entries of one name the first one counts. */
interface KubeConfig {
  readonly current: string;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

/**
 * The API server of a context, with what one proves oneself by there: the context that was named, else the one in use, of the files in
 * KUBECONFIG, else of ~/.kube/config; without such a file that of the pod's own account. Throws PlimsollError 'USAGE' for a context
 * that is not there, or that needs another program to log in.
 */
export function kubeAddress(context: string, env: Environment, account = accountFolder): EngineAddress {
  const named = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter(Boolean);
  const files = named.length > 0 ? named : [path.join(homedir(), '.kube', 'config')];
  const found = files.filter((file) => existsSync(file));
  if (found.length === 0) {
    const host = env['KUBERNETES_SERVICE_HOST'];
    if (context === '' && host) return ownAccount(host, env['KUBERNETES_SERVICE_PORT'] || '443', account);
    throw new PlimsollError('USAGE', `there is no ${files.join(', and no ')}, and this is no pod with an account`);
  }
  const config = merged(found);
  const name = context || config.current;
  if (name === '') throw new PlimsollError('USAGE', 'no context is in use; write kube:CONTEXT');
  try {
    return { ...addressIn(config, name), from: `the context ${name}` };
  } catch (error) {
    throw new PlimsollError('USAGE', `cannot use the context ${name}: ${messageOf(error)}`, { cause: error });
  }
}

function ownAccount(host: string, port: string, folder: string): EngineAddress {
  const file = (name: string): string => readAtMost(path.join(folder, name), limits.tree.named.most).toString('utf8');
  try {
    return {
      url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      from: "the pod's own account",
      name: 'kubernetes',
      token: file('token').trim(),
      tls: { ca: file('ca.crt') },
    };
  } catch (error) {
    throw new PlimsollError('USAGE', `cannot use the pod's own account: ${messageOf(error)}`, { cause: error });
  }
}

function merged(files: readonly string[]): KubeConfig {
  const [contexts, clusters, users] = [new Map<string, Entry>(), new Map<string, Entry>(), new Map<string, Entry>()];
  let current = '';
  for (const file of files) {
    let config: Fields | undefined;
    try {
      config = optional(parse(readAtMost(file, limits.tree.named.most).toString('utf8'), { maxAliasCount: 0 }));
    } catch (error) {
      // The parser's own sentence quotes the line, which may be a key.
      throw new PlimsollError('USAGE', `${file} cannot be read as YAML`, { cause: error });
    }
    current ||= text(config?.['current-context']);
    for (const [list, key, all] of [
      ['contexts', 'context', contexts],
      ['clusters', 'cluster', clusters],
      ['users', 'user', users],
    ] as const) {
      for (const one of Array.isArray(config?.[list]) ? config[list] : []) {
        const name = text(optional(one)?.['name']);
        const fields = optional(optional(one)?.[key]);
        if (fields !== undefined && !all.has(name)) all.set(name, { fields, folder: path.dirname(file) });
      }
    }
  }
  return { current, contexts, clusters, users };
}

function addressIn({ contexts, clusters, users }: KubeConfig, name: string): Omit<EngineAddress, 'from'> {
  const context = contexts.get(name)?.fields;
  if (context === undefined)
    throw new Error(`there is none of that name; there are: ${[...contexts.keys()].join(', ') || 'none'}`);
  const cluster = clusters.get(text(context['cluster']));
  if (cluster === undefined) throw new Error('its cluster is not there');
  const user = users.get(text(context['user']));
  const server = URL.parse(text(cluster.fields['server']));
  if (server === null || !/^https?:$/.test(server.protocol) || server.username !== '')
    throw new Error('its cluster has no address that begins with https://');
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(server.hostname);
  if (server.protocol === 'http:' && !isHere)
    throw new Error('its cluster is asked without TLS, which anybody on the way can read');
  if (text(cluster.fields['proxy-url']) !== '')
    throw new Error('its cluster is behind a proxy ("proxy-url"), which is not spoken to');
  if (user !== undefined) refuse(user.fields);
  const [ca, cert, key] = [
    fileOrData(cluster, 'certificate-authority'),
    fileOrData(user, 'client-certificate'),
    fileOrData(user, 'client-key'),
  ];
  const token = text(user?.fields['token']) || readNamed(user, 'tokenFile')?.trim();
  const servername = text(cluster.fields['tls-server-name']);
  const isInsecure = cluster.fields['insecure-skip-tls-verify'] === true;
  return {
    url: server.href.replace(/\/$/, ''),
    name,
    ...(token && { token }),
    ...(server.protocol === 'https:' && {
      tls: {
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && key !== undefined && { cert, key }),
        ...(servername !== '' && { servername }),
        ...(isInsecure && { insecure: true }),
      },
    }),
  };
}

/** Ways to log in that are not gone. */
function refuse(user: Fields): void {
  if (user['exec'] !== undefined)
    throw new Error(
      'its user logs in by another program ("exec"), and no program is run here; make a service account with the rights of docs/engines.md, and a context with its token',
    );
  if (user['auth-provider'] !== undefined)
    throw new Error('its user logs in by "auth-provider", which Kubernetes itself has dropped');
  if (user['username'] !== undefined) throw new Error('its user has a password, which Kubernetes itself has dropped');
  if (user['as'] !== undefined) throw new Error('its user is to be taken for another one ("as"), which is not done');
}

/** `KEY-data` in base64, else the file that KEY names. */
function fileOrData(entry: Entry | undefined, key: string): string | undefined {
  const data = text(entry?.fields[`${key}-data`]);
  return data === '' ? readNamed(entry, key) : Buffer.from(data, 'base64').toString('utf8');
}

function readNamed(entry: Entry | undefined, key: string): string | undefined {
  const file = text(entry?.fields[key]);
  return file === '' || entry === undefined
    ? undefined
    : readAtMost(path.resolve(entry.folder, file), limits.tree.named.most).toString('utf8');
}
