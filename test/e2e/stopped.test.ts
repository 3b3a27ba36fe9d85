import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/core/errors.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import { localKinds } from '../../src/local/index.ts';
import { parseLocal } from '../../src/local/local-images.ts';
import { findPending } from '../../src/look/pending-packages.ts';
import { cli } from '../support/cli.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { type FakeArchive, publishSuite, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { image, layer, tar } from '../support/image-builder.ts';
import { testApp } from '../support/test-app.ts';
import type { Watched } from '../support/watched-process.ts';

/* What comes from outside keeps nobody from stopping: in the middle of a hostile database, and of a huge index. */

let folder: string;
let registry: FakeRegistry;
let archive: FakeArchive;
/** An image on this machine whose database takes seconds, and one in a registry whose archive does. */
let database: string;
let behind: string;
let manifest: Digest;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-stopped-'));
  [registry, archive] = await Promise.all([startFakeRegistry(), startFakeArchive()]);
  const release = { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' };
  writeFileSync(
    path.join(folder, 'hostile.tar'),
    tar({ ...release, 'var/lib/dpkg/status': Buffer.alloc(100 * 1024 * 1024, '\n') }),
  );
  database = `tar:${path.join(folder, 'hostile.tar')}`;
  const packages = Array.from({ length: 1_000_000 }, (_, i) => ({
    name: `p${(i * 7919) % 1_000_003}`,
    version: `${i}`,
  }));
  await publishSuite(archive, { suite: 'huge', packages });
  const built = image({
    layers: [
      layer({
        ...release,
        'etc/apt/sources.list': `deb [trusted=yes] ${archive.uri} huge main\n`,
        'var/lib/dpkg/status': 'Package: p1\nStatus: install ok installed\nArchitecture: amd64\nVersion: 0\n',
      }),
    ],
  });
  manifest = push(registry, 'behind', built, '1');
  behind = `${registry.host}/behind:1`;
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([registry.close(), archive.close()]);
});

async function watched(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Watched & { readonly code: number | null; readonly stdout: string }> {
  const file = path.join(folder, 'watched.json');
  const preload = path.join(import.meta.dirname, '../support/watched-process.ts');
  const { code, stdout } = await cli([...args, '--cache', 'none'], {
    cwd: folder,
    env: { NODE_OPTIONS: `--import=${preload}`, WATCHED_FILE: file, ...env },
  });
  return { ...(JSON.parse(readFileSync(file, 'utf8')) as Watched), code, stdout };
}

describe('a command', () => {
  it.each([
    ['a hostile database', () => ['packages', database]],
    ['a huge index', () => ['pending', behind]],
  ])('that is sent SIGTERM in the middle of %s ends', { retry: 2 }, async (_what, args) => {
    const whole = await watched(args());
    const { code, stdout, longest, afterSignal } = await watched(args(), { WATCHED_TERMINATE: `${whole.spent / 2}` });
    expect([code, stdout]).toEqual([143, '']);
    expect(afterSignal).toBeLessThan(2000);
    expect(longest).toBeLessThan(250);
  });

  it('leaves the event loop its turns to the end', { retry: 2 }, async () => {
    const { code, longest } = await watched(['pending', behind]);
    expect(code).toBe(0);
    expect(longest).toBeLessThan(250);
  });
});

describe('a run that is sent SIGTERM while it records what it found', () => {
  const files = 8;
  const usesPerFile = 2500;
  const references = 100;

  it('ends, and leaves all of it or nothing', async () => {
    const words = Array.from({ length: references }, (_, i) => {
      const before = push(registry, `many-${i}`, debianImage({ app: '1' }));
      push(registry, `many-${i}`, debianImage({ app: '2' }), '1');
      return `FROM ${registry.host}/many-${i}:1@${before}\n`;
    });
    const tree = path.join(folder, 'tree');
    for (let file = 0; file < files; file++) {
      mkdirSync(path.join(tree, `${file}`), { recursive: true });
      writeFileSync(path.join(tree, `${file}/Dockerfile`), words.join('').repeat(usesPerFile / references));
    }
    writeFileSync(
      path.join(folder, 'plimsoll.yml'),
      JSON.stringify({
        version: 1,
        repositories: [{ path: 'tree' }],
        registries: { [registry.host]: {} },
        state: 'state.db',
      }),
    );
    const wal = path.join(folder, 'state.db-wal');
    const { code, afterSignal } = await watched(['run', '--config', 'plimsoll.yml'], {
      WATCHED_FILE_GROWS: wal,
    });
    expect(code).toBe(143);
    expect(afterSignal).toBeLessThan(2000);
    const { stdout } = await cli(['status', '--state', 'state.db', '--format', 'json'], { cwd: folder });
    const { findings } = JSON.parse(stdout) as { findings: unknown[] };
    expect([0, files * usesPerFile]).toContain(findings.length);
  });
});

describe('a run whose time is up', () => {
  const late = new PlimsollError('CANCELLED', 'the run took longer than 30 minutes; this was not looked up');

  it('ends in the middle of a hostile database', async () => {
    const stop = new AbortController();
    const app = testApp({ signal: stop.signal });
    const reference = parseLocal(database, localKinds);
    if (reference === undefined) throw new Error('not a local image');
    const { root } = await app.local.open(reference);
    const reading = expect(app.inspector.inspect(reference, root)).rejects.toBe(late);
    await spentSince(1000);
    const spent = await cpuTime(async () => {
      stop.abort(late);
      await reading;
    });
    expect(spent).toBeLessThan(2000);
    app.close();
  });

  it('ends in the middle of a huge index', async () => {
    const stop = new AbortController();
    const app = testApp({ signal: stop.signal });
    const place = { registry: registry.host, repository: 'behind' };
    archive.log.length = 0;
    const reading = expect(findPending(place, manifest, app.run)).rejects.toBe(late);
    await expect.poll(() => archive.log.some((one) => one.path.includes('Packages'))).toBe(true);
    await spentSince(1000);
    const spent = await cpuTime(async () => {
      stop.abort(late);
      await reading;
    });
    expect(spent).toBeLessThan(2000);
    app.close();
  });
});

/** Resolves when this process has spent so many milliseconds of processor time more. */
async function spentSince(milliseconds: number): Promise<void> {
  const start = process.cpuUsage();
  const spent = (): number => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  while (spent() < milliseconds) await new Promise((resolve) => setTimeout(resolve, 5));
}
