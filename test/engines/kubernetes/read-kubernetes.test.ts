import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseConfig } from '../../../src/config/load.ts';
import type { Digest } from '../../../src/core/image/digest.ts';
import type { EngineReading, ReadOptions, RunningWorkload } from '../../../src/engines/engine.ts';
import { kubeResources } from '../../../src/engines/kubernetes/kube-client.ts';
import { kubeAddress } from '../../../src/engines/kubernetes/kube-config.ts';
import { kubernetes } from '../../../src/engines/kubernetes/kube-engine.ts';
import { certificate, privateKey } from '../../support/certificate.ts';
import {
  type FakeKubernetes,
  type FakeKubeWorkload,
  startFakeKubernetes,
} from '../../support/engine/fake-kubernetes.ts';

let fake: FakeKubernetes;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-kube-'));
  fake = await startFakeKubernetes();
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fake.close();
});

const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}` as Digest;
const image = 'registry.example/team/web:1';
const at = (letter: string): string => `registry.example/team/web@${digest(letter)}`;
const web: FakeKubeWorkload = { namespace: 'shop', name: 'web', containers: [{ image, imageId: at('a') }] };

async function read(options: Partial<ReadOptions> = {}, config = fake.kubeconfig()): Promise<EngineReading> {
  const engine = kubernetes.connect(kubeAddress('', { KUBECONFIG: config }), {
    userAgent: 'test',
    signal: new AbortController().signal,
  });
  try {
    return await engine.read({ stopped: false, choose: async () => undefined, ...options });
  } finally {
    engine.close();
  }
}

async function workloads(...all: readonly FakeKubeWorkload[]): Promise<readonly RunningWorkload[]> {
  fake.workloads = all;
  return (await read()).workloads;
}

const root = (letter: string): object => ({ image: { is: 'known', running: { root: digest(letter) } } });

describe('a workload', () => {
  it.each([
    ['deployment', 'shop/deployment/web'],
    ['statefulset', 'shop/statefulset/web'],
    ['daemonset', 'shop/daemonset/web'],
    ['cronjob', 'shop/cronjob/web'],
    ['job', 'shop/job/web'],
    ['pod', 'shop/pod/web'],
    ['rollout', 'shop/rollout/web'],
  ] as const)('is a %s, whoever stands between it and its pods', async (kind, name) => {
    expect(await workloads({ ...web, kind })).toMatchObject([{ kind, name, written: image, ...root('a') }]);
  });

  it('has a use for each of its containers, and for those that run first', async () => {
    const first = {
      name: 'migrate',
      image: 'registry.example/team/migrate:1',
      imageId: `x/y@${digest('b')}`,
      isInit: true,
    };
    const found = await workloads({ ...web, containers: [{ image, imageId: at('a') }, first] });
    expect(found.map(({ written }) => written).sort()).toEqual(['registry.example/team/migrate:1', image]);
    expect(found.find(({ written }) => written.includes('migrate'))).toMatchObject(root('b'));
  });

  it('is one however many pods it has, and two where they run two digests', async () => {
    expect(await workloads({ ...web, replicas: 5 })).toHaveLength(1);
    const pods = [{}, { imageId: at('b') }, {}];
    expect(await workloads({ ...web, pods })).toMatchObject([root('a'), root('b')]);
  });

  it('is what its ready pods run: one that only begins says nothing', async () => {
    expect(
      await workloads({ ...web, pods: [{}, { imageId: at('b'), isReady: false }, { phase: 'Pending' }] }),
    ).toMatchObject([root('a')]);
    expect(await workloads({ ...web, pods: [{ isReady: false }] })).toMatchObject([
      { image: { is: 'unknown', problem: { message: expect.stringContaining('none of its pods is ready') } } },
    ]);
  });

  it.each([
    [`docker-pullable://registry.example/team/web@${digest('a')}`, true],
    [`registry.example/team/web@${digest('a')}`, true],
    [digest('a'), false],
    [`docker://${digest('a')}`, false],
    ['', false],
  ])('whose node says %s has a digest: %s', async (imageId, isKnown) => {
    const [one] = await workloads({ ...web, containers: [{ image, imageId }] });
    expect(one?.image.is).toBe(isKnown ? 'known' : 'unknown');
  });

  it('of a cron job is what its last pods ran, and nothing where there are none', async () => {
    const cron = { ...web, kind: 'cronjob' } as const;
    expect(await workloads({ ...cron, pods: [{ phase: 'Succeeded' }] })).toMatchObject([root('a')]);
    expect(await workloads({ ...cron, pods: [] })).toMatchObject([
      { image: { is: 'skipped' }, why: 'none of its pods is there, so there is no digest that runs' },
    ]);
    fake.isOld = true;
    expect(await workloads({ ...cron, pods: [{ phase: 'Succeeded' }] })).toMatchObject([{ kind: 'cronjob' }]);
  });

  it('of a cron job is its last run, or one that is under way: runs before that have left nothing that runs', async () => {
    const cron = { ...web, kind: 'cronjob' } as const;
    const past = [
      { at: 2, phase: 'Succeeded' },
      { at: 1, phase: 'Succeeded', imageId: at('b') },
      { at: 0, phase: 'Succeeded', imageId: at('c') },
    ] as const;
    expect(await workloads({ ...cron, pods: past })).toMatchObject([root('a')]);
    expect(await workloads({ ...cron, pods: [...past, { at: 3, isReady: false }] })).toMatchObject([root('a')]);
    expect(await workloads({ ...cron, pods: [...past, { at: 3, phase: 'Failed' }] })).toMatchObject([root('a')]);
    expect(await workloads({ ...cron, pods: [...past, { at: 3, imageId: at('d') }] })).toMatchObject([root('d')]);
    const two = [...past, { at: 2, phase: 'Succeeded', imageId: at('d') }] as const;
    expect(await workloads({ ...cron, pods: two })).toMatchObject([root('a'), root('d')]);
  });

  it.each(['job', 'pod'] as const)('that was a %s, and is over, does not run any more', async (kind) => {
    fake.workloads = [{ ...web, kind, pods: [{ phase: 'Succeeded' }] }];
    expect(await read()).toMatchObject({ workloads: [], counts: { containers: 0, stopped: 1 } });
    expect((await read({ stopped: true })).workloads).toMatchObject([root('a')]);
  });

  it('that was pinned is looked at like a pin', async () => {
    const pinned = { image: `${image}@${digest('b')}`, imageId: at('a') };
    expect(await workloads({ ...web, containers: [pinned] })).toMatchObject([
      { reference: { digest: digest('b') }, image: { running: { root: digest('b'), by: 'written' } } },
    ]);
  });

  it('is for the platforms of its nodes; where those may not be listed one is taken, and said', async () => {
    fake.nodes = { one: 'arm64', two: 'amd64' };
    expect(await workloads({ ...web, pods: [{ node: 'one' }, { node: 'two' }] })).toMatchObject([
      { platforms: [{ architecture: 'arm64' }, { architecture: 'amd64' }] },
    ]);
    fake.forbidden = ['nodes'];
    expect(await read()).toMatchObject({
      isWhole: true,
      problems: [{ code: 'nodes-unread' }],
      workloads: [{ platforms: [{ architecture: 'amd64' }] }],
    });
  });

  it.each([
    [{ labels: { 'argocd.argoproj.io/instance': 'x' } }, 'Argo CD owns it'],
    [{ annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }, 'Argo CD owns it'],
    [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } }, 'Flux owns it'],
    [{ labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, 'Helm owns it'],
    [{ annotations: { 'keel.sh/policy': 'all' } }, 'Keel moves it'],
  ])('with %j is somebody’s', async (marks, why) => {
    const [one] = await workloads({ ...web, ...marks });
    expect(one).toMatchObject({ why: expect.stringContaining(why) });
    expect(one).not.toHaveProperty('redeploy');
  });

  it('of nobody’s has the line that starts it anew, where that has its image asked for', async () => {
    const [one] = await workloads({ ...web, labels: { 'app.kubernetes.io/managed-by': 'me' } });
    expect(one).toMatchObject({ redeploy: 'kubectl -n shop rollout restart deployment/web' });
    const [kept] = await workloads({ ...web, containers: [{ image, imageId: at('a'), pull: 'IfNotPresent' }] });
    expect(kept).not.toHaveProperty('redeploy');
    expect((await workloads({ ...web, kind: 'job' }))[0]).not.toHaveProperty('redeploy');
    // A new template alone starts nothing there.
    for (const kind of ['statefulset', 'daemonset'] as const) {
      const lines = await workloads(
        { ...web, kind, updates: 'RollingUpdate' },
        { ...web, kind, name: 'db', updates: 'OnDelete' },
      );
      expect(lines.map(({ redeploy }) => redeploy)).toEqual([`kubectl -n shop rollout restart ${kind}/web`, undefined]);
    }
    expect((await workloads({ ...web, paused: true }))[0]).not.toHaveProperty('redeploy');
    // Whose it is stands on what may not be listed.
    fake.forbidden = ['deployments'];
    expect((await workloads(web))[0]).not.toHaveProperty('redeploy');
  });
});

