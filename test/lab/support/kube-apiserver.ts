import { type ChildProcess, spawn } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificate, privateKey } from '../../support/certificate.ts';
import { unpackedTool } from './debian-packages.ts';

/** An object of Kubernetes, as its API has it. */
// biome-ignore lint/suspicious/noExplicitAny: what a test reads of it is the test's business
export type KubeJson = any;

/** What a node says of a container: the digest that it runs, and whether it serves. */
export interface NodeWord {
  readonly imageID: string;
  /** Default: true. */
  readonly isReady?: boolean;
  /** It was to end, and did. */
  readonly isOver?: boolean;
}

/** A real API server with its controllers, and a stand-in for what nodes do. Whoever asks it is written down by the server itself. */
export interface KubeApiserver {
  readonly url: string;
  /** As its administrator; throws for what is not accepted. */
  ask(method: string, path: string, body?: object): Promise<KubeJson>;
  /** Until so many pods are there: all of them are bound to `node`, and are what `says` of their containers. */
  settle(pods: number, node: string, says: (image: string, pod: KubeJson) => NodeWord): Promise<void>;
  /** The token of a service account; of one that has run out where `seconds` is negative. */
  token(namespace: string, name: string, seconds?: number): Promise<string>;
  /** A kubeconfig that leads to it, or to who stands before it. */
  kubeconfig(token: string, url?: string): string;
  /** Verb and path of everything that this user has asked. */
  asked(user: string): readonly string[];
  /** Forgets what was before now: who is in the middle of a list cannot go on with it. */
  compact(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it with everything it keeps under `folder`. `binary`: kube-apiserver; kube-controller-manager is beside it. */
export async function startKubeApiserver(binary: string, folder: string): Promise<KubeApiserver> {
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const { privateKey: signing } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const key = file('accounts.key', signing);
  const audit = path.join(folder, 'audit.log');
  const children: ChildProcess[] = [];
  const start = (command: string, ...args: string[]): void => {
    const log = openSync(path.join(folder, `${path.basename(command)}.log`), 'a');
    children.push(spawn(command, args, { stdio: ['ignore', log, log] }));
  };
  const killAll = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', killAll);
  const [store, peers, port] = [await freePort(), await freePort(), await freePort()];
  const kept = `http://127.0.0.1:${store}`;
  const between = `http://127.0.0.1:${peers}`;
  start(
    unpackedTool('etcd-server', 'usr/bin/etcd'),
    ...['--data-dir', path.join(folder, 'etcd'), '--unsafe-no-fsync'],
    ...['--listen-client-urls', kept, '--advertise-client-urls', kept],
    ...['--listen-peer-urls', between, '--initial-advertise-peer-urls', between],
    ...['--initial-cluster', `default=${between}`],
  );
  start(
    binary,
    ...['--etcd-servers', kept, '--bind-address', '127.0.0.1', '--secure-port', String(port), '--insecure-port', '0'],
    ...['--tls-cert-file', file('server.pem', certificate), '--tls-private-key-file', file('server.key', privateKey)],
    ...['--token-auth-file', file('tokens.csv', `${admin},admin,0,system:masters\n`), '--authorization-mode', 'RBAC'],
    ...['--service-account-issuer', issuer, '--service-account-signing-key-file', key],
    ...['--service-account-key-file', key, '--disable-admission-plugins', 'ServiceAccount,TaintNodesByCondition'],
    ...['--endpoint-reconciler-type', 'none', '--service-cluster-ip-range', '10.0.0.0/24'],
    ...['--audit-log-path', audit, '--audit-policy-file', file('audit.yml', auditPolicy)],
  );
  const url = `https://127.0.0.1:${port}`;
  const kubeconfig = (token: string, to = url): string => {
    const authority = { 'certificate-authority-data': Buffer.from(certificate).toString('base64') };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'lab',
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'me' } }],
      clusters: [{ name: 'lab', cluster: { server: to, 'tls-server-name': servername, ...authority } }],
      users: [{ name: 'me', user: { token } }],
    };
    return file(`kubeconfig-${Math.random()}`, JSON.stringify(config));
  };
  const ask = async (method: string, to: string, body?: object): Promise<KubeJson> => {
    const { status, text } = await send(`${url}${to}`, method, body);
    if (status >= 300) throw new Error(`${method} ${to}: ${status} ${text}`);
    return JSON.parse(text) as KubeJson;
  };
  const until = Date.now() + 120_000;
  for (;;) {
    if (Date.now() > until || children.some(({ exitCode }) => exitCode !== null))
      throw new Error(`kube-apiserver did not start; see ${folder}`);
    const isReady = await send(`${url}/readyz`, 'GET').catch(() => undefined);
    if (isReady?.status === 200) break;
    await sleep(200);
  }
  start(
    path.join(path.dirname(binary), 'kube-controller-manager'),
    ...['--kubeconfig', kubeconfig(admin), '--port', '0', '--secure-port', '0', '--leader-elect=false'],
    '--controllers=deployment,replicaset,statefulset,daemonset,job,cronjob,garbagecollector,namespace,serviceaccount',
  );
  return {
    url,
    ask,
    settle: async (wanted, node, says) => {
      const end = Date.now() + 60_000;
      for (;;) {
        const { items } = (await ask('GET', '/api/v1/pods')) as { items: KubeJson[] };
        const open = items.filter(({ status }) => status.phase === 'Pending');
        if (open.length === 0 && items.length >= wanted) return;
        if (Date.now() > end) throw new Error(`${items.length} of ${wanted} pods are there; see ${folder}`);
        for (let at = 0; at < open.length; at += 20)
          await Promise.all(open.slice(at, at + 20).map((pod) => serve(ask, pod, node, says)));
        await sleep(100);
      }
    },
    token: async (namespace, name, seconds = 3600) => {
      const { metadata } = await ask('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`);
      const now = Math.floor(Date.now() / 1000);
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = {
        iss: issuer,
        aud: [issuer],
        sub: `system:serviceaccount:${namespace}:${name}`,
        iat: now - 7200,
        nbf: now - 7200,
        exp: now + seconds,
        'kubernetes.io': { namespace, serviceaccount: { name, uid: metadata.uid } },
      };
      const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
      return `${text}.${createSign('sha256').update(text).sign(signing, 'base64url')}`;
    },
    kubeconfig,
    asked: (user) =>
      (existsSync(audit) ? readFileSync(audit, 'utf8') : '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as KubeJson)
        .filter((one) => one.user.username === user)
        .map((one) => `${one.verb} ${one.requestURI.replace(/\?.*/, '')}`),
    compact: async () => {
      const range = await send(`${kept}/v3/kv/range`, 'POST', { key: Buffer.from('none').toString('base64') });
      const { revision } = (JSON.parse(range.text) as KubeJson).header;
      await send(`${kept}/v3/kv/compaction`, 'POST', { revision, physical: true });
    },
    stop: async () => {
      process.removeListener('exit', killAll);
      const ended = children.map(
        (child) => child.exitCode ?? child.signalCode ?? new Promise((resolve) => child.once('exit', resolve)),
      );
      killAll();
      await Promise.all(ended);
    },
  };
}

const admin = 'token-of-an-administrator';
const issuer = 'https://lab.example';
const servername = 'registry.example';
const auditPolicy = JSON.stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'None', users: ['admin'] }, { level: 'Metadata' }],
});

