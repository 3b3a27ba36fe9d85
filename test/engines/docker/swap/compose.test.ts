import { expect, it } from 'vitest';
import { type Scene, type SceneOptions, startScene } from '../../../support/engine/swap-scene.ts';

interface Service {
  /** Of the file, without the image: the image is asked for apart. */
  readonly hash: string;
  /** The id of the image that its name stands for; where the store knows manifests, that of its platform. */
  readonly image: string;
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

type Container = ReturnType<Scene['web']>;

/** When `docker compose up` of version 2 makes a container anew (docker/compose, pkg/compose/reconcile.go, mustRecreate). */
function mustRecreate(expected: Service, { config, networks, mounts }: Container): boolean {
  const labels = config['Labels'] as Readonly<Record<string, string>>;
  if (labels['com.docker.compose.config-hash'] !== expected.hash) return true;
  if (labels['com.docker.compose.image'] !== expected.image) return true;
  if (expected.networks.some((name) => networks[name] === undefined)) return true;
  return expected.volumes.some((name) => !mounts.some((one) => one['Type'] === 'volume' && one['Name'] === name));
}

async function moved(options: SceneOptions): Promise<{ scene: Scene; expected: Service }> {
  const scene = await startScene({ ...options, compose: true });
  Object.assign(scene.web().config['Labels'] as object, { 'com.docker.compose.config-hash': 'of the file' });
  const expected = { hash: 'of the file', image: scene.web().image.id, networks: ['shop'], volumes: ['named'] };
  expect(mustRecreate(expected, scene.web())).toBe(false);
  await scene.redeploy();
  return { scene, expected };
}

it.each([
  ['1.41', 'graph'],
  ['1.51', 'content'],
] as const)(
  'compose finds what was moved as it wants it, and makes nothing anew: API %s, %s store',
  async (version, store) => {
    const { scene, expected } = await moved({ version, store });
    const named = scene.fake.model.image('registry.example/shop/web:1');
    expect(mustRecreate({ ...expected, image: named.id }, scene.web())).toBe(false);
    // It would, had the label of the image been left as it was.
    expect(mustRecreate(expected, scene.web())).toBe(true);
    expect([...scene.fake.model.containers.values()].map(({ name }) => name)).toEqual(['web']);
    await scene.close();
  },
);
