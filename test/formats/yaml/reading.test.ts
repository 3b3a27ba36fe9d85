import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/image/digest.ts';
import { formatReference } from '../../../src/core/image/reference.ts';
import { chosenReader } from '../../../src/formats/chosen-reader.ts';
import type { Format } from '../../../src/formats/format.ts';
import { yamlFormats } from '../../../src/formats/yaml/index.ts';

/** What takes a file, as discovery has it: who is sure of its name, else who knows its text. */
async function read(path: string, text: string): Promise<string> {
  const named = yamlFormats.filter((one) => one.matches(path) !== 'no');
  const reader = async (): Promise<[Format, Awaited<ReturnType<Format['load']>>] | undefined> => {
    for (const one of named) if (one.matches(path) === 'yes') return [one, await one.load()];
    for (const one of named) {
      const loaded = await one.load();
      if (loaded.recognises(text)) return [one, loaded];
    }
    return undefined;
  };
  const found = await reader();
  if (found === undefined) return 'nobody';
  const [format, loaded] = found;
  const { uses } = loaded.read(text, path);
  const said = uses.map(({ line, column, skipped, reference, platform }) =>
    [`${line}:${column}`, reference ? formatReference(reference) : skipped, platform].filter((one) => one).join(' '),
  );
  return [format.name, ...said].join('\n');
}

