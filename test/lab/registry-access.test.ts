import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseDigest } from '../../src/core/image/digest.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';
import { type BuiltImage, image, layer } from '../support/image-builder.ts';
import { testClient } from '../support/registry-client.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { type Authority, type Front, makeAuthority, startNginx, startSquid } from './support/fronts.ts';
import { freePort, type RegistryAddress, requestsOf, startRegistry } from './support/registry-server.ts';
import { findSecrets, hidden, secrets } from './support/secrets.ts';
import { startTokenServer, type TokenServer } from './support/token-server.ts';

const { folder, http: open, closed } = inject('lab');
const own = mkdtempSync(path.join(folder, 'access-'));
// Servers that drop their privileges write here.
chmodSync(own, 0o755);
const repositories = Array.from({ length: 60 }, (_, n) => `access/app-${n}`);
const images = Array.from({ length: 10 }, (_, n) => image({ layers: [layer({ name: `image ${n}` })] }));
const references = repositories.flatMap((name) => images.map((built, tag) => ({ name, tag: `${tag}`, built })));
const stops: (() => Promise<void>)[] = [];
const printed: string[] = [];
let authority: Authority;

/** Without a tool per image: six hundred of them would take minutes. */
async function push(repository: string, built: BuiltImage, tag: string): Promise<void> {
  const base = `http://${open.host}/v2/${repository}`;
  for (const blob of [built.config, ...built.layers]) {
    if ((await fetch(`${base}/blobs/${blob.digest}`, { method: 'HEAD' })).ok) continue;
    const { headers } = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
    const target = new URL(headers.get('location') ?? '', base);
    target.searchParams.set('digest', blob.digest);
    const { status } = await fetch(target, { method: 'PUT', body: Buffer.from(blob.bytes) });
    expect(status).toBe(201);
  }
  const { bytes, mediaType } = built.manifest;
  const headers = { 'content-type': mediaType };
  const { status } = await fetch(`${base}/manifests/${tag}`, { method: 'PUT', body: Buffer.from(bytes), headers });
  expect(status).toBe(201);
}

beforeAll(async () => {
  installDebianPackages(['nginx-light', 'squid', 'openssl', 'apache2-utils']);
  authority = makeAuthority(path.join(own, 'authority'));
  await Promise.all(
    repositories.map(async (name) => {
      for (const [tag, built] of images.entries()) await push(name, built, `${tag}`);
    }),
  );
  await Promise.all(['hub/library/debian', 'public/app', 'private/app'].map((name) => push(name, images[0]!, '12')));
});
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});

interface Place {
  readonly cwd: string;
  check(env?: Readonly<Record<string, string>>, ...args: string[]): Promise<CliResult & { record: RunRecord }>;
}

/** A folder with a Dockerfile per line and, when given, a configuration and what docker login stored. */
function place(lines: readonly string[], config?: unknown, docker?: unknown): Place {
  const cwd = mkdtempSync(path.join(own, 'place-'));
  for (const [n, line] of lines.entries()) {
    mkdirSync(path.join(cwd, `tree/${n}`), { recursive: true });
    writeFileSync(path.join(cwd, `tree/${n}/Dockerfile`), `${line}\n`);
  }
  const configFile = path.join(cwd, 'plimsoll.yml');
  if (config !== undefined) writeFileSync(configFile, JSON.stringify({ version: 1, ...config }));
  if (docker !== undefined) {
    mkdirSync(path.join(cwd, 'docker'));
    writeFileSync(path.join(cwd, 'docker/config.json'), typeof docker === 'string' ? docker : JSON.stringify(docker));
  }
  return {
    cwd,
    check: async (env = {}, ...args) => {
      const options = ['--cache', path.join(cwd, 'cache'), ...(config === undefined ? [] : ['--config', configFile])];
      const result = await cli(['check', 'tree', '--format', 'json', '--verbose', ...options, ...args], {
        cwd,
        env: { DOCKER_CONFIG: path.join(cwd, 'docker'), ...env },
      });
      printed.push(result.stdout, result.stderr);
      appendFileSync(path.join(own, 'transcript.log'), result.stdout + result.stderr);
      if (!result.stdout.startsWith('{')) throw new Error(`exit code ${result.code}: ${result.stderr.slice(-3000)}`);
      return { ...result, record: JSON.parse(result.stdout) as RunRecord };
    },
  };
}

const auths = (host: string, entry: Record<string, string>): unknown => ({ auths: { [host]: entry } });
const auth = (user: string, password: string): { auth: string } => ({
  auth: Buffer.from(`${user}:${password}`).toString('base64'),
});
const classes = ({ findings }: RunRecord): string[] => [...new Set(findings.map((finding) => finding.class))];
const problemsOf = ({ findings, problems }: RunRecord): string[] => [
  ...findings.flatMap(({ problem }) => (problem ? [problem.message] : [])),
  ...problems.map(({ message }) => message),
];

