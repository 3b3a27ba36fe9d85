import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Every secret of the lab: known only to the servers that ask for them, and to the files where logins are kept. */
export const secrets = {
  registry: 'correct horse',
  token: 'token-door-8c1f',
  refresh: 'refresh-me-77a0',
  proxy: 'through-the-wall-31',
  wrong: 'no-longer-good-55',
  postgres: 'elephant-in-the-lab',
  github: 'octopus-in-the-lab',
} as const;

/** Under which user names they are sent as Basic logins. */
const users = ['lab', 'user', '00000000-0000-0000-0000-000000000000', '<token>'];

/** The secrets in every form in which they travel. */
export const hidden: readonly string[] = Object.values(secrets).flatMap((one) => [
  one,
  Buffer.from(one).toString('base64'),
  encodeURIComponent(one),
  ...users.map((user) => Buffer.from(`${user}:${one}`).toString('base64')),
]);

// Where they were put on purpose: configurations of the client, helpers, the servers' own lists of users.
const onPurpose = /\/(docker\/config\.json|config\.json|auth\.json|docker-credential-lab|users|htpasswd)$/;

/** The files below a folder that hold a secret where none may be; `searched` counts those that were looked into. */
export function findSecrets(folder: string): { readonly found: readonly string[]; readonly searched: number } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => !onPurpose.test(file) && statSync(file, { throwIfNoEntry: false })?.isFile());
  const found = files.filter((file) => {
    const text = readFileSync(file, 'latin1');
    return hidden.some((one) => text.includes(one));
  });
  return { found, searched: files.length };
}
