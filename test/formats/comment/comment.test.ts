import { describe, expect, it } from 'vitest';
import { commentFormats } from '../../../src/formats/comment/index.ts';
import { editFile, parseFile } from '../../../src/formats/one-file.ts';
import { describeFormat } from '../../contract/format.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { editByFormats, readByFormats, wantedDigest, withDigests } from '../../support/formats.ts';

const hub = 'docker.io/library';
const digest = `sha256:${'a'.repeat(64)}`;
const path = 'build.sh';

const cases: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  ['the whole of it', '# plimsoll: image=debian:12\nIMAGE="debian:12"\n', [`2:8 ${hub}/debian:12`]],
  [
    'what the line says, not the comment',
    '# plimsoll: image=debian\ndocker run --rm debian:13-slim sh\n',
    [`2:17 ${hub}/debian:13-slim`],
  ],
  ['a digest behind it', `# plimsoll: image=a/b:1\nx a/b:1@${digest} y\n`, [`2:3 docker.io/a/b:1@${digest}`]],
  ['behind a scheme', '# plimsoll: image=a/b:1\nfrom docker://a/b:1\n', ['2:15 docker.io/a/b:1']],
  ['where it has a tag, of several', '# plimsoll: image=node\nnode=node:22\n', [`2:6 ${hub}/node:22`]],
  ['not in a longer name', '# plimsoll: image=node:22\nx=my/node:22 y=node-x:1 z=node:22\n', [`2:27 ${hub}/node:22`]],
  ['a digest alone', `# plimsoll: image=debian:12\nDIGEST=${digest}\n`, [`1:19 ${hub}/debian:12@${digest}`]],
  ['a tag alone', '# plimsoll: image=debian:12.5\nVERSION := 12.5\n', [`2:12 ${hub}/debian:12.5`]],
  [
    'a tag that only the line has',
    '# plimsoll: image=ghcr.io/x/y\nversion = "v1.2" # why\n',
    ['2:12 ghcr.io/x/y:v1.2'],
  ],
  ...['//', ';', '--', '/*', ' *', '%', '::', 'rem '].map(
    (lead) => [`a comment of ${lead}`, `${lead} plimsoll: image=a:1\nx = a:1\n`, [`2:5 ${hub}/a:1`]] as const,
  ),
  ['a comment of XML', '  <!-- plimsoll: image=a/b:1 -->\n  <name>a/b:1</name>\n', ['2:9 docker.io/a/b:1']],
  ['two of them', '# plimsoll: image=a:1\nx=a:1\n# plimsoll: image=a:1\ny=a:1\n', [`2:3 ${hub}/a:1`, `4:3 ${hub}/a:1`]],
  ['nothing below', '# plimsoll: image=a:1\nx=b:1\n', ['1:19 unresolved']],
  ['nothing at all below', '# plimsoll: image=a:1', ['1:19 unresolved']],
  ['a line between', '# plimsoll: image=a:1\n\nx=a:1\n', ['1:19 unresolved']],
  ['no image', '# plimsoll: image=A\nx=A:1\n', ['2:3 invalid']],
];

