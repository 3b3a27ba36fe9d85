import type { Digest } from '../../../src/core/image/digest.ts';
import { parseReference } from '../../../src/core/image/reference.ts';
import { docker } from '../../../src/engines/docker/docker.ts';
import type { SwarmHands } from '../../../src/engines/docker/swarm/swarm-hands.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import type {
  EngineHands,
  RedeployHooks,
  RedeployOutcome,
  RedeployPlan,
  RedeployWish,
} from '../../../src/engines/engine-hands.ts';
import { type Behaviour, canary, type ModelContainer } from './docker-model.ts';
import { type FakeDocker, startFakeDocker } from './fake-docker.ts';

/** Digests of what runs and of what is to come. */
export const older = `sha256:${'a'.repeat(64)}` as Digest;
export const newer = `sha256:${'b'.repeat(64)}` as Digest;
const repository = 'registry.example/shop/web';
export const reference = `${repository}:1`;

export interface SceneOptions {
  readonly behaviour?: Behaviour;
  readonly compose?: boolean;
  readonly version?: string;
  readonly store?: 'graph' | 'content';
  readonly architecture?: string;
  readonly healthcheck?: boolean;
  readonly restart?: string;
  /** Where the new image declares one more volume. */
  readonly volume?: string;
}

/** A daemon with one container, `web`, whose tag has moved on to an image that behaves like this. */
export interface Scene {
  readonly fake: FakeDocker;
  readonly hands: EngineHands;
  /** Hands of another process. */
  another(): EngineHands;
  /** Hands on its swarm. */
  swarm(): SwarmHands;
  wish(more?: Partial<RedeployWish>): RedeployWish;
  plan(more?: Partial<RedeployWish>): Promise<RedeployPlan>;
  /** Plans and does it. */
  redeploy(more?: Partial<RedeployWish>, hooks?: Partial<RedeployHooks>): Promise<RedeployOutcome>;
  hooks(more?: Partial<RedeployHooks>): RedeployHooks;
  readonly web: () => ModelContainer;
  close(): Promise<void>;
}

const healthcheck = { Test: ['CMD', canary], Interval: 1e9, Timeout: 1e9, Retries: 1 };
const ofImage = { Env: ['PATH=/bin', 'VERSION=1'], Cmd: ['serve'], Labels: { version: '1' }, Volumes: { '/data': {} } };

/** What its owner set, with a canary in all that nobody may tell. */
export const ownSettings = {
  config: {
    Env: [`PASSWORD=${canary}`],
    Cmd: ['serve', canary],
    Labels: { 'com.example.token': canary },
    User: canary,
    WorkingDir: `/${canary}`,
  },
  host: {
    LogConfig: { Type: 'json-file', Config: { tag: canary } },
    Binds: [`named:/named`, `/${canary}:/etc/${canary}:ro`],
    ExtraHosts: [`${canary}:127.0.0.1`],
  },
};

export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const { behaviour = 'good', compose = false, version, store, architecture, restart = 'unless-stopped' } = options;
  const fake = await startFakeDocker({ ...(version && { version }), ...(store && { store }) });
  const { model } = fake;
  const withHealth = (options.healthcheck ?? true) && { Healthcheck: healthcheck };
  model.publish(repository, older, { config: { ...ofImage, ...withHealth } });
  model.publish(repository, newer, {
    config: {
      ...ofImage,
      Env: ['PATH=/bin', 'VERSION=2'],
      Labels: { version: '2' },
      Volumes: { ...ofImage.Volumes, ...(options.volume && { [options.volume]: {} }) },
      ...withHealth,
    },
    behaviour,
    ...(architecture && { architecture }),
  });
  const image = model.pull(repository, older, '1');
  const labels = {
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    'com.docker.compose.image': image.id,
  };
  model.run({
    name: 'web',
    image: reference,
    config: { ...ownSettings.config, Labels: { ...ownSettings.config.Labels, ...(compose && labels) } },
    host: { ...ownSettings.host, NetworkMode: 'shop', RestartPolicy: { Name: restart, MaximumRetryCount: 0 } },
    networks: { shop: { Aliases: ['web'], IPAMConfig: { IPv4Address: '10.0.0.9' } } },
  });
  const web = model.container('web');
  web.networks['other'] = { Aliases: [web.id.slice(0, 12)], NetworkID: 'o'.repeat(64) };
  const opened: Engine[] = [];
  const connected = (): Engine => {
    const engine = docker.connect(
      { url: fake.url, from: 'a test' },
      { userAgent: 'test', signal: new AbortController().signal },
      'redeploy',
    );
    opened.push(engine);
    return engine;
  };
  const another = (): EngineHands => {
    const { hands } = connected();
    if (hands === undefined) throw new Error('no hands');
    return hands;
  };
  const hands = another();
  const scene: Scene = {
    fake,
    hands,
    another,
    swarm: () => {
      const { swarm } = connected();
      if (swarm === undefined) throw new Error('no hands');
      return swarm;
    },
    wish: (more = {}) => ({
      workload: 'web',
      kind: 'container',
      reference: parseReference(reference),
      to: { root: newer, manifest: newer },
      gateTimeout: 600,
      keepOld: 3600,
      dependsOn: [],
      even: new Set(),
      ...more,
    }),
    plan: async (more) => {
      const planned = await hands.plan(scene.wish(more));
      if (planned.is !== 'plan') throw new Error(planned.is === 'refused' ? planned.reason : planned.is);
      return planned.plan;
    },
    redeploy: async (more, hooks) => hands.redeploy(await scene.plan(more), scene.hooks(hooks)),
    hooks: (more = {}) => ({
      now: 1_800_000_000_000,
      stopping: () => false,
      credentials: async () => undefined,
      wantsLog: false,
      ...more,
    }),
    web: () => model.container('web'),
    close: async () => {
      for (const one of opened) one.close();
      await fake.close();
    },
  };
  return scene;
}

/** What there is, as far as it may not be lost: who serves, on which volumes, and what stands beside it. */
export function standingOf({ fake: { model } }: Scene): {
  readonly running: readonly string[];
  readonly digest: 'older' | 'newer';
  readonly tag: 'older' | 'newer';
  readonly policy: unknown;
  readonly volumes: unknown;
  readonly names: readonly string[];
} {
  const word = (digests: ReadonlySet<string>): 'older' | 'newer' =>
    digests.has(`${repository}@${older}`) ? 'older' : 'newer';
  const all = [...model.containers.values()];
  const web = model.container('web');
  return {
    running: all.filter((one) => one.isRunning).map(({ name }) => name),
    digest: word(web.image.digests),
    tag: word(model.image(reference).digests),
    policy: (web.host['RestartPolicy'] as { Name: string }).Name,
    volumes: web.mounts.map(({ Destination, Name, Source }) => `${Destination} ${Name ?? Source}`).sort(),
    names: all.map(({ name }) => name).sort(),
  };
}
