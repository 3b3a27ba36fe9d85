import { formats } from '../src/formats/index.ts';

/** What each format finds, what it leaves alone, and where a digest goes. */
const about: Readonly<Record<string, readonly [where: string, never: string, pin: string]>> = {
  dockerfile: [
    '`FROM`, `COPY --from`, `RUN --mount=from`, `# syntax=`; package versions in `RUN`',
    'stages, `scratch`',
    'behind the tag, or into the `ARG` that supplies it',
  ],
  compose: [
    '`services.*.image`, volumes of type image, `docker-image://` among `additional_contexts`, `dockerfile_inline`, fragments (`x-…`)',
    '`image` beside `build`: the name of what is built; `cache_from`',
    'behind the tag, or into what ends the image: a default, `${TAG:-1.27@sha256:…}`, or the line of a `.env`',
  ],
  workflow: [
    '`container`, `services`, `uses: docker://…`, `runs.image: docker://…`',
    'actions of repositories, inputs (`with`), values with `${{ … }}`',
    'behind the tag; by a pull request of its own, since it needs the right to change workflows',
  ],
  kubernetes: [
    'containers of every sort and image volumes of pods, also within Deployments, StatefulSets, DaemonSets, Jobs, CronJobs, ReplicaSets, Rollouts, Knative Services, AutoscalingRunnerSets, ScaledJobs and lists; steps of Argo’s workflows; values of HelmRelease, and `valuesObject` of Application and ApplicationSet',
    'other kinds: definitions of resources, ConfigMaps, policies, what operators read; `values` of an Application that are a text; templates; lines that Flux’s setters or Keel move',
    'behind the tag',
  ],
  kustomize: [
    '`images` (and `imageTags`) with `newTag` or `digest`',
    'entries that only rename: their tag stands in the manifests',
    'a `digest:` of its own, behind `newTag`',
  ],
  helm: [
    '`repository` with `tag` (and `registry`, `digest`) beside each other; `image: name:tag`, and names that end in Image',
    'templates; empty tags, which stand for the chart’s `appVersion`; digests without a tag',
    'into a `digest` key that is there, else behind the tag; a key is never added',
  ],
  'gitlab-ci': [
    '`image` and `services`, at the top, under `default` and in jobs, with literal variables and the dependency proxy’s prefixes',
    '`$CI_…` and what only a pipeline knows, `$[[ … ]]`, `!reference`',
    'behind the image, never in a variable',
  ],
  woodpecker: ['steps, services and clone, as mapping or list', '`settings`: inputs of plugins', 'behind the tag'],
  crow: ['as Woodpecker', 'as Woodpecker', 'behind the tag'],
  drone: ['steps and services of every document', '`settings`', 'behind the tag'],
  vela: ['steps, services, stages, plugins of secrets', '`parameters`', 'behind the tag'],
  circleci: [
    '`docker[].image` of jobs and executors',
    '`machine.image`: a virtual machine; `<< … >>`',
    'behind the tag',
  ],
  azure: [
    'containers of resources, `container` and `services` of jobs',
    'aliases of resources, type ACR, `$(…)`',
    'behind the tag',
  ],
  bitbucket: ['`image`, services, steps however deep, `pipe: docker://…`', 'pipes of repositories', 'behind the tag'],
  cloudbuild: ['`steps[].name`', '`images`: what is built; `$_…`', 'behind the tag'],
  batect: ['`containers.*.image`', 'expressions', 'behind the tag'],
  ko: ['`defaultBaseImage`, `baseImageOverrides`', 'what it builds', 'behind the tag'],
  tekton: [
    'steps, sidecars and step templates of tasks, also within pipelines and runs',
    'bundles, `$(params.…)`',
    'behind the tag',
  ],
  ansible: [
    'modules for containers and images of Docker and Podman, by both names',
    'images that a task builds, `{{ … }}`',
    'behind the tag, or in `tag`',
  ],
  quadlet: [
    '`Image=` and `Mount=type=image`',
    'other units, root file systems, other transports; units with `AutoUpdate=registry`, which a digest would break',
    'behind the tag',
  ],
  devcontainer: ['`image`', 'features, which are artifacts; caches; `${localEnv:…}`', 'behind the tag'],
  bake: [
    '`docker-image://` among `contexts`, `dockerfile-inline`',
    '`tags`, `output`, caches, other targets',
    'behind the tag, or in the variable’s default',
  ],
  terraform: [
    '`docker_image`, `docker_container`, services; pods of the Kubernetes provider',
    'references to other resources, other templates',
    'behind the tag',
  ],
  nomad: ['`config.image` of tasks for docker and podman', 'templates of nomad-pack', 'behind the tag'],
  comment: ['the line under a comment `# plimsoll: image=REFERENCE`', 'everything else in the file', 'behind the tag'],
};

const head = `# Files that name images

<!-- Made by "npm run build" of the list in src/formats/ and of scripts/files-page.ts. -->

What a file is, its name tells, or else what is in it. \`files: { helm: false }\` in the [configuration](configuration.md) reads none
of a kind, \`files: { kubernetes: ["deploy/**"] }\` those alone; \`include\` names files whatever they are called. On a forge a file whose
name does not tell is asked for only up to a [bound](limits.md), those in folders such as \`k8s/\` first.

- An image is edited within its own scalar, in its own quoting: every other byte stands. An edit is proven by reading the result
  again, and refused with the reason when anything else would change, in a document with errors, or where the value is put
  together from parts.
- Build arguments that compose files, files of bake and steps of docker/build-push-action give stand before the defaults of a
  Dockerfile's \`ARG\`s when all that are known of it agree, and a report says so. The image is then changed where the argument is.
- A place that is reached twice, by an alias or a merged mapping, is one place; the same text twice is two.
- What has no value in the file is looked at as if it were empty, and never changed. A \`.env\` beside a compose file is read where git
  would have it, and changed where git tracks it and the variable does nothing but give images of that file their names; else
  the report says what stands in the way. What is set where something is started stands before what is written here, and a
  report says so.
- Passed over, and never pinned: what the file makes itself, what another program fills in or changes, files that say they are
  generated (\`Code generated … DO NOT EDIT\`, the output of \`helm template\`), templates (\`{{ … }}\`).
- \`pin: true\` gives digests to images in Dockerfiles; \`pin: { compose: true }\` to those of the kinds that are named;
  \`update --pin\` to all.
- Reports, messages and pull requests show the scalar that changes and nothing that stands beside it: secrets stand in the same
  files. The patch of \`update --dry-run\` alone holds whole lines.
- Files of other kinds are described by the configuration: \`patterns: [{ files: ["*.mk"], match: 'IMAGE=(?<reference>\\S+)' }]\`. The
  expression is RE2's (linear, without looking around), with a group \`reference\`, or \`name\` and perhaps \`tag\` and \`digest\`; \`^\` and
  \`$\` are of lines. What it describes is read so and not otherwise, by all patterns for the file; \`pin: { pattern: true }\` pins it.
- The first run that reads a kind of file names what breaks and what fixes, and counts what can wait.

| kind | files | images | left alone | where a digest goes |
| --- | --- | --- | --- | --- |
`;

/** docs/files.md: a row per format. Throws for a format that nobody has described. */
export function filesPage(): string {
  const rows = formats.map(({ name, reads }) => {
    const said = about[name];
    if (said === undefined) throw new Error(`scripts/files-page.ts does not describe the format ${name}`);
    return `| \`${name}\` | ${[reads, ...said].map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `${head}${rows.join('\n')}\n`;
}
