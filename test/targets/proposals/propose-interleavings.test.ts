import { it } from 'vitest';
import { isLong } from '../../support/fast-check.ts';
import { playInterleavings } from '../../support/github/interleavings.ts';

// A thousand of them, and some on real git repositories, are played in the lab.
it('proposes nothing twice, loses no commit and leaves no branch behind, whatever happens when', async () => {
  await playInterleavings(isLong ? 100 : 20);
}, 600_000);
