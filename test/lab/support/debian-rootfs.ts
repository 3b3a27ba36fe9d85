import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type Digest, digestOf } from '../../../src/core/image/digest.ts';
import { debianLines, machineSources } from './apt-sources.ts';
import { runTool, startTool } from './run-tool.ts';

/** One real Debian, as a layer of an image before anybody wraps it. */
export interface DebianRootfs {
  /** The archive that mmdebstrap wrote. */
  readonly tar: string;
  /** The same, gzipped. */
  readonly layer: string;
  readonly diffId: Digest;
  /** Unpacked far enough for `dpkg-query --admindir`. */
  readonly admindir: string;
  /** RFC 3339; the older one's is earlier. */
  readonly created: string;
}

const release = 'bookworm';

/** An older and a newer Debian 12 from the machine's own mirror; made once and kept in `cache`. */
export async function prepareDebianRootfs(cache: string): Promise<[older: DebianRootfs, newer: DebianRootfs]> {
  mkdirSync(cache, { recursive: true });
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? release;
  const { older, newer } = debianLines(machineSources(), codename, release);
  return Promise.all([
    prepareOne(`${cache}/${release}-minbase-older`, older, '2025-01-15T00:00:00Z'),
    prepareOne(`${cache}/${release}-minbase-newer`, newer, '2025-06-15T00:00:00Z'),
  ]);
}

async function prepareOne(folder: string, lines: readonly string[], created: string): Promise<DebianRootfs> {
  if (!existsSync(folder)) {
    // Complete or not there: an interrupted run leaves only the folder beside it.
    const partial = `${folder}.${process.pid}`;
    try {
      mkdirSync(`${partial}/rootfs`, { recursive: true });
      const tar = `${partial}/rootfs.tar`;
      await startTool('mmdebstrap', ['--quiet', '--variant=minbase', release, tar, ...lines], 600);
      const archive = readFileSync(tar);
      writeFileSync(`${partial}/layer.tar.gz`, gzipSync(archive, { level: 6 }));
      writeFileSync(`${partial}/diff-id`, digestOf(archive));
      runTool('tar', ['-C', `${partial}/rootfs`, '-xf', tar, './var/lib/dpkg']);
      renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  return {
    tar: `${folder}/rootfs.tar`,
    layer: `${folder}/layer.tar.gz`,
    diffId: readFileSync(`${folder}/diff-id`, 'utf8') as Digest,
    admindir: `${folder}/rootfs/var/lib/dpkg`,
    created,
  };
}
