import { messageOf } from '../../core/errors.ts';
import { ForgeError, type ForgeFailure } from '../forge-error.ts';
import { pushRefusal } from '../push/push-refusal.ts';

interface RequestFailure {
  readonly status?: number;
  /** What went wrong with the connection: Octokit calls that a status 500 without a response. */
  readonly cause?: unknown;
  readonly errors?: readonly { readonly type?: string; readonly message?: string; readonly extensions?: unknown }[];
  readonly response?: {
    readonly headers?: Readonly<Record<string, string | undefined>>;
    readonly data?: { readonly message?: string };
  };
}

/** What a person may do about it; GitHub's own words name no remedy. */
const remedies: Readonly<Record<number, string>> = {
  401: 'the token is wrong, expired or revoked: give a new one',
  403: 'the token may not: give it the permissions contents: write, pull-requests: write and issues: write for this repository',
  404: 'it is not there, or the token may not see it: give it access to this repository',
  451: 'GitHub has closed it for legal reasons',
};

/** What a person may do about a workflow that may not be changed: the token of a workflow's own run never may. */
export const workflowRemedy =
  'workflow files need a right of their own: the permission "workflows: write" of an App or fine-grained token, or the scope "workflow" of a classic one';

/** GitHub's refusal of a commit that changes a workflow, in the words of git's push and of its API. */
function isAboutWorkflows(said: string): boolean {
  return /without [`'"]?workflows?[`'"]? (?:permission|scope)/i.test(said);
}

const byType: Readonly<Record<string, ForgeFailure>> = {
  FORBIDDEN: 'denied',
  INSUFFICIENT_SCOPES: 'denied',
  NOT_FOUND: 'missing',
  STALE_DATA: 'raced',
  UNPROCESSABLE: 'refused',
};

/** Anything Octokit throws, as one of our failures with a message: what was attempted, what came back, what to do. */
export function failureOf(error: unknown, attempt: string, remedy?: string): ForgeError {
  if (error instanceof ForgeError) {
    const isTold = error.message.startsWith(attempt);
    return isTold ? error : new ForgeError(error.failure, `${attempt}: ${error.message}`, { cause: error });
  }
  const { status, cause, errors, response } = error as RequestFailure;
  if (errors !== undefined && errors.length > 0) return graphqlFailure(errors, attempt, error);
  if (response === undefined && cause !== undefined) {
    return new ForgeError('failed', `${attempt}: GitHub could not be asked: ${messageOf(error)}`, { cause: error });
  }
  if (status === undefined) return new ForgeError('failed', `${attempt}: ${messageOf(error)}`, { cause: error });
  const said = quoted(response?.data?.message ?? '');
  const what = `GitHub answered ${status}${said === '' ? '' : ` (${said})`}`;
  if (isAboutWorkflows(said)) {
    return new ForgeError('unsupported', `${attempt}: ${what}; ${workflowRemedy}`, { cause: error });
  }
  const limited = isLimit(status, said, response?.headers);
  const todo = limited ? 'its rate limit is used up: run less often, or act as an App' : (remedy ?? remedies[status]);
  return new ForgeError(
    limited ? 'failed' : restFailure(status),
    `${attempt}: ${what}${todo === undefined ? '' : `; ${todo}`}`,
    {
      cause: error,
    },
  );
}

function restFailure(status: number): ForgeFailure {
  if (status === 401 || status === 403) return 'denied';
  if (status === 404 || status === 410 || status === 451) return 'missing';
  if (status === 409) return 'raced';
  return status === 400 || status === 422 ? 'refused' : 'failed';
}

function isLimit(status: number, said: string, headers: Readonly<Record<string, string | undefined>> = {}): boolean {
  return (
    status === 429 || (status === 403 && (headers['x-ratelimit-remaining'] === '0' || /secondary rate/i.test(said)))
  );
}

function graphqlFailure(errors: NonNullable<RequestFailure['errors']>, attempt: string, cause: unknown): ForgeError {
  const [first] = errors;
  const code = (first?.extensions as { code?: string } | undefined)?.code;
  const unknown = errors.some(({ message = '', extensions }) => {
    const own = (extensions as { code?: string } | undefined)?.code;
    return own === 'undefinedField' || /doesn't exist on type|Cannot query field|isn't a defined input/.test(message);
  });
  const failure = unknown ? 'unsupported' : (byType[first?.type ?? code ?? ''] ?? 'refused');
  const said = quoted(first?.message ?? '');
  if (isAboutWorkflows(said)) {
    return new ForgeError('unsupported', `${attempt}: GitHub answered ${said}; ${workflowRemedy}`, { cause });
  }
  const isRule = /rule violations|protected ref|protected branch (?:update failed|hook declined)/i.test(said);
  const todo = isRule
    ? pushRefusal(said).todo
    : failure === 'denied'
      ? remedies[403]
      : failure === 'missing' && remedies[404];
  const what = `GitHub answered ${said || first?.type || 'an error'}`;
  return new ForgeError(failure, `${attempt}: ${what}${todo ? `; ${todo}` : ''}`, { cause });
}

/** A server's words, short and on one line. */
function quoted(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300).replace(/\.$/, '');
}
