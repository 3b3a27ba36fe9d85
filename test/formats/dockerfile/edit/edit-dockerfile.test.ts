import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../../src/core/image/digest.ts';
import { formatReference } from '../../../../src/core/image/reference.ts';
import type { ImageUse } from '../../../../src/core/parsed-file.ts';
import { parseDockerfile, readDockerfile } from '../../../../src/formats/dockerfile/parse.ts';
import type { Document, EditResult } from '../../../../src/formats/format.ts';
import { fc } from '../../../support/fast-check.ts';

const digest = (c: string): Digest => `sha256:${c.repeat(64)}` as Digest;
const [OLD, NEW, OTHER] = [digest('a'), digest('b'), digest('c')] as [Digest, Digest, Digest];

/** Wants NEW for the uses with these indexes, or for all. */
function update(text: string, indexes?: readonly number[]) {
  const { uses } = parseDockerfile(text);
  const wanted = uses.filter((_, index) => indexes === undefined || indexes.includes(index));
  return edit(
    text,
    wanted.map((use) => ({ use, digest: NEW })),
  );
}

describe('edit', () => {
  // In the texts, @OLD and @NEW stand for digests.
  const fill = (text: string): string => text.replaceAll('OLD', OLD).replaceAll('NEW', NEW);

  it.each<[string, string, string]>([
    ['replaces a digest', 'FROM a:1@OLD AS x', 'FROM a:1@NEW AS x'],
    ['keeps a digest without a tag so', 'FROM a@OLD', 'FROM a@NEW'],
    ['adds no registry', 'FROM library/a@OLD', 'FROM library/a@NEW'],
    ['pins behind the tag', 'FROM a:1 AS x\n', 'FROM a:1@NEW AS x\n'],
    ['pins a name without a tag', 'FROM a', 'FROM a@NEW'],
    ['pins inside quotes', 'FROM "a:1"', 'FROM "a:1@NEW"'],
    ['pins across a continuation', 'FROM a\\\n:1 \\\n AS x', 'FROM a\\\n:1@NEW \\\n AS x'],
    [
      'keeps byte order mark, CRLF and the missing last line end',
      '\ufeffFROM a\r\nUSER b',
      '\ufeffFROM a@NEW\r\nUSER b',
    ],
    ['edits COPY --from', 'FROM scratch\nCOPY --from=a:1 / /', 'FROM scratch\nCOPY --from=a:1@NEW / /'],
    ['edits a quoted COPY --from', 'FROM scratch\nCOPY --from="a@OLD" / /', 'FROM scratch\nCOPY --from="a@NEW" / /'],
    [
      'edits mounts',
      'FROM scratch\nRUN --mount=from=a:1,target=/x true',
      'FROM scratch\nRUN --mount=from=a:1@NEW,target=/x true',
    ],
    ['edits the syntax', '# syntax=a:1 // b\nFROM scratch', '# syntax=a:1@NEW // b\nFROM scratch'],
    ['edits the syntax in JSON', '{"syntax": "a:1"}', '{"syntax": "a:1@NEW"}'],
    ['replaces in an ARG', 'ARG I=a:1@OLD\nFROM $I', 'ARG I=a:1@NEW\nFROM $I'],
    ['replaces in an ARG that holds a digest', 'ARG D=OLD\nFROM a:1@${D}', 'ARG D=NEW\nFROM a:1@${D}'],
    ['replaces through a chain of ARGs', 'ARG A=OLD\nARG B=1@$A\nFROM a:$B', 'ARG A=NEW\nARG B=1@$A\nFROM a:$B'],
    [
      'replaces once for the same image twice',
      'ARG I=a@OLD\nFROM $I AS x\nFROM $I',
      'ARG I=a@NEW\nFROM $I AS x\nFROM $I',
    ],
    ['pins an ARG that is the tag', 'ARG V=1\nFROM a:$V', 'ARG V=1@NEW\nFROM a:$V'],
    ['pins an ARG that is the reference', 'ARG I="a:1"\nFROM $I', 'ARG I="a:1@NEW"\nFROM $I'],
    [
      'pins an ARG that feeds the same image twice',
      'ARG V=1\nFROM a:$V AS x\nFROM a:$V',
      'ARG V=1@NEW\nFROM a:$V AS x\nFROM a:$V',
    ],
    ['never pins a fragment of a tag', 'ARG V=1\nFROM a:$V-slim', 'ARG V=1\nFROM a:$V-slim@NEW'],
    ['never pins the end of a tag', 'ARG V=1\nFROM a:x-$V', 'ARG V=1\nFROM a:x-$V@NEW'],
    ['never pins an ARG that is only the name', 'ARG N=a\nFROM x/$N', 'ARG N=a\nFROM x/$N@NEW'],
    [
      'never pins an ARG that a stage uses',
      'ARG V=1\nFROM a:$V\nARG V\nRUN echo $V',
      'ARG V=1\nFROM a:$V@NEW\nARG V\nRUN echo $V',
    ],
    [
      'pins a shared ARG behind each word',
      'ARG V=1\nFROM a:$V AS x\nFROM b:$V',
      'ARG V=1\nFROM a:$V@NEW AS x\nFROM b:$V@NEW',
    ],
    [
      'pins behind the word when the ARG is also cut',
      'ARG V=1.2\nFROM a:$V\nFROM b:${V#1.}@OLD',
      'ARG V=1.2\nFROM a:$V@NEW\nFROM b:${V#1.}@NEW',
    ],
    [
      'pins behind the word when the ARG is also part of a stage name',
      'ARG V=1\nFROM a:$V AS s1\nFROM s$V',
      'ARG V=1\nFROM a:$V@NEW AS s1\nFROM s$V',
    ],
    [
      'pins behind each word when the ARG is also part of a platform',
      'ARG V=8\nFROM a:$V AS x\nFROM --platform=linux/arm64/v$V a:$V',
      'ARG V=8\nFROM a:$V@NEW AS x\nFROM --platform=linux/arm64/v$V a:$V@NEW',
    ],
    ['pins behind a quoted variable', 'ARG V=1\nFROM "a:${V}-x"', 'ARG V=1\nFROM "a:${V}-x@NEW"'],
    ['pins behind a variable that is cut', 'ARG V=1.2\nFROM a:${V%.*}', 'ARG V=1.2\nFROM a:${V%.*}@NEW'],
    ['pins behind a suffix that is empty', 'ARG S=\nFROM a:1$S', 'ARG S=\nFROM a:1$S@NEW'],
    ['pins inside a fallback', 'FROM ${I:-a:1}', 'FROM ${I:-a:1@NEW}'],
    ['pins inside a fallback that is the tag', 'FROM "a:${V:-1}"', 'FROM "a:${V:-1@NEW}"'],
    ['pins behind a fallback that is a fragment', 'FROM a:1.${V:-1}', 'FROM a:1.${V:-1}@NEW'],
    ['replaces inside a fallback', 'FROM ${I:-a@OLD}', 'FROM ${I:-a@NEW}'],
    [
      'edits everything in one pass',
      'FROM a\nFROM b@OLD\nCOPY --from=c:1 / /\n',
      'FROM a@NEW\nFROM b@NEW\nCOPY --from=c:1@NEW / /\n',
    ],
    [
      'edits two mounts of one line',
      'FROM a\nRUN --mount=from=b --mount=from=c true',
      'FROM a@NEW\nRUN --mount=from=b@NEW --mount=from=c@NEW true',
    ],
  ])('%s', (_, before, after) => {
    const result = update(fill(before));
    expect(result.refused).toEqual([]);
    expect(result.text).toBe(fill(after));
  });

  it.each<[string, string, readonly number[], string]>([
    ['an ARG that feeds another image, too', 'ARG D=OLD\nFROM a@$D\nFROM b@$D', [0], 'ARG D (line 1)'],
    [
      'an ARG that feeds the same image where it is to stay',
      'ARG I=a@OLD\nFROM $I AS x\nFROM $I',
      [1],
      'ARG I (line 1)',
    ],
    ['a digest put together', 'ARG H=OLD\nFROM a@sha256:${H#*:}', [0], 'one piece'],
    ['a digest that is cut out', 'ARG I=a@OLD-x\nFROM ${I%-x}', [0], 'one piece'],
    ['a use without a reference', 'FROM $A', [0], 'without variables'],
  ])('refuses %s', (_, before, indexes, reason) => {
    const result = update(fill(before), indexes);
    expect(result.text).toBe(fill(before));
    expect(result.done).toEqual([]);
    expect(result.refused).toMatchObject([{ reason: expect.stringContaining(reason) }]);
  });

  it('refuses different digests for one ARG', () => {
    const text = fill('ARG D=OLD\nFROM a@$D\nFROM b@$D');
    const [a, b] = parseDockerfile(text).uses;
    const result = edit(text, [
      { use: a!, digest: NEW },
      { use: b!, digest: OTHER },
    ]);
    expect(result).toMatchObject({ text, done: [] });
    expect(result.refused.map(({ use }) => use)).toEqual([a, b]);
  });

  it('replaces the digest that two images share when both want the same', () => {
    const text = fill('ARG I=a@OLD\nARG J=$I\nFROM $I\nFROM $J');
    expect(update(text)).toMatchObject({ text: fill('ARG I=a@NEW\nARG J=$I\nFROM $I\nFROM $J'), refused: [] });
  });

  it('lets a refusal block nothing else', () => {
    const text = fill('ARG D=OLD\nFROM a@$D\nFROM b@$D\nFROM c:1');
    const result = update(text, [0, 2]);
    expect(result.text).toBe(fill('ARG D=OLD\nFROM a@$D\nFROM b@$D\nFROM c:1@NEW'));
    expect(result.done).toHaveLength(1);
    expect(result.refused).toHaveLength(1);
  });

  it('pins one of two images that share an ARG', () => {
    expect(update('ARG V=1\nFROM a:$V AS x\nFROM b:$V', [1]).text).toBe(fill('ARG V=1\nFROM a:$V AS x\nFROM b:$V@NEW'));
  });

  it('refuses a use that is not in the text', () => {
    const [use] = parseDockerfile('FROM b').uses;
    expect(edit('FROM a', [{ use: use!, digest: NEW }])).toMatchObject({
      text: 'FROM a',
      done: [],
      refused: [{ use }],
    });
  });

  it('tells the lines that changed, and how the use reads now', () => {
    const result = update(fill('ARG V=1\r\n# x\r\nFROM a:$V\r\nFROM b@OLD\r\n'));
    expect(result.done.map(({ written, edits }) => [written, edits])).toEqual([
      ['a:$V', [{ line: 1, before: 'ARG V=1', after: fill('ARG V=1@NEW') }]],
      [fill('b@NEW'), [{ line: 4, before: fill('FROM b@OLD'), after: fill('FROM b@NEW') }]],
    ]);
  });

  it('changes nothing when the digest is already there', () => {
    const text = fill('FROM a@NEW');
    expect(update(text)).toMatchObject({ text, refused: [], done: [{ edits: [] }] });
  });
});

