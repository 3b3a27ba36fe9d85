import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/image/digest.ts';
import { formatReference } from '../../../src/core/image/reference.ts';
import { parseDockerfile, readDockerfile } from '../../../src/formats/dockerfile/parse.ts';
import type { Document, EditResult } from '../../../src/formats/format.ts';

const digest = `sha256:${'a'.repeat(64)}`;

/** `kind reference stage final`, with `!` for the last stage's own. */
function uses(text: string): string[] {
  return parseDockerfile(text).uses.map(({ kind, reference, skipped, stage, final }) => {
    const name = reference ? formatReference(reference).replace('docker.io/library/', '') : `<${skipped}>`;
    return [kind, name, ...(stage === undefined ? [] : [stage + (final ? '!' : '')])].join(' ');
  });
}

function codes(text: string): string[] {
  return parseDockerfile(text).problems.map(({ code }) => code);
}

it('an image whose name has a variable without a value is looked at, and never changed', () => {
  const text = `ARG P\nARG V=12@${digest}\nFROM \${P}debian:$V\nFROM \${P}debian:13\nFROM alpine:3`;
  const { uses: found } = parseDockerfile(text);
  expect(found.map(({ unset }) => unset)).toEqual([['P'], ['P'], undefined]);
  const other = digestOf('other');
  const result = edit(
    text,
    found.map((use) => ({ use, digest: other })),
  );
  expect(result.text).toBe(`${text}@${other}`);
  expect(result.refused.map(({ reason }) => reason)).toEqual([
    'P has no value in this file, and a build may be given one; give it a default with ARG before the first FROM',
    'P has no value in this file, and a build may be given one; give it a default with ARG before the first FROM',
  ]);
});

it('a stage of a foreign frontend that may come from elsewhere is no image', () => {
  const text =
    '# syntax = edrevo/dockerfile-plus\nINCLUDE+ ./setup\nFROM setup AS a\nFROM node:22\nCOPY --from=setup / /\nCOPY --from=a / /\n';
  expect(uses(text)).toEqual([
    'syntax docker.io/edrevo/dockerfile-plus',
    'from <unresolved> a!',
    'from node:22 1!',
    'copy-from <unresolved> 1!',
  ]);
  // A frontend that reads what Docker's reads brings nothing in.
  expect(uses('# syntax=acme/frontend\nFROM setup')).toEqual(['syntax docker.io/acme/frontend', 'from setup 0!']);
  expect(uses('# syntax=mirror.corp/docker/dockerfile:1\nINCLUDE x\nFROM setup')).toEqual([
    'syntax mirror.corp/docker/dockerfile:1',
    'from setup 0!',
  ]);
});

