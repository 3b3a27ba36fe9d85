import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'vitest';
import { playInterleavings } from '../support/github/interleavings.ts';
import { bareStore } from '../support/github/objects.ts';

it('ends a thousand stories without a duplicate, a lost commit or an orphan branch', async () => {
  await playInterleavings(1000);
}, 600_000);

it('does so on real git repositories', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-git-'));
  let made = 0;
  try {
    await playInterleavings(24, () => bareStore(path.join(folder, `${made++}.git`)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
