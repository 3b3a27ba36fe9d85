import { expect, it } from 'vitest';
import { engineSources } from '../../src/job/engines.ts';
import { run } from '../../src/job/run.ts';
import { startFakeEngine } from '../support/engine/fake-engine.ts';
import { startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { testApp } from '../support/test-app.ts';
import { longestStretch } from '../support/watchdog.ts';

it('as many containers as a list may hold are looked at in turns, with one question to their registry', async () => {
  const [registry, engine] = await Promise.all([startFakeRegistry(), startFakeEngine()]);
  const app = testApp();
  try {
    const running = push(registry, 'web', debianImage({ bash: '1' }), '12');
    const image = `${registry.host}/web:12`;
    const runs = { id: `sha256:${'c'.repeat(64)}`, repoDigests: [`${registry.host}/web@${running}`] };
    engine.containers = [{ name: 'web', image, runs }];
    const one = (i: number): object => ({
      Id: i.toString(16).padStart(64, '0'),
      Names: [`/web-${i}`],
      Image: image,
      ImageID: runs.id,
      State: 'running',
      Labels: { 'com.example.some': 'x'.repeat(200), 'plimsoll.mode': 'watch' },
    });
    const body = Buffer.from(JSON.stringify(Array.from({ length: 40_000 }, (_, i) => one(i))));
    engine.intercept = ({ url = '' }, response) => {
      if (!url.includes('/containers/')) return false;
      response.end(body);
      return true;
    };
    const address = { url: engine.url, from: 'a test' };
    const wish = { type: 'docker', asked: 'docker:', address, stopped: false };
    const sources = await engineSources([wish], { rules: [], pin: false }, app);
    const look = async (): Promise<void> => {
      const { record } = await run({ trees: [], sources, baseLines: [] }, app.run);
      expect(record.workloads).toHaveLength(40_000);
    };
    expect(await longestStretch(look)).toBeLessThan(250);
    expect(registry.log.filter(({ method }) => method === 'HEAD')).toHaveLength(1);
  } finally {
    app.close();
    await Promise.all([registry.close(), engine.close()]);
  }
}, 120_000);