const name = fc.constantFrom('a', 'b', 'ghcr.io/x/c', 'localhost:5000/d');
const pin = fc.constantFrom('', `@${OLD}`);
const tag = fc.constantFrom('', ':1', ':$V', ':${V}', ':$V-slim', ':1.$V', ':${W:-2}', ':${V%.*}', ':1$E');
const image = fc
  .tuple(name, tag, pin, fc.constantFrom('', '"'))
  .map(([repository, suffix, at, quote]) => quote + repository + suffix + at + quote);
const literal = fc.tuple(name, fc.constantFrom('', ':1'), pin).map((parts) => parts.join(''));
const instruction = fc.oneof(
  image.map((word) => `FROM ${word}`),
  image.map((word) => `from --platform=$BUILDPLATFORM \\\n  ${word} AS s`),
  fc.constantFrom('FROM $I', 'FROM ${I}', 'FROM "$J"', 'FROM s', 'FROM scratch'),
  literal.map((word) => `COPY --link --from=${word} / /`),
  fc.tuple(literal, literal).map(([a, b]) => `RUN --mount=from=${a},target=/a --mount=target=/b,from=${b} true`),
  fc.constantFrom('ARG V', 'ENV V=9', 'RUN apt-get install -y x=$V', 'RUN <<EOF\nFROM no\nEOF', '# tag: 1', ''),
);
const dockerfile = fc
  .record({
    head: fc.constantFrom('', '\ufeff', '# syntax=docker/dockerfile:1\n', '# escape=\\\n'),
    globals: fc.array(
      fc.constantFrom('ARG V=1.2', 'ARG V="3"', 'ARG E=', `ARG I=a:1@${OLD}`, 'ARG I=b:$V', 'ARG J=$I', 'ARG W'),
    ),
    lines: fc.array(instruction, { maxLength: 12 }),
    feed: fc.constantFrom('\n', '\r\n'),
    last: fc.boolean(),
  })
  .map(({ head, globals, lines, feed, last }) => {
    const text = [...globals, ...lines].join('\n') + (last ? '\n' : '');
    return (head + text).replaceAll('\n', feed);
  });