/** What a scheduler and a kubelet do of a pod, as far as it can be seen. */
async function serve(
  ask: KubeApiserver['ask'],
  pod: KubeJson,
  node: string,
  says: (image: string, pod: KubeJson) => NodeWord,
): Promise<void> {
  const own = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`;
  if (pod.spec.nodeName === undefined)
    await ask('POST', `${own}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: pod.metadata.name },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    });
  const at = '2026-01-01T00:00:00Z';
  const said = (pod.spec.containers as KubeJson[]).map(({ image }) => says(image, pod));
  const isOver = said.some((one) => one.isOver);
  const statusOf =
    (isInit: boolean) =>
    ({ name, image }: KubeJson): object => {
      const { imageID, isReady = true } = says(image, pod);
      const ended = { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at, containerID: 'containerd://x' };
      const isEnded = isInit || isOver;
      return {
        name,
        image,
        imageID,
        containerID: 'containerd://x',
        ready: isInit || (isReady && !isOver),
        started: !isEnded,
        restartCount: 0,
        state: isEnded ? { terminated: ended } : { running: { startedAt: at } },
      };
    };
  const ready = said.every((one) => one.isReady !== false) && !isOver;
  await ask('PATCH', `${own}/status`, {
    status: {
      phase: isOver ? 'Succeeded' : 'Running',
      startTime: at,
      message: 'it is served',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: at }],
      initContainerStatuses: (pod.spec.initContainers ?? []).map(statusOf(true)),
      containerStatuses: pod.spec.containers.map(statusOf(false)),
    },
  });
}

function send(url: string, method: string, body?: object): Promise<{ readonly status: number; readonly text: string }> {
  if (url.startsWith('http:'))
    return fetch(url, { method, body: JSON.stringify(body) }).then(async (answer) => ({
      status: answer.status,
      text: await answer.text(),
    }));
  return new Promise((resolve, reject) => {
    const type = method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';
    const headers = { authorization: `Bearer ${admin}`, 'content-type': type };
    const request = https.request(url, { method, headers, ca: certificate, servername, agent }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') }),
      );
      answer.once('error', reject);
    });
    request.once('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

const agent = new https.Agent({ keepAlive: true, maxSockets: 20 });

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
