import { describe, expect, it } from 'vitest';
import { hclFormats } from '../../../src/formats/hcl/index.ts';
import { describeFormat } from '../../contract/format.ts';
import { editByFormats, readByFormats, withDigests } from '../../support/formats.ts';
import { digest, terraformCases } from './hcl-cases.ts';

describe('Terraform', () => {
  it.each(terraformCases)('%s', async (_, file, text, expected) => {
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
