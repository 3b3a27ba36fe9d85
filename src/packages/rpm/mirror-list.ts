import { createHash } from 'node:crypto';
import { limits } from '../../core/limits/limits.ts';
import type { AddressClass } from '../../http/host-rules.ts';
import { redactUrl } from '../../http/redact.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';
import type { ArchiveDependencies } from '../archives/archive-fetch.ts';
import { downloadAll } from '../archives/download.ts';
import { folderAddress, repositoryAddress } from '../archives/repository-address.ts';
import { fetchRemembered, type Remembered } from '../archives/revalidated.ts';
import type { RpmRepository } from './rpm-repositories.ts';
import { readXml } from './xml.ts';

/** Where a repository can be had. */
export interface Mirrors {
  /** Folders with a final `/`, the best first. */
  readonly folders: readonly string[];
  /** sha256 or sha512 that repomd.xml may have, in hex; undefined: nothing says. */
  readonly hashes?: readonly string[];
  /** Mirrors that a list names are no closer to home than who named them. */
  readonly reach: AddressClass;
}

const kind = 'mirrors';

/** The addresses of a repository: its own, or those that its list names, https first. Throws ArchiveTrouble, or PlimsollError 'HTTP'. */
export async function findMirrors(
  deps: ArchiveDependencies,
  { from }: Pick<RpmRepository, 'from'>,
  revalidate: boolean,
): Promise<Remembered<Mirrors>> {
  if (from.kind === 'baseurl') {
    return { value: { folders: from.urls, reach: deps.reach }, isRemembered: false, remember: () => {} };
  }
  const url = new URL(from.urls[0] ?? '');
  return fetchRemembered<Mirrors>(deps, url, {
    kind,
    revalidate,
    read: async (response) => {
      const bytes = await downloadAll(response, { size: limits.archive.mirrorList.most, time: deps.fileTime });
      const text = bytes.toString('utf8');
      const isXml = /^\s*(?:<\?xml|<metalink)/.test(text.slice(0, 200));
      const { addresses, hashes } = isXml
        ? await readMetalink(bytes, redactUrl(url))
        : { addresses: lines(text), hashes: undefined };
      const folders = httpsFirst(addresses);
      if (folders.length === 0) {
        throw new ArchiveTrouble(
          'archive-no-mirror',
          `${redactUrl(url)} names no mirror that can be asked (http or https)`,
        );
      }
      return { folders, ...(hashes && hashes.length > 0 && { hashes }), reach: response.reach };
    },
  });
}

/** Does a file have one of these hashes? */
export function hasHash(bytes: Uint8Array, hashes: readonly string[]): boolean {
  return ['sha256', 'sha512'].some((algorithm) => hashes.includes(createHash(algorithm).update(bytes).digest('hex')));
}

/** One address per line, `#` comments. Source: dnf.conf(5), mirrorlist. */
function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function httpsFirst(addresses: readonly string[]): readonly string[] {
  const urls = addresses.slice(0, limits.archive.mirrorsListed.most).flatMap((text) => {
    const url = repositoryAddress(text);
    return 'code' in url ? [] : [folderAddress(url).href];
  });
  const unique = [...new Set(urls)];
  const isSafe = (url: string): boolean => url.startsWith('https:');
  return [...unique.filter(isSafe), ...unique.filter((url) => !isSafe(url))].slice(0, limits.archive.mirrors.most);
}

/** Addresses of `repomd.xml`, by preference, and its hashes, also those of the states before. Source: RFC 5854's forerunner, Metalink 3.0; `mm0:alternates` is Fedora's. */
async function readMetalink(
  bytes: Uint8Array,
  name: string,
): Promise<{ readonly addresses: readonly string[]; readonly hashes: readonly string[] }> {
  const found: { url: string; preference: number }[] = [];
  const hashes: string[] = [];
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  await readXml(whole(), name, {
    wants: (element) => element === 'url' || element === 'hash',
    close: ({ name: element, attributes, text }) => {
      if (element === 'hash' && /^(?:sha256|sha512)$/.test(attributes['type'] ?? '')) hashes.push(text.toLowerCase());
      if (element !== 'url' || !/\/repodata\/repomd\.xml$/.test(text)) return;
      found.push({
        url: text.replace(/repodata\/repomd\.xml$/, ''),
        preference: Number(attributes['preference']) || 0,
      });
    },
  });
  return { addresses: found.sort((a, b) => b.preference - a.preference).map(({ url }) => url), hashes };
}
