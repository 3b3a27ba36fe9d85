import type { FormatReader } from '../format.ts';
import { readJson } from '../jsonc/json-values.ts';
import { type ImageValue, valuesReader } from '../text/image-values.ts';
import { blocksIn, declaredVariables, hclReader, withError } from './hcl-format.ts';
import type { Block, Body } from './hcl-reader.ts';
import { imagesIn } from './hcl-template.ts';
import { bodyOfJson } from './terraform-json.ts';

/*
 * Terraform and OpenTofu (registry.terraform.io, providers kreuzwerker/docker and hashicorp/kubernetes), in HCL or JSON. An image
 * that is the attribute of another resource stands at that one.
 */

const hcl = hclReader({ name: 'terraform', mayHold, isOwn, images });

const json = valuesReader({
  name: 'terraform',
  recognises: (text) => mayHold(text) && isOwn(bodyOfJson(readJson(text).root)),
  find: (text) => {
    if (!mayHold(text)) return { values: [], problems: [] };
    const { root, error } = readJson(text);
    return withError(images(bodyOfJson(root), text), error && { ...error, code: 'json-invalid', language: 'JSON' });
  },
});

const isJson = (text: string): boolean => /^\ufeff?\s*\{/.test(text);

/** What reads files of Terraform. */
export const reader: FormatReader = {
  name: 'terraform',
  recognises: (text) => (isJson(text) ? json : hcl).recognises(text),
  read: (text, file) => (isJson(text) ? json : hcl).read(text, file),
};

function mayHold(text: string): boolean {
  return /docker_|kubernetes_/.test(text);
}

function isOwn(body: Body): boolean {
  return resources(body).some((block) => placesIn(block).length > 0);
}

function images(body: Body, text: string): readonly ImageValue[] {
  const variables = declaredVariables(text, body);
  return resources(body).flatMap((block) =>
    placesIn(block).flatMap(({ body: { attributes }, key, isBuilt }) =>
      imagesIn(text, attributes.get(key), { kind: block.labels[0] ?? '', role: 'runs' }, variables).map(
        (one): ImageValue =>
          isBuilt ? { ...one, skipped: 'output', why: 'it is the name of what is built here' } : one,
      ),
    ),
  );
}

function resources({ blocks }: Body): readonly Block[] {
  return blocks.filter(({ type }) => type === 'resource' || type === 'data');
}

const workload =
  /^kubernetes_(?:pod|deployment|stateful_set|daemonset|daemon_set|job|cron_job|replication_controller)(?:_v\w+)?$/;

/** Where a resource names images: the body, and the attribute in it. */
function placesIn({
  type,
  labels: [kind = ''],
  body,
}: Block): readonly { body: Body; key: string; isBuilt: boolean }[] {
  const at = (bodies: readonly Body[], key: string, isBuilt = false): ReturnType<typeof placesIn> =>
    bodies.map((one) => ({ body: one, key, isBuilt }));
  const within = (name: string): readonly Body[] => blocksIn(body, name).map((one) => one.body);
  if (type === 'data') return kind === 'docker_registry_image' ? at([body], 'name') : [];
  switch (kind) {
    case 'docker_image':
      return at([body], 'name', within('build').length > 0);
    case 'docker_container':
      return at([body], 'image');
    case 'docker_service':
      return at(within('container_spec'), 'image');
    default:
      return workload.test(kind) ? at([...within('init_container'), ...within('container')], 'image') : [];
  }
}
