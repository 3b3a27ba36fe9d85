import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupKinds } from '../../src/core/proposal-wishes.ts';
import type { RunResult } from '../../src/job/run.ts';
import { planEdits, planUpdates } from '../../src/targets/folder-target.ts';
import { groupFindings } from '../../src/targets/proposals/group.ts';
import { type FakeArchive, publishSuite, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { isLong } from '../support/fast-check.ts';
import { debianImage, push, pushIndex, runOn } from '../support/fleet.ts';
import { index } from '../support/image-builder.ts';

let registry: FakeRegistry;
let archive: FakeArchive;
/** `IMAGE:TAG` to the digest that it had. */
const old = new Map<string, string>();

beforeAll(async () => {
  [registry, archive] = await Promise.all([startFakeRegistry(), startFakeArchive()]);
  await publishSuite(archive, { suite: 'bookworm', packages: [{ name: 'curl', version: '8.2-1' }] });
  const files = { 'etc/apt/sources.list': `deb [trusted=yes] ${archive.uri} bookworm main\n` };
  const arm = { os: 'linux', architecture: 'arm64' } as const;
  for (const name of ['base', 'other']) {
    for (const tag of ['12-slim', '12', '13-slim', '13']) {
      const versions = (app: string): Readonly<Record<string, string>> => ({ apt: '2.6', [name]: tag, app });
      // For one platform nothing moves.
      const still = debianImage(versions('0'), { files, platform: arm });
      const [before, after] = ['1', '2'].map((app) =>
        index([{ image: debianImage(versions(app), { files }) }, { image: still }]),
      );
      if (before === undefined || after === undefined) throw new Error('two images');
      for (const one of before.images) push(registry, name, one);
      old.set(`${name}:${tag}`, pushIndex(registry, name, before, tag));
      pushIndex(registry, name, after, tag);
    }
  }
});
afterAll(() => Promise.all([registry.close(), archive.close()]));

const image = fc.constantFrom('base', 'other');
const digestOf = (name: string, tag: string): string => `@${old.get(`${name}:${tag}`)}`;
const word = (name: string, tag: string): string => `${registry.host}/${name}:${tag}`;

/** One stage, with the ARGs before the first FROM that it wants; several may want the same. */
const stage = fc.oneof(
  fc
    .record({ name: image, tag: fc.constantFrom('12-slim', '12'), pinned: fc.boolean() })
    .map(({ name, tag, pinned }) => ({
      args: [],
      from: `FROM ${word(name, tag)}${pinned ? digestOf(name, tag) : ''}`,
    })),
  fc.tuple(image, fc.constantFrom('12-slim', '12')).map(([name, tag]) => ({
    args: [`ARG V_${name}_${tag.replace('-', '_')}=${tag}${digestOf(name, tag)}`],
    from: `FROM ${registry.host}/${name}:\${V_${name}_${tag.replace('-', '_')}}`,
  })),
  fc.tuple(image, fc.constantFrom('', '-slim'), fc.boolean()).map(([name, suffix, pinned]) => ({
    args: ['ARG V=12'],
    from: `FROM ${word(name, `\${V}${suffix}`)}${pinned ? digestOf(name, `12${suffix}`) : ''}`,
  })),
  fc.constant({ args: [`ARG WHOLE=${'WHOLE'}`], from: 'FROM $WHOLE' }),
  image.map((name) => ({
    args: [`ARG D_${name}=DIGEST_${name}`],
    from: `FROM --platform=linux/arm64 ${word(name, '12')}@\${D_${name}}`,
  })),
  image.map((name) => ({ args: [`ARG D_${name}=DIGEST_${name}`], from: `FROM ${word(name, '12')}@$D_${name}` })),
);
const install = fc.constantFrom('', 'RUN apt-get install -y curl=8.1-1', 'ARG CURL\nRUN apt-get install -y curl=$CURL');

const dockerfile = fc.array(fc.tuple(stage, install), { minLength: 1, maxLength: 4 }).map((stages) => {
  const args = new Set(stages.flatMap(([{ args: own }]) => own as string[]));
  if (stages.some(([, run]) => run.includes('$CURL'))) args.add('ARG CURL=8.1-1');
  const lines = [...args, ...stages.flatMap(([{ from }, run]) => [from, ...(run === '' ? [] : [run])])];
  return `${lines.join('\n')}\n`
    .replace('=WHOLE\n', () => `=${word('base', '12')}${digestOf('base', '12')}\n`)
    .replace('=DIGEST_base\n', () => `=${digestOf('base', '12').slice(1)}\n`)
    .replace('=DIGEST_other\n', () => `=${digestOf('other', '12').slice(1)}\n`);
});

const classes = new Set(['pin-broken', 'security', 'packages', 'config', 'content', 'newer-tag'] as const);
const look = (files: Readonly<Record<string, string>>, group: (typeof groupKinds)[number]): Promise<RunResult> =>
  runOn({
    files,
    policy: { pin: false, rules: [{ match: {}, react: ['propose'], when: 'now', versions: 'major', group }] },
  });
const written = (
  files: Readonly<Record<string, string>>,
  updates: ReturnType<typeof planEdits>,
): Record<string, string> => ({
  ...files,
  ...Object.fromEntries(updates.map(({ watched, text }) => [watched.file, text])),
});

/** Merges one pull request after the other, looking again after each, until none is wanted any more. */
async function merged(
  files: Readonly<Record<string, string>>,
  group: (typeof groupKinds)[number],
): Promise<Record<string, string>> {
  let texts = { ...files };
  for (let round = 0; round < 12; round++) {
    const result = await look(texts, group);
    // Pull requests of different files are of no concern to each other: the first of each file is merged at once.
    const byFile = Map.groupBy(result.record.findings, ({ file }) => file);
    const first = [...byFile.values()].flatMap((findings) =>
      groupFindings(findings, 'main')
        .filter(({ wanted }) => wanted.length > 0)
        .slice(0, 1),
    );
    if (first.length === 0) return texts;
    const wanted = new Set(first.flatMap((one) => one.wanted.map(({ id, class: kind }) => `${id} ${kind}`)));
    const updates = planEdits(result, ({ id, class: kind }) => wanted.has(`${id} ${kind}`), false);
    expect(updates.flatMap(({ refused }) => refused)).toEqual([]);
    texts = written(texts, updates);
  }
  throw new Error('there is no end of pull requests');
}

describe('what update writes, run proposes', () => {
  it.each(groupKinds)('grouped by %s', async (group) => {
    const number = isLong ? 1000 : 250;
    const samples = fc.sample(dockerfile, { numRuns: number, seed: 20261129 + groupKinds.indexOf(group) });
    const files = Object.fromEntries(samples.map((text, i) => [`f${i}/Dockerfile`, text]));
    let updated: Record<string, string> = { ...files };
    // What an update makes possible, such as a digest for the new tag of another stage, a second one writes.
    for (let round = 0; round < 3; round++) {
      updated = written(updated, planUpdates(await look(updated, group), { classes, pin: false }));
    }
    const all = await merged(files, group);
    for (const [name, text] of Object.entries(files)) expect(all[name], text).toBe(updated[name]);
    expect(samples.filter((_, i) => updated[`f${i}/Dockerfile`] !== files[`f${i}/Dockerfile`]).length).toBeGreaterThan(
      number / 2,
    );
  });

  it('changes an ARG that supplies two stages by one pull request, whatever moved in it', async () => {
    const digest = digestOf('base', '12-slim');
    const text = `ARG VERSION=12-slim${digest}\nFROM ${registry.host}/base:$VERSION AS b\nRUN true\nFROM ${registry.host}/base:\${VERSION}\n`;
    const { record } = await look({ Dockerfile: text }, 'image');
    const content = record.findings.filter(({ class: kind }) => kind === 'packages');
    expect(content).toMatchObject([
      { remedy: 'edit', edits: [{ line: 1 }], together: 'Dockerfile content 0' },
      { remedy: 'edit', edits: [{ line: 1 }], together: 'Dockerfile content 0' },
    ]);
    expect(content.flatMap(({ notes }) => notes).filter((note) => note.includes('no edit'))).toEqual([]);
  });

  it('changes a version that two images share by one pull request', async () => {
    const text = `ARG V=12\nFROM ${word('base', '${V}-slim')} AS a\nFROM ${word('base', '${V}')}\n`;
    const result = await look({ Dockerfile: text }, 'image');
    const groups = groupFindings(result.record.findings, 'main').filter(({ wanted }) => wanted.length > 0);
    expect(groups).toHaveLength(1);
    const [update] = planUpdates(result, { classes, pin: false });
    expect(update?.text).toBe(text.replace('V=12', 'V=13'));
  });

  it('says which ARG keeps an image where it is, and what to do', async () => {
    const text = `ARG V=12\nFROM ${word('base', '${V}')} AS a\nFROM ${registry.host}/lonely:\${V}\n`;
    push(registry, 'lonely', debianImage({ app: '1' }), '12');
    const { record } = await look({ Dockerfile: text }, 'image');
    const [newer] = record.findings.filter(({ class: kind }) => kind === 'newer-tag');
    expect(newer).toMatchObject({ remedy: 'none' });
    expect(newer?.notes.join()).toContain(
      'no edit is possible: the tag stands in ARG V (line 1), which also feeds an image that is not to change the same way (lines 2, 3)',
    );
  });
});
