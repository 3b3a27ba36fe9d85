import { docker } from '../../src/engines/docker/docker.ts';
import { kubernetes } from '../../src/engines/kubernetes/kube-engine.ts';
import { podman } from '../../src/engines/podman/podman.ts';
import { describeEngine, type EngineFixture, type Wanted } from '../contract/engine.ts';
import { certificate } from '../support/certificate.ts';
import { type FakeContainer, type FakeEngineOptions, startFakeEngine } from '../support/engine/fake-engine.ts';
import { type FakeKubeWorkload, startFakeKubernetes } from '../support/engine/fake-kubernetes.ts';
import { type FakePodmanContainer, startFakePodman } from '../support/engine/fake-podman.ts';

async function fixture(options: FakeEngineOptions): Promise<EngineFixture> {
  const fake = await startFakeEngine(options);
  const isContent = options.store === 'content';
  const container = ({ name, image, root, labels, isStopped, platform }: Wanted): FakeContainer => ({
    name,
    image,
    runs: {
      id: isContent && root !== undefined ? root : `sha256:${'c'.repeat(64)}`,
      repoDigests: root === undefined ? [] : [`${image.replace(/:[^:/]*$/, '')}@${root}`],
      ...(platform !== undefined && { platform }),
    },
    ...(labels && { labels }),
    ...(isStopped && { state: 'exited' }),
  });
  return {
    address: { url: fake.url, from: 'a test' },
    runs: (wanted) => {
      fake.containers = wanted.map(container);
    },
    log: fake.log,
    fail: (status) => {
      fake.intercept = (_, response) => {
        response.writeHead(status).end('<html>');
        return true;
      };
    },
    hang: () => {
      fake.intercept = () => true;
    },
    close: () => fake.close(),
  };
}

for (const options of [
  { version: '1.40' },
  { version: '1.41' },
  { version: '1.41', swarm: 'manager' },
  { version: '1.44' },
  { version: '1.44', store: 'content' },
  { version: '1.48', store: 'content' },
  { version: '1.51', minimum: '1.44', store: 'content' },
] as const satisfies readonly FakeEngineOptions[]) {
  describeEngine(`Docker, ${JSON.stringify(options)}`, docker, () => fixture(options));
}

async function podmanFixture(options: { version: string }): Promise<EngineFixture> {
  const fake = await startFakePodman(options);
  const container = ({ name, image, root, labels, isStopped, platform }: Wanted): FakePodmanContainer => ({
    name,
    image,
    runs: {
      id: 'c'.repeat(64),
      digest: root ?? '',
      repoDigests: root === undefined ? [] : [`${image.replace(/:[^:/]*$/, '')}@${root}`],
      ...(platform !== undefined && { platform }),
    },
    ...(labels && { labels }),
    ...(isStopped && { state: 'exited' }),
  });
  return {
    address: { url: fake.url, from: 'a test' },
    runs: (wanted) => {
      fake.containers = wanted.map(container);
    },
    log: fake.log,
    fail: (status) => {
      fake.intercept = (_, response) => {
        response.writeHead(status).end('<html>');
        return true;
      };
    },
    hang: () => {
      fake.intercept = () => true;
    },
    close: () => fake.close(),
  };
}

for (const version of ['4.3.1', '5.2.0']) describeEngine(`Podman ${version}`, podman, () => podmanFixture({ version }));

async function kubernetesFixture(kind: 'deployment' | 'statefulset'): Promise<EngineFixture> {
  const fake = await startFakeKubernetes();
  fake.nodes = { 'amd64-0': 'amd64', 'arm64-0': 'arm64' };
  return {
    address: {
      url: fake.url,
      from: 'a test',
      token: fake.token,
      name: 'cluster',
      tls: { ca: certificate, servername: 'registry.example' },
    },
    nameOf: (name) => `default/${kind}/${name}`,
    hasImages: false,
    runs: (wanted) => {
      fake.workloads = wanted.map(
        ({ name, image, root, labels, isStopped, platform = 'linux/amd64' }): FakeKubeWorkload => ({
          kind,
          name,
          ...(labels && { labels }),
          containers: [{ image, imageId: root === undefined ? '' : `${image.replace(/:[^:/]*$/, '')}@${root}` }],
          replicas: isStopped ? 0 : 1,
          pods: isStopped ? [] : [{ node: `${platform.split('/')[1]}-0` }],
        }),
      );
    },
    log: fake.log,
    fail: (status) => {
      fake.failing = status;
    },
    hang: () => {
      fake.isHanging = true;
    },
    close: () => fake.close(),
  };
}

for (const kind of ['deployment', 'statefulset'] as const)
  describeEngine(`Kubernetes, a ${kind}`, kubernetes, () => kubernetesFixture(kind));