describe('a comment that names an image', () => {
  it.each(cases)('%s', async (_, text, expected) => {
    const all = ['comment', ...expected];
    expect(await readByFormats(commentFormats, path, text)).toEqual(all);
    expect(await readByFormats(commentFormats, path, text.replaceAll('\n', '\r\n'))).toEqual(all);
    expect(await readByFormats(commentFormats, path, `\ufeff${text}`)).toEqual(all);
  });

  it.each([
    ['behind code', 'x=1 # plimsoll: image=a:1\nx=a:1\n'],
    ['of another name', '# plimsolls: image=a:1\nx=a:1\n'],
    ['without an image', '# plimsoll: image=\nx=a:1\n'],
    ['not at all', 'x=a:1\n'],
  ])('is none: %s', async (_, text) => {
    expect(await readByFormats(commentFormats, path, text)).toEqual(['nobody']);
  });

  it.each([
    ['the name', '# plimsoll: image=a:1\nx="a:1" # a:1\n', '# plimsoll: image=a:1\nx="a:1@NEW" # a:1\n'],
    ['a digest behind it', '# plimsoll: image=a\nx=a:1@OLD y\n', '# plimsoll: image=a\nx=a:1@NEW y\n'],
    ['a digest alone', '# plimsoll: image=a:1\nx=OLD\n', '# plimsoll: image=a:1\nx=NEW\n'],
    ['a tag alone', '# plimsoll: image=a:1.2\nx="1.2"\n', '# plimsoll: image=a:1.2\nx="1.2@NEW"\n'],
    ['a tag that only the line has', '# plimsoll: image=a\nx = v1\n', '# plimsoll: image=a\nx = v1@NEW\n'],
  ])('is edited where the line has %s', async (_, before, after) => {
    expect(await editByFormats(commentFormats, path, before)).toEqual({ text: withDigests(after), refused: [] });
  });

  it.each([
    ['with a name', '# plimsoll: image=a\nx=a:22-slim\n', '# plimsoll: image=a\nx=a:24-slim@NEW\n'],
    ['alone', '# plimsoll: image=a\nx=22-slim\n', '# plimsoll: image=a\nx=24-slim@NEW\n'],
    ['beside a digest', '# plimsoll: image=a:22-slim\nx=OLD\n', '# plimsoll: image=a:24-slim\nx=NEW\n'],
  ])('is given another tag %s', async (_, before, after) => {
    expect((await editByFormats(commentFormats, path, before, '24-slim')).text).toBe(withDigests(after));
  });

  it('is found by the library whatever the file is called', async () => {
    const text = '# plimsoll: image=a:1\nx = "a:1"\n';
    const found = await parseFile('src/versions.py', text);
    expect(found?.format).toBe('comment');
    const [use] = found?.uses ?? [];
    const edited = await editFile('src/versions.py', text, use ? [{ use, digest: wantedDigest }] : []);
    expect(edited.text).toBe(withDigests('# plimsoll: image=a:1\nx = "a:1@NEW"\n'));
    expect(await parseFile('src/versions.py', 'x = "a:1"\n')).toBeNull();
  });

  it.each<[string, string]>([
    ['comments alone', '# plimsoll: image=a:1\n'.repeat(45_000)],
    ['a long name', `# plimsoll: image=${'a'.repeat(400_000)}\n${'a'.repeat(500_000)}\n`],
    ['a short name on a long line', `# plimsoll: image=a\n${'a'.repeat(1_000_000)}\n`],
    ['a name that nearly fits', `# plimsoll: image=a\n${'a:'.repeat(500_000)}\n`],
    ['a long line of values', `# plimsoll: image=b\n${'=1'.repeat(500_000)}\n`],
    ['blanks', `# plimsoll: image=a:1\n${' '.repeat(1_000_000)}\n`],
    ['leads', `${'#'.repeat(1_000_000)} plimsoll: image=a\n`],
    ['lines of leads', '#\n//\n;\n'.repeat(100_000).concat('# plimsoll: image=a\n')],
    ['marks in one line', 'plimsoll: image='.repeat(60_000)],
    ['NUL', `plimsoll: image=${'\0'.repeat(1_000_000)}`],
  ])('costs little: %s', async (_, text) => {
    const reader = await commentFormats[0]?.load();
    const spent = await cpuTime(() => {
      reader?.recognises(text);
      reader?.read(text, path);
    });
    expect(spent).toBeLessThan(1500);
  });
});

for (const format of commentFormats) {
  await describeFormat(format, {
    paths: {
      yes: ['build.sh', 'Makefile', 'a/versions.env', 'pom.xml', 'pyproject.toml', 'x.yml'],
      no: ['main.py', 'README.md', 'app.ts', '.env.example', 'data.json'],
    },
    files: {
      name: `#!/bin/sh\n# plimsoll: image=debian\nIMAGE=debian:12 # one\n`,
      digest: `# plimsoll: image=debian:12\nDIGEST=${digest}\n# plimsoll: image=a:1\nA=1\n`,
    },
    vocabulary: [
      ...[
        '# plimsoll: image=',
        '// plimsoll: image=',
        '<!-- plimsoll: image=',
        ' -->',
        '\n',
        '\n',
        '\r\n',
        '\ufeff',
        '\0',
        ' ',
      ],
      ...[
        'a',
        'a:1',
        'a/b',
        'ghcr.io/a/b:2',
        ':1',
        ':',
        '@',
        digest,
        `@${digest}`,
        '=',
        '"',
        "'",
        '#',
        '1',
        'v1',
        '/',
        '😀',
      ],
    ],
  });
}
