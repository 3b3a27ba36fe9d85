import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { startGitea } from '../support/gitea/forge.ts';
import { startGitLab } from '../support/gitlab/forge.ts';
import { type RebuildWorld, rootImage, startRebuildWorld } from '../support/rebuild-world.ts';
import type { StandIn } from '../support/stand-in.ts';

/** Builders that are not GitHub's, each as far as it can be asked. */

const day = 24 * 60 * 60 * 1000;
const hour = day / 24;
const start = Date.UTC(2026, 10, 1, 6);

/** Somebody who builds, over loopback. */
interface BuilderFixture {
  readonly faults: readonly string[];
  /** The images that were asked for, in that order. */
  readonly asked: string[];
  /** Requests for builds, heard or not. */
  sent(): number;
  /** The request is done and its answer lost; it never arrives; it is answered so; it is answered as ever. */
  does(what: 'lost' | 'unheard' | number | 'well'): void;
  at(time: number): void;
  close(): Promise<void>;
}

interface BuilderKind {
  readonly name: string;
  /** Is what was begun to be found again? */
  readonly isFound: boolean;
  /** The answer of one that will not, and what has to be said then. */
  readonly refusals: readonly (readonly [status: number, todo: string])[];
  start(registry: string): Promise<BuilderFixture>;
  repositories(server: string): string;
  rebuild(server: string): string;
}

let server = '';

/** A forge over bare repositories that holds the two Dockerfiles, and how a build is begun there. */
async function forge(
  begin: () => Promise<StandIn>,
  path: RegExp,
  files: Readonly<Record<string, string>>,
  registry: string,
): Promise<BuilderFixture> {
  const own = await begin();
  server = own.url;
  const asked: string[] = [];
  own.world.onBuild = (_, { inputs }) => asked.push((inputs['image'] ?? '').replace(`${registry}/`, ''));
  const dockerfile = `FROM ${registry}/root:12\nCOPY . /srv\n`;
  own.world.create('o/bases', { 'app/Dockerfile': dockerfile, 'tool/Dockerfile': dockerfile, ...files });
  const isAsked = (method: string, at: string): boolean => method === 'post' && path.test(at);
  let unlogged = 0;
  return {
    faults: own.faults,
    asked,
    sent: () => unlogged + own.log.filter((one) => isAsked(one.method, one.path)).length,
    does(what) {
      own.after = (method, at) => {
        if (what !== 'lost' || !isAsked(method, at)) return undefined;
        unlogged++;
        return 'hang-up';
      };
      own.intercept = (method, at) => {
        if (!isAsked(method, at) || what === 'lost' || what === 'well') return undefined;
        if (what !== 'unheard') return { status: what, body: { message: 'no', error: 'no' } };
        unlogged++;
        return 'hang-up';
      };
    },
    at: (time) => own.world.setTime(time),
    close: () => own.close(),
  };
}

/** Somebody's own builder, behind one address. */
async function webhook(registry: string): Promise<BuilderFixture> {
  const asked: string[] = [];
  let sent = 0;
  let what: Parameters<BuilderFixture['does']>[0] = 'well';
  const hook = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      sent++;
      if (what === 'unheard') return void request.socket.destroy();
      if (typeof what === 'number') return void response.writeHead(what).end();
      asked.push(String(JSON.parse(body).image).replace(`${registry}/`, ''));
      if (what === 'lost') request.socket.destroy();
      else response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  server = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
  return {
    faults: [],
    asked,
    sent: () => sent,
    does: (next) => {
      what = next;
    },
    at: () => undefined,
    close: () => new Promise((resolve) => hook.close(() => resolve())),
  };
}

const workflow = 'on: { workflow_dispatch: { inputs: { image: {}, run: {} } } }\njobs: {}\n';
const inputs = 'inputs: { image: "{image}", run: "{correlation}" }';
const gitea = (name: string, key: string): BuilderKind => ({
  name,
  isFound: true,
  refusals: [
    [403, 'Actions switched on in the repository'],
    [404, 'a workflow of that name on that branch which is started by workflow_dispatch'],
  ],
  start: (registry) => forge(startGitea, /\/dispatches/, { '.gitea/workflows/build.yml': workflow }, registry),
  repositories: (url) => `{ ${key}: "o/*", url: "${url}", token: "\${TOKEN}" }`,
  rebuild: () => `type: gitea, workflow: build.yml, ${inputs}`,
});
const gitlab = (name: string, path: RegExp, secret: string, todo: string): BuilderKind => ({
  name,
  isFound: true,
  refusals: [
    [403, todo],
    [404, todo],
  ],
  start: (registry) => forge(startGitLab, path, { '.gitlab-ci.yml': 'build: { script: [make] }\n' }, registry),
  repositories: (url) => `{ gitlab: "o/*", url: "${url}", token: "\${TOKEN}" }`,
  rebuild: () => `type: gitlab, ${secret}${inputs}`,
});

const kinds: readonly BuilderKind[] = [
  gitlab('GitLab', /\d\/pipeline$/, '', 'the scope api'),
  gitlab(
    'GitLab with a trigger token',
    /\/trigger\/pipeline$/,
    'secret: "${TRIGGER}", ',
    'a trigger token of this project',
  ),
  gitea('Gitea', 'gitea'),
  gitea('Forgejo', 'forgejo'),
  {
    name: 'a webhook',
    isFound: false,
    refusals: [
      [403, 'answered 403'],
      [404, 'answered 404'],
    ],
    start: webhook,
    repositories: () => '{ path: "tree" }',
    rebuild: (url) => `type: webhook, url: "${url}/build", secret: "\${TRIGGER}", ${inputs}`,
  },
];