describe('edit, of any Dockerfile', () => {
  it('changes the wanted references and nothing else', () => {
    fc.assert(
      fc.property(dockerfile, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (text, choice) => {
        const before = parseDockerfile(text);
        const wanted = before.uses.filter((_, index) => choice[index]).map((use) => ({ use, digest: NEW }));
        const result = edit(text, wanted);
        const after = parseDockerfile(result.text);

        expect(result.done.length + result.refused.length).toBe(wanted.length);
        const done = new Set(result.done.map(({ use }) => use));
        expect(after.uses).toHaveLength(before.uses.length);
        for (const [index, old] of before.uses.entries()) {
          const now = after.uses[index];
          if (!old.reference) expect(now).toEqual(old);
          else if (done.has(old)) expect(now?.reference).toEqual({ ...old.reference, digest: NEW });
          else expect(now?.reference && formatReference(now.reference)).toBe(formatReference(old.reference));
        }
        // Without the digests, and the marks before new ones, both texts are the same.
        const bare = (content: string): string => content.replaceAll(/@?sha256:[0-9a-f]{64}/g, '');
        expect(bare(result.text)).toBe(bare(text));
        expect(after.pins.map(({ column: _, ...rest }) => rest)).toEqual(
          before.pins.map(({ column: _, ...rest }) => rest),
        );
        // What has a reference and stands in the image word alone is never refused.
        for (const { use: refused } of result.refused) {
          const use = refused as ImageUse;
          const inWord = use.reference && !use.unset && (use.written.includes('sha256:') || !use.reference.digest);
          expect(inWord).toBeFalsy();
        }
        // A second run finds nothing to do.
        const again = after.uses.filter((_, index) => done.has(before.uses[index]!));
        expect(
          edit(
            result.text,
            again.map((use) => ({ use, digest: NEW })),
          ).text,
        ).toBe(result.text);
      }),
      { numRuns: 500 },
    );
  });
});

/** Edits as the file's own document does. */
function edit(text: string, ...wishes: Parameters<Document['edit']>): EditResult {
  return readDockerfile(text).edit(...wishes);
}
