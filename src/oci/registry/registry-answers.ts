import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RegistryCode } from '../../core/problem-code.ts';
import type { HttpResponse } from '../../http/http-client.ts';
import { parseChallenge } from '../credentials/challenge.ts';
import { goneCodes, quirkOf, registryOf } from '../quirks/index.ts';
import { readBody } from './body.ts';
import { type ErrorAnswer, tooManyRequests } from './rate-limit.ts';

// distribution-spec, "Error Codes", and what quirks add. Only these are quoted: a body is the registry's text, not ours.
const errorCodes = new Set([
  ...goneCodes,
  'BLOB_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'BLOB_UPLOAD_UNKNOWN',
  'DIGEST_INVALID',
  'MANIFEST_BLOB_UNKNOWN',
  'MANIFEST_INVALID',
  'NAME_INVALID',
  'SIZE_INVALID',
  'UNAUTHORIZED',
  'DENIED',
  'UNSUPPORTED',
  'TOOMANYREQUESTS',
]);

/** Reads at most 64 KiB of an error answer and never throws: what is not understood says nothing. */
export async function readErrorAnswer(response: HttpResponse): Promise<ErrorAnswer> {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(await readBody(response, limits.registry.error.most)));
    const errors = (json as { errors?: { code?: unknown; message?: unknown }[] } | null)?.errors;
    const error = Array.isArray(errors) ? errors.find((e) => errorCodes.has(String(e?.code))) : undefined;
    if (error === undefined) return {};
    const limit = /(unauthenticated )?pull rate limit/i.exec(String(error.message ?? ''));
    return {
      code: String(error.code),
      ...(limit && { pullLimit: limit[1] === undefined ? 'account' : 'anonymous' }),
    };
  } catch {
    response.discard();
    return {};
  }
}

/** What an answer without the wanted document means, as a stable code and one sentence. */
export interface Failure {
  readonly code: RegistryCode;
  readonly message: string;
}

/** Words for a status that is not success; `what` is the reference asked for. */
export function failureOf(what: string, response: HttpResponse, answer: ErrorAnswer): Failure {
  const { status } = response;
  const answered = `${what}: ${response.url.host} answered ${status}${answer.code === undefined ? '' : ` ${answer.code}`}`;
  const quirk = quirkOf(registryOf(response.url.host), parseChallenge(response.values('www-authenticate')));
  const missing = quirk?.hides?.some((one) => one === status) ? ' (or there is no such repository)' : '';
  if (status === 401) {
    const advice = quirk?.login ?? 'log in with "docker login", or check the stored credentials';
    return { code: 'registry-unauthorized', message: `${answered}${missing}; ${advice}` };
  }
  if (status === 403) {
    const advice = quirk === undefined ? '' : `; ${quirk.login}`;
    return {
      code: 'registry-denied',
      message: `${answered}; these credentials may not read the repository${missing}${advice}`,
    };
  }
  if (status === 404)
    return {
      code: 'registry-not-found',
      message: `${answered}; not found, or no access: check the name and the login`,
    };
  if (status === 429) {
    return { code: 'registry-rate-limited', message: `${answered}: ${tooManyRequests(response, answer)}` };
  }
  if (status >= 500) return { code: 'registry-error', message: `${answered}; try again later` };
  return { code: 'registry-unexpected', message: `${answered}, which is no answer to this request` };
}

/** An answer that no request can go on from. */
export async function failWith(what: string, response: HttpResponse): Promise<never> {
  throw new RegistryError(failureOf(what, response, await readErrorAnswer(response)));
}

/** A registry said no; `problem` is the stable code for the report. */
export class RegistryError extends PlimsollError {
  readonly problem: RegistryCode;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super('REGISTRY', failure.message, options);
    this.problem = failure.code;
  }
}
