import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from 'kubernetes-types/apps/v1.d.ts';
import type { CronJob, Job } from 'kubernetes-types/batch/v1.d.ts';
import type { Container, ContainerStatus, Node, Pod } from 'kubernetes-types/core/v1.d.ts';
import type { ObjectMeta, OwnerReference } from 'kubernetes-types/meta/v1.d.ts';
import { certificate, privateKey } from '../certificate.ts';

type Labels = Readonly<Record<string, string>>;

/** A workload of a fake cluster, with the pods that it has. */
export interface FakeKubeWorkload {
  /** Default: deployment. */
  readonly kind?: 'deployment' | 'statefulset' | 'daemonset' | 'cronjob' | 'job' | 'pod' | 'rollout';
  /** Default: default. */
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly containers: readonly FakeKubeContainer[];
  /** Default: 1. */
  readonly replicas?: number;
  /** A Deployment that is paused. */
  readonly paused?: boolean;
  /** When a StatefulSet or DaemonSet makes its pods anew. Default: nothing is said. */
  readonly updates?: 'RollingUpdate' | 'OnDelete';
  /** Default: as many as replicas, all alike. */
  readonly pods?: readonly FakeKubePod[];
}

export interface FakeKubeContainer {
  readonly name?: string;
  readonly image: string;
  readonly imageId: string;
  readonly isInit?: boolean;
  readonly pull?: 'Always' | 'IfNotPresent';
}

export interface FakeKubePod {
  /** In place of the workload's. */
  readonly imageId?: string;
  readonly image?: string;
  readonly isReady?: boolean;
  readonly phase?: 'Running' | 'Succeeded' | 'Failed' | 'Pending';
  readonly node?: string;
  /** Minutes; of a cron job those with the same are one run. Default: 0. */
  readonly at?: number;
}

/** An API server with its own certificate, asked with a token. It has what is listed to look, and calls everything else a fault. */
export interface FakeKubernetes {
  readonly url: string;
  readonly token: string;
  readonly log: string[];
  readonly faults: string[];
  workloads: readonly FakeKubeWorkload[];
  /** By architecture. Default: one, amd64. */
  nodes: Readonly<Record<string, string>>;
  /** Lists that the account may not see: `nodes`, `other/pods`. */
  forbidden: readonly string[];
  /** The list at which the server goes away. */
  goneAt: string | undefined;
  /** Lists that are answered with 500. */
  broken: readonly string[];
  /** CronJobs are where they were before 1.21. */
  isOld: boolean;
  /** Entries on a page, whatever was asked for. */
  page: number;
  /** So many times where a list goes on is not known any more. */
  forgets: number;
  canary: string;
  /** Answers everything with it. */
  failing: number | undefined;
  isHanging: boolean;
  /** A kubeconfig that leads there; gives its path. */
  kubeconfig(user?: object, cluster?: object): string;
  close(): Promise<void>;
}

const lists = {
  '/api/v1/nodes': 'nodes',
  '/api/v1/pods': 'pods',
  '/apis/apps/v1/deployments': 'deployments',
  '/apis/apps/v1/statefulsets': 'statefulsets',
  '/apis/apps/v1/daemonsets': 'daemonsets',
  '/apis/apps/v1/replicasets': 'replicasets',
  '/apis/batch/v1/jobs': 'jobs',
  '/apis/batch/v1/cronjobs': 'cronjobs',
} as const;