describe('logins that other tools left', () => {
  const helper = (script: string): string => {
    const bin = mkdtempSync(path.join(own, 'bin-'));
    writeFileSync(path.join(bin, 'docker-credential-lab'), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, 'docker-credential-lab'), 0o755);
    return `${bin}:${process.env['PATH']}`;
  };
  const line = `FROM ${closed.host}/private/app:12`;
  const helpers = { credHelpers: { [closed.host]: 'lab' } };
  const answer = `printf '{"Username":"${closed.user}","Secret":"${closed.password}"}'`;

  it.each<[string, unknown, () => Record<string, string>]>([
    ['a config.json', auths(closed.host, auth(closed.user, closed.password)), () => ({})],
    [
      'a credential helper',
      helpers,
      () => ({ PATH: helper(`read server; [ "$server" = ${closed.host} ] && ${answer}`) }),
    ],
    ['a credential store', { credsStore: 'lab' }, () => ({ PATH: helper(answer) })],
    [
      'DOCKER_AUTH_CONFIG',
      undefined,
      () => ({ DOCKER_AUTH_CONFIG: JSON.stringify(auths(closed.host, auth(closed.user, closed.password))) }),
    ],
    [
      'podman, for a namespace',
      undefined,
      () => {
        const file = path.join(mkdtempSync(path.join(own, 'podman-')), 'auth.json');
        writeFileSync(file, JSON.stringify(auths(`${closed.host}/private`, auth(closed.user, closed.password))));
        return { REGISTRY_AUTH_FILE: file };
      },
    ],
  ])('open the registry: %s', async (_name, docker, env) => {
    const { record } = await place([line], undefined, docker).check(env());
    expect([classes(record), record.problems]).toEqual([['unpinned'], []]);
  });

  it.each<[string, unknown, () => Record<string, string>, RegExp]>([
    ['is missing', helpers, () => ({}), /docker-credential-lab, which .* names for .*, is not installed/],
    ['prints junk', helpers, () => ({ PATH: helper(`echo ${closed.password}`) }), /printed something that is no login/],
    ['hangs', helpers, () => ({ PATH: helper('sleep 600') }), /did not answer within 10 s/],
  ])('do not when a helper %s, which is said', async (_name, docker, env, sentence) => {
    const { record } = await place([line], undefined, docker).check(env());
    expect(classes(record)).toEqual(['unknown']);
    expect(problemsOf(record).filter((message) => sentence.test(message))).toHaveLength(1);
  });

  it('do not when config.json is broken, which is said, and public images are read', async () => {
    const broken = `{ "auths": { "${closed.host}": { "auth": "${auth(closed.user, closed.password).auth}" } }`;
    const { record } = await place([line, `FROM ${open.host}/public/app:12`], undefined, broken).check();
    expect(record.findings.map((finding) => finding.class)).toEqual(['unknown', 'unpinned']);
    expect(record.problems).toMatchObject([{ code: 'credentials-unreadable' }]);
  });
});

