import { sourceOf } from '../../packages/databases/rpm/header.ts';
import { LineTable, rowWords } from '../package-rows.ts';
import { ArchiveTrouble } from '../trouble.ts';
import { readXml } from './xml.ts';

const longestMaker = 200;

/**
 * The rows (see package-rows.ts) of a primary.xml: `<package type="rpm"><name/><arch/><version epoch ver rel/><format>
 * <rpm:sourcerpm/>`. An epoch of 0 is left out. Source: createrepo_c. Throws ArchiveTrouble.
 */
export async function readPrimary(pieces: AsyncIterable<Uint8Array>, name: string): Promise<string> {
  const table = new LineTable();
  const wanted = new Set(['name', 'arch', 'version', 'rpm:sourcerpm', 'rpm:vendor', 'package', 'metadata']);
  let found = new Map<string, string>();
  let isMetadata = false;
  let packages = 0;
  await readXml(pieces, name, {
    wants: (element) => wanted.has(element),
    open: (element) => {
      if (element === 'package') found = new Map();
      isMetadata ||= element === 'metadata';
    },
    close: ({ name: element, attributes, text }, path) => {
      if (element === 'package') {
        packages++;
        if (attributes['type'] === 'rpm' && !table.add(rowOf(found))) throw tooMany(name);
      } else if (element === 'version') {
        if (path.at(-1) !== 'package') return;
        const { epoch = '0', ver = '', rel = '' } = attributes;
        found
          .set('epoch', /^[1-9]\d*$/.test(epoch) ? `${epoch}:` : '')
          .set('version', ver && rel ? `${ver}-${rel}` : '');
      } else if (element.startsWith('rpm:') || path.at(-1) === 'package') found.set(element, text);
    },
  });
  if (!isMetadata || (packages > 0 && table.isEmpty))
    throw new ArchiveTrouble('archive-index-damaged', `${name} is no list of packages; try another mirror`, true);
  return table.text();
}

function rowOf(found: ReadonlyMap<string, string>): readonly string[] {
  const epoch = found.get('epoch') ?? '';
  const evr = found.get('version') ?? '';
  const source = sourceOf(found.get('rpm:sourcerpm') ?? '', epoch);
  const architecture = found.get('arch') ?? '';
  // A word that is empty keeps a row out.
  const maker = (found.get('rpm:vendor') ?? '').slice(0, longestMaker);
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
  return new ArchiveTrouble('archive-index-damaged', `${name} has more packages than any index has`, true);
}