export async function startFakeKubernetes(): Promise<FakeKubernetes> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-kubernetes-'));
  const server = https.createServer({ cert: certificate, key: privateKey }, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://kubernetes');
    fake.log.push(`${request.method} ${url.pathname}`);
    if (fake.isHanging) return;
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const refuse = (code: number, message: string): void =>
      send(code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code });
    if (fake.failing !== undefined) return refuse(fake.failing, 'it is so');
    if (request.method !== 'GET') {
      fake.faults.push(`${request.method} ${url.pathname}`);
      return refuse(405, 'only what looks is known here');
    }
    if (request.headers.authorization !== `Bearer ${fake.token}`) return refuse(401, 'Unauthorized');
    const [, base = '', namespace, kind = ''] =
      /^(\/api\/v1|\/apis\/\w+\/\w+)(?:\/namespaces\/([a-z0-9-]+))?\/(\w+)$/.exec(url.pathname) ?? [];
    const isBefore = base === '/apis/batch/v1beta1' && kind === 'cronjobs';
    const list = lists[`${isBefore ? '/apis/batch/v1' : base}/${kind}` as keyof typeof lists];
    if (list === undefined) {
      fake.faults.push(`GET ${url.pathname}`);
      return refuse(404, 'the server could not find the requested resource');
    }
    if (list === 'cronjobs' && fake.isOld !== isBefore)
      return refuse(404, 'the server could not find the requested resource');
    if (list === fake.goneAt) return void request.socket.destroy();
    const name = namespace === undefined ? list : `${namespace}/${list}`;
    if (fake.broken.includes(name)) return refuse(500, 'it is so');
    if (fake.forbidden.includes(name))
      return refuse(
        403,
        `${list} is forbidden: User "system:serviceaccount:ops:plimsoll" cannot list resource "${list}"`,
      );
    const all = objects(fake)[list].filter(
      ({ metadata }) => namespace === undefined || metadata?.namespace === namespace,
    );
    if (url.searchParams.has('continue') && fake.forgets > 0) {
      fake.forgets--;
      return refuse(410, 'The provided continue parameter is too old to display a consistent list result.');
    }
    const isPartial = String(request.headers.accept).includes('as=PartialObjectMetadataList');
    const from = Number(url.searchParams.get('continue') ?? 0);
    const page = Math.min(fake.page, Number(url.searchParams.get('limit') ?? 500));
    const items = all.slice(from, from + page).map((one) => (isPartial ? { metadata: one.metadata } : one));
    const rest = from + page < all.length ? { continue: String(from + page) } : {};
    send(200, { kind: isPartial ? 'PartialObjectMetadataList' : 'List', apiVersion: 'v1', metadata: rest, items });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeKubernetes = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'token-of-a-service-account',
    log: [],
    faults: [],
    workloads: [],
    nodes: { 'node-0': 'amd64' },
    forbidden: [],
    goneAt: undefined,
    broken: [],
    isOld: false,
    page: 500,
    forgets: 0,
    canary: 'canary',
    failing: undefined,
    isHanging: false,
    kubeconfig: (user = { token: fake.token }, cluster = {}) => {
      const file = path.join(folder, `config-${fake.log.length}-${Math.random()}`);
      const authority = {
        'certificate-authority-data': Buffer.from(certificate).toString('base64'),
        'tls-server-name': 'registry.example',
      };
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'here',
        contexts: [{ name: 'here', context: { cluster: 'there', user: 'me' } }],
        clusters: [{ name: 'there', cluster: { server: fake.url, ...authority, ...cluster } }],
        users: [{ name: 'me', user }],
      };
      writeFileSync(file, JSON.stringify(config));
      return file;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
      if (fake.faults.length > 0) throw new Error(`not asked of a cluster: ${[...new Set(fake.faults)].join('; ')}`);
    },
  };
  return fake;
}

type Lists = Readonly<Record<(typeof lists)[keyof typeof lists], readonly { readonly metadata?: ObjectMeta }[]>>;