describe('behind a token server', () => {
  let tokens: TokenServer;
  let registry: RegistryAddress & { stop: () => Promise<void> };
  let front: Front;
  let host: string;
  beforeAll(async () => {
    tokens = await startTokenServer(path.join(own, 'tokens'), {
      user: 'lab',
      password: secrets.token,
      refresh: secrets.refresh,
    });
    // One address for both, as Harbor and GitLab have it.
    const registryPort = await freePort();
    front = await startNginx(
      path.join(own, 'token-front'),
      (port) => `server { listen 127.0.0.1:${port};
        location /v2/ { proxy_pass http://127.0.0.1:${registryPort}; proxy_set_header Host $http_host; }
        location /token { proxy_pass http://${tokens.host}; } }`,
    );
    host = `127.0.0.1:${front.port}`;
    registry = await startRegistry(path.join(own, 'token-registry'), {
      storage: open.storage,
      port: registryPort,
      more: { auth: tokens.auth(`http://${host}/token`) },
    });
    stops.push(front.stop, registry.stop, tokens.close);
  });
  const all = (): string[] => references.map(({ name, tag }) => `FROM ${host}/${name}:${tag}`);
  const login = (): unknown => auths(host, auth('lab', secrets.token));

  it('a run costs one HEAD per reference, and one token request for 50 repositories', async () => {
    const shop = place(all(), undefined, login());
    await shop.check();
    const [before, tokensBefore] = [requestsOf(registry).length, tokens.log.length];
    const { record } = await shop.check();
    expect(classes(record)).toEqual(['unpinned']);
    const asked = requestsOf(registry).slice(before);
    expect(asked.filter((one) => one.endsWith(' 200'))).toHaveLength(references.length);
    expect(asked.filter((one) => !one.startsWith('HEAD '))).toEqual([]);
    // The one that learns of the token server.
    expect(asked.filter((one) => one.endsWith(' 401'))).toHaveLength(1);
    const scopes = tokens.log.slice(tokensBefore).map((one) => one.split(' ')[2]?.split(',').length ?? 0);
    expect(Math.max(...scopes)).toBeLessThanOrEqual(50);
    expect(scopes.length).toBeLessThanOrEqual(4);
    expect(record.cost.registry.requests).toBe(asked.length + scopes.length);
    expect(record.cost.countedPulls).toBe(0);
  });

  it('an identity token is exchanged', async () => {
    const docker = auths(host, { ...auth('00000000-0000-0000-0000-000000000000', ''), identitytoken: secrets.refresh });
    const before = tokens.log.length;
    const { record } = await place([`FROM ${host}/private/app:12`], undefined, docker).check();
    expect(classes(record)).toEqual(['unpinned']);
    expect(tokens.log.slice(before)).toEqual(['POST lab repository:private/app:pull']);
  });

  it('tokens that expire mid-run are renewed', async () => {
    tokens.lifetime = 6;
    const before = requestsOf(registry).length;
    const config = { registries: { [host]: { rps: 15 } } };
    const { record, code } = await place(all().slice(0, 120), config, login()).check();
    tokens.lifetime = 300;
    expect([code, classes(record), record.problems]).toEqual([0, ['unpinned'], []]);
    expect(
      requestsOf(registry)
        .slice(before)
        .filter((one) => one.endsWith(' 401')).length,
    ).toBeGreaterThan(1);
  });

  it('a wrong login is said once, and public images are read without it', async () => {
    const docker = auths(host, auth('lab', secrets.wrong));
    const lines = [`FROM ${host}/public/app:12`, `FROM ${host}/private/app:12`];
    const { record } = await place(lines, undefined, docker).check();
    expect(record.findings.map((finding) => finding.class)).toEqual(['unpinned', 'unknown']);
    expect(record.problems).toMatchObject([{ code: 'registry-login-refused', subject: host }]);
  });
});

describe('a front with TLS by an own authority', () => {
  let front: Front;
  let host: string;
  let client: { cert: string; key: string };
  beforeAll(async () => {
    const server = authority.issue('server', ['IP:127.0.0.1', 'DNS:registry.lab.test']);
    client = authority.issue('client', []);
    front = await startNginx(
      path.join(own, 'tls-front'),
      (
        port,
      ) => `server { listen 127.0.0.1:${port} ssl; ssl_certificate ${server.cert}; ssl_certificate_key ${server.key};
        ssl_client_certificate ${authority.ca}; ssl_verify_client on;
        location /v2/ { proxy_pass http://${open.host}; proxy_set_header Host $http_host; } }`,
    );
    host = `127.0.0.1:${front.port}`;
    stops.push(front.stop);
  });
  const line = (): string => `FROM ${host}/public/app:12`;

  it('opens to a certificate from the configuration', async () => {
    const config = { registries: { [host]: { ca: authority.ca, cert: client.cert, key: client.key } } };
    expect(classes((await place([line()], config).check()).record)).toEqual(['unpinned']);
  });

  it('opens to a certificate that Docker was given', async () => {
    const shop = place([line()]);
    const certs = path.join(shop.cwd, '.home/.config/docker/certs.d', host);
    mkdirSync(certs, { recursive: true });
    cpSync(authority.ca, path.join(certs, 'ca.crt'));
    cpSync(client.cert, path.join(certs, 'client.cert'));
    cpSync(client.key, path.join(certs, 'client.key'));
    expect(classes((await shop.check()).record)).toEqual(['unpinned']);
  });

  it('is unknown without one, or signed by somebody else', async () => {
    const none = await place([line()], { registries: { [host]: { ca: authority.ca } } }).check();
    expect([classes(none.record), none.code]).toEqual([['unknown'], 3]);
    const other = makeAuthority(path.join(own, 'other-authority'));
    const wrong = await place([line()], { registries: { [host]: { ca: other.ca } } }).check();
    expect(problemsOf(wrong.record).join()).toContain('signed by nobody known here');
  });

  it('is reached through a forward proxy that resolves its name', async () => {
    const squid = await startSquid(path.join(own, 'squid'), { user: 'lab', password: secrets.proxy }, [
      'registry.lab.test',
    ]);
    stops.push(squid.stop);
    const name = `registry.lab.test:${front.port}`;
    const config = { registries: { [name]: { ca: authority.ca, cert: client.cert, key: client.key } } };
    const proxy = (password: string): string => `http://lab:${password}@127.0.0.1:${squid.port}`;
    const shop = place([`FROM ${name}/public/app:12`], config);
    const { record } = await shop.check({ HTTPS_PROXY: proxy(secrets.proxy) });
    expect([classes(record), problemsOf(record)]).toEqual([['unpinned'], []]);
    const refused = await shop.check({ https_proxy: proxy(secrets.wrong) });
    expect(problemsOf(refused.record).join()).toContain('wants a login (407)');
    // Plain HTTP goes as a whole address.
    const plain = `registry.lab.test:${open.host.split(':')[1]}`;
    const insecure = place([`FROM ${plain}/public/app:12`], { registries: { [plain]: { insecure: true } } });
    const env = { HTTPS_PROXY: proxy(secrets.proxy), HTTP_PROXY: proxy(secrets.proxy) };
    expect(classes((await insecure.check(env)).record)).toEqual(['unpinned']);
    const direct = await shop.check({ ...env, NO_PROXY: '.lab.test' });
    expect(problemsOf(direct.record).join()).toMatch(/no such host|could not be resolved/);
    const log = readFileSync(squid.logs[0] ?? '', 'utf8');
    expect(log).toMatch(new RegExp(`CONNECT ${name} `));
    expect(log).toMatch(new RegExp(`HEAD http://${plain}/v2/public/app/manifests/12 `));
  });
});

