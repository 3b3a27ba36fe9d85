import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { isLong } from '../support/fast-check.ts';
import { debianImage, push } from '../support/fleet.ts';
import { killedAtStep } from '../support/killed-at.ts';
import { nodeEnvironment } from '../support/node.ts';

interface Heard {
  readonly path: string;
  readonly event: string;
  readonly id: string;
  readonly news: readonly string[];
  readonly body: string;
}

/** Whoever is told, and what they heard. `answer` is asked for every request: the status, or nothing at all. */
interface Ear {
  readonly url: string;
  readonly heard: Heard[];
  answer: (number: number) => number | undefined;
  close(): void;
}

async function startEar(): Promise<Ear> {
  let number = 0;
  const server = http.createServer(async (request, response) => {
    const body = await text(request);
    const status = ear.answer(number++);
    if (status === undefined) return;
    if (status < 300) {
      const { event = '', id = '', news = [] } = body === '' ? {} : (JSON.parse(body) as Partial<Heard>);
      ear.heard.push({ path: request.url ?? '', event, id, news, body });
    }
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ear: Ear = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: [],
    answer: () => 200,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return ear;
}

let registry: FakeRegistry;
let ear: Ear;
let folder: string;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());
let pin: string;
let number = 0;
let repository: string;
beforeEach(async () => {
  ear = await startEar();
  repository = `base-${number++}`;
  pin = push(registry, repository, debianImage({ openssl: '1', libc6: '1' }));
  push(registry, repository, debianImage({ openssl: '2', libc6: '1' }), '12');
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-channels-'));
  mkdirSync(path.join(folder, 'app'));
  writeFileSync(path.join(folder, 'app/Dockerfile'), `FROM ${registry.host}/${repository}:12@${pin}\n`);
  config('');
});
afterEach(() => {
  ear.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything alerts at once, so that days play no part. */
function config(more: string, channels = '  - { type: webhook, url: "${HOOK}", secret: "${HOOK_SECRET}" }\n'): void {
  const rules = '  - { react: [alert], when: now }\n';
  writeFileSync(
    path.join(folder, 'plimsoll.yml'),
    `version: 1\nstate: state.db\nregistries: { "${registry.host}": {} }\nrules:\n${rules}notify:\n${channels}${more}`,
  );
}

const secrets = (): Record<string, string> => ({
  HOOK: `${ear.url}/hook/very-secret-path`,
  HOOK_SECRET: 'very-secret-key',
  BEAT: `${ear.url}/beat/very-secret-path`,
});
const run = (...args: string[]) => cli(args, { cwd: folder, env: secrets() });

describe('run with a channel', () => {
  it('tells it what there is, and prints nothing; the second run does nothing at all', async () => {
    expect(await run('run')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(ear.heard).toMatchObject([{ event: 'baseline', path: '/hook/very-secret-path' }]);
    expect(await run('run')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(ear.heard).toHaveLength(1);
  });

  it('says what could not be delivered, without saying where to, and delivers it next time', async () => {
    ear.answer = () => 410;
    const { code, stdout, stderr } = await run('run');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: the channel webhook: /);
    expect(stderr).toContain('410');
    expect(stderr).not.toContain('secret');
    ear.answer = () => 200;
    expect((await run('run')).code).toBe(0);
    expect(ear.heard).toMatchObject([{ event: 'baseline' }]);
  });

  it('would tell it, with --dry-run, and tells nobody', async () => {
    const { stdout, code } = await run('run', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('would tell webhook 1 finding');
    expect(ear.heard).toEqual([]);
  });

  it('sends a heartbeat after a good run, and none after another', async () => {
    config('heartbeat: "${BEAT}"\n');
    expect((await run('run')).code).toBe(0);
    expect(ear.heard.map((one) => one.path)).toEqual(['/hook/very-secret-path', '/beat/very-secret-path']);
    registry.intercept = (_request, response) => {
      response.writeHead(403).end();
      return true;
    };
    const failed = await run('run');
    registry.intercept = undefined;
    expect(failed.code).toBe(3);
    expect(ear.heard).toHaveLength(2);
  });

  it('keeps quiet about a heartbeat that nobody hears', async () => {
    config('heartbeat: "${BEAT}"\n');
    ear.answer = (n) => (n === 0 ? 200 : 500);
    const { code, stderr } = await run('run');
    expect(code).toBe(0);
    expect(stderr).toBe('warning: the heartbeat was answered with 500\n');
  });

  it('logs lines of JSON with one id per run', async () => {
    ear.answer = () => 410;
    const { stderr } = await run('run', '--log', 'json', '--verbose');
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(new Set(lines.map((line) => line['run'])).size).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', time: expect.stringMatching(/^\d{4}-/) });
    const refused = await run('run', '--log=json', '--config', 'none.yml');
    expect(JSON.parse(refused.stderr)).toMatchObject({ level: 'error', message: expect.stringContaining('none.yml') });
  });
});

describe('doctor', () => {
  it('looks at state, registries and channels', async () => {
    const first = await run('doctor');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('the first "plimsoll run" makes it');
    expect(first.stdout).toContain(`it answers for ${registry.host}/${repository}:12`);
    expect(first.stdout).toContain('no login was found, so it is asked as nobody');
    expect(first.stdout).toContain('--send sends it a sample');
    expect(first.stdout).toMatch(/^ {2}new +state\.db$/m);
    expect(ear.heard).toEqual([]);
  });

  it('names where a login was found, and never the login', async () => {
    mkdirSync(path.join(folder, '.home/.docker'), { recursive: true });
    const auth = Buffer.from('bob:very-secret-password').toString('base64');
    writeFileSync(
      path.join(folder, '.home/.docker/config.json'),
      JSON.stringify({ auths: { [registry.host]: { auth } } }),
    );
    const { stdout } = await run('doctor');
    expect(stdout).toMatch(/the login bob from .*\.docker\/config\.json is used/);
    expect(stdout).not.toContain('secret');
  });

  it('says what does not answer', async () => {
    registry.intercept = (_request, response) => {
      response.writeHead(403).end();
      return true;
    };
    const { stdout, code } = await run('doctor', '--format', 'json');
    registry.intercept = undefined;
    expect(code).toBe(1);
    const { registries } = JSON.parse(stdout) as { registries: { state: string }[] };
    expect(registries).toMatchObject([{ state: 'bad' }]);
  });

  it('looks at mirrors, folders and advisories, and names whom the newest run could not ask', async () => {
    mkdirSync(path.join(folder, 'empty'));
    const gone = 'http://127.0.0.1:9/';
    config(
      `archives: { mirrors: { "http://ftp.debian.org/": "${ear.url}/mirror/", alpine: "${gone}" }, skip: ["https://apt.corp/**"] }\n`,
    );
    ear.answer = () => 404;
    const { stdout, code } = await run('doctor', '--format', 'json');
    expect(code).toBe(1);
    const { archives } = JSON.parse(stdout) as { archives: { subject: string; state: string; findings: string[] }[] };
    expect(archives.map(({ subject, state }) => `${subject} ${state}`)).toEqual([
      `${new URL(ear.url).host} doubtful`,
      '127.0.0.1:9 bad',
      'advisories doubtful',
      'https://apt.corp/** doubtful',
    ]);
    config('archives: { offline: empty }\n');
    expect((await run('doctor')).stdout).toContain('archives.offline is empty: nothing can be known from it');
    config('archives: { offline: nowhere }\n');
    const wrong = await run('doctor');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/plimsoll\.yml:\d+: archives\.offline: there is no folder/),
    ]);
  });

  it('sends a sample with --send, of everything or of some classes where that is asked for', async () => {
    const { stdout, code } = await run('doctor', '--send');
    expect(code).toBe(0);
    expect(ear.heard.map(({ event }) => event)).toEqual(['sample']);
    expect(stdout).toContain('it took a sample; look at it there');
    await run('doctor', '--send', '--class', 'pin-broken,lagging');
    expect(ear.heard).toHaveLength(3);
    const all = await run('doctor', '--send', 'all');
    expect(ear.heard.length).toBeGreaterThan(15);
    expect(all.stdout).toContain(`it took ${ear.heard.length - 3} samples`);
    const before = ear.heard.length;
    await run('doctor', '--send', '--class', 'redeployed,unwatched');
    expect(ear.heard).toHaveLength(before + 2);
    for (const words of ['--send some', '--class security', '--send all --class security', '--send --class securty']) {
      const wrong = await run('doctor', ...words.split(' '));
      expect([words, wrong.code, wrong.stdout]).toEqual([words, 2, '']);
    }
    ear.answer = () => 404;
    const gone = await run('doctor', '--send');
    expect(gone.code).toBe(1);
    expect(gone.stdout).not.toContain('very-secret');
  });

  it('tries a sample again as a run does, and promises no more than that', async () => {
    const answers = [503, 200];
    ear.answer = () => answers.shift() ?? 200;
    const busy = await run('doctor', '--send');
    expect([busy.code, answers]).toEqual([0, []]);
    ear.answer = () => 503;
    const bad = await run('doctor', '--send');
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('could not post to the webhook: it answered 503; it is in trouble itself\n');
    config('', '  []\n');
    const nowhere = await run('doctor', '--send');
    expect([nowhere.code, nowhere.stderr]).toEqual([
      2,
      'plimsoll: there is no channel to send a sample to: name some under "notify" in the configuration\n',
    ]);
  });

  it.each([
    ['webhook', 'hooks.example/very-secret', 'the url is not what is posted to'],
    ['slack', 'https://very-secret.example', 'https://hooks.slack.com/services/…'],
    ['discord', 'https://discord.com/channels/very-secret', 'the url is not one of a webhook'],
    ['ntfy', 'https://ntfy.example', 'the url is not a server and a topic'],
  ])('tells by its shape that the address of %s is none, and does not say it', async (type, address, why) => {
    config('', `  - { type: ${type}, url: "\${HOOK}" }\n`);
    const { stdout, code } = await cli(['doctor'], { cwd: folder, env: { ...secrets(), HOOK: address } });
    expect(code).toBe(1);
    expect(stdout).toContain(`bad  ${type}`);
    expect(stdout).toContain(why);
    expect(stdout).not.toContain('very-secret');
  });
});

describe('notify preview', () => {
  it('shows what each channel would say, and sends nothing', async () => {
    config('', '  - { type: webhook, url: "${HOOK}" }\n  - { type: ntfy, name: phone, url: "${HOOK}" }\n');
    const { stdout, code } = await run('notify', 'preview');
    expect(code).toBe(0);
    expect(stdout).toContain('── webhook: ');
    expect(stdout).toContain('── phone: ');
    expect((await run('notify', 'preview', 'phone')).stdout).not.toContain('── webhook');
    expect(ear.heard).toEqual([]);
  });

  it('knows which channels there are', async () => {
    const { code, stderr } = await run('notify', 'preview', 'pager');
    expect(code).toBe(2);
    expect(stderr).toContain('there is no channel pager: there are webhook');
  });
});

describe('a process killed at any moment', () => {
  const root = path.join(import.meta.dirname, '../..');

  const killedAt = (step: number): Promise<NodeJS.Signals | null> =>
    new Promise((resolve) => {
      const child = spawn(
        process.execPath,
        ['--import', killedAtStep(step, /^(?!\/v2\/)/, isLong), path.join(root, 'src/entry/cli.ts'), 'run'],
        {
          cwd: folder,
          env: {
            ...nodeEnvironment(),
            HOME: path.join(folder, '.home'),
            PLIMSOLL_ADVISORIES: 'off',
            ...secrets(),
          },
          stdio: 'ignore',
        },
      );
      child.on('close', (_code, signal) => resolve(signal));
    });

  it('loses no news, and repeats only what it saw no answer to, under the same id', async () => {
    // Without a digest, so that it is the base line that must not get lost.
    writeFileSync(path.join(folder, 'app/Dockerfile'), `FROM ${registry.host}/${repository}:12\n`);
    expect((await run('run')).code).toBe(0);
    push(registry, repository, debianImage({ openssl: '3', libc6: '1' }), '12');
    await everywhere((told, after) => {
      // Told at least once, at most twice, and then as the same.
      expect(new Set(after).size).toBe(1);
      expect(after[0]).toMatch(/^news /);
      return told;
    });
  }, 600_000);

  it('nor that something is over, which stands with the next news', async () => {
    const [first, other] = [`${repository}-first`, `${repository}-other`];
    const pinned = (name: string): string => {
      const digest = push(registry, name, debianImage({ openssl: '1' }), '12');
      push(registry, name, debianImage({ openssl: '2' }), '12');
      return `FROM ${registry.host}/${name}:12@${digest}\n`;
    };
    writeFileSync(path.join(folder, 'app/Dockerfile'), pinned(first));
    expect((await run('run')).code).toBe(0);
    writeFileSync(path.join(folder, 'app/Dockerfile'), pinned(other));
    await everywhere((told, after, bodies) => {
      expect(new Set(after).size).toBe(1);
      for (const body of bodies) {
        const { stories } = JSON.parse(body) as { stories: { isOver?: true; subject: string }[] };
        const over = stories.filter(({ isOver }) => isOver).map(({ subject }) => subject);
        // Once it was heard and recorded, a second message is about something else; here there is none.
        expect(over).toEqual([expect.stringContaining(first)]);
      }
      return told;
    });
  }, 600_000);

  /** Kills a run at its first step, its second, and so on until it ends, each time from the same state, and runs once more. */
  async function everywhere(
    check: (told: number, after: readonly string[], bodies: readonly string[]) => number,
  ): Promise<void> {
    const state = path.join(folder, 'state.db');
    copyFileSync(state, `${state}.before`);
    let step = 1;
    let repeated = 0;
    for (; step < 400; step++) {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${state}${suffix}`, { force: true });
      copyFileSync(`${state}.before`, state);
      ear.heard.length = 0;
      const signal = await killedAt(step);
      const told = ear.heard.length;
      expect((await run('run')).code).toBe(0);
      const after = ear.heard.map(({ event, id }) => `${event} ${id}`);
      expect(after.length).toBeGreaterThanOrEqual(1);
      expect(after.length).toBeLessThanOrEqual(2);
      if (after.length === 2) repeated++;
      const whole = check(
        told,
        after,
        ear.heard.map(({ body }) => body),
      );
      if (signal === null) {
        expect(whole).toBe(1);
        break;
      }
    }
    expect(step).toBeGreaterThan(isLong ? 20 : 10);
    // Between the service's answer and the state's record there is room for one moment or two, and no more.
    expect(repeated).toBeLessThanOrEqual(3);
  }
});
