import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';

/** What git's own HTTP back end answers. */
export interface GitAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface GitHttpOptions {
  /** The folder of all repositories; the path of a request is below it. */
  readonly root: string;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  /** Settings of git, `name=value`. */
  readonly settings?: readonly string[];
}

/** git http-backend(1) as a CGI program, for one request: what is pushed, refused and raced is git's own doing. */
export async function gitHttp(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  { root, path, query, body, settings = [] }: GitHttpOptions,
): Promise<GitAnswer> {
  const all = ['uploadpack.allowFilter=true', 'receive.autogc=false', 'gc.auto=0', ...settings];
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: String(all.length),
      ...Object.fromEntries(
        all.flatMap((one, i) => [
          [`GIT_CONFIG_KEY_${i}`, one.slice(0, one.indexOf('='))],
          [`GIT_CONFIG_VALUE_${i}`, one.slice(one.indexOf('=') + 1)],
        ]),
      ),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: method ?? 'GET',
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: String(body.length),
      REMOTE_USER: 'plimsoll',
      ...(headers['git-protocol'] && { GIT_PROTOCOL: String(headers['git-protocol']) }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  child.stderr.resume();
  child.stdin.on('error', () => undefined).end(body);
  await new Promise((resolve) => child.once('close', resolve));
  const answer = Buffer.concat(pieces);
  const end = answer.indexOf('\r\n\r\n');
  const lines = answer.toString('latin1', 0, Math.max(0, end)).split('\r\n');
  const given = Object.fromEntries(
    lines
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const { status = '200', ...rest } = given;
  return { status: end < 0 ? 500 : Number.parseInt(status, 10), headers: rest, body: answer.subarray(end + 4) };
}

/** Is it a request of git's protocol, to a repository below the root? */
export function isGitPath(path: string): boolean {
  return /\.git\/(?:info\/refs|git-upload-pack|git-receive-pack)$/.test(path);
}