describe('image uses', () => {
  it.each<[string, string, string[]]>([
    ['one image', 'FROM alpine', ['from alpine 0!']],
    ['registry, tag and digest', `FROM ghcr.io/a/b:1@${digest}`, [`from ghcr.io/a/b:1@${digest} 0!`]],
    ['a port', 'FROM localhost:5000/a:1', ['from localhost:5000/a:1 0!']],
    ['quotes', `FROM "alpine:3"\nFROM 'debian:12'`, ['from alpine:3 0', 'from debian:12 1!']],
    ['any case of FROM and AS', 'from a As B\nFrom b', ['from a B!']],
    ['stage names', 'FROM a AS x\nFROM x AS y\nFROM y', ['from a x!']],
    ['only earlier stages', 'FROM a AS b\nFROM c AS a\nFROM a', ['from a b', 'from c a!']],
    ['a stage named like its image', 'FROM alpine AS alpine\nFROM alpine', ['from alpine alpine!']],
    ['scratch', 'FROM scratch', []],
    ['platforms', 'FROM --platform=linux/arm64 a', ['from a 0!']],
    [
      'stages that reach the last',
      'FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=x / /',
      ['from a x!', 'from b y', 'from c 2!'],
    ],
    [
      'stages reached through others',
      'FROM a AS x\nFROM b AS y\nRUN --mount=from=x,target=/x true\nFROM y',
      ['from a x!', 'from b y!'],
    ],
    [
      'copies',
      'FROM a\nCOPY --chown=1 --from=b:1 / /\nCOPY --from=c --link / /',
      ['from a 0!', 'copy-from b:1 0!', 'copy-from c 0!'],
    ],
    ['stage numbers', 'FROM a\nFROM b\nCOPY --from=0 / /', ['from a 0!', 'from b 1!']],
    ['stage names in any case', 'FROM a AS Build\nFROM b\nCOPY --from=BUILD / /', ['from a Build!', 'from b 1!']],
    ['copies from scratch or nothing', 'FROM a\nCOPY --from=scratch / /\nCOPY --from= / /', ['from a 0!']],
    [
      'mounts',
      'FROM a\nRUN --mount=type=bind,from=b,target=/b --mount=target=/c,FROM=c:1 --network=none true',
      ['from a 0!', 'mount-from b 0!', 'mount-from c:1 0!'],
    ],
    ['quoted mounts', 'FROM a\nRUN --mount=type=bind,"from=b:1",target=/b true', ['from a 0!', 'mount-from b:1 0!']],
    [
      'mounts with quoted commas',
      'FROM a\nRUN --mount=\\"target=/x,y\\",from=b true',
      ['from a 0!', 'mount-from b 0!'],
    ],
    ['mounts without an image', 'FROM a\nRUN --mount=type=cache,target=/c true', ['from a 0!']],
    [
      'triggers',
      'FROM a\nONBUILD COPY --from=b / /\nONBUILD RUN --mount=from=c,target=/c true',
      ['from a 0!', 'copy-from b 0!', 'mount-from c 0!'],
    ],
    ['nothing inside here-documents', 'FROM a\nRUN 3<<X cat\nFROM b\nX\nCOPY <<-Y /\nFROM c\n\tY\n', ['from a 0!']],
    ['nothing inside here-documents of triggers', 'FROM a\nONBUILD RUN <<X\nFROM b\nX\n', ['from a 0!']],
    [
      'part of a file that has no FROM',
      'COPY --from=a / /\nRUN --mount=from=b,target=/b true',
      ['copy-from a', 'mount-from b'],
    ],
    [
      'stages for each platform',
      'FROM a AS x-amd64\nFROM b AS X-arm64\nFROM c AS y-amd64\nFROM x-$TARGETARCH',
      ['from a x-amd64!', 'from b X-arm64!', 'from c y-amd64'],
    ],
    [
      'no stages when no name fits',
      'FROM a AS x-amd64\nFROM y-$TARGETARCH',
      ['from a x-amd64', 'from <unresolved> 1!'],
    ],
    ['a continued image', 'FROM \\\n# comment\n\n  alp\\\nine:3', ['from alpine:3 0!']],
    ['no byte order mark', '\ufeffFROM a', ['from a 0!']],
    ['the syntax', '# syntax=docker/dockerfile:1 // x\nFROM a', ['syntax docker.io/docker/dockerfile:1', 'from a 0!']],
    ['the syntax behind a shebang', '#!/usr/bin/docker\n# syntax = x:1\nFROM a', ['syntax x:1', 'from a 0!']],
    ['the syntax behind other directives', '# check=skip=all\n# SYNTAX=x\nFROM a', ['syntax x', 'from a 0!']],
    ['no syntax behind a comment', '# hello\n# syntax=x\nFROM a', ['from a 0!']],
    ['no syntax behind an unknown directive', '# hello=1\n# syntax=x\nFROM a', ['from a 0!']],
    ['the syntax in C style', '// syntax=x:1\nwhatever', ['syntax x:1']],
    ['the syntax in JSON', '{"other": {"syntax": "no"}, "syntax": "x:1"}', ['syntax x:1']],
  ])('are found: %s', (_, text, expected) => {
    expect(uses(text)).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['a global default', 'ARG V=3\nFROM alpine:$V', ['from alpine:3 0!']],
    ['several in one ARG', 'ARG A=alpine B=3\nFROM ${A}:${B}', ['from alpine:3 0!']],
    ['a quoted default', 'ARG V="3"\nFROM alpine:$V', ['from alpine:3 0!']],
    ['a default made of another', 'ARG V=3\nARG T=$V-slim\nFROM a:$T', ['from a:3-slim 0!']],
    ['the last default', 'ARG V=1\nARG V=2\nFROM a:$V', ['from a:2 0!']],
    ['a default that a bare ARG keeps', 'ARG V=1\nARG V\nFROM a:$V', ['from a:1 0!']],
    ['a fallback', 'ARG V\nFROM a:${V:-3}', ['from a:3 0!']],
    ['an empty suffix', 'ARG S=\nFROM a:1$S', ['from a:1 0!']],
    ['a suffix that is set', 'ARG S=slim\nFROM a:1${S:+-$S}', ['from a:1-slim 0!']],
    ['a cut value', 'ARG V=1.2.3\nFROM a:${V%.*}', ['from a:1.2 0!']],
    ['a replaced value', 'ARG V=1_2\nFROM a:${V/_/.}', ['from a:1.2 0!']],
    ['a stage by variable', 'ARG B=x\nFROM a AS x\nFROM $B', ['from a x!']],
    ['no ARG of a stage', 'FROM a\nARG V=1\nFROM b:$V', ['from a 0', 'from <unresolved> 1!']],
    ['no ARG behind the first FROM', 'FROM a\nARG V=1\nFROM b:${V:-2}', ['from a 0', 'from b:2 1!']],
    ['an overridden platform argument', 'ARG TARGETARCH=arm64\nFROM a-$TARGETARCH', ['from a-arm64 0!']],
    ['no guess at a platform argument', 'FROM a-$TARGETARCH', ['from <unresolved> 0!']],
    ['no guess behind a fallback', 'FROM a-${TARGETARCH:-amd64}', ['from <unresolved> 0!']],
    ['no guess through an ARG', 'ARG A=$TARGETARCH\nFROM a-$A', ['from <unresolved> 0!']],
    // What is not set is empty for a build, and so it is for looking.
    ['an ARG without a value', 'ARG P\nFROM ${P}debian:12', ['from debian:12 0!']],
    ['what no ARG declares', 'FROM ${P}debian:12', ['from debian:12 0!']],
    ['an ARG made of one without a value', 'ARG P\nARG I=${P}debian\nFROM $I:12', ['from debian:12 0!']],
    ['a stage, but for what has no value', 'ARG V\nFROM a AS run\nFROM run AS run-debug\nFROM run$V', ['from a run!']],
    [
      'nothing, where without a value there is no name',
      'ARG T\nFROM a:$T\nFROM ${R}/a',
      ['from <unresolved> 0', 'from <unresolved> 1!'],
    ],
    ['no stage that is none', 'FROM base-$V', ['from <unresolved> 0!']],
    // Made of what only a build knows.
    [
      'stages by an ARG that is made of the platform',
      'ARG B=${TARGETPLATFORM#linux/amd64}\nARG B=${B:+"other"}\nARG B=${B:-"mine"}\nFROM a AS x-other\nFROM b AS x-mine\nFROM c AS y\nFROM x-${B}',
      ['from a x-other!', 'from b x-mine!', 'from c y'],
    ],
    [
      'stages by an ARG with text around the platform',
      'ARG S=x-${TARGETARCH}\nFROM a AS x-amd64\nFROM b AS y-amd64\nFROM $S',
      ['from a x-amd64!', 'from b y-amd64'],
    ],
    [
      'stages by a fallback behind the platform',
      'ARG A=${TARGETARCH:-amd64}\nFROM a AS x-amd64\nFROM b AS x-arm64\nFROM x-$A',
      ['from a x-amd64!', 'from b x-arm64!'],
    ],
    [
      'stages by a replaced platform',
      'ARG A=${TARGETPLATFORM//\\//-}\nFROM a AS x-linux-amd64\nFROM b AS x\nFROM x-$A',
      ['from a x-linux-amd64!', 'from b x'],
    ],
    [
      'stages by the platform and what is not set',
      'FROM a AS x-amd64\nFROM b AS x-debug-amd64\nFROM x-${V}$TARGETARCH',
      ['from a x-amd64!', 'from b x-debug-amd64!'],
    ],
    [
      'a fallback that holds whatever the platform is',
      'ARG A=${TARGETARCH:+stage}\nARG S=is-${A}\nARG F=${S:-none}\nFROM a AS is-stage\nFROM b AS none\nFROM $F',
      ['from a is-stage!', 'from b none'],
    ],
    ['nothing in COPY --from', 'ARG V=1\nFROM a\nCOPY --from=b:$V / /', ['from a 0!', 'copy-from <unresolved> 0!']],
    [
      'nothing in a mount',
      'ARG V=1\nFROM a\nRUN --mount=from=$V,target=/x true',
      ['from a 0!', 'mount-from <unresolved> 0!'],
    ],
  ])('expand %s', (_, text, expected) => {
    expect(uses(text)).toEqual(expected);
  });

  it.each([
    ['linux/arm64', 'linux/arm64'],
    ['$BUILDPLATFORM', '$BUILDPLATFORM'],
    ['${TARGETPLATFORM}', '$TARGETPLATFORM'],
    ['${BUILDPLATFORM:-linux/amd64}', '$BUILDPLATFORM'],
    ['$P', 'linux/s390x'],
    ['linux/$TARGETARCH', 'linux/$TARGETARCH'],
  ])('expand the platform %s', (typed, expected) => {
    expect(parseDockerfile(`ARG P=linux/s390x\nFROM --platform=${typed} a`).uses[0]?.platform).toBe(expected);
  });

  it('take the value of a platform argument that has a default', () => {
    const [use] = parseDockerfile('ARG BUILDPLATFORM=linux/arm64\nFROM --platform=$BUILDPLATFORM a').uses;
    expect(use?.platform).toBe('linux/arm64');
  });

  it.each([
    ['FROM  alpine:3 AS x', 1, 7, 'alpine:3'],
    ['FROM "alpine:3"', 1, 6, '"alpine:3"'],
    ['\ufeffFROM a', 1, 6, 'a'],
    ['# c\r\nFROM --platform=x \\\r\n  a:${V:-1}\r\n', 3, 3, 'a:${V:-1}'],
    ['FROM a\\\n:1', 1, 6, 'a\\\n:1'],
    ['ARG V=1\nFROM a:$V', 2, 6, 'a:$V'],
    ['FROM 😀', 1, 6, '😀'],
  ])('stand where they were typed: %j', (text, line, column, written) => {
    expect(parseDockerfile(text).uses.at(-1)).toMatchObject({ line, column, written });
  });

  it('stand where they were typed in flags', () => {
    const text = 'FROM a\nCOPY --from="b:1" / /\nRUN --mount=type=bind,from=c:1,target=/c true';
    expect(parseDockerfile(text).uses.slice(1)).toMatchObject([
      { line: 2, column: 13, written: '"b:1"' },
      { line: 3, column: 28, written: 'c:1' },
    ]);
  });

  it('carry the file and survive JSON', () => {
    const parsed = parseDockerfile(`FROM a@${digest}\nRUN apk add b`, 'x/Dockerfile');
    expect(parsed.uses[0]).toMatchObject({ file: 'x/Dockerfile' });
    expect(parsed.pins[0]).toMatchObject({ file: 'x/Dockerfile' });
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
  });

  it('take a tag from the comment above a digest', () => {
    const comment = (text: string) => parseDockerfile(text).uses[0]?.tagComment;
    expect(comment(`# tag: 1.2-slim\nFROM a@${digest}`)).toBe('1.2-slim');
    expect(comment(`FROM a@${digest} AS b # tag: 1.2`)).toBe('1.2');
    expect(comment(`# tag: 1.1\nFROM a@${digest} #tag:1.2`)).toBe('1.2');
    expect(comment(`# tag: 1.2\nFROM a:1@${digest}`)).toBeUndefined();
    expect(comment(`# tag: 1.2\n\nFROM a@${digest}`)).toBeUndefined();
    expect(comment('# tag: 1.2\nFROM a')).toBeUndefined();
  });
});

