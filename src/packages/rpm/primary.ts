import { limits } from '../../core/limits/limits.ts';
import { inTurns } from '../../core/time/turns.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';
import { LineTable, linesOf, rowWords } from '../archives/package-rows.ts';
import { sourceOf } from '../databases/rpm/header.ts';
import { isComparator } from './rpm-obsoletes.ts';
import type { Obsoletion } from './rpm-view.ts';
import { readXml } from './xml.ts';

/**
 * The rows (see package-rows.ts) of a primary.xml: `<package type="rpm"><name/><arch/><version epoch ver rel/><format>
 * <rpm:sourcerpm/><rpm:obsoletes><rpm:entry name flags epoch ver rel/>`. An epoch of 0 is left out. Besides the rows a line
 * `>old name version architecture [flags version]` for each name that a build replaces. Source: createrepo_c. Throws
 * ArchiveTrouble.
 */
export async function readPrimary(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  signal?: AbortSignal,
): Promise<string> {
  const table = new LineTable();
  const wanted = new Set([
    'name',
    'arch',
    'version',
    'rpm:sourcerpm',
    'rpm:vendor',
    'rpm:entry',
    'package',
    'metadata',
  ]);
  let found = new Map<string, string>();
  let replaced: (readonly string[])[] = [];
  let isMetadata = false;
  let packages = 0;
  await readXml(pieces, name, {
    wants: (element) => wanted.has(element),
    open: (element) => {
      if (element === 'package') {
        found = new Map();
        replaced = [];
      }
      isMetadata ||= element === 'metadata';
    },
    close: ({ name: element, attributes, text }, path) => {
      if (element === 'package') {
        packages++;
        if (attributes['type'] !== 'rpm') return;
        const row = rowOf(found);
        const lines = [row, ...replaced.flatMap((entry) => obsoletionLine(row, entry))];
        if (!lines.every((words) => table.add(words))) throw tooMany(name);
      } else if (element === 'version') {
        if (path.at(-1) !== 'package') return;
        const { epoch = '0', ver = '', rel = '' } = attributes;
        found.set('epoch', epochOf(epoch)).set('version', ver && rel ? `${ver}-${rel}` : '');
      } else if (element === 'rpm:entry') {
        if (path.at(-1) !== 'rpm:obsoletes') return;
        if (replaced.length >= limits.archive.replaced.most) throw tooMany(name);
        replaced.push(entryOf(attributes));
      } else if (element.startsWith('rpm:') || path.at(-1) === 'package') found.set(element, text);
    },
  });
  if (!isMetadata || (packages > 0 && table.isEmpty))
    throw new ArchiveTrouble('archive-index-damaged', `${name} is no list of packages; try another mirror`, true);
  return inTurns(table.text(name), signal);
}

function epochOf(text: string): string {
  return /^[1-9]\d*$/.test(text) ? `${text}:` : '';
}

/** `name [flags version]` */
function entryOf({
  name = '',
  flags = '',
  epoch = '',
  ver = '',
  rel = '',
}: Readonly<Record<string, string>>): readonly string[] {
  return flags === '' || ver === '' ? [name] : [name, flags, `${epochOf(epoch)}${ver}${rel === '' ? '' : `-${rel}`}`];
}

/** Stands before the name that is replaced; no name of a package holds it. */
const replacedMark = '>';

function obsoletionLine([name = '', version = '', architecture = '']: readonly string[], entry: readonly string[]) {
  const [old = '', ...range] = entry;
  // A build may name itself, which says nothing of an upgrade.
  return [name, version, architecture, old].includes('') || old === name
    ? []
    : [[`${replacedMark}${old}`, name, version, architecture, ...range]];
}

/** Which builds in a table of {@link readPrimary} say that they replace packages of a name. */
export function obsoletionsOf(table: string, old: string): readonly Obsoletion[] {
  return linesOf(table, `${replacedMark}${old}`).flatMap(
    ([, name = '', version = '', architecture = '', comparator, limit = '']) => {
      const build = { name, version, architecture };
      if (comparator === undefined) return [build];
      return isComparator(comparator) ? [{ ...build, range: { comparator, version: limit } }] : [];
    },
  );
}

function rowOf(found: ReadonlyMap<string, string>): readonly string[] {
  const epoch = found.get('epoch') ?? '';
  const evr = found.get('version') ?? '';
  const source = sourceOf(found.get('rpm:sourcerpm') ?? '', epoch);
  const architecture = found.get('arch') ?? '';
  // A word that is empty keeps a row out.
  const maker = (found.get('rpm:vendor') ?? '').slice(0, limits.archive.maker.most);
  const isBinary = architecture !== 'src' && architecture !== 'nosrc';
  return rowWords({
    name: found.get('name') ?? '',
    version: evr === '' ? '' : `${epoch}${evr}`,
    architecture: isBinary ? architecture : '',
    ...(source && { source }),
    ...(maker !== '' && maker.isWellFormed() && { maker }),
  });
}

function tooMany(name: string): ArchiveTrouble {
  return new ArchiveTrouble(
    'archive-index-damaged',
    `${name} has more packages, or more that one of them replaces, than any index has`,
    true,
  );
}
