import type { ImageValue } from '../text/image-values.ts';
import { blocksIn, declaredVariables, hclReader } from './hcl-format.ts';
import type { Block, Body } from './hcl-reader.ts';
import { imagesIn } from './hcl-template.ts';

/**
 * Terraform and OpenTofu (registry.terraform.io, providers kreuzwerker/docker and hashicorp/kubernetes). An image that is
 * the attribute of another resource stands at that one.
 */
export const reader = hclReader({
  name: 'terraform',
  mayHold: (text) => /docker_|kubernetes_/.test(text),
  isOwn: (body) => resources(body).some((block) => placesIn(block).length > 0),
  images: (body, text) => {
    const variables = declaredVariables(text, body);
    return resources(body).flatMap((block) =>
      placesIn(block).flatMap(({ body: { attributes }, key, isBuilt }) =>
        imagesIn(text, attributes.get(key), { kind: block.labels[0] ?? '', role: 'runs' }, variables).map(
          (one): ImageValue =>
            isBuilt ? { ...one, skipped: 'output', why: 'it is the name of what is built here' } : one,
        ),
      ),
    );
  },
});

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
