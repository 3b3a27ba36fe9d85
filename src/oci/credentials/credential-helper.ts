import { limits } from '../../core/limits/limits.ts';
import type { Credentials } from './credentials.ts';
import { loginOf } from './docker-config.ts';

/** What a helper said: a login, that it has none, or why it could not say (a sentence's end, without its output). */
export type HelperAnswer = { readonly credentials: Credentials | undefined } | { readonly trouble: string };

/**
 * Runs `docker-credential-NAME get` with the server's name on stdin (docker/docker-credential-helpers). Its output is
 * never quoted: it may be the secret. A helper that does not end is killed with everything it started.
 */
export async function askHelper(
  name: string,
  server: string,
  milliseconds = limits.registry.helperTime.most,
): Promise<HelperAnswer> {
  // A configuration names a helper, not a path to any program.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return { trouble: 'has a name that no helper can have' };
  const { spawn } = await import('node:child_process');
  return new Promise((resolve) => {
    const child = spawn(`docker-credential-${name}`, ['get'], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    let output = '';
    const end = (answer: HelperAnswer): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      resolve(answer);
    };
    const kill = (trouble: string): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended by itself just now.
      }
      end({ trouble });
    };
    const timer = setTimeout(() => kill(`did not answer within ${milliseconds / 1000} s`), milliseconds);
    child.once('error', (error: NodeJS.ErrnoException) =>
      end({
        trouble:
          error.code === 'ENOENT'
            ? 'is not installed; install it, or log in without it'
            : `cannot be run (${error.code ?? 'unknown error'})`,
      }),
    );
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > limits.registry.helperAnswer.most) kill('printed something that is no login');
    });
    child.once('close', (code) => end(code === 0 ? parseAnswer(output) : parseFailure(output, code)));
    // One that ends without reading is heard by its exit code.
    child.stdin.on('error', () => undefined).end(`${server}\n`);
  });
}

function parseAnswer(output: string): HelperAnswer {
  let json: { Username?: unknown; Secret?: unknown } | null;
  try {
    json = JSON.parse(output) as typeof json;
  } catch {
    return { trouble: 'printed something that is no login' };
  }
  const { Username: username, Secret: secret } = json ?? {};
  if (typeof username !== 'string' || typeof secret !== 'string')
    return { trouble: 'printed something that is no login' };
  return { credentials: username === '' || secret === '' ? undefined : loginOf(username, secret) };
}

/** "Not found" is an answer (docker-credential-helpers, credentials/error.go), everything else is trouble. */
function parseFailure(output: string, code: number | null): HelperAnswer {
  if (/credentials not found/i.test(output)) return { credentials: undefined };
  return { trouble: code === null ? 'was ended by a signal' : `ended with exit code ${code}` };
}
