import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { expect, it } from 'vitest';
import { yamlFormats } from '../../../src/formats/yaml/index.ts';
import { fc } from '../../support/fast-check.ts';
import { readByFormats } from '../../support/formats.ts';

/* Another reader of YAML as the judge: which images a file names, however they are written. */

const image = fc.constantFrom('a:1', 'ghcr.io/b/c:2.0', 'd', 'localhost:5000/e:f', `g@sha256:${'a'.repeat(64)}`);

/** One scalar in the styles that people write. */
const scalar = (indent: string) =>
  fc
    .tuple(image, fc.nat(6))
    .map(
      ([text, style]) =>
        [
          text,
          `"${text}"`,
          `'${text}'`,
          `!!str ${text}`,
          `${text} # x:9`,
          `&${`n${text.length}`} "${text}"`,
          `>-\n${indent}  ${text}`,
        ][style] as string,
    );

const service = fc.oneof(
  scalar('    ').map((text) => `\n    image: ${text}`),
  scalar('    ').map((text) => `\n    environment: { image: no:1 }\n    "image": ${text}\n    ports: ["80:80"]`),
  image.map((text) => ` { image: "${text}", command: [ "image: no:1" ] }`),
  image.map((text) => ` {\n    image:\n      '${text}',\n    }`),
  fc.constant('\n    <<: *base\n    labels:\n      - "image=no:1"'),
  fc.constant(' *base'),
  fc.constant('\n    command: |\n      image: no:1\n      ---x'),
  fc.constant(''),
);
const compose = fc
  .tuple(image, fc.array(service, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'))
  .map(([base, services, end]) =>
    `\ufeff# x\nservices:\n  base: &base\n    image: ${base}\n${services.map((one, n) => `  s${n}:${one}\n`).join('')}volumes:\n  image: {}\n`.replaceAll(
      '\n',
      end,
    ),
  );

const container = fc.oneof(
  scalar('            ').map((text) => `\n          - name: a\n            image: ${text}`),
  scalar('          ').map(
    (text) => `\n          - image: ${text.replace('>-\n', '>-\n  ')}\n            args: ["image: no:1"]`,
  ),
  image.map((text) => `\n          - { name: b, image: "${text}" }`),
);
const pod = fc
  .array(container, { minLength: 1, maxLength: 4 })
  .map(
    (containers) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  annotations: { image: no:1 }\nspec:\n  template:\n    spec:\n      containers:${containers.join('')}\n`,
  );
const data = fc.constant('apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    image: no:1\n');
const manifests = fc
  .array(fc.oneof(pod, data), { minLength: 1, maxLength: 4 })
  .map((documents) => `${documents.map((one) => `---\n${one}`).join('')}...\n`);

type Values = Readonly<Record<string, unknown>>;

function documentsOf(text: string): readonly Values[] {
  const all = loadAll(text.replace(/^\ufeff/, ''), { schema: YAML11_SCHEMA }) as readonly (Values | null)[];
  return all.filter((one) => one !== null);
}

const valuesOf = (value: unknown): readonly Values[] =>
  Object.values((value ?? {}) as Values).filter(Boolean) as Values[];
const imagesOf = (values: readonly Values[]): readonly string[] =>
  values.flatMap((one) => (one['image'] as string) ?? []);

/** The images that are named, each once. */
async function named(path: string, text: string): Promise<readonly string[]> {
  const reader = await yamlFormats.find(({ matches }) => matches(path) !== 'no')?.load();
  return [...new Set(reader?.read(text, path).uses.map(({ written }) => written))].sort();
}

it('names the images of compose files that another reader of YAML finds', async () => {
  await fc.assert(
    fc.asyncProperty(compose, async (text) => {
      const services = documentsOf(text).flatMap((one) => valuesOf(one['services']));
      expect(await named('compose.yaml', text)).toEqual([...new Set(imagesOf(services))].sort());
    }),
    { numRuns: 300 },
  );
});

it('names the images of manifests that another reader of YAML finds', async () => {
  await fc.assert(
    fc.asyncProperty(manifests, async (text) => {
      const containers = documentsOf(text).flatMap((one) => {
        const spec = one['spec'] as { template: { spec: { containers: readonly Values[] } } } | undefined;
        return spec?.template.spec.containers ?? [];
      });
      const [reader, ...uses] = await readByFormats(yamlFormats, 'x.yaml', text);
      expect(reader).toBe(containers.length > 0 ? 'kubernetes' : 'nobody');
      const kubernetes = await yamlFormats.find(({ name }) => name === 'kubernetes')?.load();
      const written = kubernetes?.read(text).uses.map((one) => one.written) ?? [];
      expect([written.length, [...written].sort()]).toEqual([uses.length, [...imagesOf(containers)].sort()]);
    }),
    { numRuns: 300 },
  );
});
