import { it } from 'vitest';
import { isLong } from '../../support/fast-check.ts';
import { giteaForge, startGitea } from '../../support/gitea/forge.ts';
import { playStories, type Stage } from '../../support/github/interleavings.ts';

async function onGitea(lag = 0): Promise<Stage> {
  const server = await startGitea();
  server.lag = lag;
  return {
    server,
    disturb: (hooks) => Object.assign(server, hooks),
    newWorld: server.newWorld,
    open: (options) => giteaForge(server, options),
  };
}

it('ends well on Gitea, whatever runs, people and power cuts do in between', async () => {
  await playStories(isLong ? 1000 : 25, () => onGitea());
}, 3_600_000);

it('does so where the server notices pushes only later', async () => {
  await playStories(isLong ? 200 : 10, () => onGitea(6));
}, 3_600_000);
