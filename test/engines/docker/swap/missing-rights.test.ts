import { afterEach, describe, expect, it } from 'vitest';
import { redeployRequests } from '../../../../src/engines/docker/docker-client.ts';
import { type Scene, startScene } from '../../../support/engine/swap-scene.ts';

const open: Scene[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('what does not get through to a daemon', () => {
  it.each(['1.40', '1.44', '1.51'])(
    'is nothing where nobody stands before it, and API %s is left as it was',
    async (version) => {
      const scene = await startScene({ version });
      open.push(scene);
      const { containers, images } = scene.fake.model;
      const standing = (): string => JSON.stringify([[...containers], [...images]]);
      const before = standing();
      expect(await scene.hands.missingRights()).toEqual([]);
      expect(standing()).toBe(before);
      const asked = scene.fake.log.filter((line) => !line.startsWith('GET /info') && !line.startsWith('GET /_ping'));
      // That of swarms is for a manager alone.
      expect(asked).toHaveLength(redeployRequests.length - 1);
    },
  );

  it('is named, with what a proxy calls it by', async () => {
    const scene = await startScene();
    open.push(scene);
    scene.fake.intercept = ({ method = '', url = '' }, response) => {
      const isRefused = method === 'DELETE' || /\/(?:networks|rename)/.test(url);
      if (isRefused) response.writeHead(403).end('<html>403 Forbidden</html>');
      return isRefused;
    };
    expect(await scene.hands.missingRights()).toEqual([
      'POST /containers/{id}/rename (POST, CONTAINERS)',
      'POST /networks/{id}/connect (POST, NETWORKS)',
      'DELETE /containers/{id} (POST, CONTAINERS)',
      'DELETE /images/{id} (POST, IMAGES)',
    ]);
  });

  it('cannot be told where nobody answers', async () => {
    const scene = await startScene();
    open.push(scene);
    scene.fake.breakAt = { at: 3, when: 'before' };
    await expect(scene.hands.missingRights()).rejects.toThrow(/connection|closed|hang up/);
    scene.fake.mend();
  });
});
