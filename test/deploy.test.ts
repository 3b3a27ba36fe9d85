import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfig } from '../src/config/load.ts';
import { limits } from '../src/core/limits/limits.ts';
import { cli } from './support/cli.ts';
import { temporaryTree } from './support/fleet.ts';

/* What is under deploy/, and the Dockerfile: of one mind among themselves, and right in the eyes of others' descriptions. */

const root = path.join(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const dockerfile = read('Dockerfile').replaceAll(/^#.*\n/gm, '');
const instruction = (name: string): string[] =>
  [...dockerfile.matchAll(new RegExp(`^${name} (.*)`, 'gm'))].map(([, rest = '']) => rest);

interface Container {
  readonly args: readonly string[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext: object;
}

const compose = parse(read('deploy/compose/compose.yaml')).services.plimsoll;
const manifests = parseAllDocuments(read('deploy/kubernetes/cronjob.yaml')).map((one) => one.toJS());
const servedManifests = parseAllDocuments(read('deploy/kubernetes/deployment.yaml')).map((one) => one.toJS());
const workerManifests = parseAllDocuments(read('deploy/kubernetes/workers.yaml')).map((one) => one.toJS());
const pod = manifests.find(({ kind }) => kind === 'CronJob').spec.jobTemplate.spec.template.spec;
const [container] = pod.containers as [Container];
const unit = Map.groupBy(
  [...read('deploy/systemd/plimsoll.service').matchAll(/^(\w+)=(.*)/gm)].map(([, key = '', value = '']) => ({
    key,
    value,
  })),
  ({ key }) => key,
);
const unitValue = (key: string): string => (unit.get(key) ?? []).map(({ value }) => value).join(' ');

describe('the ways to run it', () => {
  it('run one command', () => {
    const [entry] = instruction('ENTRYPOINT').map((one) => JSON.parse(one) as string[]);
    expect([...(entry ?? []), ...compose.command].join(' ')).toBe('plimsoll run --log json');
    expect(container.args).toEqual(compose.command);
    expect(unitValue('ExecStart')).toBe('/usr/local/bin/plimsoll run --log json');
  });

  it('keep state and cache outside, apart, and nothing else', () => {
    const [volumes] = instruction('VOLUME').map((one) => JSON.parse(one) as string[]);
    expect(volumes).toEqual(['/state', '/cache']);
    const mounts = compose.volumes.map((one: string) => one.split(':')) as [string, string, string?][];
    expect(mounts.map(([, to]) => to)).toEqual(['/work/plimsoll.yml', ...(volumes ?? [])]);
    const places = container.volumeMounts.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath);
    expect(places).toEqual([...(volumes ?? []), ...compose.tmpfs]);
    expect(unitValue('StateDirectory') + unitValue('CacheDirectory')).toBe('plimsollplimsoll');
  });

  it('have one environment: where state and cache are, and secrets from a file', () => {
    const names = (text: string): string[] => [...text.matchAll(/(\w+)=/g)].map(([, name = '']) => name);
    const image = names(instruction('ENV').join(' ')).filter((name) => name !== 'container');
    expect(names(unitValue('Environment'))).toEqual(image);
    expect(compose.env_file).toEqual(['secrets.env']);
    expect(unitValue('EnvironmentFile')).toMatch(/secrets\.env$/);
    expect(container).toMatchObject({ envFrom: [{ secretRef: { name: 'plimsoll', optional: true } }] });
    expect([compose.environment, 'env' in container]).toEqual([undefined, false]);
  });

  it('have no rights, and a root file system that is only read', () => {
    expect(instruction('USER')).toEqual(['65532:65532']);
    expect(compose).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532 },
    });
    expect([unitValue('DynamicUser'), unitValue('ProtectSystem'), unitValue('CapabilityBoundingSet')]).toEqual([
      'yes',
      'strict',
      '',
    ]);
  });
});

it('the daemon runs as the runs do, and is asked whether it is well', () => {
  const [command] = instruction('HEALTHCHECK');
  expect(command).toMatch(/CMD \["plimsoll", "healthcheck"\]$/);
  const served = parse(read('deploy/compose/serve.yaml')).services.plimsoll;
  const { command: words, ports, restart: _, stop_grace_period: grace, ...rest } = served;
  const { command: _words, ...run } = compose;
  expect(rest).toEqual(run);
  expect([words, ports]).toEqual([['serve', '--log', 'json'], ['127.0.0.1:8087:8087']]);
  const deployment = servedManifests.find(({ kind }) => kind === 'Deployment').spec;
  const own = deployment.template.spec;
  const [{ args, ports: _ports, readinessProbe, livenessProbe, ...box }] = own.containers;
  const { args: _args, ...runBox } = container;
  expect(box).toEqual(runBox);
  expect([own.volumes, own.securityContext]).toEqual([pod.volumes, pod.securityContext]);
  expect([args, readinessProbe.httpGet.path, livenessProbe.httpGet.path]).toEqual([words, '/readyz', '/healthz']);
  expect([deployment.replicas, deployment.strategy]).toEqual([1, { type: 'Recreate' }]);
  // Longer than a run that is cut off has to end.
  const seconds = (2 * limits.serve.grace.most) / 1000;
  for (const given of [Number.parseInt(grace, 10), own.terminationGracePeriodSeconds]) {
    expect(given).toBeGreaterThan(seconds);
  }
  const hardening = (name: string): string[] =>
    read(`deploy/systemd/${name}`)
      .split('\n')
      .filter((line) => /^(Protect|Private|Restrict|System|Capab|NoNew|Dynamic|Lock|UMask|Proc)/.test(line));
  expect(hardening('plimsoll-serve.service')).toEqual(hardening('plimsoll.service'));
  expect(read('deploy/systemd/plimsoll-serve.service')).toMatch(
    /^ExecStart=\/usr\/local\/bin\/plimsoll serve --log json$/m,
  );
});

