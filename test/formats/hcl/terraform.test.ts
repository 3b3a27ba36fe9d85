import { describe, expect, it } from 'vitest';
import { hclFormats } from '../../../src/formats/hcl/index.ts';
import { describeFormat } from '../../contract/format.ts';
import { editByFormats, readByFormats, withDigests } from '../../support/formats.ts';

const hub = 'docker.io/library';
const digest = `sha256:${'a'.repeat(64)}`;

const cases: readonly (readonly [name: string, path: string, text: string, expected: readonly string[]])[] = [
  [
    'images, containers and what refers to them',
    'main.tf',
    `terraform { required_providers { docker = { source = "kreuzwerker/docker", version = "3.0.2" } } }
resource "docker_image" "a" {
  name = "nginx:1.27"
}
resource "docker_container" "b" {
  name  = "no"
  image = docker_image.a.image_id
}
resource "docker_container" "c" {
  image = "redis"
}
data "docker_registry_image" "d" { name = "ghcr.io/x/y:2" }
resource "docker_image" "e" {
  name          = data.docker_registry_image.d.name
  pull_triggers = [data.docker_registry_image.d.sha256_digest]
}
`,
    ['terraform', `3:11 ${hub}/nginx:1.27`, `10:12 ${hub}/redis`, '12:44 ghcr.io/x/y:2'],
  ],
  [
    'what is built, and other resources',
    'main.tofu',
    'resource "docker_image" "a" {\n  name = "x/y:1"\n  build { context = "." }\n}\nresource "docker_network" "n" {\n  name = "no:1"\n}\nresource "aws_instance" "i" {\n  image = "no:2"\n}\n',
    ['terraform', '2:11 output'],
  ],
  [
    'JSON',
    'main.tf.json',
    `{
  "//": "made by hand",
  "variable": { "tag": { "default": "1" } },
  "locals": { "image": "b:2" },
  "resource": {
    "docker_image": { "a": { "name": "a:\${var.tag}" }, "b": [{ "name": "\${local.image}" }], "c": { "name": "c:3", "build": { "context": "." } } },
    "docker_container": { "d": { "image": "\${docker_image.a.image_id}" }, "e": { "image": "ghcr.io/x/e@${digest}" } },
    "kubernetes_pod": [{ "p": { "spec": { "container": [{ "image": "p:1" }, { "image": "q:1" }] } } }],
    "aws_instance": { "i": { "image": "no:1" } }
  },
  "data": { "docker_registry_image": { "r": { "name": "r:1" } } }
}
`,
    [
      'terraform',
      `6:39 ${hub}/a:1`,
      `6:73 ${hub}/b:2`,
      '6:109 output',
      '7:44 template',
      `7:92 ghcr.io/x/e@${digest}`,
      `8:69 ${hub}/p:1`,
      `8:89 ${hub}/q:1`,
      `11:56 ${hub}/r:1`,
    ],
  ],
  [
    'a service',
    'a.tf',
    'resource "docker_service" "a" {\n  task_spec {\n    container_spec {\n      image = "a:1"\n    }\n  }\n}\n',
    ['terraform', `4:16 ${hub}/a:1`],
  ],
  [
    'workloads of Kubernetes',
    'a.tf',
    'resource "kubernetes_deployment_v1" "a" {\n  spec {\n    template {\n      spec {\n        container {\n          image = "a:1"\n        }\n        init_container {\n          image = "b:2"\n        }\n      }\n    }\n  }\n}\nresource "kubernetes_cron_job" "c" {\n  spec { job_template { spec { template { spec { container { image = "c:3" } } } } } }\n}\nresource "kubernetes_secret" "s" {\n  container { image = "no:1" }\n}\n',
    ['terraform', `6:20 ${hub}/a:1`, `9:20 ${hub}/b:2`, `16:71 ${hub}/c:3`],
  ],
  [
    'variables, locals and expressions',
    'a.tf',
    `variable "tag" { default = "1" }
variable "none" {
  type = string
}
locals { image = "b:2" }
resource "docker_container" "a" { image = "a:\${var.tag}" }
resource "docker_container" "b" { image = local.image }
resource "docker_container" "c" { image = "c:\${var.none}" }
resource "docker_container" "d" { image = "d:\${var.elsewhere}" }
resource "docker_container" "e" { image = format("e:%s", var.tag) }
resource "docker_container" "f" { image = var.none }
`,
    ['terraform', `6:44 ${hub}/a:1`, `7:43 ${hub}/b:2`, '8:44 unresolved', '9:44 template', '11:43 unresolved'],
  ],
  [
    'a list of definitions',
    'ecs.tf',
    'resource "aws_ecs_task_definition" "a" {\n  container_definitions = jsonencode([{ image = "a:1" }])\n}\n',
    ['terraform'],
  ],
  ['nothing of ours', 'x.tf', 'output "docker_image" { value = "a:1" }\n', ['terraform']],
];