/** What the server has, in Kubernetes' own shapes. */
function objects({ workloads, nodes, canary }: FakeKubernetes): Lists {
  const deployments: Deployment[] = [];
  const statefulsets: StatefulSet[] = [];
  const daemonsets: DaemonSet[] = [];
  const replicasets: ReplicaSet[] = [];
  const jobs: Job[] = [];
  const cronjobs: CronJob[] = [];
  const pods: Pod[] = [];
  for (const one of workloads) {
    const { kind = 'deployment', namespace = 'default', name, labels = {}, annotations = {}, replicas = 1 } = one;
    const metadata: ObjectMeta = { name, namespace, labels, annotations: { ...annotations, secret: canary } };
    const containers = one.containers.map(
      ({ name: own = 'main', image, pull = 'Always' }): Container => ({
        name: own,
        image,
        imagePullPolicy: pull,
        command: [canary],
        args: [`--password=${canary}`],
        env: [{ name: 'PASSWORD', value: canary }],
      }),
    );
    const isInit = one.containers.map((container) => container.isInit === true);
    const spec = {
      containers: containers.filter((_, i) => !isInit[i]),
      initContainers: containers.filter((_, i) => isInit[i]),
      volumes: [{ name: canary, hostPath: { path: `/${canary}` } }],
    };
    const template = { metadata: { labels: { app: canary } }, spec };
    const selector = { matchLabels: { app: name } };
    const { paused = false } = one;
    const updates = one.updates && { updateStrategy: { type: one.updates } };
    const owner = (ownerKind: string, ownerName: string): OwnerReference[] => [
      { apiVersion: 'x/v1', kind: ownerKind, name: ownerName, uid: 'uid', controller: true },
    ];
    let owners: OwnerReference[] | undefined;
    // A Deployment's own controller writes it, and names its ReplicaSets by it.
    const hash = kind === 'deployment' ? { 'pod-template-hash': '5d9c' } : {};
    switch (kind) {
      case 'deployment':
      case 'rollout': {
        const own = kind === 'deployment' ? 'Deployment' : 'Rollout';
        if (kind === 'deployment') deployments.push({ metadata, spec: { replicas, selector, template, paused } });
        replicasets.push({
          metadata: { name: `${name}-5d9c`, namespace, ownerReferences: owner(own, name) },
          spec: { selector },
        });
        owners = owner('ReplicaSet', `${name}-5d9c`);
        break;
      }
      case 'statefulset':
        statefulsets.push({ metadata, spec: { replicas, selector, template, serviceName: name, ...updates } });
        owners = owner('StatefulSet', name);
        break;
      case 'daemonset':
        daemonsets.push({ metadata, spec: { selector, template, ...updates } });
        owners = owner('DaemonSet', name);
        break;
      case 'cronjob':
        cronjobs.push({ metadata, spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template } } } });
        for (const at of new Set((one.pods ?? [{}]).map((pod) => pod.at ?? 0)))
          jobs.push({
            metadata: { name: `${name}-${at}`, namespace, ownerReferences: owner('CronJob', name) },
            spec: { template },
          });
        break;
      case 'job':
        jobs.push({ metadata, spec: { template } });
        owners = owner('Job', name);
        break;
      default:
        owners = undefined;
    }
    for (const [i, pod] of (one.pods ?? Array.from({ length: replicas }, (): FakeKubePod => ({}))).entries()) {
      const { isReady = true, phase = 'Running', node = Object.keys(nodes)[0], at = 0 } = pod;
      const above = kind === 'cronjob' ? owner('Job', `${name}-${at}`) : owners;
      const ended = phase === 'Succeeded';
      const status = (container: FakeKubeContainer): ContainerStatus => ({
        name: container.name ?? 'main',
        image: pod.image ?? container.image,
        imageID: phase === 'Pending' ? '' : (pod.imageId ?? container.imageId),
        ready: isReady && !ended && container.isInit !== true,
        restartCount: 0,
        state: ended || container.isInit === true ? { terminated: { exitCode: 0 } } : { running: {} },
      });
      const podSpec = {
        ...spec,
        containers: spec.containers.map((container) => ({ ...container, image: pod.image ?? container.image ?? '' })),
        ...(node !== undefined && { nodeName: node }),
      };
      pods.push({
        metadata: {
          ...(kind === 'pod'
            ? metadata
            : { name: `${name}-${i}`, namespace, labels: { 'com.example': canary, ...hash } }),
          ...(above && { ownerReferences: above }),
          creationTimestamp: `2026-01-01T00:${String(at).padStart(2, '0')}:00Z`,
        },
        spec: podSpec,
        status: {
          phase,
          containerStatuses: one.containers.filter((container) => container.isInit !== true).map(status),
          initContainerStatuses: one.containers.filter((container) => container.isInit === true).map(status),
          message: canary,
        },
      });
    }
  }
  const machines = Object.entries(nodes).map(
    ([name, architecture]): Node => ({
      metadata: { name, labels: { secret: canary } },
      status: {
        nodeInfo: {
          architecture,
          operatingSystem: 'linux',
          bootID: '',
          containerRuntimeVersion: '',
          kernelVersion: canary,
          kubeProxyVersion: '',
          kubeletVersion: '',
          machineID: canary,
          osImage: '',
          systemUUID: '',
        },
      },
    }),
  );
  return { nodes: machines, pods, deployments, statefulsets, daemonsets, replicasets, jobs, cronjobs };
}
