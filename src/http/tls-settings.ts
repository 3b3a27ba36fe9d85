import { readdirSync } from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import { readAtMost } from '../disk/read-at-most.ts';

/** Whom to believe, and who we are, on TLS connections to one host. Everything is PEM text. */
export interface TlsSettings {
  /** Authorities that are believed beside the usual ones. */
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  /** Any certificate will do. */
  readonly insecure?: boolean;
}

/**
 * What Docker was told about a host: a folder `HOST[:PORT]` with `*.crt` (authorities) and pairs of `*.cert` and
 * `*.key` (who we are). Source: Docker Engine, "Verify repository client with certificates". Nothing when there is no
 * such folder; throws PlimsollError 'HTTP' when it cannot be read.
 */
export function dockerCertificates(folders: readonly string[], host: string): TlsSettings | undefined {
  for (const folder of folders) {
    const own = path.join(folder, host);
    let names: string[];
    try {
      names = readdirSync(own).sort();
    } catch {
      continue;
    }
    const read = (name: string): string => readPem(path.join(own, name), host);
    const ca = names.filter((name) => name.endsWith('.crt')).map(read);
    const pair = names.find((name) => name.endsWith('.cert') && names.includes(name.replace(/cert$/, 'key')));
    return {
      ca,
      ...(pair !== undefined && { cert: read(pair), key: read(pair.replace(/cert$/, 'key')) }),
    };
  }
  return undefined;
}

/** Throws PlimsollError 'HTTP' naming the file and whom it is for. */
export function readPem(file: string, host: string): string {
  try {
    return readAtMost(file, limits.tree.named.most).toString('utf8');
  } catch (error) {
    throw new PlimsollError('HTTP', `cannot read the certificate ${file} for ${host}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What a TLS connection believes and is, read once; `rejectUnauthorized` is asked for every connection. */
export interface SecureOptions {
  readonly rejectUnauthorized: boolean;
  readonly secureContext?: tls.SecureContext;
}

const contexts = new Map<string, tls.SecureContext>();

/**
 * The same as tlsOptions for an agent. An agent names each request by its options: authorities among them would be joined into
 * a name of 200 kB for every single one, which cost more than the request. Equal settings share what was read, too.
 */
export function secureOptions(settings: TlsSettings): SecureOptions {
  const { rejectUnauthorized, ...own } = tlsOptions(settings);
  if (Object.keys(own).length === 0) return { rejectUnauthorized };
  const key = JSON.stringify([settings.ca, settings.cert, settings.key]);
  let secureContext = contexts.get(key);
  if (secureContext === undefined) {
    secureContext = tls.createSecureContext(own);
    contexts.set(key, secureContext);
  }
  return { rejectUnauthorized, secureContext };
}

/** The options of a TLS connection. Own authorities are added to those Node believes (NODE_EXTRA_CA_CERTS included). */
export function tlsOptions(settings: TlsSettings): tls.SecureContextOptions & { rejectUnauthorized: boolean } {
  const { ca = [], cert, key, insecure = false } = settings;
  return {
    rejectUnauthorized: !insecure || ca.length > 0,
    ...(ca.length > 0 && { ca: [...tls.getCACertificates('default'), ...ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}