describe('Terraform', () => {
  it.each(cases)('%s', async (_, file, text, expected) => {
    expect(await readByFormats(hclFormats, file, text)).toEqual(expected);
    expect(await readByFormats(hclFormats, file, text.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(await readByFormats(hclFormats, file, `\ufeff${text}`)).toEqual(expected);
  });

  it.each([
    [
      'in the resource',
      'resource "docker_image" "a" {\n  name = "a:1" # one\n}\nresource "docker_container" "b" { image = "b@OLD" }\n',
      'resource "docker_image" "a" {\n  name = "a:1@NEW" # one\n}\nresource "docker_container" "b" { image = "b@NEW" }\n',
    ],
    [
      'in the variable that is all of it',
      'variable "i" { default = "a:1" }\nresource "docker_image" "a" { name = var.i }\n',
      'variable "i" { default = "a:1@NEW" }\nresource "docker_image" "a" { name = var.i }\n',
    ],
    [
      'behind what a local begins',
      'locals { r = "x.io" }\nresource "docker_image" "a" { name = "${local.r}/a:1" }\n',
      'locals { r = "x.io" }\nresource "docker_image" "a" { name = "${local.r}/a:1@NEW" }\n',
    ],
  ])('is edited %s', async (_, before, after) => {
    expect(await editByFormats(hclFormats, 'a.tf', before)).toEqual({ text: withDigests(after), refused: [] });
  });

  it('says that a variable may be set elsewhere', async () => {
    const reader = await hclFormats.find(({ name }) => name === 'terraform')?.load();
    const text = 'variable "t" { default = "1" }\nresource "docker_image" "a" { name = "a:${var.t}" }\n';
    expect(reader?.read(text).uses[0]?.note).toMatch(/what var\.t is set to elsewhere/);
  });
});

const format = hclFormats.find(({ name }) => name === 'terraform');
if (format === undefined) throw new Error('no format terraform');
await describeFormat(format, {
  paths: {
    yes: ['main.tf', 'a/b.tofu', 'a.tf.json', 'a.tofu.json'],
    no: ['main.tfvars', 'tf.json', '.tf', 'main.hcl', 'a.json'],
  },
  files: {
    json: `{"variable":{"t":{"default":"1"}},"resource":{"docker_image":{"a":{"name":"a:\${var.t}"}},"docker_container":{"b":{"image":"b@${digest}"}}}}\n`,
    images: `variable "t" { default = "1" }\nresource "docker_image" "a" {\n  name = "a:\${var.t}" # one\n}\nresource "docker_container" "b" { image = "b@${digest}" }\n`,
  },
  vocabulary: [
    ...[
      'resource "docker_image" "a" {\n',
      'resource "docker_container" "b" {\n',
      '}\n',
      'name = ',
      'image = ',
      'build {}\n',
    ],
    ...[
      '"a:1"',
      `"b@${digest}"`,
      'var.t',
      '"c:${var.t}"',
      'local.l',
      'variable "t" { default = "d:4" }\n',
      'locals { l = "e:5" }\n',
    ],
    ...['"', '${', '}', '#', '/*', '*/', '\n', '\r\n', '\ufeff', '\0', '<<E\n', '\nE\n', '[', '(', '😀'],
  ],
});