describe('a cluster', () => {
  it('is asked for what is listed here, by GET, page by page, and never for Secrets', async () => {
    fake.workloads = Array.from({ length: 7 }, (_, i) => ({ ...web, name: `web-${i}` }));
    fake.page = 2;
    expect((await read()).workloads).toHaveLength(7);
    expect(fake.log.filter((line) => line.endsWith('/pods'))).toHaveLength(4);
    expect([...new Set(fake.log)].sort()).toEqual(
      Object.entries(kubeResources)
        .map(([kind, { path: base }]) => `GET ${base}/${kind}`)
        .sort(),
    );
  });

  it('that has forgotten where a list goes on is asked from its beginning, once', async () => {
    fake.workloads = Array.from({ length: 7 }, (_, i) => ({ ...web, name: `web-${i}` }));
    fake.page = 2;
    fake.forgets = 1;
    expect(await read()).toMatchObject({ isWhole: true, workloads: { length: 7 }, counts: { containers: 7 } });
    fake.forgets = Number.POSITIVE_INFINITY;
    await expect(read()).rejects.toThrow('GET /api/v1/pods was answered with 410');
  });

  it('is read in the namespaces that are named, and in no other', async () => {
    fake.workloads = [web, { ...web, namespace: 'other' }];
    expect((await read({ namespaces: ['shop'] })).workloads.map(({ name }) => name)).toEqual(['shop/deployment/web']);
    expect(fake.log.filter((line) => !line.includes('/namespaces/shop/'))).toEqual(['GET /api/v1/nodes']);
  });

  it('that lets a part be listed is not whole; one that lets no pods be listed is not read', async () => {
    fake.workloads = [web, { ...web, namespace: 'other' }];
    fake.forbidden = ['other/pods', 'shop/deployments'];
    expect(await read({ namespaces: ['shop', 'other'] })).toMatchObject({
      isWhole: false,
      problems: [
        {
          code: 'ENGINE',
          message: expect.stringMatching(
            /\/namespaces\/other\/pods was refused \(403\): the account needs the verb list.*; likewise not listed: deployments in shop$/,
          ),
        },
      ],
    });
    expect((await read({ namespaces: ['shop', 'other'] })).workloads).toMatchObject([
      {
        name: 'other/deployment/web',
        image: { is: 'unknown', problem: { message: expect.stringMatching(/^its pods could not/) } },
      },
      { name: 'shop/deployment/web', ...root('a') },
    ]);
    fake.forbidden = ['pods'];
    await expect(read()).rejects.toThrow('GET /api/v1/pods was refused (403): the account needs the verb list');
  });

  it('that does not let be listed what stands between tells the same of Deployments, and of cron jobs that it is not known', async () => {
    fake.workloads = [web, { ...web, kind: 'cronjob', name: 'nightly', pods: [{ phase: 'Succeeded' }] }];
    fake.forbidden = ['replicasets', 'jobs'];
    const { workloads: found, isWhole } = await read();
    expect(isWhole).toBe(false);
    expect(found).toMatchObject([
      { name: 'shop/deployment/web', ...root('a') },
      {
        name: 'shop/cronjob/nightly',
        image: { is: 'unknown', problem: { message: expect.stringMatching(/^its jobs/) } },
      },
    ]);
  });

  it('that goes away in the middle is told once, and not asked again', async () => {
    fake.workloads = [web];
    fake.goneAt = 'statefulsets';
    const { isWhole, problems, workloads: found } = await read();
    expect({ isWhole, problems }).toMatchObject({
      isWhole: false,
      problems: [
        {
          code: 'ENGINE',
          message: expect.stringMatching(
            /^cannot talk to https:.*; likewise not listed: daemonsets, cronjobs, replicasets, jobs$/,
          ),
        },
      ],
    });
    expect(found).toMatchObject([{ name: 'shop/deployment/web', ...root('a') }]);
    expect(fake.log.at(-1)).toBe('GET /apis/apps/v1/statefulsets');
  });

  it('of which nodes could not be asked for is not whole: only that they may not be listed is a remark', async () => {
    fake.workloads = [web];
    fake.broken = ['nodes'];
    expect(await read()).toMatchObject({
      isWhole: false,
      problems: [
        { code: 'ENGINE', message: 'GET /api/v1/nodes was answered with 500: it is so' },
        { code: 'nodes-unread', message: expect.stringContaining('linux/amd64 was taken') },
      ],
    });
  });

  it('tells nothing of what is in its Env, commands, volumes and annotations', async () => {
    fake.canary = 'c4nary-of-a-cluster';
    fake.workloads = [web, { ...web, kind: 'cronjob' }];
    expect(JSON.stringify(await read({ stopped: true }))).not.toContain(fake.canary);
  });
});