it('workers run as the runs do, beside a daemon that has its runs made by them', () => {
  const { services, volumes } = parse(read('deploy/compose/workers.yaml'));
  const {
    command: words,
    ports: _,
    restart: __,
    stop_grace_period: grace,
    depends_on: ___,
    ...served
  } = services.plimsoll;
  const { command: _words, ...run } = compose;
  expect(served).toEqual(run);
  const { build: _build, ...built } = run;
  const {
    command,
    scale,
    restart: ____,
    stop_grace_period: workerGrace,
    depends_on: _____,
    ...worker
  } = services.worker;
  expect(worker).toEqual(built);
  expect([words, command, scale]).toEqual([
    ['serve', '--workers', '0', '--log', 'json'],
    ['worker', '--log', 'json'],
    2,
  ]);
  expect(Object.keys(volumes)).toEqual(['state', 'cache', 'database']);
  const deployment = workerManifests[0].spec;
  const own = deployment.template.spec;
  const [{ args, ...box }] = own.containers;
  const { args: _args, ...runBox } = container;
  expect([box, own.securityContext]).toEqual([runBox, pod.securityContext]);
  expect([args, deployment.replicas]).toEqual([command, 2]);
  for (const given of [grace, workerGrace, own.terminationGracePeriodSeconds])
    expect(Number.parseInt(String(given), 10)).toBeGreaterThan(limits.worker.giveBack.most / 1000);
});

it('what their READMEs have made, secrets too, is neither committed nor packed', () => {
  const made = [
    'deploy/compose/secrets.env',
    'deploy/compose/database_password',
    'deploy/compose/plimsoll.yml',
    'deploy/kubernetes/secrets.env',
  ];
  const tree = temporaryTree({
    'package.json': JSON.stringify({ name: 'packed', version: '1.0.0', files: ['deploy'] }),
    'deploy/.gitignore': read('deploy/.gitignore'),
    'deploy/plimsoll.yml': '',
    ...Object.fromEntries(made.map((name) => [name, ''])),
  });
  try {
    const report = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: tree.folder, encoding: 'utf8' });
    const [packed] = Object.values(JSON.parse(report) as Record<string, { files: { path: string }[] }>);
    expect(packed?.files.map((file) => file.path)).toEqual(['deploy/plimsoll.yml', 'package.json']);
  } finally {
    tree.remove();
  }
});

it('the image is made of dist/, by any builder', () => {
  expect(instruction('ARG')).toEqual(['BASE=docker.io/library/node:24-slim']);
  expect(instruction('COPY')).toEqual(['dist /opt/plimsoll/dist']);
  expect(read('Dockerfile')).not.toMatch(/^# *(syntax|escape|check) *=|--(mount|link|chmod|network|security)\b|<</m);
  expect(read('.dockerignore').match(/^[^#\n].*/gm)).toEqual(['*', '!dist']);
});

it('the manifests are what the types of Kubernetes say, key by key', () => {
  const tree = temporaryTree({});
  try {
    symlinkSync(path.join(root, 'node_modules'), path.join(tree.folder, 'node_modules'));
    const types = {
      CronJob: 'batch/v1',
      Deployment: 'apps/v1',
      PersistentVolumeClaim: 'core/v1',
      Service: 'core/v1',
    } as const;
    const lines = [...manifests, ...servedManifests, ...workerManifests].map((one, i) => {
      const kind = one.kind as keyof typeof types;
      return `import type { ${kind} as Kind${i} } from 'kubernetes-types/${types[kind]}.d.ts';\nexport const _${i}: Kind${i} = ${JSON.stringify(one)};\n`;
    });
    writeFileSync(path.join(tree.folder, 'manifests.ts'), lines.join(''));
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const options =
      '--noEmit --strict --skipLibCheck --allowImportingTsExtensions --module esnext --moduleResolution bundler manifests.ts';
    const output = execFileSync(process.execPath, [tsc, ...options.split(' ')], { cwd: tree.folder, encoding: 'utf8' });
    expect([lines.length, output]).toEqual([8, '']);
  } finally {
    tree.remove();
  }
});

it('the project reads its own files without a problem', async () => {
  const { code, stdout } = await cli(['refs', '.', '--format', 'json'], { cwd: root, env: { HOME: tmpdir() } });
  const { files } = JSON.parse(stdout) as {
    readonly files: readonly { readonly file: string; readonly problems: unknown[] }[];
  };
  expect(code).toBe(0);
  const ours = ['Dockerfile', 'deploy/compose/compose.yaml', 'deploy/kubernetes/cronjob.yaml'];
  expect(files.map(({ file }) => file)).toEqual(expect.arrayContaining(ours));
  expect(files.flatMap(({ problems }) => problems)).toEqual([]);
});

it('the configurations hold, the commented lines too', () => {
  expect(parseConfig(read('.plimsoll.yml'), '.plimsoll.yml', 'repository', {})).toMatchObject({ pin: true });
  const text = read('deploy/plimsoll.yml').replaceAll(/^# (?= *-|\w+:)/gm, '');
  const env = { DISCORD_URL: 'https://discord.test/x', PING_URL: 'https://ping.test/x' };
  const config = parseConfig(text, 'plimsoll.yml', 'operator', env);
  expect(config).toMatchObject({ repositories: ['.'], forges: { length: 1 }, allowEmpty: true });
});
