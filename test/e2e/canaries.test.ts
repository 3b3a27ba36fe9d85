import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

/** One secret per place that can hold one; none of these words stands anywhere else. */
const canaries = {
  registryPassword: 'c4nary-registry-pa55',
  storedPassword: 'c4nary-stored-pa55',
  storedIdentity: 'c4nary-identity-t0ken',
  helperPassword: 'c4nary-helper-pa55',
  proxyPassword: 'c4nary-proxy-pa55',
  hookPath: 'c4nary-hook-path',
  hookSecret: 'c4nary-hook-s3cret',
  brokenHookPath: 'c4nary-broken-hook-path',
  slackToken: 'xoxb-c4nary-slack',
  telegramToken: '123456:c4naryTelegram000000000000000000000',
  discordToken: 'c4nary-discord-token',
  teamsPath: 'c4nary-teams-path',
  ntfyToken: 'tk_c4naryntfy',
  matrixToken: 'syt_c4nary_matrix',
  mailPassword: 'c4nary-mail-pa55',
  heartbeatPath: 'c4nary-heartbeat-path',
  githubToken: 'ghp_c4narygithub0000000000000000000000',
  envPassword: 'c4nary-image-env-before',
  newEnvPassword: 'c4nary-image-env-after',
  sourcesPassword: 'c4nary-sources-pa55',
  signedUrl: 'c4nary-signed-url',
  surroundings: 'c4nary-of-somebody-else',
  composePassword: 'c4nary-compose-pa55',
  dotenvPassword: 'c4nary-dotenv-pa55',
  workflowToken: 'c4nary-workflow-t0ken',
  manifestPassword: 'c4nary-manifest-pa55',
  chartPassword: 'c4nary-chart-pa55',
  inlinePassword: 'c4nary-inline-pa55',
} as const;
const forms = Object.values(canaries).flatMap((one) => [
  one,
  encodeURIComponent(one),
  ...['', 'ann:', 'bob:', 'carl:', '<token>:'].map((user) =>
    Buffer.from(`${user}${one}`).toString('base64').replace(/=+$/, ''),
  ),
]);

let registry: FakeRegistry;
let hook: http.Server;
const heard: string[] = [];
let tree: { folder: string; remove: () => void };
beforeAll(async () => {
  registry = await startFakeRegistry();
  hook = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // The path is where it belongs.
      heard.push(`${JSON.stringify(request.headers)} ${Buffer.concat(chunks)}`);
      response.writeHead(200).end('ok');
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  registry.auth = { basic: `ann:${canaries.registryPassword}` };
  tree = temporaryTree({});
});
afterAll(async () => {
  tree.remove();
  hook.closeAllConnections();
  hook.close();
  await registry.close();
});

const nobody = '127.0.0.1:9';

function write(name: string, text: string, mode = 0o644): void {
  const file = path.join(tree.folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}

/** Files below a folder that hold a canary, but for those that were put there to hold one. */
function filesWith(folder: string): { readonly found: readonly string[]; readonly searched: readonly string[] } {
  const onPurpose = new Set([
    '.home/.docker/config.json',
    'bin/docker-credential-canary',
    ...['compose.yaml', '.env', '.github/workflows/ci.yml', 'k8s/app.yaml', 'chart/values.yaml'],
  ]);
  const searched = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !onPurpose.has(name) && statSync(path.join(folder, name)).isFile(),
  );
  const holds = (name: string): boolean => {
    const text = readFileSync(path.join(folder, name), 'latin1');
    return forms.some((one) => text.includes(one));
  };
  return { found: searched.filter(holds), searched };
}