const hub = 'docker.io/library';
const cases: readonly (readonly [name: string, path: string, text: string, expected: readonly string[]])[] = [
  [
    'compose: services',
    'compose.yaml',
    'services:\n  a:\n    image: nginx:1.27\n',
    ['compose', `3:12 ${hub}/nginx:1.27`],
  ],
  ['compose: by content', 'deploy/stack.yml', 'services:\n  a: { image: redis }\n', ['compose', `2:15 ${hub}/redis`]],
  ['compose: version 1', 'docker-compose.yml', 'db:\n  image: "postgres:9"\n', ['compose', `2:11 ${hub}/postgres:9`]],
  [
    'compose: what is built',
    'compose.yml',
    'services:\n  a:\n    build: .\n    image: app:1\n',
    ['compose', '4:12 output'],
  ],
  [
    'compose: a fragment once, however often it is merged',
    'compose.yml',
    'x-a: &a\n  image: a:1\nservices:\n  b:\n    <<: *a\n  c:\n    <<: [*a]\n    platform: linux/arm64\n',
    ['compose', `2:10 ${hub}/a:1`],
  ],
  [
    'compose: defaults, escapes and platforms',
    'compose.yml',
    'services:\n  a:\n    image: ${R:-ghcr.io}/x/y:${T:-2}\n    platform: linux/arm64\n  b:\n    image: b:$$\n  c:\n    image: ${N:?say it}\n',
    ['compose', '3:12 ghcr.io/x/y:2 linux/arm64', '6:12 invalid', '8:12 unresolved'],
  ],
  [
    'compose: null is no image, and no build',
    'compose.yml',
    'services:\n  a: { image: !reset null }\n  b: { image: b:1, build: ~ }\n  c: { image: null }\n',
    ['compose', `3:15 ${hub}/b:1`],
  ],
  ['compose: nothing in it', 'compose.yml', 'services: {}\n', ['compose']],
  [
    'workflow: containers, services and steps',
    '.github/workflows/ci.yml',
    `jobs:
  a:
    runs-on: ubuntu-24.04-arm
    container: node:22
    services:
      db:
        image: docker://postgres:16
      cache: redis
    steps:
      - uses: actions/checkout@v4
      - uses: docker://ghcr.io/x/lint:1
      - uses: docker/build-push-action@v6
        with: { tags: x/y:1, image: z }
  b:
    container: { image: "\${{ matrix.image }}" }
`,
    [
      'workflow',
      `4:16 ${hub}/node:22 linux/arm64`,
      `7:16 ${hub}/postgres:16 linux/arm64`,
      `8:14 ${hub}/redis linux/arm64`,
      '11:15 ghcr.io/x/lint:1 linux/arm64',
      '15:26 template',
    ],
  ],
  [
    'workflow: an action',
    'a/action.yml',
    'runs:\n  using: docker\n  image: docker://a:1\n',
    ['workflow', `3:10 ${hub}/a:1`],
  ],
  ['workflow: an action of a file', 'action.yml', 'runs:\n  using: docker\n  image: Dockerfile\n', ['workflow']],
  [
    'kubernetes: containers of every sort, and what is none',
    'k/app.yaml',
    `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      nodeSelector: { kubernetes.io/arch: arm64 }
      initContainers:
        - image: busybox:1
      containers:
        - image: nginx:1.27 # {"$imagepolicy": "flux:nginx"}
        - name: b
          image: \${APP}:1
      volumes:
        - image: { reference: quay.io/a/b:2 }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec: { image: no:1, template: { spec: { containers: [{ image: no:2 }] } } }
---
apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: CronJob
    spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: c:3 }] } } } } }
`,
    [
      'kubernetes',
      `8:18 ${hub}/busybox:1 linux/arm64`,
      '10:18 owned linux/arm64',
      '12:18 template linux/arm64',
      '14:31 quay.io/a/b:2 linux/arm64',
      `25:78 ${hub}/c:3`,
    ],
  ],
  [
    'kubernetes: what makes pods in its own way, and charts with several sources',
    'k/ops.yaml',
    `apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
spec:
  workflowSpec:
    templates:
      - container: { image: a:1 }
        sidecars: [{ image: b:2 }]
      - script: { image: c:3, source: "docker run no:1" }
      - containerSet: { containers: [{ image: "{{inputs.parameters.image}}" }] }
---
apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec: { templates: [{ container: { image: d:4 } }] }
---
apiVersion: other.example/v1
kind: Workflow
spec: { templates: [{ container: { image: no:2 } }] }
---
apiVersion: keda.sh/v1alpha1
kind: ScaledJob
spec: { jobTargetRef: { template: { spec: { containers: [{ image: e:5 }] } } } }
---
apiVersion: actions.github.com/v1alpha1
kind: AutoscalingRunnerSet
spec: { template: { spec: { containers: [{ image: f:6 }] } } }
---
apiVersion: argoproj.io/v1alpha1
kind: Application
spec: { sources: [{ helm: { valuesObject: { image: { repository: g, tag: "7" } } } }] }
---
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
spec: { template: { spec: { source: { helm: { valuesObject: { image: { repository: h, tag: "8" } } } } } } }
`,
    [
      'kubernetes',
      `6:29 ${hub}/a:1`,
      `7:29 ${hub}/b:2`,
      `8:26 ${hub}/c:3`,
      '9:48 template',
      `13:43 ${hub}/d:4`,
      `21:67 ${hub}/e:5`,
      `25:51 ${hub}/f:6`,
      `29:75 ${hub}/g:7`,
      `33:93 ${hub}/h:8`,
    ],
  ],
  ['kubernetes: another service', 's.yaml', 'apiVersion: v1\nkind: Service\nspec: { image: x }\n', ['nobody']],
  [
    'kubernetes: a template',
    'chart/templates/d.yaml',
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {{ .x }}:1\n',
    ['nobody'],
  ],
  [
    'kustomize: names, tags and digests apart',
    'kustomization.yaml',
    `images:
  - name: nginx
    newTag: "1.27"
  - name: b
    newName: ghcr.io/x/b
    newTag: v1@sha256:${'a'.repeat(64)}
  - name: c
    newName: d
`,
    ['kustomize', `3:14 ${hub}/nginx:1.27`, `6:13 ghcr.io/x/b:v1@sha256:${'a'.repeat(64)}`],
  ],
  [
    'helm: shapes',
    'chart/values.yaml',
    `image:
  registry: ghcr.io
  repository: x/app
  tag: 1.10
sidecar:
  image: envoy:v1
  initImage: busybox:1
git: { repository: https://x, tag: no }
empty: { repository: x, tag: "" }
db: { image: postgres, tag: 16 }
name: { image: "{{ .x }}" }
`,
    [
      'helm',
      '4:8 ghcr.io/x/app:1.10',
      `6:10 ${hub}/envoy:v1`,
      `7:14 ${hub}/busybox:1`,
      '8:36 invalid',
      `10:29 ${hub}/postgres:16`,
    ],
  ],
  [
    'gitlab-ci: jobs, defaults and variables',
    '.gitlab-ci.yml',
    `variables: { V: "22", W: { value: "16" } }
default: { image: "node:$V" }
include: { image: no }
a:
  image: { name: "\${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}/alpine:3", docker: { platform: linux/arm64 } }
  services: [ "postgres:\${W}", { name: redis:7, command: ["no:1"] } ]
b: { image: $CI_REGISTRY_IMAGE/x }
c: { image: !reference [a, image] }
`,
    [
      'gitlab-ci',
      `2:20 ${hub}/node:22`,
      `5:19 ${hub}/alpine:3 linux/arm64`,
      `6:16 ${hub}/postgres:16 linux/arm64`,
      `6:40 ${hub}/redis:7 linux/arm64`,
      '7:13 template',
    ],
  ],
  [
    'woodpecker: lists and mappings, settings left alone',
    '.woodpecker/test.yaml',
    'steps:\n  a: { image: go:1 }\nservices:\n  - image: pg:2\nclone:\n  git: { image: g:3, settings: { image: no } }\n',
    ['woodpecker', `2:15 ${hub}/go:1`, `4:12 ${hub}/pg:2`, `6:17 ${hub}/g:3`],
  ],
  [
    'drone: a platform per document',
    '.drone.yml',
    'kind: pipeline\nplatform: { os: linux, arch: arm64 }\nsteps:\n  - image: go:1\n---\nkind: pipeline\nsteps: [{ image: "x:${DRONE_TAG}" }]\n',
    ['drone', `4:12 ${hub}/go:1 linux/arm64`, '7:19 template'],
  ],
  ['vela', '.vela.yml', 'steps:\n  - image: go:1\n', ['vela', `2:12 ${hub}/go:1`]],
  ['crow', '.crow/a.yaml', 'steps:\n  - image: go:1\n', ['crow', `2:12 ${hub}/go:1`]],
  [
    'circleci: not the machine',
    '.circleci/config.yml',
    'executors:\n  e: { docker: [{ image: cimg/go:1 }] }\njobs:\n  a: { machine: { image: ubuntu:no } }\n  b: { docker: [{ image: << parameters.x >> }] }\n',
    ['circleci', '2:26 docker.io/cimg/go:1', '5:26 template'],
  ],
  [
    'azure: an alias is none',
    'azure-pipelines.yml',
    'resources:\n  containers:\n    - container: pg\n      image: postgres:16\njobs:\n  - container: pg\n  - container: node:22\n    services: { db: pg }\n',
    ['azure', `4:14 ${hub}/postgres:16`, `7:16 ${hub}/node:22`],
  ],
  [
    'bitbucket: steps however deep',
    'bitbucket-pipelines.yml',
    'image: node:22\ndefinitions:\n  services: { db: { image: pg:1 } }\npipelines:\n  default:\n    - parallel:\n        steps:\n          - step: { image: { name: go:1 }, script: [{ pipe: "docker://p:2" }, { pipe: x/y:3 }] }\n',
    ['bitbucket', `1:8 ${hub}/node:22`, `3:28 ${hub}/pg:1`, `8:36 ${hub}/go:1`, `8:62 ${hub}/p:2`],
  ],
  [
    'tekton: tasks within a pipeline',
    'p.yaml',
    'apiVersion: tekton.dev/v1\nkind: Pipeline\nspec:\n  tasks:\n    - taskSpec: { steps: [{ image: go:1 }, { image: $(params.x) }] }\n',
    ['tekton', `5:36 ${hub}/go:1`, '5:53 template'],
  ],
  [
    "tekton: beside Kubernetes' own objects, and in lists",
    'p.yaml',
    `apiVersion: v1
kind: Service
spec: { selector: { image: no } }
---
apiVersion: apps/v1
kind: Deployment
spec: { template: { spec: { containers: [{ image: web:1 }] } } }
---
apiVersion: v1
kind: List
items:
  - { apiVersion: tekton.dev/v1, kind: Task, spec: { steps: [{ image: go:1 }] } }
  - { apiVersion: v1, kind: Pod, spec: { containers: [{ image: pod:1 }] } }
`,
    ['tekton', `7:51 ${hub}/web:1`, `12:71 ${hub}/go:1`, `13:64 ${hub}/pod:1`],
  ],
  [
    'cloudbuild: not what it makes',
    'cloudbuild.yaml',
    'steps:\n  - name: gcr.io/x/y:1\nimages: [out:1]\n',
    ['cloudbuild', '2:11 gcr.io/x/y:1'],
  ],
  ['batect', 'batect.yml', 'containers:\n  a: { image: go:1 }\n', ['batect', `2:15 ${hub}/go:1`]],
  [
    'ko',
    '.ko.yaml',
    'defaultBaseImage: cgr.dev/x/static\nbaseImageOverrides:\n  a/b: debian:12\n',
    ['ko', '1:19 cgr.dev/x/static', `3:8 ${hub}/debian:12`],
  ],
  [
    'ansible: modules by both names',
    'tasks/main.yml',
    '- community.docker.docker_container: { image: nginx:1 }\n- block:\n    - docker_image: { name: redis, tag: 7, source: pull }\n- docker_container: { image: "{{ x }}" }\n',
    ['ansible', `1:47 ${hub}/nginx:1`, `3:41 ${hub}/redis:7`, '4:31 template'],
  ],
  [
    'a generated file',
    'compose.yml',
    '# Code generated by x. DO NOT EDIT.\nservices: { a: { image: a:1 } }\n',
    ['compose', '2:25 output'],
  ],
  [
    'what helm has rendered',
    'all.yaml',
    '---\n# Source: app/templates/d.yaml\napiVersion: v1\nkind: Pod\nspec: { containers: [{ image: a:1 }] }\n',
    ['kubernetes', '5:31 output'],
  ],
  [
    'compose: no name of an image',
    'compose.yml',
    'services:\n  a: { image: [a:1] }\n  b:\n    image:\n      name: b:1\n  c: { image: { } }\n  d: { image: !reset null }\n',
    ['compose', '2:15 invalid', '5:7 invalid', '6:15 invalid'],
  ],
  [
    'workflow: no names of images, and mappings that are allowed',
    '.github/workflows/w.yml',
    'jobs:\n  a: { container: [a:1], services: { s: [b:1], t: { image: { x: y } } } }\n  b: { container: { image: [a:1] }, steps: [{ uses: [docker://c:1] }] }\n  c: { container: { image: a:1 } }\n',
    ['workflow', '2:19 invalid', '2:41 invalid', '2:60 invalid', '3:28 invalid', '3:53 invalid', `4:28 ${hub}/a:1`],
  ],
  [
    'gitlab-ci: no names of images, and mappings that are allowed',
    '.gitlab-ci.yml',
    'image: [a:1]\na: { image: { name: [b:1] }, services: [{ name: { x: y } }, [c:1]], script: x }\nb: { image: { name: d:1 }, script: x }\n',
    ['gitlab-ci', '1:8 invalid', '2:21 invalid', '2:49 invalid', '2:61 invalid', `3:21 ${hub}/d:1`],
  ],
  [
    'kubernetes: no names of images',
    'k.yaml',
    'apiVersion: v1\nkind: Pod\nspec:\n  containers: [{ image: [a:1] }, { image: { name: b } }]\n  volumes: [{ image: { reference: [c:1] } }]\n',
    ['kubernetes', '4:25 invalid', '4:43 invalid', '5:35 invalid'],
  ],
  [
    'kustomize: no names of images',
    'kustomization.yaml',
    'images:\n  - { name: [a], newTag: "1" }\n  - { name: b, newTag: { c: d } }\n  - { name: e, digest: [f] }\n',
    ['kustomize', '2:13 invalid', '3:24 invalid', '4:24 invalid'],
  ],
  ['drone: no names of images', '.drone.yml', 'kind: x\nsteps: [{ image: [a:1] }]\n', ['drone', '2:18 invalid']],
  [
    'woodpecker: no names of images',
    '.woodpecker.yml',
    'steps: { a: { image: { b: c } } }\n',
    ['woodpecker', '1:22 invalid'],
  ],
  [
    'circleci: no names of images',
    '.circleci/config.yml',
    'jobs: { a: { docker: [{ image: [a:1] }] } }\n',
    ['circleci', '1:32 invalid'],
  ],
  [
    'bitbucket: no names of images, and mappings that are allowed',
    'bitbucket-pipelines.yml',
    'image: [a:1]\npipelines: { default: [{ step: { image: { name: [b:1] } } }, { step: { image: { name: c:1 } } }] }\n',
    ['bitbucket', '1:8 invalid', '2:49 invalid', `2:87 ${hub}/c:1`],
  ],
  [
    'azure: no names of images',
    'azure-pipelines.yml',
    'resources: { containers: [{ container: a, image: [a:1] }] }\njobs: [{ container: [b] }]\n',
    ['azure', '1:50 invalid', '2:21 invalid'],
  ],
  ['cloudbuild: no names of images', 'cloudbuild.yaml', 'steps: [{ name: [a:1] }]\n', ['cloudbuild', '1:17 invalid']],
  ['other YAML', 'mkdocs.yml', 'site_name: x\nimage: no:1\n', ['nobody']],
];

