import { describe, expect, it } from 'vitest';
import { hclFormats } from '../../../src/formats/hcl/index.ts';
import { describeFormat } from '../../contract/format.ts';
import { editByFormats, readByFormats, withDigests } from '../../support/formats.ts';
import { digest, docker, nomadCases } from './hcl-cases.ts';

describe('jobs of Nomad', () => {
  it.each(nomadCases)('%s', async (_, file, text, expected) => {
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