describe.each(kinds)('$name', (kind) => {
  let own: RebuildWorld;
  let builder: BuilderFixture;
  beforeEach(async () => {
    own = await startRebuildWorld();
    builder = await kind.start(own.registry.host);
  });
  afterEach(async () => {
    await Promise.all([own.close(), builder.close()]);
    expect(builder.faults).toEqual([]);
  });

  function run(at: number): Promise<CliResult> {
    builder.at(at);
    const env = {
      TOKEN: 'token',
      TRIGGER: 'trigger',
      PLIMSOLL_ADVISORIES: own.osv.base,
      PLIMSOLL_NOW: new Date(at).toISOString(),
    };
    return cli(['run', '--state', 'state.db'], { cwd: own.folder, env });
  }

  async function stale(): Promise<readonly Finding[]> {
    const { stdout } = await cli(['status', '--state', 'state.db', '--format', 'json'], { cwd: own.folder });
    return (JSON.parse(stdout) as RunRecord).findings.filter((one) => one.class === 'stale');
  }

  /** Images of these names on a root that has a fix since the second day; they are asked for on the third. */
  async function behind(names: readonly string[], more = ''): Promise<void> {
    const { registry } = own;
    own.publish('root:12', rootImage('3.0.15-1'));
    for (const name of names) own.build(`${name}:1`, 'root:12');
    const isHere = kind.repositories(server).includes('path');
    if (isHere)
      own.write(
        Object.fromEntries(names.map((name) => [`tree/${name}/Dockerfile`, `FROM ${registry.host}/root:12\n`])),
      );
    const published = names.map(
      (name) =>
        `  - { image: "${registry.host}/${name}:1", ${isHere ? '' : 'repository: o/bases, '}file: ${name}/Dockerfile, rebuild: { ${kind.rebuild(server)} } }`,
    );
    own.configure(`version: 1
repositories: [${kind.repositories(server)}]
registries: { "${registry.host}": {} }
rules: [{ match: { class: [stale] }, react: [alert, dispatch] }]
published:
${published.join('\n')}
${more}`);
    expect(await run(start)).toMatchObject({ code: 0, stderr: '' });
    own.publish('root:12', rootImage('3.0.16-1'));
    expect(await run(start + day)).toMatchObject({ code: 0, stderr: '' });
    expect(builder.sent()).toBe(0);
  }

  it('is asked once for each image, no more of them than a day may have, and heard of at the registry', async () => {
    await behind(['app', 'tool'], 'limits: { dispatch: { perDay: 1, security: { perDay: 1 } } }\n');
    for (const later of [0, hour, 5 * hour]) expect(await run(start + 2 * day + later)).toMatchObject({ code: 0 });
    expect(builder.asked).toEqual(['app:1']);
    expect((await stale()).map(({ published, dispatch }) => [published?.image.split('/')[1], dispatch?.state])).toEqual(
      [
        ['app:1', 'asked'],
        ['tool:1', 'held'],
      ],
    );
    own.build('app:1', 'root:12');
    expect(await run(start + 3 * day + hour)).toMatchObject({ code: 0, stderr: '' });
    expect(builder.asked).toEqual(['app:1', 'tool:1']);
    own.build('tool:1', 'root:12');
    expect(await run(start + 4 * day)).toMatchObject({ code: 0, stderr: '' });
    expect([builder.sent(), await stale()]).toEqual([2, []]);
  });

  it('is looked up when its answer was lost, where it can be, and never asked again for what it has heard', async () => {
    await behind(['app']);
    builder.does('lost');
    await run(start + 2 * day);
    builder.does('well');
    for (const later of [hour, 2 * hour]) expect(await run(start + 2 * day + later)).toMatchObject({ code: 0 });
    expect([builder.asked, builder.sent()]).toEqual([['app:1'], 1]);
    const [finding] = await stale();
    expect(finding?.dispatch?.state).toBe('asked');
    if (kind.isFound) expect(finding?.dispatch?.url).toMatch(/\d$/);
  });

  it('is asked again for what it has never heard of, where it can say so', async () => {
    await behind(['app']);
    builder.does('unheard');
    await run(start + 2 * day);
    builder.does('well');
    for (const later of [hour, 2 * hour]) expect(await run(start + 2 * day + later)).toMatchObject({ code: 0 });
    expect(builder.asked).toEqual(kind.isFound ? ['app:1'] : []);
    expect(builder.sent()).toBe(kind.isFound ? 2 : 1);
  });

  it.each(kind.refusals)('that answers %i is told once with what to do, and left alone', async (status, todo) => {
    await behind(['app']);
    builder.does(status);
    const refused = await run(start + 2 * day);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(String(status));
    expect(refused.stderr).toContain(todo);
    expect(refused.stdout).toContain(todo);
    builder.does('well');
    for (const later of [1, 2]) expect(await run(start + (2 + later) * day)).toMatchObject({ code: 0, stdout: '' });
    expect([builder.asked, builder.sent()]).toEqual([[], 1]);
    expect((await stale())[0]?.dispatch).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('plimsoll retry'),
    });
  });
});
