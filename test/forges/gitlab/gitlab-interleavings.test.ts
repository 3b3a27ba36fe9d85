import { it } from 'vitest';
import { isLong } from '../../support/fast-check.ts';
import { playStories, type Stage } from '../../support/github/interleavings.ts';
import { gitlabForge, startGitLab } from '../../support/gitlab/forge.ts';

async function onGitLab(lag = 0): Promise<Stage> {
  const server = await startGitLab();
  server.lag = lag;
  return {
    server,
    disturb: (hooks) => Object.assign(server, hooks),
    newWorld: server.newWorld,
    open: (options) => gitlabForge(server, options),
  };
}

it('ends well on GitLab, whatever runs, people and power cuts do in between', async () => {
  await playStories(isLong ? 1000 : 25, () => onGitLab());
}, 3_600_000);

it('does so where the server notices pushes only later', async () => {
  await playStories(isLong ? 200 : 10, () => onGitLab(6));
}, 3_600_000);
