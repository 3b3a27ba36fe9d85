import { expect, it } from 'vitest';
import { digestOf } from '../../src/core/image/digest.ts';
import { parsePlatform } from '../../src/core/image/platform.ts';
import { configOwner } from '../../src/look/config-owner.ts';
import { startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, pushIndex } from '../support/fleet.ts';
import { index } from '../support/image-builder.ts';
import { testApp } from '../support/test-app.ts';

it('is the digest whose manifest for the platform has that config, index or manifest, and none that is gone', async () => {
  const registry = await startFakeRegistry();
  const app = testApp();
  try {
    const [one, other] = [debianImage({ bash: '1' }), debianImage({ bash: '2' })];
    const plain = push(registry, 'web', one);
    const listed = pushIndex(registry, 'web', index([{ image: other }]));
    const repository = { registry: registry.host, repository: 'web' };
    const platform = parsePlatform('linux/amd64');
    const owner = (config: string): Promise<unknown> =>
      configOwner(
        { repository, digests: [digestOf('gone'), plain, listed], config: digestOf(config), platform },
        app.registry,
      );
    expect(await owner(Buffer.from(one.config.bytes).toString())).toBe(plain);
    expect(await owner(Buffer.from(other.config.bytes).toString())).toBe(listed);
    expect(await owner('nobody has this')).toBeUndefined();
  } finally {
    app.close();
    await registry.close();
  }
});
