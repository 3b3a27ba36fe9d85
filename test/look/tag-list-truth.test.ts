import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, runOn } from '../support/fleet.ts';

let registry: FakeRegistry;
beforeEach(async () => {
  registry = await startFakeRegistry();
});
afterEach(() => registry.close());

const policy = { rules: [{ match: {}, versions: 'major' as const }], pin: false };
const lists = (): number => registry.log.filter(({ path }) => path.includes('/tags/list')).length;

/** The list is a proxy's, say: the tags that it happens to know. */
function listing(answer: unknown): void {
  registry.intercept = (request, response) => {
    if (!request.url?.includes('/tags/list')) return false;
    response.end(JSON.stringify(answer));
    return true;
  };
}

const check = (...tags: readonly string[]) =>
  runOn({ files: { Dockerfile: tags.map((tag) => `FROM ${registry.host}/app:${tag}\n`).join('') }, policy });

it('does not take a list without the tag itself for a whole one', async () => {
  push(registry, 'app', debianImage({ bash: '5' }), '1.0');
  listing({ name: 'app', tags: ['0.9'] });
  const { unchecked, summary } = (await check('1.0')).record;
  const reason = expect.stringContaining('1.0 answers and is not on the list of tags');
  expect(unchecked).toMatchObject([{ question: 'newer-tag', reason }]);
  expect(summary.unchecked).toBe(1);
});

it('names a newer tag all the same where such a list has one', async () => {
  for (const tag of ['1.0', '1.1']) push(registry, 'app', debianImage({ bash: '5' }), tag);
  listing({ name: 'app', tags: ['1.1'] });
  const { findings, unchecked } = (await check('1.0')).record;
  expect(findings).toMatchObject([{ class: 'newer-tag' }, { class: 'unpinned' }]);
  expect(unchecked).toEqual([]);
});

it('does not call a tag gone by what is no list of tags', async () => {
  const pin = push(registry, 'app', debianImage({ bash: '5' }));
  listing({ errors: [] });
  const { findings } = (await check(`1.0@${pin}`)).record;
  expect(findings).toMatchObject([{ class: 'unknown' }]);
});

it('lists the tags of a repository once, however many of them are used', async () => {
  const tags = ['1.0', '1.1', '1.2', '1.3'];
  for (const tag of tags) push(registry, 'app', debianImage({ bash: '5' }), tag);
  await check(...tags, '2.0', '2.1');
  expect(lists()).toBe(1);
});
