import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/formats/dockerfile/analyse.ts';
import { parseDockerfile } from '../../../../src/formats/dockerfile/parse.ts';

/** The pins of a stage's text: `manager nameOPversion`. */
function pins(text: string, base = 'FROM a\n'): string[] {
  return parseDockerfile(base + text).pins.map(({ manager, name, operator = '', version = '' }) => {
    return `${manager} ${name}${operator}${version}`;
  });
}

/** Where each name and version stands, by what stands there; a version that is not in one piece has no place. */
function places(text: string): string[] {
  const { pins } = analyse(text);
  const lines = text.split('\n');
  return pins.map(({ pin: { line, column, name }, versionAt }) => {
    expect(
      lines[line - 1]
        ?.slice(column - 1)
        .replace(/^'/, '')
        .startsWith(name),
    ).toBe(true);
    return `${name}=${versionAt && text.slice(versionAt.start, versionAt.end)}`;
  });
}

describe('package pins', () => {
  it('stand where they stand, wherever the same script was read before', () => {
    const scripts = [
      'apt-get update && apt-get install -y curl=1.2 \\\n  # why\n  vim=3',
      "sh -c 'apk add a=1-r0'",
      "apt-get install -y 'b=2'",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...scripts), { maxLength: 6 }), fc.string(), (some, comment) => {
        const head = `# ${comment.replaceAll(/[\r\n\0]/g, '')}\nFROM a\n`;
        const expected = [['curl=1.2', 'vim=3'], ['a=1-r0'], ['b=2']];
        const text = some.map((script) => `RUN ${script}\n`).join('WORKDIR /x\n');
        expect(places(head + text)).toEqual(some.flatMap((script) => expected[scripts.indexOf(script)] ?? []));
      }),
    );
  });

  it('of scripts too many to remember are all read', () => {
    const files = Array.from({ length: 300 }, (_, i) => `FROM a\nRUN apt-get install ${'x'.repeat(9000)}${i}=1\n`);
    for (const file of [...files, ...files]) expect(places(file)).toHaveLength(1);
  });

  it('are read from a variable with as many as a file may hold', () => {
    const all = Array.from({ length: 300 }, (_, n) => `package-${n}=1.2.3-${n}`);
    expect(pins(`ARG ALL="${all.join(' ')}"\nRUN apt-get install $ALL\n`)).toEqual(all.map((one) => `apt ${one}`));
  });

  it('are told outside stages, too', () => {
    const { pins: found, problems } = parseDockerfile('ARG V=1\nRUN apt-get install a=$V b');
    expect(found).toEqual([
      { manager: 'apt', name: 'a', operator: '=', version: '1', line: 2, column: 21 },
      { manager: 'apt', name: 'b', line: 2, column: 26 },
    ]);
    expect(problems.map(({ code }) => code)).toContain('before-from');
  });

  it.each<[string, string, string[]]>([
    ['apt-get', 'RUN apt-get install -y curl=1 vim', ['apt curl=1', 'apt vim']],
    ['apt and aptitude', 'RUN apt install a && aptitude install -y b', ['apt a', 'apt b']],
    ['an absolute path', 'RUN /usr/bin/apt-get install a', ['apt a']],
    ['apk', 'RUN apk --no-cache add a=1-r0 b', ['apk a=1-r0', 'apk b']],
    [
      'dnf, yum, microdnf, tdnf',
      'RUN dnf install a; yum update b; microdnf install c; tdnf install d',
      ['dnf a', 'yum b', 'microdnf c', 'tdnf d'],
    ],
    ['dnf5', 'RUN dnf5 -y install a-1.2-3', ['dnf a-1.2-3']],
    ['zypper', 'RUN zypper -n in a=1 && zypper --non-interactive install b', ['zypper a=1', 'zypper b']],
    ['no other verb', 'RUN apt-get update && apt-get remove a && apk del b && dnf clean all', []],
    ['no other command', 'RUN echo apt-get install a && pip install b && my-apt-get install c', []],
    ['options in any place', 'RUN apt-get -qq -o A::B=c install --no-install-recommends a -y b', ['apt a', 'apt b']],
    ['the suite of -t', 'RUN apt-get install -t bookworm-backports a --target-release sid b', ['apt a', 'apt b']],
    ['values in the same word', 'RUN apt-get install -tsid --target-release=sid -q=2 a', ['apt a']],
    ['a value behind a cluster', 'RUN apt-get install -yt sid a', ['apt a']],
    ['the name of --virtual', 'RUN apk add --virtual .deps -t .more -X https://x/y --repository=z a', ['apk a']],
    ['options of dnf', 'RUN dnf -y --setopt tsflags=nodocs install --enablerepo x --disablerepo=y -x z a', ['dnf a']],
    ['a repository of zypper', 'RUN zypper -R /x install -y --from repo a', ['zypper a']],
    ['no patterns of zypper', 'RUN zypper install -t pattern base', []],
    ['words behind --', 'RUN apt-get install -- a', ['apt a']],
    ['continuation lines', 'RUN apt-get install \\\n # no\n\n  a \\\n  b', ['apt a', 'apt b']],
    ['quotes and escapes', `RUN apt-get install 'a=1' "b=2" c\\=3 d"="4`, ['apt a=1', 'apt b=2', 'apt c=3', 'apt d=4']],
    ['comments', 'RUN apt-get install a # b', ['apt a']],
    ['redirections', 'RUN apt-get install a >/dev/null 2>&1 b < c &>d', ['apt a', 'apt b']],
    [
      'every separator',
      'RUN true;apt install a&&apt install b||apt install c|cat&apt install d',
      ['apt a', 'apt b', 'apt c', 'apt d'],
    ],
    ['groups', 'RUN (apt install a) && { apt install b; }', ['apt a', 'apt b']],
    [
      'conditions and loops',
      'RUN if ! apt install a; then apt install b; else apt install c; fi',
      ['apt a', 'apt b', 'apt c'],
    ],
    [
      'wrappers',
      'RUN sudo -E apt install a && env -u X A=1 apt install b && A=1 time timeout -k 1 9 nice -n 5 apt install c',
      ['apt a', 'apt b', 'apt c'],
    ],
    ['xargs', 'RUN cat list | xargs -n 1 apt-get install -y a', ['apt a']],
    ['sh -c', `RUN bash -euxo pipefail -c "apt-get install a='1'"`, ['apt a=1']],
    ['sh -c in sh -c', `RUN sh -c "bash -lc 'apt-get install a'"`, ['apt a']],
    ['no script file', 'RUN sh install.sh apt-get install a', []],
    ['exec form', 'RUN ["apt-get", "install", "-y", "a=1"]', ['apt a=1']],
    [
      'exec form of a shell',
      'RUN ["/bin/sh", "-c", "apt-get install a=1 && apk add \\"b=2\\""]',
      ['apt a=1', 'apk b=2'],
    ],
    ['no exec form that is not JSON', "RUN ['apt-get', 'install', 'a']", []],
    ['triggers', 'ONBUILD RUN apt-get install a', ['apt a']],
    ['flags before the command', 'RUN --mount=type=cache,target=/x apt-get install a', ['apt a']],
    ['here-documents', 'RUN <<EOF\nset -e\napt-get install \\\n  a=1 # x\napk add b\nEOF', ['apt a=1', 'apk b']],
    ['here-documents with tabs', 'RUN <<-EOF\n\tapt-get install a\n\tEOF', ['apt a']],
    [
      'here-documents of a shell',
      'RUN <<EOF bash -ex\napt install a\nEOF\nRUN sh <<X\napt install b\nX',
      ['apt a', 'apt b'],
    ],
    ['a shell in a shebang', 'RUN <<EOF\n#!/usr/bin/env -S bash\napt install a\nEOF', ['apt a']],
    [
      'no other interpreter',
      'RUN <<EOF\n#!/usr/bin/python3\napt install a\nEOF\nRUN python3 <<X\napt install b\nX',
      [],
    ],
    ['no here-document that is only copied', 'RUN cat <<EOF >x\napt install a\nEOF\nCOPY <<X /\napt install b\nX', []],
    ['no here-document inside a script', 'RUN <<EOF\ncat <<X >y\napt install a\nX\napt install b\nEOF', ['apt b']],
    ['CRLF scripts', 'RUN <<EOF\r\napt install a \\\r\n  b\r\nEOF\r\n', ['apt a', 'apt b']],
    ['no other shell', 'SHELL ["powershell", "-Command"]\nRUN apt install a', []],
    ['a chosen shell', 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN apt install a', ['apt a']],
    ['no files, groups or removals', 'RUN apt install ./a.deb b- && dnf install @c d.rpm https://x/e.rpm', []],
  ])('are read: %s', (_, text, expected) => {
    expect(pins(text)).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['ARG', 'ARG V=1\nRUN apt install a=$V', ['apt a=1']],
    ['ENV', 'ENV V=1 W=2\nRUN apt install a=$V b=${W}', ['apt a=1', 'apt b=2']],
    ['the old form of ENV', 'ENV V 1\nRUN apt install a=$V', ['apt a=1']],
    ['ENV over ARG', 'ARG V=1\nENV V=2\nRUN apt install a=$V', ['apt a=2']],
    ['the value that held before an ENV', 'ENV V=1\nENV V=2 W=$V\nRUN apt install a=$W', ['apt a=1']],
    ['only what is set before', 'ENV V=1\nRUN apt install a=$V\nENV V=2', ['apt a=1']],
    ['names', 'ENV P=a-1\nRUN dnf install $P', ['dnf a-1']],
    ['lists', 'ENV P="a=1 b"\nRUN apt install $P c', ['apt a=1', 'apt b', 'apt c']],
    ['no list in quotes', 'ENV P="a b"\nRUN apt install "$P" c', ['apt c']],
    ['values of the script', 'ENV V=1\nRUN V=2 && apt install a=$V', ['apt a=2']],
    ['exported values', 'RUN export V=2; apt install a=$V', ['apt a=2']],
    ['no value a command gives', 'ENV V=1\nRUN V=$(x) && apt install $V b', ['apt b']],
    ['no loop variable', 'ENV p=1\nRUN for p in x y; do apt install $p z; done', ['apt z']],
    ['nothing in single quotes', "ENV V=1\nRUN apt install 'a=$V'", ['apt a=$V']],
    ['no command substitution', 'RUN apt install $(cat list) `cat list` a', ['apt a']],
    ['fallbacks', 'RUN apt install a=${V:-3}', ['apt a=3']],
  ])('are expanded: %s', (_, text, expected) => {
    expect(pins(text)).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    [
      'a global ARG only where it is declared again',
      'FROM x\nARG V\nRUN apt install a=$V\nFROM y\nRUN apt install b=$V',
      ['apt a=1', 'apt b'],
    ],
    ['ENV of the stage it is built on', 'FROM x AS s\nENV E=2\nFROM s\nRUN apt install a=$E', ['apt a=2']],
    ['no ENV of another stage', 'FROM x AS s\nENV E=2\nFROM y\nRUN apt install a=$E', ['apt a']],
  ])('see %s', (_, text, expected) => {
    expect(pins(text, 'ARG V=1\n')).toEqual(expected);
  });

  it('keep the name and report the variable when a version is not known', () => {
    const { pins: found, problems } = parseDockerfile('FROM a\nRUN apt-get install -y a=$V \\\n $LIST $(x) b=$(x)');
    expect(found.map(({ name, operator, version }) => [name, operator, version])).toEqual([
      ['a', undefined, undefined],
      ['b', undefined, undefined],
    ]);
    expect(problems).toMatchObject([
      { code: 'pin-unresolved', subject: 'Dockerfile:2', message: expect.stringContaining('needs V') },
      { code: 'pin-unresolved', subject: 'Dockerfile:3', message: expect.stringContaining('b comes from a command') },
    ]);
  });

  it('keep the architecture that was asked for', () => {
    const { pins: found } = parseDockerfile('FROM a\nRUN apt-get install libc6:i386=2.36-9 git:any curl');
    expect(found.map(({ name, architecture }) => [name, architecture])).toEqual([
      ['libc6', 'i386'],
      ['git', 'any'],
      ['curl', undefined],
    ]);
  });

  it('stand where they were typed', () => {
    const text = [
      'FROM a AS build',
      'RUN apt-get install "a=1" \\',
      '    b',
      'RUN ["apt-get", "install", "c"]',
      'RUN ["sh", "-c", "apt-get install d"]',
      'RUN <<EOF',
      '  apk add e',
      'EOF',
      'FROM b',
      'RUN apk add f',
    ].join('\n');
    const { pins: found } = parseDockerfile(text);
    expect(found.map(({ name, line, column, stage }) => [name, line, column, stage])).toEqual([
      ['a', 2, 21, 'build'],
      ['b', 3, 5, 'build'],
      ['c', 4, 29, 'build'],
      ['d', 5, 35, 'build'],
      ['e', 7, 11, 'build'],
      ['f', 10, 13, '1'],
    ]);
  });
});
