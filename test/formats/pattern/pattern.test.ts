import { describe, expect, it } from 'vitest';
import { patternFormat } from '../../../src/formats/pattern/index.ts';
import { describeFormat } from '../../contract/format.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { editByFormats, readByFormats, withDigests } from '../../support/formats.ts';

const hub = 'docker.io/library';
const digest = `sha256:${'a'.repeat(64)}`;
const of = (match: string) => patternFormat([{ files: ['versions/**'], match }]);
const path = 'versions/a.txt';
const simple = 'IMAGE=(?<reference>\\S+)';
const apart = '^repository: (?<name>\\S+)\\n\\s*tag: "?(?<tag>[\\w.-]+)"?(?:\\n\\s*digest: (?<digest>\\S+))?';

const cases: readonly (readonly [name: string, match: string, text: string, expected: readonly string[]])[] = [
  ['every match', simple, 'IMAGE=a:1 x\n IMAGE=b/c:2\n', [`1:7 ${hub}/a:1`, '2:8 docker.io/b/c:2']],
  ['another spelling of groups', 'IMAGE=(?P<reference>\\S+)', 'IMAGE=a:1\n', [`1:7 ${hub}/a:1`]],
  ['lines', '^I (?<reference>.+)$', 'I a:1\nx I no:1\nI b:2\n', [`1:3 ${hub}/a:1`, `3:3 ${hub}/b:2`]],
  ['words', '\\bI=(?<reference>\\S+)', 'xI=no:1 I=a:1\n', [`1:11 ${hub}/a:1`]],
  ['parts over lines', apart, 'repository: a\n  tag: "1.2"\n', [`2:9 ${hub}/a:1.2`]],
  ['a digest of its own', apart, `repository: a\ntag: 1\ndigest: ${digest}\n`, [`2:6 ${hub}/a:1@${digest}`]],
  [
    'groups that are not there',
    'I=(?<name>[a-z]+)(?::(?<tag>\\w+))?',
    'I=a I=b:2\n',
    [`1:3 ${hub}/a`, `1:9 ${hub}/b:2`],
  ],
  ['what is filled in', simple, 'IMAGE=${X}:1\nIMAGE={{x}}\n', ['1:7 template', '2:7 template']],
  ['what is no image', simple, 'IMAGE=A\n', ['1:7 invalid']],
  ['nothing', simple, 'x\n', []],
  ['behind much else', simple, `${'x y\n'.repeat(5_000)}IMAGE=a:1\n`, [`5001:7 ${hub}/a:1`]],
  ['on a long line', simple, `${'x '.repeat(5_000)}IMAGE=a:1 ${'x'.repeat(3_000)}\n`, [`1:10007 ${hub}/a:1`]],
];