describe('a kubeconfig', () => {
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const address = (config: string, context = '') => kubeAddress(context, { KUBECONFIG: config });

  it('leads to the server with a token, a file with one, or a certificate', async () => {
    fake.workloads = [web];
    write('token', `${fake.token}\n`);
    for (const user of [{ token: fake.token }, { tokenFile: write('token', `${fake.token}\n`) }])
      expect((await read({}, fake.kubeconfig(user))).workloads).toHaveLength(1);
    const files = { 'client-certificate': write('c.pem', certificate), 'client-key': write('k.pem', privateKey) };
    expect(address(fake.kubeconfig(files))).toMatchObject({ tls: { cert: certificate, key: privateKey } });
    await expect(read({}, fake.kubeconfig({ token: 'another' }))).rejects.toThrow('401: its token or certificate');
  });

  it.each([
    [{ exec: { command: 'aws' } }, {}, 'no program is run here'],
    [{ 'auth-provider': { name: 'gcp' } }, {}, 'auth-provider'],
    [{ username: 'me', password: 'secret' }, {}, 'a password'],
    [{ as: 'root' }, {}, 'another one'],
    [{}, { server: 'http://cluster.example' }, 'without TLS'],
    [{}, { server: 'nas' }, 'https://'],
    [{}, { 'proxy-url': 'socks5://x' }, 'proxy'],
  ])('with %j and %j is refused', (user, cluster, why) => {
    expect(() => address(fake.kubeconfig(user, cluster))).toThrow(why);
  });

  it('may be several files, of which the first that says something counts', () => {
    const own = fake.kubeconfig();
    const first = write(
      'first',
      'current-context: other\ncontexts: [{ name: other, context: { cluster: there, user: me } }]\n',
    );
    const together = [first, own].join(path.delimiter);
    expect(address(together)).toMatchObject({ name: 'other', url: fake.url, from: 'the context other' });
    expect(address(together, 'here')).toMatchObject({ name: 'here' });
    expect(() => address(together, 'nowhere')).toThrow('there is none of that name; there are: other, here');
  });

  it('that is no YAML is not quoted', () => {
    const file = write('broken', 'users: [{ name: me, user: { token: s3cret\n');
    expect(() => address(file)).toThrow(/^(?!.*s3cret)/);
  });

  it('is not needed in a pod', () => {
    write('token', 'own');
    write('ca.crt', certificate);
    const env = {
      KUBECONFIG: path.join(folder, 'none'),
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
      KUBERNETES_SERVICE_PORT: '443',
    };
    expect(kubeAddress('', env, folder)).toMatchObject({
      url: 'https://10.0.0.1:443',
      token: 'own',
      tls: { ca: certificate },
    });
    expect(() => kubeAddress('x', env, folder)).toThrow('there is no');
    expect(() => kubeAddress('', { KUBECONFIG: path.join(folder, 'none') }, folder)).toThrow('no pod with an account');
  });
});

