/** Files of HCL, or JSON of it, and the images in them. */
export type HclCase = readonly [name: string, path: string, text: string, expected: readonly string[]];

export const hub = 'docker.io/library';
export const digest = `sha256:${'a'.repeat(64)}`;
export const [bakePath, bakeJson] = ['docker-bake.hcl', 'docker-bake.override.json'];

export const bakeCases: readonly HclCase[] = [
  [
    'contexts, and what is none',
    bakePath,
    `group "default" { targets = ["app"] }
target "app" {
  context    = "https://example.org/x.git"
  dockerfile = "docker/Dockerfile"
  contexts = {
    base  = "docker-image://alpine:3.20"
    other = "target:base"
    src   = "../src"
  }
  args       = { BASE = "no:1" }
  tags       = ["no/x:1", "docker-image://no:1"]
  cache-from = ["type=registry,ref=no/x:cache"]
  cache-to   = ["type=registry,ref=no/x:cache"]
  output     = ["type=image,name=no/x"]
  platforms  = ["linux/arm64"]
}
`,
    ['bake', `6:14 ${hub}/alpine:3.20 linux/arm64`],
  ],
  [
    'a Dockerfile within',
    bakePath,
    'target "a" {\n  dockerfile-inline = <<EOT\nFROM a:1 AS b\nCOPY --from=c:2 / /\nFROM b\nEOT\n}\n',
    ['bake', `3:6 ${hub}/a:1`, `4:13 ${hub}/c:2`],
  ],
  [
    'a Dockerfile within, indented, with a variable and an escaped one',
    bakePath,
    'variable "V" { default = "3" }\ntarget "a" {\n  dockerfile-inline = <<-E\n    ARG W=2\n    FROM a:${V}\n    FROM b:$${W}\n    FROM c:${lower(V)}\n  E\n}\n',
    ['bake', `5:10 ${hub}/a:3`, `6:10 ${hub}/b:2`, '7:10 invalid'],
  ],
  [
    'variables',
    bakePath,
    `variable "TAG" { default = "3" }
variable "BASE" {
  default = "a:1"
}
variable "NONE" {}
target "a" {
  contexts = {
    a = "docker-image://alpine:\${TAG}"
    b = "docker-image://\${BASE}"
    c = "docker-image://\${NONE}"
    d = "docker-image://x:\${equal("a", TAG) ? "1" : "2"}"
    e = "docker-image://y:\${tag}"
    f = BASE
    g = cond ? "docker-image://z:1" : ""
  }
}
`,
    ['bake', `8:10 ${hub}/alpine:3`, `9:10 ${hub}/a:1`, '10:10 unresolved', '11:10 template', '12:10 template'],
  ],
  [
    'another name',
    'ci/images.hcl',
    'target "a" {\n contexts = { a = "docker-image://a:1" }\n}\n',
    ['bake', `2:20 ${hub}/a:1`],
  ],
  ['HCL of others', 'ci/images.hcl', 'plugin "target" {\n contexts = { a = "docker-image://a:1" }\n}\n', ['nobody']],
  ['a lock file', '.terraform.lock.hcl', 'target "a" {\n contexts = { a = "docker-image://a:1" }\n}\n', ['nobody']],
  ['nothing in it', bakePath, 'group "default" {\n}\n', ['bake']],
  [
    'JSON',
    bakeJson,
    '{ "variable": { "T": { "default": "2" } },\n"target": { "a": { "contexts": { "a": "docker-image://a:1", "b": "target:c", "d": "docker-image://d:${T}" },\n"dockerfile-inline": "FROM b:1\\nRUN x",\n"tags": ["no:1"] } } }\n',
    ['bake', `2:40 ${hub}/a:1`, `2:84 ${hub}/d:2`, `3:28 ${hub}/b:1`],
  ],
];

export const terraformCases: readonly HclCase[] = [
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

export const job = (task: string): string => `job "a" {\n  group "b" {\n    task "c" {\n${task}    }\n  }\n}\n`;
export const docker = (image: string): string =>
  job(`      driver = "docker"\n      config {\n        image = ${image}\n      }\n`);

export const nomadCases: readonly HclCase[] = [
  ['docker', 'a.nomad', docker('"redis:7"'), ['nomad', `6:18 ${hub}/redis:7`]],
  [
    'podman with a scheme, and a sidecar',
    'a.nomad.hcl',
    'job "a" {\n  group "b" {\n    service {\n      connect {\n        sidecar_task {\n          driver = "docker"\n          config { image = "envoy:1" }\n        }\n      }\n    }\n    task "c" {\n      driver = "podman"\n      config { image = "docker://quay.io/x/y:2" }\n    }\n  }\n}\n',
    ['nomad', `7:29 ${hub}/envoy:1`, '13:25 quay.io/x/y:2'],
  ],
  [
    'other drivers, and templates of files',
    'a.nomad',
    job(
      '      driver = "exec"\n      config { image = "no:1" }\n      template {\n        data = <<EOH\nimage = "{{ key "no" }}"\nEOH\n      }\n',
    ),
    ['nomad'],
  ],
  ['an archive', 'a.nomad', docker('"docker-archive:/x.tar"').replace('"docker"', '"podman"'), ['nomad']],
  ['by its content', 'jobs/a.hcl', docker('"redis:7"'), ['nomad', `6:18 ${hub}/redis:7`]],
  ['HCL of others', 'jobs/a.hcl', 'plugin "docker" { image = "no:1" }\njob_defaults {}\n', ['nobody']],
  [
    'a variable',
    'a.nomad',
    `variable "t" { default = "7" }\n${docker('"redis:${var.t}"')}`,
    ['nomad', `7:18 ${hub}/redis:7`],
  ],
  ['what the client knows', 'a.nomad', docker('"${meta.image}"'), ['nomad', '6:18 template']],
  ['what another program fills in', 'a.nomad', docker('"[[ .image ]]:1"'), ['nomad', '6:18 template']],
  ['a template', 'a.nomad', `[[ if .x ]]\n${docker('"redis:7"')}[[ end ]]\n`, ['nomad']],
];
