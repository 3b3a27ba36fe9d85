import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { RunRecord } from '../../src/core/run-record.ts';
import type { EngineReading } from '../../src/engines/engine.ts';
import { KubeClient, type KubeKind, kubeResources } from '../../src/engines/kubernetes/kube-client.ts';
import { kubeAddress } from '../../src/engines/kubernetes/kube-config.ts';
import { kubernetes } from '../../src/engines/kubernetes/kube-engine.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { type FakeKubeWorkload, startFakeKubernetes } from '../support/engine/fake-kubernetes.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { type KubeApiserver, type KubeJson, type NodeWord, startKubeApiserver } from './support/kube-apiserver.ts';
import { type KubeFront, startKubeFront } from './support/kube-front.ts';

/*
 * A real API server with its controllers; nodes alone are stood in for. No package has one, so this runs where PLIMSOLL_KUBE_APISERVER names
 * a kube-apiserver that has a kube-controller-manager beside it, and is left out elsewhere. Debian's source package `kubernetes` is the whole
 * upstream tree, and Debian's Go builds it without a network, in about five minutes of processor time:
 *
 *   apt-get source --download-only kubernetes; tar -x its .orig.tar.gz to $GOPATH/src/k8s.io/kubernetes and go there
 *   export GO111MODULE=off CGO_ENABLED=0
 *   go build -o openapi-gen ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
 *   ./openapi-gen -h hack/boilerplate/boilerplate.generatego.txt -O zz_generated.openapi -r /dev/null \
 *     -p k8s.io/kubernetes/pkg/generated/openapi -i DIR …      (every package with a line `// +k8s:openapi-gen=` under staging/src, where
 *     it is k8s.io/kubernetes/vendor/…, pkg and cmd; without code-generator's examples and sample-apiserver)
 *   go build -ldflags '-s -w' ./cmd/kube-apiserver ./cmd/kube-controller-manager
 */

const binary = process.env['PLIMSOLL_KUBE_APISERVER'] ?? '';
const canary = 'c4nary-of-a-real-cluster';
const user = 'system:serviceaccount:plimsoll:plimsoll';
const crowd = 2000;

/** A workload, as both the real server and its stand-in are to have it. */
interface Wanted extends Pick<FakeKubeWorkload, 'namespace' | 'name' | 'replicas' | 'annotations'> {
  readonly namespace: string;
  readonly kind: 'deployment' | 'statefulset' | 'daemonset' | 'cronjob' | 'job' | 'pod';
  readonly containers: readonly { readonly image: string; readonly isInit?: true; readonly form?: string }[];
  readonly isReady?: false;
}

/** DIGEST and REPOSITORY stand for what runs. */
const wanted: readonly Wanted[] = [
  { kind: 'deployment', namespace: 'shop', name: 'web', replicas: 3, containers: [{ image: 'web' }] },
  { kind: 'deployment', namespace: 'shop', name: 'off', replicas: 0, containers: [{ image: 'web' }] },
  { kind: 'deployment', namespace: 'shop', name: 'new', containers: [{ image: 'web' }], isReady: false },
  {
    kind: 'deployment',
    namespace: 'ops',
    name: 'owned',
    annotations: { 'argocd.argoproj.io/tracking-id': 'x' },
    containers: [{ image: 'web', form: 'docker-pullable://REPOSITORY@DIGEST' }],
  },
  { kind: 'statefulset', namespace: 'shop', name: 'db', replicas: 2, containers: [{ image: 'db' }] },
  {
    kind: 'daemonset',
    namespace: 'ops',
    name: 'agent',
    containers: [{ image: 'agent' }, { image: 'init', isInit: true }],
  },
  { kind: 'cronjob', namespace: 'shop', name: 'nightly', containers: [{ image: 'task' }] },
  { kind: 'job', namespace: 'shop', name: 'once', containers: [{ image: 'task' }] },
  { kind: 'pod', namespace: 'shop', name: 'bare', containers: [{ image: 'bare', form: 'DIGEST' }] },
  { kind: 'pod', namespace: 'shop', name: 'old', containers: [{ image: 'bare', form: 'docker://DIGEST' }] },
];
const pods = wanted.reduce((sum, { replicas = 1 }) => sum + replicas, 0);
const groups = {
  deployment: ['apps/v1', 'Deployment'],
  statefulset: ['apps/v1', 'StatefulSet'],
  daemonset: ['apps/v1', 'DaemonSet'],
  // Where cron jobs were before 1.21.
  cronjob: ['batch/v1beta1', 'CronJob'],
  job: ['batch/v1', 'Job'],
  pod: ['v1', 'Pod'],
} as const;

