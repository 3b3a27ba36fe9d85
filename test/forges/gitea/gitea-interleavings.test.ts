import { it } from 'vitest';
import { isLong } from '../../support/fast-check.ts';
import { giteaForge, startGitea } from '../../support/gitea/forge.ts';
import { playStories, type Stage } from '../../support/github/interleavings.ts';

async function onGitea(): Promise<Stage> {
  const server = await startGitea();
  return {
    server,
    disturb: (hooks) => Object.assign(server, hooks),
    newWorld: server.newWorld,
    open: (options) => giteaForge(server, options),
  };
}

it('ends well on Gitea, whatever runs, people and power cuts do in between', async () => {
  await playStories(isLong ? 1000 : 25, onGitea);
}, 3_600_000);
