import { PlimsollError } from '../core/errors.ts';
import type { HttpResponse } from '../http/http-client.ts';
import { readBody } from './body.ts';

// distribution-spec, "Error Codes". Only these are quoted: a body is the registry's text, not ours.
const errorCodes = new Set([
  'BLOB_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'BLOB_UPLOAD_UNKNOWN',
  'DIGEST_INVALID',
  'MANIFEST_BLOB_UNKNOWN',
  'MANIFEST_INVALID',
  'MANIFEST_UNKNOWN',
  'NAME_INVALID',
  'NAME_UNKNOWN',
  'SIZE_INVALID',
  'UNAUTHORIZED',
  'DENIED',
  'UNSUPPORTED',
  'TOOMANYREQUESTS',
]);

/** The first known error code in an error answer, or undefined. Reads at most 64 KiB and never throws. */
export async function errorCodeOf(response: HttpResponse): Promise<string | undefined> {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(await readBody(response, 64 * 1024)));
    const errors = (json as { errors?: { code?: unknown }[] } | null)?.errors;
    const code = Array.isArray(errors) ? errors.find((e) => errorCodes.has(String(e?.code)))?.code : undefined;
    return code === undefined ? undefined : String(code);
  } catch {
    response.discard();
    return undefined;
  }
}

/** What an answer without the wanted document means, as a stable code and one sentence. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Words for a status that is not success; `what` is the reference asked for. */
export function failureOf(what: string, response: HttpResponse, errorCode: string | undefined): Failure {
  const { status } = response;
  const answered = `${what}: ${response.url.host} answered ${status}${errorCode === undefined ? '' : ` ${errorCode}`}`;
  if (status === 401)
    return {
      code: 'registry-unauthorized',
      message: `${answered}; log in with "docker login", or check the stored credentials`,
    };
  if (status === 403)
    return { code: 'registry-denied', message: `${answered}; these credentials may not read the repository` };
  if (status === 404)
    return {
      code: 'registry-not-found',
      message: `${answered}; not found, or no access: check the name and the login`,
    };
  if (status === 429) {
    const after = response.headers.get('retry-after');
    const when = after !== null && /^\d{1,7}$/.test(after.trim()) ? ` in ${after.trim()} s` : ' later';
    return {
      code: 'registry-rate-limited',
      message: `${answered}: too many requests; try again${when}, or log in for a higher limit`,
    };
  }
  if (status >= 500) return { code: 'registry-error', message: `${answered} several times; try again later` };
  return { code: 'registry-unexpected', message: `${answered}, which is no answer to this request` };
}

/** An answer that no request can go on from. */
export async function failWith(what: string, response: HttpResponse): Promise<never> {
  const failure = failureOf(what, response, await errorCodeOf(response));
  throw new RegistryError(failure);
}

/** A registry said no; `problem` is the stable code for the report. */
export class RegistryError extends PlimsollError {
  readonly problem: string;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super('REGISTRY', failure.message, options);
    this.problem = failure.code;
  }
}
