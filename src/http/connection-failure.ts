import { messageOf } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';

/** What a failed connection means, in words; node-fetch's own sentence repeats the address, secrets included. */
export function connectionFailure(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return 'the connection was closed before the answer was complete';
    case 'ENOTFOUND':
      return 'no such host';
    case 'EAI_AGAIN':
      return 'the name could not be resolved';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'the host could not be reached';
    case 'CONNECT_TIMEOUT':
      return `no connection within ${limits.host.connect.most / 1000} s`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `its certificate is signed by nobody known here (${code}); name the authority's file as "ca" of this host under "registries"`;
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired, or the clock of this machine is ahead';
    case 'CERT_NOT_YET_VALID':
      return 'its certificate is not valid yet, or the clock of this machine is behind';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another name';
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
    case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
    case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
      return 'it does not accept our certificate, or wants one; name it as "cert" and "key" of this host under "registries"';
    case 'HPE_HEADER_OVERFLOW':
      return 'its answer has more headers than are read; a proxy or another program may be in between';
    // Our own sentences, which node-fetch has wrapped.
    case 'PROXY':
    case 'HTTP':
      return unwrapped(error);
    default:
      return typeof code === 'string' ? `failed (${code})` : reasonOf(error);
  }
}

/** What a library says, without the addresses that it repeats: they may hold a login, or a token in their query. */
export function reasonOf(error: unknown): string {
  return unwrapped(error).replace(/\S*:\/\/\S*/g, 'the address');
}

function unwrapped(error: unknown): string {
  return messageOf(error).replace(/^request to \S+ failed, reason: /, '');
}

/** Did the connection stand before it failed? Then somebody is there, however little use that is. */
export function wasConnected(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String((error as { code?: unknown }).code));
}