describe('a real API server', () => {
  let cwd: string;
  let kube: KubeApiserver;
  let front: KubeFront;
  let registry: FakeRegistry;
  let token: string;
  let role: KubeJson;
  const running: Record<string, string> = {};

  const name = (image: string): string => `${registry.host}/${image}:12`;
  const imageIdOf = (image: string, form = 'REPOSITORY@DIGEST'): string =>
    form.replace('REPOSITORY', `${registry.host}/${image}`).replace('DIGEST', running[image] ?? '');
  const at = ([version]: readonly [string, string], namespace: string, lists: string): string =>
    `/${version.includes('/') ? 'apis' : 'api'}/${version}/namespaces/${namespace}/${lists}`;
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const make = async (
    [apiVersion, kind]: readonly [string, string],
    namespace: string,
    object: object,
  ): Promise<KubeJson> =>
    kube.ask('POST', at([apiVersion, kind], namespace, `${kind.toLowerCase()}s`), { apiVersion, kind, ...object });

  beforeAll(async () => {
    cwd = mkdtempSync(path.join(tmpdir(), 'plimsoll-kube-apiserver-'));
    [registry, kube] = await Promise.all([startFakeRegistry(), startKubeApiserver(binary, cwd)]);
    front = await startKubeFront(kube.url);
    for (const image of ['web', 'db', 'agent', 'init', 'task', 'bare']) {
      running[image] = push(registry, image, debianImage({ openssl: '3.0.15-1' }), '12');
      push(registry, image, debianImage({ openssl: '3.0.16-1' }), '12');
    }
    for (const namespace of ['shop', 'ops', 'plimsoll', 'crowd'])
      await kube.ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    await kube.ask('POST', '/api/v1/nodes', {
      metadata: { name: 'node-a' },
      status: { nodeInfo: { ...emptyNode, architecture: 'arm64', operatingSystem: 'linux' } },
    });
    for (const one of wanted) await start(one);
    await kube.settle(pods, 'node-a', says);
    await kube.ask('POST', '/api/v1/namespaces/plimsoll/serviceaccounts', { metadata: { name: 'plimsoll' } });
    const page = readFileSync(path.join(import.meta.dirname, '../../docs/engines.md'), 'utf8');
    const [, rights = ''] = /```\n(apiVersion: rbac[\s\S]*?)```/.exec(page) ?? [];
    const [clusterRole, binding] = parseAllDocuments(rights).map((one) => one.toJS() as KubeJson);
    role = clusterRole;
    await kube.ask('POST', `${rbac}/clusterroles`, role);
    await kube.ask('POST', `${rbac}/clusterrolebindings`, binding);
    await kube.ask('POST', `${rbac}/namespaces/shop/rolebindings`, {
      ...binding,
      kind: 'RoleBinding',
      roleRef: { ...binding.roleRef, name: 'some-namespaces' },
    });
    await kube.ask('POST', `${rbac}/clusterroles`, { ...role, metadata: { name: 'some-namespaces' } });
    token = await kube.token('plimsoll', 'plimsoll');
  });
  afterEach(() => {
    front.before = async () => false;
  });
  afterAll(async () => {
    expect([...new Set(kube.asked(user).map((line) => line.split(' ')[0]))]).toEqual(['list']);
    expect(front.asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
    await Promise.all([front.close(), registry.close(), kube.stop()]);
    rmSync(cwd, { recursive: true, force: true });
  });

  async function start({ kind, namespace, name: own, replicas, annotations, containers }: Wanted): Promise<void> {
    const isTask = kind === 'job' || kind === 'cronjob';
    const all = containers.map(({ image }, i) => ({
      name: `c${i}`,
      image: name(image),
      imagePullPolicy: 'Always',
      command: [canary],
      args: [canary],
      env: [{ name: 'PASSWORD', value: canary }],
    }));
    const spec = {
      containers: all.filter((_, i) => containers[i]?.isInit !== true),
      initContainers: all.filter((_, i) => containers[i]?.isInit === true),
      volumes: [{ name: canary, hostPath: { path: `/${canary}` } }],
      ...(isTask && { restartPolicy: 'Never' }),
    };
    const labels = { app: own };
    const template = { metadata: { labels }, spec };
    const metadata = { name: own, ...(annotations && { annotations }) };
    if (kind === 'pod') await make(groups.pod, namespace, { metadata: { ...metadata, labels }, spec });
    else if (kind === 'job') await make(groups.job, namespace, { metadata, spec: { template } });
    else if (kind === 'cronjob') {
      const jobTemplate = { spec: { template } };
      const { metadata: made } = await make(groups.cronjob, namespace, {
        metadata,
        spec: { schedule: '0 0 1 1 *', jobTemplate },
      });
      // As `kubectl create job --from` does; the controller waits for the new year.
      const owner = { apiVersion: 'batch/v1beta1', kind: 'CronJob', name: own, uid: made.uid, controller: true };
      const job = { name: `${own}-0`, ownerReferences: [owner] };
      await make(groups.job, namespace, { metadata: job, spec: { template } });
    } else {
      const more = kind === 'statefulset' ? { serviceName: own } : {};
      const count = kind === 'daemonset' ? {} : { replicas: replicas ?? 1 };
      await make(groups[kind], namespace, {
        metadata,
        spec: { selector: { matchLabels: labels }, template, ...count, ...more },
      });
    }
  }

  function says(full: string, pod: KubeJson): NodeWord {
    const one = wanted.find(({ name: own }) => own === pod.metadata.labels.app || pod.metadata.name.startsWith(own));
    const container = one?.containers.find(({ image }) => name(image) === full);
    return {
      imageID: imageIdOf(container?.image ?? 'web', container?.form),
      isReady: one?.isReady !== false,
      isOver: one?.kind === 'job' || one?.kind === 'cronjob',
    };
  }

  async function read(url = front.url, namespaces?: readonly string[], own = token): Promise<EngineReading> {
    const engine = kubernetes.connect(kubeAddress('', { KUBECONFIG: kube.kubeconfig(own, url) }), {
      userAgent: 'lab',
      signal: new AbortController().signal,
    });
    try {
      return await engine.read({
        stopped: false,
        choose: async () => undefined,
        ...(namespaces && { namespaces }),
      });
    } finally {
      engine.close();
    }
  }

  async function plimsoll(args: readonly string[], own = token): Promise<CliResult> {
    const env = { KUBECONFIG: kube.kubeconfig(own, front.url) };
    const ended = await cli(args, { cwd, env });
    for (const secret of [canary, own]) expect(`${ended.stdout}${ended.stderr}`).not.toContain(secret);
    return ended;
  }
  const config = `version: 1\nengines: [{ name: prod, host: "kube:" }]\nregistries: { REGISTRY: { insecure: true } }\n`;
  const configured = (text = config): string => {
    writeFileSync(path.join(cwd, 'plimsoll.yml'), text.replace('REGISTRY', JSON.stringify(registry.host)));
    return 'plimsoll.yml';
  };

  it('is read as its stand-in is, with the rights of the page', async () => {
    const fake = await startFakeKubernetes();
    try {
      fake.isOld = true;
      fake.nodes = { 'node-a': 'arm64' };
      fake.workloads = wanted.map(({ containers, kind, isReady, ...one }) => ({
        ...one,
        kind,
        containers: containers.map(({ image, isInit, form }, i) => ({
          name: `c${i}`,
          image: name(image),
          imageId: imageIdOf(image, form),
          ...(isInit && { isInit }),
        })),
        pods: Array.from({ length: one.replicas ?? 1 }, () => ({
          ...(isReady === false && { isReady }),
          ...((kind === 'job' || kind === 'cronjob') && { phase: 'Succeeded' as const }),
        })),
      }));
      const engine = kubernetes.connect(kubeAddress('', { KUBECONFIG: fake.kubeconfig() }), {
        userAgent: 'lab',
        signal: new AbortController().signal,
      });
      const standIn = await engine.read({ stopped: true, choose: async () => undefined });
      engine.close();
      const real = await kubernetes
        .connect(kubeAddress('', { KUBECONFIG: kube.kubeconfig(token, front.url) }), {
          userAgent: 'lab',
          signal: new AbortController().signal,
        })
        .read({ stopped: true, choose: async () => undefined });
      const sorted = (reading: EngineReading): string[] => reading.workloads.map((one) => JSON.stringify(one)).sort();
      expect(sorted(real)).toEqual(sorted(standIn));
      expect({ ...real, id: '', name: '', workloads: [] }).toEqual({ ...standIn, id: '', name: '', workloads: [] });
      // Field by field: the real one has every field that its stand-in answers with.
      const shapes = (clientOf: string, own: string): Promise<ReadonlyMap<KubeKind, ReadonlySet<string>>> =>
        shapesOf(kubeAddress('', { KUBECONFIG: own }), clientOf);
      const [theirs, ours] = [
        await shapes('real', kube.kubeconfig(token, front.url)),
        await shapes('stand-in', fake.kubeconfig()),
      ];
      for (const [kind, fields] of ours)
        expect(
          [...fields].filter((field) => !theirs.get(kind)?.has(field)),
          kind,
        ).toEqual([]);
    } finally {
      await fake.close();
    }
  });

  it('is checked, run, listed and diagnosed by the command line', async () => {
    const json = await plimsoll(['check', 'kube:', '--format', 'json']);
    const record = JSON.parse(json.stdout) as RunRecord;
    expect({ code: json.code, problems: record.problems }).toEqual({ code: 0, problems: [] });
    expect(record.scopes).toMatchObject([{ name: 'lab', whole: true, counts: { containers: 10, stopped: 2 } }]);
    expect(record.workloads.map((one) => `${one.name} ${one.state}`)).toEqual([
      'ops/daemonset/agent behind',
      'ops/daemonset/agent behind',
      'ops/deployment/owned behind',
      'shop/cronjob/nightly behind',
      'shop/deployment/new unknown',
      'shop/deployment/web behind',
      'shop/pod/bare unknown',
      'shop/pod/old unknown',
      'shop/statefulset/db behind',
    ]);
    const { stdout } = await plimsoll(['check', 'kube:']);
    expect(stdout).toContain('kubectl -n shop rollout restart deployment/web');
    expect(stdout).not.toContain('restart deployment/owned');
    const state = ['--config', configured(), '--state', 'state.db'];
    expect((await plimsoll(['run', ...state])).code).toBe(0);
    expect((await plimsoll(['workloads', ...state])).stdout).toContain('shop/statefulset/db');
    expect((await plimsoll(['doctor', ...state])).stdout).toMatch(
      /ok {3}prod\n.*it runs 10 containers, and 2 are stopped/,
    );
  });

  it.each(Object.keys(kubeResources) as KubeKind[])('that does not let %s be listed is told apart', async (kind) => {
    const rules = role.rules.map((rule: KubeJson) => ({
      ...rule,
      resources: rule.resources.filter((one: string) => one !== kind),
    }));
    const change = (body: object): Promise<KubeJson> =>
      kube.ask('PUT', `${rbac}/clusterroles/plimsoll-looks`, { ...role, ...body });
    await change({ rules });
    try {
      const refused = new RegExp(`GET \\S+/${kind} was refused \\(403\\): the account needs the verb list`);
      const before = `${role.metadata.name} without ${kind}`;
      await until(async () => {
        const failure = await read().catch(({ message }) => ({ problems: [{ message }] }));
        return failure.problems.length > 0;
      }, before);
      if (kind === 'pods') await expect(read()).rejects.toThrow(refused);
      else if (kind === 'nodes')
        expect(await read()).toMatchObject({ isWhole: true, problems: [{ code: 'nodes-unread' }] });
      else {
        const { isWhole, problems, workloads } = await read();
        expect({ isWhole, problems }).toMatchObject({
          isWhole: false,
          problems: [{ message: expect.stringMatching(refused) }],
        });
        // What is not refused is what it was.
        const names = new Set(workloads.map((one) => one.name));
        expect(names).toContain('shop/deployment/web');
        expect(names).toContain('shop/statefulset/db');
        const nightly = workloads.find((one) => one.name === 'shop/cronjob/nightly');
        expect(nightly?.image.is).toBe(kind === 'jobs' ? 'unknown' : kind === 'cronjobs' ? undefined : 'known');
      }
      const { code, stdout } = await plimsoll(['doctor', '--config', configured(), '--state', 'doctor.db']);
      expect(code).toBe(kind === 'nodes' ? 0 : 1);
      expect(stdout).toMatch(kind === 'nodes' ? /hm {3}prod\n +nodes may not be listed/ : refused);
      expect((await plimsoll(['check', 'kube:'])).code).toBe(kind === 'nodes' ? 0 : 3);
    } finally {
      await change({});
      await until(async () => (await read().catch(() => undefined))?.problems.length === 0, 'all rights');
    }
  });

  it('with a Role is read in its namespace, and what of the others was refused is said', async () => {
    const binding = await kube.ask('GET', `${rbac}/clusterrolebindings/plimsoll-looks`);
    await kube.ask('DELETE', `${rbac}/clusterrolebindings/plimsoll-looks`);
    try {
      await until(async () => (await read().catch(() => 'refused')) === 'refused', 'no rights');
      const { isWhole, problems, workloads } = await read(front.url, ['shop']);
      expect({ isWhole, problems }).toMatchObject({ isWhole: true, problems: [{ code: 'nodes-unread' }] });
      expect(workloads.map((one) => one.name)).toContain('shop/deployment/web');
      expect(await read(front.url, ['shop', 'ops'])).toMatchObject({
        isWhole: false,
        problems: [
          {
            message: expect.stringMatching(
              /namespaces\/ops\/pods was refused.*; likewise not listed: deployments in ops, .*jobs in ops$/,
            ),
          },
          { code: 'nodes-unread' },
        ],
      });
    } finally {
      const { apiVersion, kind, roleRef, subjects } = binding;
      const metadata = { name: 'plimsoll-looks' };
      await kube.ask('POST', `${rbac}/clusterrolebindings`, { apiVersion, kind, metadata, roleRef, subjects });
      await until(async () => (await read().catch(() => undefined))?.problems.length === 0, 'all rights');
    }
  });

  it('refuses a token that has run out, or is none', async () => {
    for (const bad of [await kube.token('plimsoll', 'plimsoll', -600), 'nonsense']) {
      await expect(read(front.url, undefined, bad)).rejects.toThrow(
        '401: its token or certificate is not, or no longer',
      );
      const { code, stdout } = await plimsoll(['check', 'kube:'], bad);
      expect({ code, stdout }).toMatchObject({ code: 3, stdout: expect.stringContaining('401') });
    }
  });

  it('that forgets where a list goes on is asked again, with 2,000 pods', async () => {
    const image = name('web');
    const one = (i: number): object => ({
      metadata: { name: `pod-${i}`, labels: { app: 'web' } },
      spec: { nodeName: 'node-a', containers: [{ name: 'main', image }] },
    });
    for (let i = 0; i < crowd; i += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, k) => kube.ask('POST', '/api/v1/namespaces/crowd/pods', one(i + k))),
      );
    await kube.settle(pods + crowd, 'node-a', says);
    front.asked.length = 0;
    expect((await read(front.url, ['crowd'])).workloads).toHaveLength(crowd);
    const pages = (): string[] => front.asked.filter((line) => line.includes('/pods?'));
    expect(pages()).toHaveLength(crowd / 500);
    front.asked.length = 0;
    let isForgotten = false;
    front.before = async (asked) => {
      if (asked.includes('continue=') && !isForgotten) {
        isForgotten = true;
        await kube.ask('DELETE', '/api/v1/namespaces/crowd/pods/pod-0?gracePeriodSeconds=0');
        await kube.compact();
      }
      return false;
    };
    const { workloads, isWhole } = await read(front.url, ['crowd']);
    expect(isWhole).toBe(true);
    expect(workloads).toHaveLength(crowd - 1);
    expect(pages()).toHaveLength(2 + crowd / 500);
  });

  it('that goes away in the middle is said to', async () => {
    front.before = async (asked) => {
      if (!asked.includes('/statefulsets')) return false;
      await kube.stop();
      return true;
    };
    const { isWhole, problems } = await read();
    expect({ isWhole, problems }).toMatchObject({
      isWhole: false,
      problems: [{ message: expect.stringMatching(/^cannot talk to .*; likewise not listed: daemonsets, cronjobs, /) }],
    });
    const { code, stdout } = await plimsoll(['check', 'kube:']);
    expect({ code, stdout }).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('problem kube: cannot be read'),
    });
  });
});

