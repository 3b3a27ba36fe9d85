import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { editFile, parseFile } from '../../src/index.ts';
import { unpackedTool } from './support/debian-packages.ts';
import { runTool } from './support/run-tool.ts';

/*
 * Edits of manifests held against kubectl 1.20, which sets an image in a file without asking any cluster. What it prints
 * is a manifest with every default filled in, so both results go through it.
 */

const [old, now] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
const kubectl = unpackedTool('kubernetes-client', 'usr/bin/kubectl');

/** The documents of a file with other images in containers, as kubectl has them; it prints only what it has changed. */
function withImages(text: string, ...images: readonly string[]): unknown[] {
  const printed = runTool(kubectl, ['set', 'image', '--local', '-f', '-', ...images, 'keep=keep:2', '-o', 'yaml'], {
    input: text,
    env: { KUBECONFIG: '/dev/null' },
  });
  return parseAllDocuments(printed).map((one) => one.toJS());
}

const pod = (image: string): string => `containers: [{ name: web, image: ${image} }, { name: keep, image: keep:1 }]`;
const workload = (kind: string, spec: string): string =>
  `apiVersion: apps/v1
kind: ${kind}
metadata: { name: a, annotations: { image: "web:1.2" } }
spec:
  selector: { matchLabels: { a: b } }
  template:
    metadata: { labels: { a: b } }
    spec:
      ${spec}
`;
const blocks = (image: string): string =>
  `terminationGracePeriodSeconds: 5
      initContainers:
        # The image of this one is quoted: web:1.2
        - name: web
          image: '${image}'   # why
          env: [{ name: IMAGE, value: "${image}" }]
      containers:
      - image: keep:1
        name: keep`;
const cronJob = (image: string): string =>
  `apiVersion: batch/v1beta1
kind: CronJob
metadata: { name: c }
spec:
  schedule: "* * * * *"
  jobTemplate:
    spec: { template: { spec: { restartPolicy: Never, ${pod(`"${image}"`)} } } }
`;
const list = (image: string): string =>
  `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: { name: one }
  spec: { ${pod(image)} }
- apiVersion: batch/v1
  kind: Job
  metadata: { name: two }
  spec:
    template:
      spec:
        restartPolicy: Never
        containers:
          -   image: ${image}
              name: web
          - { name: keep, image: keep:1 }
`;

const manifests: readonly (readonly [name: string, write: (image: string) => string])[] = [
  ['a Deployment', (image) => workload('Deployment', pod(image))],
  ['a StatefulSet, in blocks', (image) => workload('StatefulSet', blocks(image))],
  ['a DaemonSet with an anchor', (image) => workload('DaemonSet', blocks(image).replace("image: '", "image: &web '"))],
  ['a CronJob', cronJob],
  ['a List', list],
  ['several documents', (image) => [workload('Deployment', pod(image)), cronJob(image), list(image)].join('---\n')],
  ['another line end', (image) => workload('Deployment', blocks(image)).replaceAll('\n', '\r\n')],
];
const changes: readonly (readonly [before: string, wish: { tag?: string; digest?: string }, after: string])[] = [
  ['web:1.2', { tag: '1.3' }, 'web:1.3'],
  ['web:1.2', { digest: now }, `web:1.2@${now}`],
  ['registry.k8s.io/web', { digest: now }, `registry.k8s.io/web@${now}`],
  [`ghcr.io/x/web:1.2-slim@${old}`, { tag: '1.10-slim', digest: now }, `ghcr.io/x/web:1.10-slim@${now}`],
];

it.each(manifests)('%s gets what kubectl would set', async (_, write) => {
  for (const [before, wish, after] of changes) {
    const text = write(before);
    const uses = (await parseFile('app.yaml', text))?.uses.filter(({ written }) => written === before) ?? [];
    const { text: edited, refused } = await editFile(
      'app.yaml',
      text,
      uses.map((use) => ({ use, ...wish })),
    );
    expect(refused).toEqual([]);
    expect(edited).not.toBe(text);
    expect(withImages(edited), after).toEqual(withImages(text, `web=${after}`));
  }
});
