import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../../src/engines/connection/ask.ts';
import { transportTo } from '../../../src/engines/connection/engine-transport.ts';
import { DockerClient, dockerHints, watchRequests } from '../../../src/engines/docker/docker-client.ts';
import type { EngineAddress } from '../../../src/engines/engine.ts';
import { certificate, privateKey } from '../../support/certificate.ts';
import { type FakeEngine, type FakeEngineOptions, startFakeEngine } from '../../support/engine/fake-engine.ts';

const open: (FakeEngine | DockerClient)[] = [];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-client-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function engine(options: FakeEngineOptions = {}): Promise<FakeEngine> {
  const started = await startFakeEngine(options);
  open.push(started);
  return started;
}

function client(address: Omit<EngineAddress, 'from'>, signal = new AbortController().signal): DockerClient {
  const opened = new DockerClient({ from: 'a test', ...address }, { userAgent: 'test', signal });
  open.push(opened);
  return opened;
}

const list = { path: '/containers/json' } as const;

describe('a daemon that cannot be asked', () => {
  it('says what is the matter with the socket', async () => {
    const missing = path.join(folder, 'none.sock');
    await expect(client({ url: `unix://${missing}` }).get(list)).rejects.toThrow(`there is no socket ${missing}`);
    // Root is refused nothing, so the failures are handed over.
    const own = path.join(folder, 'own.sock');
    const server = net.createServer().listen(own);
    await new Promise((resolve) => server.once('listening', resolve));
    const { explain, close } = transportTo({ url: `unix://${own}`, from: 'a test' }, dockerHints);
    const failed = (code: string): string => explain(Object.assign(new Error('x'), { code }));
    expect(failed('ECONNREFUSED')).toContain('is the daemon running');
    expect(failed('EACCES')).toMatch(
      /no permission for the socket .*: it belongs to the group \S+ \(\d+\); add the user/,
    );
    close();
    server.close();
  });

  it.each([
    ['1.39', '1.12', 'too old: the daemon speaks API 1.39 at most'],
    ['1.60', '1.52', 'too new: the daemon speaks API 1.52 at least'],
  ])('that speaks %s, and %s at least, is outside of what is understood', async (version, minimum, why) => {
    const fake = await engine({ version, minimum });
    await expect(client(fake).get(list)).rejects.toThrow(why);
  });

  it.each([
    ['HTML', '<html>', 'no JSON'],
    ['half of an answer', '[{"Id": "a"', 'no JSON'],
  ])('but with %s has said nothing', async (_what, body, why) => {
    const fake = await engine();
    fake.intercept = ({ url = '' }, response) => {
      if (!url.includes('/containers/')) return false;
      response.end(body);
      return true;
    };
    await expect(client(fake).get(list)).rejects.toThrow(why);
  });

  it('sends more than is read', async () => {
    const fake = await engine();
    fake.intercept = ({ url = '' }, response) => {
      if (!url.includes('/info')) return false;
      const piece = Buffer.alloc(1024 * 1024, 0x20);
      const more = (): void => {
        while (response.write(piece));
        response.once('drain', more);
      };
      more();
      return true;
    };
    await expect(client(fake).get({ path: '/info' })).rejects.toThrow('answered with more than 8388608 bytes');
  });

  it('is not waited for longer than an answer may take, be it that half of one has come', async () => {
    const fake = await engine();
    fake.intercept = (_, response) => {
      response.write('[{"Id":');
      return true;
    };
    const transport = transportTo({ url: fake.url, from: 'a test' }, dockerHints);
    const question = { path: '/info', headers: {}, most: 1000, time: 100 };
    const deps = { userAgent: 'test', signal: new AbortController().signal };
    await expect(ask(transport, question, deps)).rejects.toThrow('no answer within 0.1 s');
    transport.close();
  });

  it('is behind a proxy that refuses: the permission is named', async () => {
    const fake = await engine();
    for (const { path: asked, permission } of watchRequests) {
      fake.intercept = ({ url = '' }, response) => {
        if (asked !== '/_ping' && url.endsWith('/_ping')) return false;
        response.writeHead(403).end('<html>forbidden</html>');
        return true;
      };
      const request =
        asked === '/_ping' ? list : { path: asked, ...(asked.includes('{id}') && { id: 'a'.repeat(64) }) };
      await expect(client(fake).get(request)).rejects.toThrow(
        `GET ${asked} was refused (403): a proxy in front of the socket has to allow it, with ${permission}=1`,
      );
    }
  });

  it('is no engine', async () => {
    const fake = await engine();
    fake.intercept = (_, response) => {
      response.end('OK');
      return true;
    };
    await expect(client(fake).get(list)).rejects.toThrow('not as an engine');
  });

  it('is not waited for when the run is stopped', async () => {
    const fake = await engine();
    fake.intercept = () => true;
    const stop = new AbortController();
    const asked = client(fake, stop.signal).get(list);
    stop.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow('stopped');
  });
});

describe('the way to a daemon', () => {
  it('over TCP', async () => {
    const fake = await engine({ listen: 'tcp' });
    expect(await client(fake).get(list)).toEqual([]);
  });

  it('over TLS, believing the authority that was given and no other', async () => {
    const fake = await engine({ listen: { cert: certificate, key: privateKey } });
    expect(await client({ url: fake.url, tls: { insecure: true } }).get(list)).toEqual([]);
    await expect(client({ url: fake.url, tls: {} }).get(list)).rejects.toThrow('self-signed certificate');
    // It is believed, and is for another host.
    await expect(client({ url: fake.url, tls: { ca: certificate } }).get(list)).rejects.toThrow('altnames');
  });

  it('over ssh, which joins the other socket to its input and output, and says why it could not', async () => {
    const fake = await engine();
    const before = process.env['PATH'];
    const join = path.join(folder, 'join.mjs');
    writeFileSync(
      join,
      `import net from 'node:net'; const s = net.connect(${JSON.stringify(fake.socket)}); process.stdin.pipe(s).pipe(process.stdout);`,
    );
    const said = path.join(folder, 'said');
    const ssh = path.join(folder, 'ssh');
    writeFileSync(
      ssh,
      `#!/bin/sh\necho "$@" >> ${said}\ncase "$*" in *nowhere*) echo "Host key verification failed." >&2; exit 255;; esac\nexec ${process.execPath} ${join}\n`,
    );
    chmodSync(ssh, 0o755);
    process.env['PATH'] = `${folder}:${before}`;
    try {
      expect(await client({ url: 'ssh://deploy@nas:2222' }).get(list)).toEqual([]);
      expect(readFileSync(said, 'utf8')).toBe('-oBatchMode=yes -l deploy -p 2222 -- nas docker system dial-stdio\n');
      await expect(client({ url: 'ssh://nowhere' }).get(list)).rejects.toThrow(
        'cannot reach nowhere by ssh: Host key verification failed.',
      );
    } finally {
      process.env['PATH'] = before;
    }
  });
});
