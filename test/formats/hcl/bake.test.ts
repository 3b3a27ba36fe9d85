import { describe, expect, it } from 'vitest';
import { hclFormats } from '../../../src/formats/hcl/index.ts';
import { describeFormat } from '../../contract/format.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { editByFormats, readByFormats, withDigests } from '../../support/formats.ts';
import { bakeCases, digest, bakeJson as json, bakePath as path } from './hcl-cases.ts';

describe('files of bake', () => {
  it.each(bakeCases)('%s', async (_, file, text, expected) => {
    expect(await readByFormats(hclFormats, file, text)).toEqual(expected);
    expect(await readByFormats(hclFormats, file, text.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(await readByFormats(hclFormats, file, `\ufeff${text}`)).toEqual(expected);
  });

  it.each<[string, string, string, string]>([
    [
      'in a context',
      path,
      'target "a" {\n  contexts = { a = "docker-image://a:1", b="docker-image://b@OLD" } # why\n}\n',
      'target "a" {\n  contexts = { a = "docker-image://a:1@NEW", b="docker-image://b@NEW" } # why\n}\n',
    ],
    [
      'in the default that ends it',
      path,
      'variable "T" { default = "3" }\ntarget "a" {\n  contexts = { a = "docker-image://a:${T}" }\n}\n',
      'variable "T" { default = "3@NEW" }\ntarget "a" {\n  contexts = { a = "docker-image://a:${T}" }\n}\n',
    ],
    [
      'behind what a default begins',
      path,
      'variable "R" { default = "x.io" }\ntarget "a" {\n  contexts = { a = "docker-image://${R}/a:1" }\n  tags = ["${R}/y"]\n}\n',
      'variable "R" { default = "x.io" }\ntarget "a" {\n  contexts = { a = "docker-image://${R}/a:1@NEW" }\n  tags = ["${R}/y"]\n}\n',
    ],
    [
      'in a Dockerfile within',
      path,
      'target "a" {\n  dockerfile-inline = <<-E\n    FROM a:1\n      # $${x}\n    FROM b@OLD\n  E\n}\n',
      'target "a" {\n  dockerfile-inline = <<-E\n    FROM a:1@NEW\n      # $${x}\n    FROM b@NEW\n  E\n}\n',
    ],
    [
      'in JSON',
      json,
      '{ "target": { "a": { "contexts": { "a": "docker-image://a:1" }, "dockerfile-inline": "FROM b:1\\nRUN x" } } }\n',
      '{ "target": { "a": { "contexts": { "a": "docker-image://a:1@NEW" }, "dockerfile-inline": "FROM b:1@NEW\\nRUN x" } } }\n',
    ],
  ])('are edited %s', async (_, file, before, after) => {
    expect(await editByFormats(hclFormats, file, before)).toEqual({ text: withDigests(after), refused: [] });
  });

  it('gets another tag in the default', async () => {
    const text =
      'variable "T" { default = "22-slim" }\ntarget "a" {\n  contexts = { a = "docker-image://a:${T}" }\n}\n';
    const after = text.replace('22-slim', '24-slim@NEW');
    expect((await editByFormats(hclFormats, path, text, '24-slim')).text).toBe(withDigests(after));
  });

  it.each([
    [
      'a default that serves for something else',
      'variable "T" { default = "3" }\ntarget "a" {\n  contexts = { a = "docker-image://a:${T}" }\n  tags = ["x:${T}"]\n}\n',
      /the end of the image stands nowhere/,
    ],
    ['what has errors', 'target "a" {\n  contexts = { a = "docker-image://a:1" }\n', /the file has errors/],
  ])('refuses %s', async (_, text, reason) => {
    const result = await editByFormats(hclFormats, path, text);
    expect(result).toEqual({ text, refused: [expect.stringMatching(reason)] });
  });

  it.each<[string, string]>([
    [
      'a Dockerfile of nothing but images',
      `target "a" {\n dockerfile-inline = <<E\n${'FROM a\n'.repeat(140_000)}E\n}\n`,
    ],
    ['many contexts', `target "a" {\n contexts = {\n${'a = "docker-image://a"\n'.repeat(9_000)}}\n}\n`],
    ['many variables', `${'variable "a" { default = "b" }\n'.repeat(30_000)}target "a" {}\n`],
    ['many templates', `target "a" {\n contexts = { a = "docker-image://${'${a}'.repeat(200_000)}" }\n}\n`],
    ['open templates', `target "a" {\n contexts = { a = "docker-image://${'${'.repeat(400_000)}" }\n}\n`],
    ['dashes', `target "a" {\n # ${'-'.repeat(900_000)}\n}\n`],
    ['JSON', `{ "target": { "a": { "contexts": { ${'"a": "docker-image://a",'.repeat(9_000)} } } } }`],
  ])('cost little: %s', async (_, text) => {
    const reader = await hclFormats[0]?.load();
    const spent = await cpuTime(() => {
      reader?.recognises(text);
      reader?.read(text, path);
    });
    expect(spent).toBeLessThan(3000);
  });

  it.each([
    ['HCL', (args: string, heirs: string) => `target "a" {\n args = {\n${args}}\n}\n${heirs}`],
    [
      'a circle of HCL',
      (args: string, heirs: string) => `target "a" {\n inherits = ["h1"]\n args = {\n${args}}\n}\n${heirs}`,
    ],
  ])('says so where targets inherit more than is read: %s', async (_, file) => {
    const reader = await hclFormats[0]?.load();
    const args = Array.from({ length: 2000 }, (_, i) => `A${i} = "1"\n`).join('');
    const heirs = (count: number): string =>
      Array.from({ length: count }, (_, i) => `target "h${i}" {\n inherits = ["a"]\n}\n`).join('');
    const codes = (count: number) => reader?.read(file(args, heirs(count)), path).problems.map(({ code }) => code);
    expect(codes(40)).toEqual([]);
    const spent = await cpuTime(() => expect(codes(10_000)).toEqual(['file-too-long']));
    expect(spent).toBeLessThan(3000);
    const spentOnBuilds = await cpuTime(() => reader?.builds?.(file(args, heirs(10_000)), path, undefined, true));
    expect(spentOnBuilds).toBeLessThan(3000);
  });

  it('shows the default that changes', async () => {
    const text = 'variable "T" { default = "3" }\ntarget "a" {\n  contexts = { a = "docker-image://a:${T}" }\n}\n';
    const document = (await hclFormats[0]?.load())?.read(text);
    const [use] = document?.uses ?? [];
    const { done } = document?.edit(use ? [{ use, tag: '4' }] : []) ?? {};
    expect(done?.[0]?.edits).toEqual([{ line: 1, before: '3', after: '4' }]);
  });
});

const bake = hclFormats.find(({ name }) => name === 'bake');
if (bake === undefined) throw new Error('no format bake');
await describeFormat(bake, {
  paths: {
    yes: [path, json, 'x/docker-bake.json', 'images.hcl'],
    no: ['bake.json', '.terraform.lock.hcl', 'x.nomad.hcl', 'docker-bake.yml'],
  },
  files: {
    contexts: `# one\nvariable "T" { default = "1" }\ntarget "a" {\n  contexts = {\n    a = "docker-image://a:\${T}" // two\n    b = "docker-image://b@${digest}"\n  }\n}\n`,
    inline: 'target "a" {\n  dockerfile-inline = <<-E\n    FROM a:1\n    RUN x\n  E\n}\n',
  },
  vocabulary: [
    ...[
      'target "a" {\n',
      '}\n',
      'contexts = {\n',
      'dockerfile-inline = <<E\n',
      '\nE\n',
      'FROM ',
      'variable "V" { default = "a:1" }\n',
    ],
    ...[
      'a = ',
      '"docker-image://',
      'a:1',
      `b@${digest}`,
      '"',
      '${V}',
      '${',
      '}',
      '$${',
      '%{',
      '\\n',
      '\\',
      '# x\n',
      '/*',
      '*/',
    ],
    ...[
      '{ "target": { "a": { "contexts": { "x": "',
      '"dockerfile-inline": "',
      '" } } } }',
      '\n',
      '\r\n',
      '\ufeff',
      '\0',
      '😀',
      '<<-E\n',
    ],
  ],
});
