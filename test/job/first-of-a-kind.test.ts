import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { listener, startWatch, type Watch } from '../support/watch.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());
let watch: Watch;
beforeEach(() => {
  watch = startWatch();
});
afterEach(() => watch.remove());

const policy = { rules: [{ match: {}, react: ['alert' as const], when: 'now' as const }], pin: false };

it('a kind of file that is read for the first time is told of like a new repository: what can wait is counted', async () => {
  const offer = (version: string): string => push(registry, 'base', debianImage({ libc6: version }), '1');
  const old = offer('1');
  offer('2');
  const image = (pin: string): string => `${registry.host}/base:1@${pin}`;
  watch.write({ Dockerfile: `FROM ${registry.host}/other:1@${push(registry, 'other', debianImage({}), '1')}\n` });
  const ops = listener();
  await watch.run(0, [ops], { policy });
  expect(ops.heard.map(({ message }) => message.kind)).toEqual(['baseline']);

  const lost = `${registry.host}/base:1@sha256:${'1'.repeat(64)}`;
  watch.write({
    Dockerfile: 'FROM scratch\n',
    'compose.yaml': `services: { a: { image: "${image(old)}" }, b: { image: "${lost}" } }\n`,
  });
  const { record } = await watch.run(1, [ops], { policy });
  expect(record.summary.formats).toEqual({ dockerfile: 1, compose: 1 });
  expect(record.findings.map(({ class: kind }) => kind).sort()).toEqual(['packages', 'pin-broken']);
  // What breaks is named at once, the rest is counted, and is no news in the next run either.
  expect(ops.heard[1]?.message.lead).toContain('Read for the first time: compose (1 packages). That can wait');
  expect(ops.heard.slice(1).flatMap(({ message }) => message.stories.map((one) => one.class))).toEqual(['pin-broken']);
  await watch.run(2, [ops], { policy });
  expect(ops.heard).toHaveLength(2);

  offer('3');
  for (const day of [3, 4]) await watch.run(day, [ops], { policy });
  expect(ops.heard.at(-1)?.message.stories).toMatchObject([{ class: 'packages', places: [{ file: 'compose.yaml' }] }]);
});

it('what a new kind of file brings is counted in a message of its own where there is nothing else', async () => {
  const old = push(registry, 'calm', debianImage({ libc6: '1' }), '1');
  push(registry, 'calm', debianImage({ libc6: '2' }), '1');
  watch.write({ Dockerfile: 'FROM scratch\n' });
  const ops = listener();
  await watch.run(0, [ops], { policy });
  const image = `${registry.host}/calm:1@${old}`;
  watch.write({ Dockerfile: 'FROM scratch\n', 'compose.yaml': `services: { a: { image: "${image}" } }\n` });
  await watch.run(1, [ops], { policy });
  const [, first, ...others] = ops.heard.map(({ message }) => message);
  expect(first).toMatchObject({ kind: 'news', title: 'First look at compose', stories: [] });
  expect(others).toEqual([]);
});
