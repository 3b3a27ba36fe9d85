import { describe, expect, it } from 'vitest';
import { parseDockerfile, readDockerfile } from '../../../src/formats/dockerfile/parse.ts';
import type { Document, EditResult } from '../../../src/formats/format.ts';
import { cpuTime } from '../../support/cpu-time.ts';

const under = (comment: string, instruction = 'ENV CURL_VERSION=7.88.1-10'): string =>
  `FROM debian:12\n# ${comment}\n${instruction}\n`;

function pins(text: string): readonly string[] {
  return parseDockerfile(text).pins.map(
    ({ manager, name, operator = '', version = '', line, column, suite }) =>
      `${line}:${column} ${manager} ${name}${operator}${version}${suite === undefined ? '' : ` from ${suite}`}`,
  );
}

describe('a comment that says whose version a variable is', () => {
  it.each<[string, readonly string[]]>([
    [under('renovate: datasource=deb depName=curl'), ['3:18 apt curl=7.88.1-10']],
    [under('renovate: suite=bookworm depName=curl'), ['3:18 apt curl=7.88.1-10 from bookworm']],
    [under('renovate: datasource=repology depName=debian_12/curl versioning=deb'), ['3:18 apt curl=7.88.1-10']],
    [under('renovate: depName=alpine_3_22/curl', 'ARG CURL="8.14.1-r0"'), ['3:11 apk curl=8.14.1-r0']],
    [under('renovate: datasource=rpm depName=curl', 'ARG CURL=7.76.1-31.el9'), ['3:10 dnf curl=7.76.1-31.el9']],
    [under('renovate: datasource=repology depName=opensuse_leap_15_6/curl', 'ENV CURL 8.6'), ['3:10 zypper curl=8.6']],
    [under('renovate: datasource=deb depName=The_curl packageName=curl'), ['3:18 apt curl=7.88.1-10']],
    ['# renovate: datasource=deb depName=curl\nARG V=1.0\nFROM debian\nARG V\n', ['2:7 apt curl=1.0']],
  ])('%j', (text, expected) => {
    expect(pins(text)).toEqual(expected);
  });

  it.each([
    under('renovate: datasource=github-releases depName=curl/curl'),
    under('renovate: datasource=repology depName=homebrew/curl'),
    under('renovate: datasource=constructor depName=curl'),
    under('renovate: depName=curl'),
    under('renovate: datasource=deb'),
    under('renovate: datasource=deb depName=curl extractVersion=^v(?<version>.*)$'),
    under('see renovate: datasource=deb depName=curl'),
    under('renovate: datasource=deb depName=curl', 'ENV CURL=$OTHER'),
    under('renovate: datasource=deb depName=curl', 'ENV CURL="two words"'),
    under('renovate: datasource=deb depName=curl', 'RUN true'),
    under('renovate: datasource=deb depName=curl\n', 'ENV CURL=1'),
  ])('names no package in %j', (text) => {
    expect(pins(text)).toEqual([]);
  });

  it('gives way to the command that takes the variable, whose pin it is', () => {
    const text = `${under('renovate: datasource=deb depName=curl')}RUN apt-get install -y curl=$CURL_VERSION\n`;
    expect(pins(text)).toEqual(['4:24 apt curl=7.88.1-10']);
  });

  it('belongs to the stage that has the variable', () => {
    const text = '# renovate: datasource=deb depName=curl\nARG V=1.0\nFROM debian AS a\nFROM debian AS b\nARG V\n';
    expect(parseDockerfile(text).pins).toMatchObject([{ stage: 'b', declared: true }]);
  });

  it('is edited where the value stands', () => {
    const text = under('renovate: datasource=deb depName=curl', 'ENV A="7.88.1-10" B=7.88.1-10');
    const [pin] = parseDockerfile(text).pins;
    if (!pin) throw new Error('no pin');
    const edited = edit(text, [], [{ pin, version: '7.88.1-10+deb12u5' }]);
    expect(edited.text).toBe(text.replace('7.88.1-10"', '7.88.1-10+deb12u5"'));
  });

  it.each<[string, (n: number) => string]>([
    ['alone', (n) => `# renovate: datasource=deb depName=p${n}\nARG V${n}=${n}\n`],
    [
      'that commands take',
      (n) => `# renovate: datasource=deb depName=p${n}\nARG V${n}=${n}\nRUN apt-get install p${n}=$V${n}\n`,
    ],
  ])('is followed however many there are, and costs no square of them: %s', async (_name, line) => {
    const look = (number: number): Promise<number> =>
      cpuTime(() => {
        const lines = Array.from({ length: number }, (_, n) => line(n));
        expect(pins(`FROM debian\n${lines.join('')}`)).toHaveLength(number);
      });
    await look(1000);
    const [some, twice] = [await look(5000), await look(10_000)];
    expect(twice).toBeLessThan(some * 3 + 300);
  });
});

/** Edits as the file's own document does. */
function edit(text: string, ...wishes: Parameters<Document['edit']>): EditResult {
  return readDockerfile(text).edit(...wishes);
}