describe('problems', () => {
  it.each<[string, string[]]>([
    ['', ['no-from']],
    ['# only a comment', ['no-from']],
    ['ARG A=1', ['no-from']],
    ['RUN a', ['before-from', 'no-from']],
    ['FROM a\0', ['binary']],
    ['ENV A=1\nFROM a', ['before-from']],
    ['FROM a\nFOO b', ['unknown-instruction']],
    ['FROM a b', ['from-arguments']],
    ['FROM a AS', ['from-arguments']],
    ['FROM a b c d', ['from-arguments']],
    ['FROM a AS 1x', ['stage-name']],
    ['FROM --platform linux/amd64 a', ['flag-value']],
    ['FROM a AS b # c\nFROM b', ['from-arguments']],
    ['FROM', ['from-arguments']],
    ['FROM $A', ['image-unresolved']],
    ['FROM ${A}debian', []],
    ['ARG A=$TARGETARCH\nFROM a AS x-amd64\nFROM x-$A', []],
    ['# syntax=devthefuture/dockerfile-x\nINCLUDE ./a\nFROM setup', ['unknown-instruction', 'image-unresolved']],
    ['# syntax=docker/dockerfile:1\nINCLUDE ./a\nFROM setup', ['unknown-instruction']],
    ['FROM ${A', ['image-invalid']],
    ['FROM Upper', ['image-invalid']],
    ['FROM a:b:c', ['image-invalid']],
    ['ARG A=\nFROM $A', ['image-invalid']],
    ['ARG A=${\nFROM a', ['expansion']],
    ['FROM a AS x\nCOPY --from=x / /', ['stage-circular']],
    ['FROM a\nCOPY --from=0 / /', ['stage-circular']],
    ['FROM a\nCOPY --from=1 / /', ['stage-unknown']],
    ['FROM a\nCOPY --from=-1 / /', ['stage-unknown']],
    ['FROM a\nCOPY --from=b / /\nFROM c AS b', ['stage-order']],
    ['FROM a\nCOPY --from / /', ['flag-value']],
    ['FROM a\nADD --from=b / /', ['unknown-flag']],
    ['FROM a\nONBUILD FROM b', ['onbuild']],
    ['FROM a\nONBUILD ONBUILD RUN b', ['onbuild']],
    ['FROM a\nENV A', ['env']],
    ['FROM a\nRUN <<EOF\nb', ['heredoc-unterminated']],
    ['# escape=x\nFROM a', ['directive']],
    ['FROM a\nONBUILD COPY --from=b / /\nFROM c AS b', []],
  ])('of %j are %j', (text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it('name the file and the line, in the order of the lines', () => {
    const { problems } = parseDockerfile('FROM $A\nFOO\nFROM $B', 'a/Dockerfile');
    expect(problems.map(({ subject }) => subject)).toEqual(['a/Dockerfile:1', 'a/Dockerfile:2', 'a/Dockerfile:3']);
    expect(problems[0]?.message).toContain('A');
  });

  it('say of what only a build knows that only a build knows it, and of all else what to do', () => {
    const said = (text: string): string | undefined => parseDockerfile(text).problems[0]?.message;
    expect(said('ARG A=$TARGETARCH\nFROM a-$A')).toContain('which only a build knows');
    expect(said('ARG A\nFROM a:$A')).toContain('give it a default with ARG');
  });

  it('are not listed without end', () => {
    const { problems } = parseDockerfile(`FROM a\n${'FOO\n'.repeat(1000)}`);
    expect(problems).toHaveLength(201);
    expect(problems.at(-1)).toMatchObject({ code: 'more-problems', message: expect.stringContaining('800') });
  });

  it('stop nothing else', () => {
    expect(uses('FROM $A AS x\nFOO\nFROM Upper\nFROM b AS y')).toEqual([
      'from <unresolved> x',
      'from <invalid> 1',
      'from b y!',
    ]);
  });
});

/** Edits as the file's own document does. */
function edit(text: string, ...wishes: Parameters<Document['edit']>): EditResult {
  return readDockerfile(text).edit(...wishes);
}