describe('a configured pattern', () => {
  it.each(cases)('finds %s', async (_, match, text, expected) => {
    expect(await readByFormats([of(match)], path, text)).toEqual(['pattern', ...expected]);
    expect(await readByFormats([of(match)], path, `\ufeff${text}`)).toEqual(['pattern', ...expected]);
    if (match === apart) return;
    const saved = text.replaceAll('\n', '\r\n');
    expect(await readByFormats([of(match)], path, saved)).toEqual(['pattern', ...expected]);
  });

  it('is for its files alone', () => {
    const format = patternFormat([{ files: ['./a/*.txt', 'b/'], match: simple }]);
    expect(['a/x.txt', 'b/c/d', 'a/b/x.txt', 'c.txt'].map((one) => format.matches(one))).toEqual([
      'yes',
      'yes',
      'no',
      'no',
    ]);
  });

  it.each([
    ['a tag', simple, 'IMAGE=a:1 IMAGE=b@OLD\n', 'IMAGE=a:1@NEW IMAGE=b@NEW\n'],
    ['parts', apart, 'repository: a\n  tag: "1.2"\n', 'repository: a\n  tag: "1.2@NEW"\n'],
    ['a digest of its own', apart, 'repository: a\ntag: 1\ndigest: OLD\n', 'repository: a\ntag: 1\ndigest: NEW\n'],
  ])('is edited where it matched: %s', async (name, match, before, after) => {
    const result = await editByFormats([of(match)], path, before);
    // The group takes no digest: what was written would no longer be what was wanted.
    if (name === 'parts')
      expect(result).toEqual({ text: before, refused: [expect.stringMatching(/more than this image/)] });
    else expect(result).toEqual({ text: withDigests(after), refused: [] });
  });

  it.each<[string, RegExp]>([
    ['(?<reference>a', /missing closing \)/],
    ['(?=a)(?<reference>b)', /no looking around/],
    ['(?<reference>a)\\1', /no back reference/],
    ['IMAGE=(\\S+)', /write a group for the image, such as 'IMAGE=\(\?<reference>\\S\+\)'/],
    ['(?<tag>\\S+)', /write a group for the image/],
    ['(?<reference>a)(?<tag>b)', /groups for parts/],
    ['(?<reference>(?:a{1,20}){1,20})', /fewer and smaller repetitions/],
    [`(?<reference>${'a'.repeat(2_000)})`, /longer than 1000 characters/],
  ])('that is of no use is an error of the configuration: %s', async (match, message) => {
    await expect(of(match).load()).rejects.toThrow(expect.objectContaining({ code: 'CONFIG' }));
    await expect(of(match).load()).rejects.toThrow(message);
  });

  it('is one of several that may be for a file', async () => {
    const several = patternFormat([
      { files: ['*.txt'], match: simple },
      { files: ['a.*'], match: 'FROM=(?<reference>\\S+)' },
    ]);
    const read = (file: string) => readByFormats([several], file, 'FROM=a:1\nIMAGE=b:2\n');
    expect(await read('a.txt')).toEqual(['pattern', `1:6 ${hub}/a:1`, `2:7 ${hub}/b:2`]);
    expect(await read('a.cfg')).toEqual(['pattern', `1:6 ${hub}/a:1`]);
    expect(await read('b.txt')).toEqual(['pattern', `2:7 ${hub}/b:2`]);
  });

  it.each<[string, string, string]>([
    ['one that looks at all that follows', '(?s:(?<reference>a.*z)Q)|a', `Q${'a'.repeat(1_000_000)}z`],
    ['repetitions in one another', '(?s:(?<reference>(?:.{0,30}){0,3})zQ)|a', `Q${'a'.repeat(1_000_000)}z`],
    ['the trap of other engines', '(?:a+)+(?<reference>b)', 'a'.repeat(1_000_000)],
    ['matches of nothing', '(?<reference>a*)', 'b'.repeat(1_000_000)],
    ['many matches', simple, 'IMAGE=a:1\n'.repeat(100_000)],
    ['a match without an end', '(?<reference>\\S+)', 'a'.repeat(1_000_000)],
  ])('costs little: %s', async (_, match, text) => {
    const reader = await of(match).load();
    const spent = await cpuTime(() => reader.read(text, path));
    expect(spent).toBeLessThan(1500);
  });

  it('that matches too often says that the file was not looked through', async () => {
    const reader = await of(simple).load();
    const { uses, problems } = reader.read('IMAGE=a:1\n'.repeat(100_000), path);
    expect(uses.length).toBeGreaterThan(1000);
    expect(problems).toEqual([expect.objectContaining({ code: 'file-too-long', subject: `${path}:1` })]);
  });
});

await describeFormat(of('(?:IMAGE=|image: "?)(?<reference>[^\\s"]+)'), {
  paths: { yes: [path, 'versions/b/c'], no: ['a.txt', 'x/versions/a'] },
  files: { lines: `IMAGE=a:1 # one\nimage: "b/c@${digest}"\n` },
  vocabulary: [
    'IMAGE=',
    'image: "',
    'a:1',
    `b@${digest}`,
    '"',
    ' ',
    '\n',
    '\r\n',
    '\ufeff',
    '\0',
    'IMAGE',
    '=',
    '@',
    '😀',
    '${',
  ],
});
