import type { ImageValue } from '../text/image-values.ts';
import { stringText } from '../text/value-tree.ts';
import { blocksIn, declaredVariables, hclReader } from './hcl-format.ts';
import type { Body } from './hcl-reader.ts';
import { imagesIn } from './hcl-template.ts';

/**
 * Jobs of Nomad (developer.hashicorp.com/nomad/docs/job-specification): the images of tasks that docker or podman runs.
 * What levant and nomad-pack make HCL of has `[[ ]]` in it.
 */
export const reader = hclReader({
  name: 'nomad',
  mayHold: (text) => /\bjob\b/.test(text) && /\bimage\b/.test(text),
  isOwn: (body) => body.blocks.some(({ type, labels }) => type === 'job' && labels.length === 1),
  isTemplate: (text) => text.includes('[['),
  images: (body, text) => {
    const variables = declaredVariables(text, body);
    const about = { kind: 'image', role: 'runs' } as const;
    return configs(body).flatMap(({ attributes }) =>
      imagesIn(text, attributes.get('image'), about, variables, /^(?!(?:docker|oci)-archive:)(?:docker:\/\/)?/).map(
        (one): ImageValue => (/\[\[/.test(textOf(one)) ? { ...one, text: madeElsewhere } : one),
      ),
    );
  },
});

const madeElsewhere = { skipped: 'template', why: 'another program fills in a part of it' } as const;

function textOf({ text }: ImageValue): string {
  return text !== undefined && 'runs' in text ? text.text : '';
}

/** What tasks of the two drivers are configured with. */
function configs(body: Body): readonly Body[] {
  const jobs = body.blocks.filter(({ type }) => type === 'job');
  const tasks = jobs.flatMap((job) => [...blocksIn(job.body, 'task'), ...blocksIn(job.body, 'sidecar_task')]);
  return tasks.flatMap((task) => {
    const driver = stringText(task.body.attributes.get('driver'));
    if (driver !== 'docker' && driver !== 'podman') return [];
    return task.body.blocks.filter(({ type }) => type === 'config').map((config) => config.body);
  });
}
