import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/core/image/digest.ts';
import { parseDockerfile, readDockerfile } from '../../../src/formats/dockerfile/parse.ts';
import type { Document, EditResult } from '../../../src/formats/format.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { fc } from '../../support/fast-check.ts';

const size = 1 << 20;
const fill = (piece: string): string => piece.repeat(Math.ceil(size / piece.length));

describe('parseDockerfile, of hostile text', () => {
  it.each<[string, string]>([
    ['one huge line', `FROM ${'a'.repeat(size)}`],
    ['one huge value', `ARG A=${'a'.repeat(size)}\nFROM $A`],
    ['deep nesting', `FROM ${fill('${A:-')}`],
    ['deep nesting of a here-document line', `FROM a\nRUN <<X ${fill('"${A:-')}`],
    ['doubling values', `ARG A=aaaaaaaa\n${fill('ARG A=$A$A\n')}FROM $A`],
    ['many patterns', `ARG A=${'ab'.repeat(4000)}\n${fill('ARG B=${A##*a*b*a*b*c}\n')}FROM $B`],
    ['many replacements', `ARG A=${'ab'.repeat(4000)}\n${fill('ARG B=${A//a/bbbb}\n')}FROM $B`],
    ['many defaults redeclared', `ARG A=${'a'.repeat(8000)}\nFROM a\n${fill('ARG A\n')}`],
    ['many stages', fill('FROM a AS b\n')],
    ['many stages on one another', `FROM a AS b\nENV X=1\n${fill('FROM b AS b\nENV Y=$X\n')}`],
    ['many copies', `FROM a\n${fill('COPY --from=b c d\n')}`],
    ['many continuation lines', `FROM a\nRUN ${fill('a \\\n')}`],
    ['many comments in a continuation', `FROM a\nRUN \\\n${fill('# a\n')}`],
    ['many blanks', `FROM a\n# syntax = ${fill(' ')}x\nRUN ${fill(' ')}`],
    ['a directive of blanks', `# syntax=x${fill(' ')}x\nFROM a`],
    ['only line ends', fill('\r\n')],
    ['many here-documents', `FROM a\nRUN ${fill('<<A ')}`],
    ['open quotes', `FROM a\nRUN apt ${fill('" \' ')}`],
    ['open substitutions', `FROM a\nRUN apt ${fill('$( ` ${')}`],
    ['many packages', `FROM a\nRUN apt-get install ${fill('a=1 ')}`],
    ['one huge package', `FROM a\nRUN dnf install ${fill('-1')}`],
    ['nested shells', `FROM a\nRUN ${fill('sh -c "apt ')}`],
    ['many commands', `FROM a\nRUN apt ${fill(';apt')}`],
    ['many shell here-documents', `FROM a\nRUN <<X\napt\n${fill('cat <<Y\n')}`],
    ['many mounts', `FROM a\nRUN ${fill('--mount=from=b,target=/c ')}true`],
    ['a huge mount', `FROM a\nRUN --mount=${fill('",')} true`],
    ['a huge exec form', `FROM a\nRUN ["apt", "install"${fill(', "a=1"')}]`],
    ['a huge JSON document', `{${fill('"a":[1],')}"syntax":"x"}`],
    ['unknown instructions', fill('A\n')],
  ])('is bounded: %s', async (_, text) => {
    expect(await cpuTime(() => parseDockerfile(text))).toBeLessThan(4000);
  });

  it('never throws, whatever the text, and the editor neither', () => {
    const piece = fc.constantFrom(
      ...[
        'FROM ',
        'ARG A=',
        'RUN ',
        'COPY --from=',
        'ONBUILD ',
        '--mount=',
        'from=',
        '<<EOF',
        'EOF',
        '\n',
        '\\\n',
        '\r\n',
      ],
      ...[
        '$A',
        '${A',
        '${A:-',
        '}',
        '"',
        "'",
        '`',
        '\\',
        '#',
        '# escape=`\n',
        '@',
        ':',
        '[',
        ']',
        ' ',
        '/',
        '=',
        ',',
        '%',
      ],
      ...['apt-get install ', 'sh -c ', '(', ')', ';', '<', '>', 'a', '1', '\u00a0', '😀', '\ud800', '\ufeff'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const { uses } = parseDockerfile(text);
        const digest = `sha256:${'b'.repeat(64)}` as Digest;
        const result = edit(
          text,
          uses.map((use) => ({ use, digest })),
        );
        expect(result.done.length + result.refused.length).toBe(uses.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('shows what is around a change in a line that is longer than people write', () => {
    const line = (count: number): string => Array.from({ length: count }, (_, n) => `package-${n}=1`).join(' ');
    const edits = (text: string) => {
      const wanted = parseDockerfile(text).pins.map((pin) => ({ pin, version: '2' }));
      const result = edit(text, [], wanted);
      expect(result.text).toBe(text.replaceAll(/(?<=package-\d+=)1/g, '2'));
      return result.versions.done.map((one) => one.edits);
    };
    const [first, ...others] = edits(`FROM a\nRUN apt-get install ${line(1000)}\nUSER b\n`);
    expect(first).toEqual([
      { line: 2, before: expect.stringMatching(/^RUN apt-get install package-0=1.{100}…$/), after: expect.any(String) },
    ]);
    expect(first?.[0]?.after).toBe(first?.[0]?.before.replace('package-0=1', 'package-0=2'));
    expect(others.at(500)?.[0]?.before).toMatch(/^….{88}package-501=1.{100}…$/);
    expect(others.at(-1)?.[0]?.before).toMatch(/^….{88}package-999=1$/);
    expect(edits(`FROM a\nRUN apt-get install ${line(50)}\n`)[0]).toEqual([
      { line: 2, before: expect.stringMatching(/^RUN .*49=1$/), after: expect.stringMatching(/^RUN .*-0=2 .*49=2$/) },
    ]);
  });

  it('says what it leaves out: scripts in scripts, and what expands to too much', () => {
    const codes = (text: string): readonly string[] => parseDockerfile(text).problems.map(({ code }) => code);
    const nested = (depth: number): string =>
      Array.from({ length: depth }).reduce<string>((inner) => `sh -c ${JSON.stringify(inner)}`, 'apt-get install a=1');
    expect(parseDockerfile(`FROM a\nRUN ${nested(4)}`)).toMatchObject({ pins: [{ name: 'a' }], problems: [] });
    expect(parseDockerfile(`FROM a\nRUN ${nested(5)}`).pins).toEqual([]);
    expect(codes(`FROM a\nRUN ${nested(5)}`)).toEqual(['script-too-deep']);
    // What a shell expands is nobody's mistake, and was not told.
    expect(codes(`ARG A=${'a'.repeat(8000)}\nFROM a\nARG A\n${'RUN apt-get install $A\n'.repeat(1000)}`)).toContain(
      'expansion',
    );
  });

  it('edits thousands of images in one pass', async () => {
    const text = `ARG V=1\n${'FROM a:$V\nFROM b\n'.repeat(3000)}`;
    const { uses } = parseDockerfile(text);
    const digest = `sha256:${'b'.repeat(64)}` as Digest;
    const edits = uses.map((use) => ({ use, digest }));
    const time = await cpuTime(() => expect(edit(text, edits).refused).toEqual([]));
    expect(time).toBeLessThan(4000);
  });

  it('does not take a long file for one whose variables expand to too much', () => {
    const text = `FROM a@sha256:${'b'.repeat(64)} AS x ${' '.repeat(300)}\n`.repeat(10_000);
    expect(parseDockerfile(text).problems).toEqual([]);
  });

  it('reads 500 ordinary files in a blink', async () => {
    const file = [
      '# syntax=docker/dockerfile:1',
      'ARG NODE=22',
      'FROM --platform=$BUILDPLATFORM node:${NODE}-slim AS build',
      'WORKDIR /app',
      'COPY package.json package-lock.json ./',
      'RUN --mount=type=cache,target=/root/.npm npm ci',
      'COPY . .',
      'RUN npm run build',
      '',
      'FROM debian:12-slim',
      'ENV LANG=C.UTF-8',
      'RUN apt-get update && apt-get install -y --no-install-recommends \\',
      '    ca-certificates \\',
      '    curl=7.88.1-10+deb12u5 \\',
      '    tini \\',
      ' && rm -rf /var/lib/apt/lists/*',
      'COPY --from=build /app/dist /app',
      'COPY --from=busybox:1.36 /bin/busybox /bin/',
      'USER nobody',
      'ENTRYPOINT ["tini", "--", "/app/run"]',
    ].join('\n');
    const time = await cpuTime(() => {
      for (let i = 0; i < 500; i++) expect(parseDockerfile(file).problems).toEqual([]);
    });
    expect(time).toBeLessThan(2000);
  });
});

/** Edits as the file's own document does. */
function edit(text: string, ...wishes: Parameters<Document['edit']>): EditResult {
  return readDockerfile(text).edit(...wishes);
}
