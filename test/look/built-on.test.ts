import { expect, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import { limits } from '../../src/core/limits/limits.ts';
import type { ImageHead } from '../../src/look/inspect.ts';
import { type BuiltOnDependencies, builtOn } from '../../src/look/published/built-on.ts';

it('says of no digest that was not looked at that it is not at the bottom', async () => {
  const digest = (n: number): Digest => `sha256:${String(n).padStart(64, '0')}` as Digest;
  const most = limits.registry.olderBases.most;
  const asked: string[] = [];
  const head = (one: Digest): ImageHead =>
    ({ digest: one, manifest: { annotations: {} }, config: { diffIds: [one], labels: {} } }) as unknown as ImageHead;
  const deps = {
    inspector: {
      head: async (_: unknown, one: Digest) => {
        asked.push(one);
        return head(one);
      },
    },
  } as unknown as BuiltOnDependencies;
  // An image in a folder is what its name says: nobody is asked which platforms it has.
  const at = (repository: string) => ({ registry: 'dir:', repository, tag: '1' });
  const ask = async (seen: number): Promise<string | undefined> => {
    const result = await builtOn(
      {
        child: { reference: at('child'), root: digest(999) },
        base: at('base'),
        now: digest(0),
        seen: Array.from({ length: seen }, (_, n) => digest(n + 1)),
        platform: { os: 'linux', architecture: 'amd64' },
      },
      deps,
    );
    return result.is === 'unknown' ? result.why : undefined;
  };
  expect(await ask(most)).toMatch(/^no digest of its base that was ever seen is at the bottom of its layers, and it/);
  expect(asked).toContain(digest(most));
  asked.length = 0;
  expect(await ask(most + 1)).toMatch(/^none of the 20 newest digests of its base that were seen is at the bottom/);
  expect(asked).not.toContain(digest(most + 1));
});
