import { createHash } from 'node:crypto';
import { type Dirent, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { type Digest, digestOf, parseDigest } from '../core/image/digest.ts';
import { limits } from '../core/limits/limits.ts';
import type { Problem } from '../core/problem.ts';
import { inTurns, type Steps } from '../core/time/turns.ts';
import type { PathInterest } from '../oci/layers/layer-collector.ts';
import { defaultLayerLimits } from '../oci/layers/layer-extract.ts';
import { joinPath } from '../oci/layers/layer-path.ts';
import { followLinks, lookFurther } from '../oci/registry/follow-links.ts';
import { bareImage } from './bare-image.ts';
import { openPlain, refuse, statsOf, why, wrongPlace } from './image-path.ts';
import type { LocalKind } from './local-kind.ts';
import { tarEnd, tarEntry } from './tar-writer.ts';

/**
 * `dir:PATH`: an unpacked root file system, as LXC, systemd-nspawn and chroots have it. Only what may lead to packages
 * is looked at. No symbolic link is followed: each stands for itself in the archive that is made of the rest, and is
 * resolved inside it, so that none leads to the machine's own files.
 */
export const folder: LocalKind = {
  prefix: 'dir:',
  async open(place, interest) {
    const stats = await statsOf(place);
    if (stats === undefined) throw wrongPlace(place, 'there is no such folder');
    if (!stats.isDirectory())
      throw wrongPlace(place, 'it is no folder; for an archive write tar:PATH or docker-archive:PATH');
    const { blocks, gaps } = await walked(place, interest);
    const bytes = Buffer.concat([...blocks, tarEnd]);
    const digest = await inTurns(digestOfLarge(bytes));
    const root = gaps.length === 0 ? digest : digestOf(JSON.stringify([digest, gaps]));
    return bareImage(root, { digest, size: bytes.length, gaps, chunks: () => once(bytes) });
  },
};

/** Hashed at once. */
const hashedPerStep = 1024 * 1024;

function* digestOfLarge(bytes: Uint8Array): Steps<Digest> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += hashedPerStep) {
    hash.update(bytes.subarray(at, at + hashedPerStep));
    yield;
  }
  return parseDigest(`sha256:${hash.digest('hex')}`);
}

function walked(place: string, interest: PathInterest): Promise<Walk> {
  return lookFurther(interest, async (wider) => {
    const walk = new Walk(place, wider);
    try {
      await walk.folder('');
    } catch (error) {
      throw refuse(place, `it cannot be read: ${why(error)}`, error);
    }
    const { unread } = await inTurns(followLinks(walk, interest));
    return { found: walk, unread };
  });
}

/** One pass over a folder, and what it has found so far. */
class Walk {
  readonly blocks: Buffer[] = [];
  readonly files = new Map<string, Uint8Array>();
  readonly symlinks = new Map<string, string>();
  readonly gaps: Problem[] = [];
  readonly #root: string;
  readonly #interest: PathInterest;
  #entries = 0;
  #size = 0;

  constructor(root: string, interest: PathInterest) {
    this.#root = root;
    this.#interest = interest;
  }

  /** Rejects when the folder cannot be listed. */
  async folder(directory: string): Promise<void> {
    const entries = await readdir(this.#at(directory), { withFileTypes: true });
    // The same files make the same archive, whatever order the file system keeps them in.
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (++this.#entries > limits.image.folderEntries.most)
        return this.#gap(directory, `only ${limits.image.folderEntries.most} entries are looked at`);
      await this.#entry(joinPath(directory, entry.name), entry);
    }
  }

  async #entry(path: string, entry: Dirent): Promise<void> {
    const isWanted = this.#interest.wants(path);
    if (!isWanted && !this.#interest.leadsToWanted(path)) return;
    try {
      if (entry.isSymbolicLink()) {
        const target = readlinkSync(this.#at(path));
        this.symlinks.set(path, target);
        this.#add(path, 0o777, { type: 'symlink', target });
      } else if (entry.isDirectory()) {
        this.#add(path, 0o755, { type: 'directory' });
        await this.folder(path);
      } else if (isWanted && entry.isFile()) await this.#file(path);
    } catch (error) {
      this.#gap(path, why(error));
    }
  }

  async #file(path: string): Promise<void> {
    const file = await openPlain(this.#at(path));
    try {
      const { size, mode } = await file.stat();
      const room = Math.min(defaultLayerLimits.fileSize, defaultLayerLimits.keptSize - this.#size);
      if (size > room)
        return this.#gap(path, `${size} bytes are more than the ${Math.max(room, 0)} that are read of it`);
      const content = Buffer.alloc(size);
      const { bytesRead } = await file.read(content, 0, size, 0);
      this.#size += bytesRead;
      this.files.set(path, content.subarray(0, bytesRead));
      this.#add(path, mode & 0o7777, { type: 'file', content: content.subarray(0, bytesRead) });
    } finally {
      await file.close();
    }
  }

  #add(path: string, mode: number, is: Parameters<typeof tarEntry>[0]['is']): void {
    this.blocks.push(...tarEntry({ path, mode, is }));
  }

  #gap(path: string, reason: string): void {
    this.gaps.push({ code: 'file-unreadable', message: `left out /${path}: ${reason}`, subject: path });
  }

  #at(path: string): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
