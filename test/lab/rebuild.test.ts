import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import { layer, noise } from '../support/image-builder.ts';
import { workplace } from './support/plimsoll.ts';
import { archiveImage, debianImage, publish, publishDocker, publishZstd } from './support/publish.ts';
import { runTool } from './support/run-tool.ts';

const { folder, newer, http } = inject('lab');

/** The same files packed again by GNU tar, all with another time. */
function repack(tar: string): string {
  const rootfs = path.join(folder, 'repacked');
  mkdirSync(rootfs);
  runTool('tar', ['-C', rootfs, '--numeric-owner', '-xpf', tar]);
  const repacked = path.join(folder, 'repacked.tar');
  const same = ['--numeric-owner', '--xattrs', '--sort=name', '--mtime=@1750000000'];
  runTool('tar', ['-C', rootfs, ...same, '-cf', repacked, '.']);
  return repacked;
}

const later = '2025-06-20T00:00:00Z';
const base = debianImage(newer);
const repackedTar = repack(newer.tar);
const extra = layer([{ path: 'usr/local/bin/extra', content: noise(5000), mode: 0o755 }]);
const moves: readonly { what: string; repository: string; expected: string; push: (reference: string) => Digest }[] = [
  {
    what: 'the same files with other times',
    repository: 'repacked',
    expected: 'rebuild',
    push: (reference) => publish(archiveImage(repackedTar, later), reference, folder),
  },
  {
    what: 'the same layers compressed with zstd',
    repository: 'zstd',
    expected: 'rebuild',
    push: (reference) => publishZstd(base, reference, folder),
  },
  {
    what: "the same layers under a manifest in Docker's media types",
    repository: 'docker',
    expected: 'rebuild',
    push: (reference) => publishDocker(base, reference, folder),
  },
  {
    what: 'one more file, of no package',
    repository: 'extra',
    expected: 'content',
    push: (reference) => publish(debianImage(newer, [extra]), reference, folder),
  },
  {
    what: 'the same files with other times, and one more',
    repository: 'repacked-extra',
    expected: 'content',
    push: (reference) => publish(archiveImage(repackedTar, later, [extra]), reference, folder),
  },
];

describe('an image built again from the same packages', () => {
  it.each(moves)('is $expected with $what', ({ repository, expected, push }) => {
    const reference = `${http.host}/rebuild/${repository}:12`;
    const before = publish(base, reference, folder);
    const after = push(reference);
    expect(after).not.toBe(before);
    const { record, code } = workplace(folder, `FROM ${reference}@${before}\n`).check();
    expect(code).toBe(0);
    expect(record.findings).toMatchObject([
      { class: expected, current: { digest: before }, latest: { digest: after }, problem: null },
    ]);
    expect(record.findings[0]?.packages ?? []).toEqual([]);
    expect(record.summary.needsRebuild).toBe(expected === 'content');
  });
});