describe('an engine of the configuration', () => {
  const engines = (text: string): unknown =>
    parseConfig(`version: 1\nengines:\n  - ${text}\n`, 'plimsoll.yml', 'operator', {}).engines;

  it('is a cluster by its context', () => {
    expect(engines('{ host: "kube:production", namespaces: [shop] }')).toEqual([
      { type: 'kube', host: 'production', stopped: false, namespaces: ['shop'] },
    ]);
    expect(engines('{ host: "kube:" }')).toEqual([{ type: 'kube', host: '', stopped: false }]);
    expect(() => engines('{ host: "unix:///x.sock", namespaces: [shop] }')).toThrow('only a cluster');
    expect(() => engines('{ host: "kube:", tls: {} }')).toThrow('kubeconfig');
  });
});

describe('the rights', () => {
  it('that the page lists are those that are needed, and no more', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../../docs/engines.md'), 'utf8');
    const [, text = ''] = /```\n(apiVersion: rbac[\s\S]*?)```/.exec(page) ?? [];
    const [role] = parseAllDocuments(text).map((one) => one.toJS() as { rules?: unknown });
    const groups = Map.groupBy(Object.entries(kubeResources), ([, { path: base }]) =>
      base === '/api/v1' ? '' : base.replace(/^\/apis\/|\/v1$/g, ''),
    );
    const rules = role?.rules as readonly { apiGroups: string[]; resources: string[]; verbs: string[] }[];
    expect(rules.map((one) => [...one.apiGroups, one.verbs, [...one.resources].sort()])).toEqual(
      [...groups].map(([group, all]) => [group, ['list'], all.map(([kind]) => kind).sort()]),
    );
  });
});
