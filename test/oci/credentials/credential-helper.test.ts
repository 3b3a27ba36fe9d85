import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askHelper } from '../../../src/oci/credentials/credential-helper.ts';
import { temporaryTree } from '../../support/fleet.ts';

let tree: { folder: string; remove: () => void };
const before = process.env['PATH'];
beforeEach(() => {
  tree = temporaryTree({
    'docker-credential-good': `#!/bin/sh
read server
[ "$1" = get ] && printf '{"ServerURL":"%s","Username":"ann of %s","Secret":"s3cret"}' "$server" "$server"`,
    'docker-credential-token': `#!/bin/sh\nprintf '{"Username":"<token>","Secret":"s3cret"}'`,
    'docker-credential-none': '#!/bin/sh\necho "credentials not found in native keychain"; exit 1',
    'docker-credential-empty': `#!/bin/sh\nprintf '{"Username":"","Secret":""}'`,
    'docker-credential-broken': '#!/bin/sh\necho "s3cret: cannot reach the vault"; exit 3',
    'docker-credential-junk': '#!/bin/sh\necho s3cret',
    'docker-credential-number': `#!/bin/sh\nprintf '{"Username":5,"Secret":"s3cret"}'`,
    'docker-credential-null': '#!/bin/sh\necho null',
    'docker-credential-endless': '#!/bin/sh\nexec yes s3cret',
    'docker-credential-hangs': '#!/bin/sh\nsleep 1000 & echo $! > "$0.pid"; wait',
    'docker-credential-signal': '#!/bin/sh\nkill -TERM $$',
  });
  for (const name of [
    'good',
    'token',
    'none',
    'empty',
    'broken',
    'junk',
    'number',
    'null',
    'endless',
    'hangs',
    'signal',
  ]) {
    chmodSync(path.join(tree.folder, `docker-credential-${name}`), 0o755);
  }
  process.env['PATH'] = `${tree.folder}:${before}`;
});
afterEach(() => {
  process.env['PATH'] = before;
  tree.remove();
});

describe('askHelper', () => {
  it('gives the login for a server', async () => {
    const answer = await askHelper('good', 'ghcr.io');
    expect(answer).toMatchObject({ credentials: { kind: 'password', username: 'ann of ghcr.io' } });
    expect(JSON.stringify(answer)).not.toContain('s3cret');
  });

  it('takes <token> for an identity token', async () => {
    expect(await askHelper('token', 'x.azurecr.io')).toMatchObject({ credentials: { kind: 'identity' } });
  });

  it.each(['none', 'empty'])('takes %s for an answer', async (name) => {
    expect(await askHelper(name, 'ghcr.io')).toEqual({ credentials: undefined });
  });

  it.each([
    ['missing', 'is not installed; install it, or log in without it'],
    ['broken', 'ended with exit code 3'],
    ['signal', 'was ended by a signal'],
    ['junk', 'printed something that is no login'],
    ['number', 'printed something that is no login'],
    ['null', 'printed something that is no login'],
    ['endless', 'printed something that is no login'],
    ['../../bin/sh', 'has a name that no helper can have'],
    ['', 'has a name that no helper can have'],
  ])('says in words what is wrong with %s, and never what it printed', async (name, trouble) => {
    expect(await askHelper(name, 'ghcr.io')).toEqual({ trouble });
  });

  it('kills one that hangs, with what it started', async () => {
    // It has had the time to start another, and that one would last a thousand seconds.
    expect(await askHelper('hangs', 'ghcr.io', 2000)).toEqual({ trouble: 'did not answer within 2 s' });
    const child = Number(readFileSync(path.join(tree.folder, 'docker-credential-hangs.pid'), 'utf8'));
    await expect.poll(() => isAlive(child)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    // A zombie is dead, only nobody has looked yet.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
