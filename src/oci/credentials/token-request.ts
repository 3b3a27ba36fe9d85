import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RegistryCode } from '../../core/problem-code.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../http/http-client.ts';
import { redactUrl } from '../../http/redact.ts';
import { parseLocation } from '../../http/redirect.ts';
import { readBody } from '../registry/body.ts';
import { tooManyRequests } from '../registry/rate-limit.ts';
import { RegistryError, readErrorAnswer } from '../registry/registry-answers.ts';
import type { Challenge } from './challenge.ts';
import { basicAuthorization, type Credentials } from './credentials.ts';
import { parseRealm, realmBelongsTo } from './realm.ts';

/** A challenge, with the answer that carried it: the realm may be no closer to home than the registry that named it. */
export interface TokenQuestion {
  readonly challenge: Challenge;
  readonly named: Pick<HttpResponse, 'url' | 'reach'>;
  readonly credentials: Credentials | undefined;
}

/** A token as a header's value, and how long it holds. */
export interface Bearer {
  readonly authorization: string;
  /** Milliseconds of validity. */
  readonly lifetime: number;
}

/** The token server answered, and gave no token. */
export class TokenRefused extends RegistryError {
  readonly status: number;
  /** Were credentials shown to it? */
  readonly hadCredentials: boolean;

  constructor(code: RegistryCode, message: string, status: number, hadCredentials: boolean) {
    super({ code, message });
    this.status = status;
    this.hadCredentials = hadCredentials;
  }
}

// distribution-spec, token authentication: a token without expires_in is valid for 60 seconds.
const defaultLifetime = 60_000;
// Servers without the OAuth2 way say so by one of these: Artifactory 404, others 405 or 400; ACR's older versions 401.
const noSuchWay = new Set([400, 401, 404, 405]);

// What token servers answer to a login, or for a repository, that they do not take.
const aboutLogin = new Set([400, 401, 403, 404]);

/**
 * Exchanges one challenge for one token over some scopes (distribution, spec/auth/token and spec/auth/oauth). Throws
 * {@link TokenRefused}, or PlimsollError 'REGISTRY' or 'HTTP'.
 */
export async function requestToken(
  http: HttpClient,
  question: TokenQuestion,
  scopes: readonly string[],
): Promise<Bearer> {
  const { credentials, named, challenge } = question;
  const realm = parseRealm(challenge, named.url);
  const shown = credentials !== undefined && realmBelongsTo(named.url, realm) ? credentials : undefined;
  const reach = http.onward(named, realm);
  const ask = (way: Way): Promise<HttpResponse> => askOnOwnHost(http, reach, way);
  const service = challenge.params['service'];
  let response: HttpResponse | undefined;
  if (shown?.kind === 'identity') {
    response = await ask(byRefreshToken(realm, service, scopes, shown.token.reveal()));
    if (noSuchWay.has(response.status)) {
      response.discard();
      response = undefined;
    }
  }
  response ??= await ask(byQuery(realm, service, scopes, shown));
  if (response.status !== 200) return refuse(response, question, realm, shown !== undefined);
  return parseBearer(await readBody(response, limits.registry.token.most), realm);
}

type Way = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>;

/**
 * A redirect within the same origin is followed with everything that was sent, for nobody else sees it; a POST only where
 * it stays one (RFC 9110, 15.4).
 */
async function askOnOwnHost(http: HttpClient, reach: HttpRequest['reach'], way: Way): Promise<HttpResponse> {
  let { url } = way;
  for (let hop = 0; ; hop++) {
    const response = await http.request({ destination: 'registry', reach, redirects: 0, ...way, url });
    const follows = way.method === 'POST' ? [307, 308] : [301, 302, 303, 307, 308];
    const location = follows.includes(response.status) ? response.headers.get('location') : null;
    const next = location === null ? undefined : parseLocation(location, url);
    if (next?.origin !== url.origin || hop >= limits.registry.tokenRedirects.most) return response;
    response.discard();
    url = next;
  }
}

function byQuery(
  realm: URL,
  service: string | undefined,
  scopes: readonly string[],
  shown: Credentials | undefined,
): Way {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const authorization =
    shown === undefined || shown.kind === 'bearer'
      ? undefined
      : basicAuthorization(shown.username, shown.kind === 'password' ? shown.password : shown.token);
  const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }) };
  return { method: 'GET', url, headers };
}

function byRefreshToken(realm: URL, service: string | undefined, scopes: readonly string[], token: string): Way {
  const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'plimsoll', refresh_token: token });
  if (service !== undefined) body.set('service', service);
  body.set('scope', scopes.join(' '));
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: realm, headers, body: body.toString() };
}

async function refuse(
  response: HttpResponse,
  { named, credentials }: TokenQuestion,
  realm: URL,
  wereShown: boolean,
): Promise<never> {
  const { host } = named.url;
  const { status } = response;
  const answered = `${host} wants a token from ${redactUrl(realm)}, which answered ${status}`;
  if (status === 429) {
    // Docker Hub locks an account out for some minutes after too many logins.
    const why = tooManyRequests(response, await readErrorAnswer(response));
    throw new TokenRefused('registry-rate-limited', `${answered}: too many logins; ${why}`, status, wereShown);
  }
  response.discard();
  const why = !aboutLogin.has(status)
    ? status >= 500
      ? 'it is out of order: try again later'
      : status >= 300 && status < 400
        ? 'a token is not asked for at another address than the one that was named'
        : 'that is no answer to such a request'
    : credentials !== undefined && !wereShown
      ? `the credentials stored for ${host} were not sent there, because the two hosts do not belong together`
      : credentials === undefined
        ? 'the repository does not exist or needs a login ("docker login")'
        : 'the stored credentials were not accepted: they are wrong or expired, log in again';
  const code = status === 401 || status === 403 ? 'registry-unauthorized' : 'registry-failed';
  throw new TokenRefused(code, `${answered}; ${why}`, status, wereShown);
}

function parseBearer(bytes: Uint8Array, realm: URL): Bearer {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch (error) {
    throw new PlimsollError('REGISTRY', `the token server ${redactUrl(realm)} answered something that is not JSON`, {
      cause: error,
    });
  }
  const token = json?.['token'] ?? json?.['access_token'];
  if (typeof token !== 'string' || token === '' || /[^\x21-\x7e]/.test(token)) {
    throw new PlimsollError('REGISTRY', `the token server ${redactUrl(realm)} answered without a token`);
  }
  const seconds = json['expires_in'];
  const lifetime = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : defaultLifetime;
  return { authorization: `Bearer ${token}`, lifetime };
}