describe('YAML that names images', () => {
  it.each(cases)('%s', async (_, path, text, expected) => {
    expect((await read(path, text)).split('\n')).toEqual(expected);
  });

  it.each(cases)('%s: however it was saved', async (_, path, text, expected) => {
    const places = (said: string): string[] => said.split('\n');
    expect(places(await read(path, text.replaceAll('\n', '\r\n')))).toEqual(expected);
    expect(places(await read(path, `\ufeff${text}`))).toEqual(expected);
  });
});

describe('a .env beside a compose file', () => {
  const text =
    'services:\n  a: { image: "a:${TAG:-1}" }\n  b: { image: "${B}" }\n  c: { image: "c:${SECRET_TAG-2}" }\n';

  it('gives variables their values, and nothing but those that an image asks for leaves it', async () => {
    const reader = await yamlFormats.find(({ name }) => name === 'compose')!.load();
    expect(reader.beside).toBe('.env');
    const env = 'export TAG="3" # three\nB=ghcr.io/x/b:4\nPASSWORD=hunter2\n# TAG=5\nBROKEN\n';
    const document = reader.read(text, 'compose.yaml', { beside: { text: env } });
    expect(document.uses.map(({ reference }) => reference && formatReference(reference))).toEqual([
      `${hub}/a:3`,
      'ghcr.io/x/b:4',
      `${hub}/c:2`,
    ]);
    expect(document.uses[0]?.note).toMatch(/^what TAG is set to/);
    expect(JSON.stringify(document)).not.toContain('hunter2');
    const digest = digestOf('x');
    const edited = document.edit(document.uses.map((use) => ({ use, digest })));
    expect(edited.text).toBe(
      `services:\n  a: { image: "a:\${TAG:-1}" }\n  b: { image: "\${B}" }\n  c: { image: "c:\${SECRET_TAG-2@${digest}}" }\n`,
    );
    expect(edited.beside).toBe(
      `export TAG="3@${digest}" # three\nB=ghcr.io/x/b:4@${digest}\nPASSWORD=hunter2\n# TAG=5\nBROKEN\n`,
    );
  });
});

