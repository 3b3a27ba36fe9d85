import { PlimsollError } from '../../core/errors.ts';
import { isLoopbackHost, literalAddress } from '../../http/host-rules.ts';
import type { Challenge } from './challenge.ts';

/** The token server a challenge names. Throws PlimsollError 'REGISTRY' when it is none that may be asked. */
export function parseRealm(challenge: Challenge, registry: URL): URL {
  const text = challenge.params['realm'] ?? '';
  const realm = URL.canParse(text) ? new URL(text) : undefined;
  const wrong = (why: string): PlimsollError =>
    new PlimsollError('REGISTRY', `${registry.host} names a token server that ${why}; nothing was sent to it`);
  if (realm === undefined || (realm.protocol !== 'https:' && realm.protocol !== 'http:'))
    throw wrong('is no http(s) address');
  if (realm.protocol === 'http:' && registry.protocol === 'https:' && !isLoopbackHost(registry.host)) {
    throw wrong('is reached without encryption');
  }
  realm.username = '';
  realm.password = '';
  return realm;
}

// Under these anybody registers names, so that two of them say nothing about each other (publicsuffix.org).
const sharedSuffix = /^(ac|co|com|edu|gov|net|org)\.[a-z]{2}$/;

/**
 * May credentials stored for the registry be sent to this realm? They are for the pair of the two, never for a set of
 * hosts: the same host, or another in the registry's own domain (registry-1.docker.io and auth.docker.io,
 * registry.gitlab.com and gitlab.com). An address without a domain must be the same to the port.
 */
export function realmBelongsTo(registry: URL, realm: URL): boolean {
  if (registry.origin === realm.origin) return true;
  if (realm.protocol !== 'https:' && registry.protocol === 'https:') return false;
  if (literalAddress(registry) !== undefined || registry.hostname === 'localhost') return false;
  if (registry.hostname === realm.hostname) return true;
  const parent = registry.hostname.slice(registry.hostname.indexOf('.') + 1);
  const domain = !parent.includes('.') || sharedSuffix.test(parent) ? registry.hostname : parent;
  return realm.hostname === domain || realm.hostname.endsWith(`.${domain}`);
}