const emptyNode = {
  ...{ bootID: '', containerRuntimeVersion: '', kernelVersion: '', kubeProxyVersion: '', kubeletVersion: '' },
  ...{ machineID: '', osImage: '', systemUUID: '' },
};

/** Rights are learnt after a moment. */
async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never: ${what}`);
}

/** The paths of all fields in the entries of each list, but for maps of their owners' own words. */
async function shapesOf(
  address: ReturnType<typeof kubeAddress>,
  userAgent: string,
): Promise<ReadonlyMap<KubeKind, ReadonlySet<string>>> {
  const client = new KubeClient(address, { userAgent, signal: new AbortController().signal });
  const fieldsIn = (value: unknown, at: string): string[] => {
    if (Array.isArray(value)) return value.flatMap((one) => fieldsIn(one, `${at}[]`));
    if (/(labels|annotations|matchLabels)$/.test(at)) return [];
    if (typeof value !== 'object' || value === null) return [at];
    return Object.entries(value).flatMap(([key, one]) => fieldsIn(one, `${at}/${key}`));
  };
  const shapes = new Map<KubeKind, ReadonlySet<string>>();
  for (const kind of Object.keys(kubeResources) as KubeKind[])
    shapes.set(kind, new Set((await client.list(kind, undefined, (one) => fieldsIn(one, ''))).flat()));
  client.close();
  return shapes;
}
