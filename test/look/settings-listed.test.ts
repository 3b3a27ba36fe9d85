import { afterAll, beforeAll, expect, it } from 'vitest';
import { limits } from '../../src/core/limits/limits.ts';
import { reportPieces } from '../../src/report/render/json.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, runOn } from '../support/fleet.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

/** An image of so many variables and labels, each with a value that says which build it is. */
const settings = (build: string, number: number, long = ''): ReturnType<typeof debianImage> =>
  debianImage(
    { bash: '1' },
    {
      config: {
        Env: Array.from({ length: number }, (_, index) => `KEY_${index}=${build}${long}`),
        Labels: Object.fromEntries(Array.from({ length: number }, (_, index) => [`label-${index}`, build])),
      },
    },
  );

/** The finding about an image that was built again, and how long the report over so many uses of it is. */
async function built(before: ReturnType<typeof settings>, after: ReturnType<typeof settings>, uses = 1) {
  const pin = push(registry, 'app', before);
  push(registry, 'app', after, '1');
  const { record } = await runOn({ files: { Dockerfile: `FROM ${registry.host}/app:1@${pin}\n`.repeat(uses) } });
  let length = 0;
  for (const piece of reportPieces(record)) length += piece.length;
  return { finding: record.findings[0], length };
}

it('lists every setting that differs where they are as many as people have', async () => {
  const { finding } = await built(settings('a', 40), settings('b', 40));
  expect(finding?.config).toHaveLength(40);
  expect(finding?.labels).toHaveLength(40);
  expect(finding?.reason).toContain('ENV KEY_0, ENV KEY_1, ENV KEY_10 and 37 more');
  expect(finding?.notes.join('\n')).not.toContain('more differs');
});

it('lists some of ten thousand for each of thousands of uses, and says how many more there are', async () => {
  const { finding, length } = await built(settings('a', 9000), settings('b', 9000), 2000);
  expect(finding).toMatchObject({
    class: 'config',
    notes: expect.arrayContaining(['more differs than is listed: 8900 settings of the image and 8900 labels']),
    reason: expect.stringContaining('and 8997 more'),
  });
  expect(finding?.config).toHaveLength(limits.image.settingsListed.most);
  expect(length).toBeLessThan(100e6);
});

it('shows the beginning of a value of a megabyte, and sees a difference behind it', async () => {
  const long = 'x'.repeat(1_000_000);
  const { finding, length } = await built(settings('a', 1, `${long}1`), settings('a', 1, `${long}2`), 100);
  expect(finding?.class).toBe('config');
  expect(finding?.config?.[0]?.before).toHaveLength(limits.image.settingShown.most + 1);
  expect(length).toBeLessThan(2e6);
});

it('lists no more of many long values than a page', async () => {
  const long = 'x'.repeat(900);
  const { finding, length } = await built(settings('a', 100, long), settings('b', 100, long), 1000);
  expect(finding?.notes).toContainEqual('more differs than is listed: 95 settings of the image');
  expect(length).toBeLessThan(50e6);
});
