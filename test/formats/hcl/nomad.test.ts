import { describe, expect, it } from 'vitest';
import { hclFormats } from '../../../src/formats/hcl/index.ts';
import { describeFormat } from '../../contract/format.ts';
import { editByFormats, readByFormats, withDigests } from '../../support/formats.ts';

const hub = 'docker.io/library';
const digest = `sha256:${'a'.repeat(64)}`;
const job = (task: string): string => `job "a" {\n  group "b" {\n    task "c" {\n${task}    }\n  }\n}\n`;
const docker = (image: string): string =>
  job(`      driver = "docker"\n      config {\n        image = ${image}\n      }\n`);

const cases: readonly (readonly [name: string, path: string, text: string, expected: readonly string[]])[] = [
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

describe('jobs of Nomad', () => {
  it.each(cases)('%s', async (_, file, text, expected) => {
    expect(await readByFormats(hclFormats, file, text)).toEqual(expected);
    expect(await readByFormats(hclFormats, file, text.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(await readByFormats(hclFormats, file, `\ufeff${text}`)).toEqual(expected);
  });

  it.each([
    ['a tag', '"redis:7" # one', '"redis:7@NEW" # one'],
    ['a digest', '"docker://redis@OLD"', '"docker://redis@NEW"'],
  ])('are edited in the value: %s', async (_, before, after) => {
    const result = await editByFormats(hclFormats, 'a.nomad', docker(before));
    expect(result).toEqual({ text: withDigests(docker(after)), refused: [] });
  });

  it('that are templates are told and counted', async () => {
    const reader = await hclFormats.find(({ name }) => name === 'nomad')?.load();
    const text = `[[ if .x ]]\n${docker('"redis:7"')}[[ end ]]\n`;
    expect(reader?.read(text, 'a.nomad').problems).toEqual([
      expect.objectContaining({ code: 'file-template', subject: 'a.nomad:1' }),
    ]);
  });
});

const format = hclFormats.find(({ name }) => name === 'nomad');
if (format === undefined) throw new Error('no format nomad');
await describeFormat(format, {
  paths: {
    yes: ['a.nomad', 'b/c.nomad.hcl', 'jobs/d.hcl'],
    no: ['nomad', 'a.nomad.tpl', '.terraform.lock.hcl', 'a.tf'],
  },
  files: { tag: docker('"a:1" // one'), digest: docker(`"docker://b@${digest}"`) },
  vocabulary: [
    ...[
      'job "a" {\n',
      'group "b" {\n',
      'task "c" {\n',
      'driver = "docker"\n',
      'config {\n',
      'image = ',
      '}\n',
      '[[',
      ']]',
    ],
    ...[
      '"a:1"',
      `"b@${digest}"`,
      '"${var.t}"',
      'variable "t" { default = "d:4" }\n',
      '"',
      '${',
      '}',
      '#',
      '\n',
      '\0',
      '\ufeff',
    ],
  ],
});
