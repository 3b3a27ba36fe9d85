import { ArchiveTrouble } from '../archives/archive-error.ts';
import type { ExpectedFile } from '../archives/download.ts';
import { readXml } from './xml.ts';

/** One file that a repomd.xml vouches for. */
export interface RepomdFile {
  /** As written: relative to the repository's folder. */
  readonly href: string;
  /** Undefined: only a hash that can be forged (md5, sha1), or none. */
  readonly expected: ExpectedFile | undefined;
  /** Uncompressed bytes, when it says. */
  readonly openSize?: number;
}

/** By type: `primary`, `updateinfo`. */
export type Repomd = ReadonlyMap<string, RepomdFile>;

/**
 * The list of files of a repository: `<data type><checksum type/><location href/><size/><open-size/>`. Source:
 * createrepo_c, and dnf's librepo. Throws ArchiveTrouble when it is none or has no primary.
 */
export async function parseRepomd(bytes: Uint8Array, name: string): Promise<Repomd> {
  const files = new Map<string, RepomdFile>();
  let type = '';
  let found = new Map<string, string>();
  await readXml(only(bytes), name, {
    wants: (element) => ['data', 'checksum', 'location', 'size', 'open-size'].includes(element),
    open: (element, attributes) => {
      if (element !== 'data') return;
      type = attributes['type'] ?? '';
      found = new Map();
    },
    close: (element, path) => {
      if (path.at(-1) === 'data') {
        if (element.name === 'location') found.set('href', element.attributes['href'] ?? '');
        else if (element.name === 'checksum') {
          found.set('hash', element.attributes['type'] ?? '').set('checksum', element.text.toLowerCase());
        } else found.set(element.name, element.text);
      } else if (element.name === 'data' && type !== '' && !files.has(type)) {
        files.set(type, toFile(found));
      }
    },
  });
  if (files.has('primary')) return files;
  throw new ArchiveTrouble(
    'archive-repomd-damaged',
    `${name} lists no package index (primary); try another mirror`,
    true,
  );
}

function toFile(found: ReadonlyMap<string, string>): RepomdFile {
  const number = (key: string): number | undefined => {
    const text = found.get(key) ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  };
  const [hash, checksum = '', size, openSize] = [
    found.get('hash'),
    found.get('checksum'),
    number('size'),
    number('open-size'),
  ];
  const known =
    hash === 'sha256' && /^[0-9a-f]{64}$/.test(checksum)
      ? { sha256: checksum }
      : hash === 'sha512' && /^[0-9a-f]{128}$/.test(checksum)
        ? { sha512: checksum }
        : undefined;
  return {
    href: found.get('href') ?? '',
    expected: known && { ...known, ...(size !== undefined && { size }) },
    ...(openSize !== undefined && { openSize }),
  };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