it('of every place that can hold a secret appear in nothing that is printed, sent, kept or written', async () => {
  const sources = `deb [trusted=yes] http://dora:${canaries.sourcesPassword}@${nobody}/debian bookworm main\n`;
  const built = (version: string, password: string) =>
    debianImage(
      { libc6: '2.36-9', openssl: version },
      {
        config: { Env: [`DB_PASSWORD=${password}`, `API_TOKEN=${password}`, `LEVEL=${version}`] },
        files: { 'etc/apt/sources.list': sources },
      },
    );
  const before = push(registry, 'app', built('1', canaries.envPassword), '1');
  const after = push(registry, 'app', built('2', canaries.newEnvPassword), '1');
  const old = push(registry, 'stored', built('1', canaries.envPassword), '1');
  // Storage behind a registry is reached by addresses that are secrets themselves, and this one answers nobody.
  registry.intercept = (request, response) => {
    if (!request.url?.includes('/v2/stored/blobs/')) return false;
    const location = `http://${nobody}/blob?X-Amz-Signature=${canaries.signedUrl}&X-Amz-Credential=${canaries.signedUrl}`;
    response.writeHead(307, { location }).end();
    return true;
  };
  write(
    'Dockerfile',
    [
      `FROM ${registry.host}/app:1@${before}`,
      `FROM ${registry.host}/stored:1@${old}`,
      `FROM ${nobody}/nowhere:1`,
      'FROM registry.example:5443/x:1',
      '',
    ].join('\n'),
  );
  const image = `${registry.host}/app:1@${before}`;
  write(
    'compose.yaml',
    `services:
  a: { image: "${image}", environment: { DB: ${canaries.composePassword} } }
  b:
    environment:
      DB: ${canaries.composePassword}
    image: \${HOST:-${registry.host}}/app:\${TAG:-0}
    build:
      dockerfile_inline: |
        FROM ${image}
        ENV DB=${canaries.inlinePassword}
  c:
    image: \${HOST:-${registry.host}}/app:\${TAG:-0}
  d:
    image: \${PINNED}
`,
  );
  const pinned = `PINNED="${image}" # ${canaries.dotenvPassword}\n`;
  write('.env', `TAG=1\nDB=${canaries.dotenvPassword}\n${pinned}`);
  execFileSync('git', ['init', '-q', '.'], { cwd: tree.folder });
  execFileSync('git', ['add', '.env'], { cwd: tree.folder });
  write(
    '.github/workflows/ci.yml',
    `jobs:
  a:
    container: { image: "${image}", credentials: { username: x, password: ${canaries.workflowToken} } }
    steps: []
`,
  );
  write(
    'k8s/app.yaml',
    `apiVersion: v1
kind: Secret
stringData: { image: ${canaries.manifestPassword} }
---
apiVersion: v1
kind: Pod
spec:
  containers:
    - { image: "${image}", env: [{ name: DB, value: ${canaries.manifestPassword} }] }
`,
  );
  write(
    'chart/values.yaml',
    `image: { repository: ${registry.host}/app, tag: "1@${before}", password: ${canaries.chartPassword} }\n`,
  );
  write(
    '.home/.docker/config.json',
    JSON.stringify({
      auths: {
        [nobody]: { auth: Buffer.from(`bob:${canaries.storedPassword}`).toString('base64') },
        'other.example': { identitytoken: canaries.storedIdentity },
      },
      credHelpers: { 'registry.example:5443': 'canary' },
    }),
  );
  write(
    'bin/docker-credential-canary',
    `#!/bin/sh\necho '{"Username":"carl","Secret":"${canaries.helperPassword}"}'\n`,
    0o755,
  );
  const { port } = hook.address() as AddressInfo;
  write(
    'plimsoll.yml',
    `version: 1
state: state.db
registries:
  "${registry.host}": { username: ann, password: "\${REGISTRY_PASSWORD}" }
  "${nobody}": {}
rules:
  - { react: [alert], when: now }
notify:
  - { type: webhook, name: hook, url: "\${HOOK}", secret: "\${HOOK_SECRET}" }
  - { type: webhook, name: broken, url: "\${BROKEN_HOOK}" }
  - { type: email, name: mail, host: 127.0.0.1, port: 9, tls: none, username: ann, password: "\${MAIL}", from: a@example.org, to: [b@example.org] }
  - { type: slack, name: slack, token: "\${SLACK}", channel: "#ops" }
  - { type: telegram, name: telegram, token: "\${TELEGRAM}", chat: "-1001" }
  - { type: discord, name: discord, url: "\${DISCORD}" }
  - { type: teams, name: teams, url: "\${TEAMS}" }
  - { type: ntfy, name: ntfy, url: "\${NTFY_TOPIC}", token: "\${NTFY}" }
  - { type: matrix, name: matrix, homeserver: "http://127.0.0.1:9", room: "!r:example.org", token: "\${MATRIX}" }
heartbeat: "\${HEARTBEAT}"
`,
  );
  const env = {
    REGISTRY_PASSWORD: canaries.registryPassword,
    HOOK: `http://127.0.0.1:${port}/${canaries.hookPath}`,
    HOOK_SECRET: canaries.hookSecret,
    BROKEN_HOOK: `http://${nobody}/${canaries.brokenHookPath}`,
    MAIL: canaries.mailPassword,
    SLACK: canaries.slackToken,
    TELEGRAM: canaries.telegramToken,
    DISCORD: `https://discord.com/api/webhooks/123456789012345678/${canaries.discordToken}`,
    TEAMS: `https://example.webhook.office.com/webhookb2/${canaries.teamsPath}`,
    NTFY: canaries.ntfyToken,
    NTFY_TOPIC: `http://${nobody}/${canaries.brokenHookPath}`,
    MATRIX: canaries.matrixToken,
    HEARTBEAT: `http://127.0.0.1:9/${canaries.heartbeatPath}`,
    HTTPS_PROXY: `http://ann:${canaries.proxyPassword}@127.0.0.1:9`,
    GITHUB_TOKEN: canaries.githubToken,
    GH_TOKEN: canaries.githubToken,
    AWS_SECRET_ACCESS_KEY: canaries.surroundings,
    PATH: `${tree.folder}/bin:${process.env['PATH']}`,
  };
  const tagged = `${registry.host}/app:1`;
  const commands: readonly (readonly string[])[] = [
    ...['text', 'json', 'markdown', 'html', 'sarif', 'codequality', 'dotenv'].map((format) => [
      'check',
      '--config',
      'plimsoll.yml',
      '--format',
      format,
    ]),
    ['check', '--config', 'plimsoll.yml', '--verbose'],
    ['run', '--dry-run', '--verbose'],
    ['run', '--verbose', '--log', 'json'],
    ['run'],
    ['status'],
    ['status', '--format', 'json'],
    ['where', 'openssl'],
    ['where', 'openssl', '--format', 'json'],
    ['history', tagged],
    ['packages', tagged],
    ['pending', tagged],
    ['pending', tagged, '--format', 'json'],
    ['diff', `${registry.host}/app@${before}`, `${registry.host}/app@${after}`],
    ['diff', `${registry.host}/app@${before}`, `${registry.host}/app@${after}`, '--format', 'json'],
    ['doctor', '--send'],
    ['doctor', '--format', 'json'],
    ['notify', 'preview'],
    ['refs', 'Dockerfile'],
    ['refs', 'compose.yaml', '.github/workflows/ci.yml', 'k8s/app.yaml', 'chart/values.yaml', '--format', 'json'],
    ['refs', 'compose.yaml', '.github/workflows/ci.yml', 'k8s/app.yaml', 'chart/values.yaml'],
    // A patch holds whole lines, so that only here a line that holds a secret would be shown.
    ['update', '--dry-run', '--config', 'plimsoll.yml', 'Dockerfile'],
    ['cache', 'prune'],
    ['init'],
    ['update', '--config', 'plimsoll.yml', 'compose.yaml'],
  ];
  for (const args of commands) {
    const { code, stdout, stderr } = await cli(args, { cwd: tree.folder, env });
    const name = `${args.join(' ')}: ${code} ${code === 2 ? stderr : ''}`;
    // It was understood, so that there is something to look at.
    expect([0, 1, 3], name).toContain(code);
    const text = `${stdout}${stderr}`;
    expect(
      forms.filter((one) => text.includes(one)),
      name,
    ).toEqual([]);
  }
  expect(readFileSync(path.join(tree.folder, '.env'), 'utf8')).toContain(pinned.replace(before, after));
  expect(heard.length).toBeGreaterThan(1);
  expect(forms.filter((one) => heard.some((text) => text.includes(one)))).toEqual([]);
  const { found, searched } = filesWith(tree.folder);
  expect(found).toEqual([]);
  for (const part of [/state\.db$/, /cache.*\/[0-9a-f]{63}$/, /workflows\/plimsoll\.yml$/]) {
    expect(searched.filter((name) => part.test(name)).length, String(part)).toBeGreaterThan(0);
  }
});