it.each([
  [
    'x.yaml',
    'kubernetes',
    'apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: $(X) }], volumes: [{ image: { reference: a:1 } }] }\n---\nkind: ConfigMap\ndata: { image: no:1 }\n',
  ],
  ['x.yaml', 'tekton', 'apiVersion: tekton.dev/v1\nkind: Task\nspec: { steps: [{ image: $(params.x) }] }\n'],
  ['x.yml', 'ansible', '- docker_container: { image: "{{ x }}" }\n- docker_image: { name: redis, tag: 7 }\n'],
  ['ci.yml', 'gitlab-ci', 'a: { image: a:1, services: ["b:$CI_X"], script: [x] }\n'],
  ['ci.yml', 'circleci', 'jobs: { a: { docker: [{ image: a:1 }], steps: [{ run: run in a container }] } }\n'],
  ['ci.yml', 'workflow', 'jobs: { a: { runs-on: x, container: a:1, steps: [{ uses: "docker://b:1" }] } }\n'],
  ['prod.yaml', 'helm', 'image: { repository: a, tag: 1 }\n'],
])('what is named by hand, and may have any name, is read by who knows it: %s of %s', async (path, name, text) => {
  const reader = await chosenReader(path, text, yamlFormats);
  expect(reader?.name).toBe(name);
});