it('a pull-through mirror is asked for Docker Hub, and the reference stays as written', async () => {
  const cache = await startRegistry(path.join(own, 'pull-through'), {
    more: { proxy: { remoteurl: `http://${open.host}` } },
  });
  stops.push(cache.stop);
  const config = { registries: { 'docker.io': { mirror: `http://${cache.host}/hub` } } };
  const { record } = await place(['FROM debian:12'], config).check();
  expect(record.findings).toMatchObject([
    { class: 'unpinned', written: 'debian:12', reference: { registry: 'docker.io', repository: 'library/debian' } },
  ]);
  expect(record.findings[0]?.latest?.digest).toBe(images[0]?.manifest.digest);
  const asked = requestsOf(cache);
  expect(asked[0]).toBe('HEAD /v2/hub/library/debian/manifests/12 200');
  expect(asked.filter((one) => !/^(HEAD|GET) \/v2\/hub\/library\/debian\//.test(one))).toEqual([]);
});

describe('a registry that fails now and then', () => {
  let proxy: FaultyProxy;
  beforeAll(async () => {
    proxy = await startFaultyProxy(open.host, { error: 10, reset: 5, limited: 2, cut: 10, short: 10, slow: 10 });
    stops.push(proxy.close);
  });

  it('resolves 600 references with half a request more for each at most, and the cost is what was asked', async () => {
    const before = requestsOf(open).length;
    const lines = references.map(({ name, tag }) => `FROM ${proxy.host}/${name}:${tag}`);
    const { record, code } = await place(lines).check();
    expect([code, record.summary.unknown, record.findings.length]).toEqual([0, 0, 600]);
    const expected = new Map(
      references.map(({ name, tag, built }) => [`${proxy.host}/${name}:${tag}`, built.manifest.digest]),
    );
    for (const { written, latest } of record.findings) expect(latest?.digest).toBe(expected.get(written));
    expect(record.cost.registry.requests).toBe(proxy.log.length);
    expect(record.cost.registry.requests).toBeLessThanOrEqual(600 * 1.5);
    const arrived = proxy.log.filter((fate) => !['error', 'reset', 'limited'].includes(fate)).length;
    await expect.poll(() => requestsOf(open).length - before).toBe(arrived);
    for (const fate of ['error', 'reset', 'limited'] as const) expect(proxy.log).toContain(fate);
  });

  it('gives every document whole, however often it is cut', async () => {
    const { client } = testClient({ http: { headTimeout: 5000 } });
    for (const { name, built } of references.slice(0, 300)) {
      const repository = { registry: proxy.host, repository: name };
      const document = await client
        .document(repository, parseDigest(built.manifest.digest))
        .catch((error: Error) => error);
      expect(document).toMatchObject({ kind: 'manifest', digest: built.manifest.digest });
    }
    const { tags } = await client.listTags({ registry: proxy.host, repository: 'access/app-0' });
    expect([...tags].sort()).toEqual(images.map((_, tag) => `${tag}`));
  });
});

it('nothing that was printed, kept or logged holds a secret', () => {
  expect(printed.length).toBeGreaterThan(30);
  for (const text of printed) for (const one of hidden) expect(text.includes(one)).toBe(false);
  const { found, searched } = findSecrets(own);
  expect(found).toEqual([]);
  expect(searched).toBeGreaterThan(100);
  for (const { accessLog } of [open, closed]) {
    const text = readFileSync(accessLog, 'latin1');
    for (const one of hidden) expect(text.includes(one), `${accessLog} holds a secret`).toBe(false);
  }
});
