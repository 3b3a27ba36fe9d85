import { limits } from '../../core/limits/limits.ts';
import { inTurns } from '../../core/time/turns.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';
import { LineTable, linesOf } from '../archives/package-rows.ts';
import type { RpmUpdate } from './rpm-view.ts';
import { readXml } from './xml.ts';

const none = '-';

interface Update {
  id: string;
  readonly type: string;
  severity: string;
  readonly cves: string[];
}

/**
 * An updateinfo.xml as text: the updates, one per line, `id type severity cve,… [number of others]`; an empty line; sorted, one line per
 * package of an update, `name version architecture stream number-of-update`. Only security updates and builds of modules
 * are kept. Source: createrepo_c, updateinfo; `<update type><id/><severity/><references><reference type="cve" id/>`
 * `<pkglist><collection><module name stream/><package name epoch version release arch/>`. Throws ArchiveTrouble.
 */
export async function readUpdateinfo(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  signal?: AbortSignal,
): Promise<string> {
  const updates: string[] = [];
  const rows = new LineTable();
  const wanted = new Set(['update', 'id', 'severity', 'reference', 'package', 'updates']);
  let update: Update = { id: '', type: '', severity: '', cves: [] };
  let packages: (readonly string[])[] = [];
  let stream = none;
  let isUpdateinfo = false;
  const tooMany = (): ArchiveTrouble =>
    new ArchiveTrouble(
      'archive-index-damaged',
      `${name} has more updates, or more packages in one of them, than any repository has`,
      true,
    );
  const finish = (): void => {
    if (packages.length === 0) return;
    if (updates.length >= limits.archive.updates.most) throw tooMany();
    const cves = [...new Set(update.cves)];
    const shown = cves.slice(0, limits.archive.updateCves.most).join(',');
    const unlisted = cves.length - limits.archive.updateCves.most;
    const severity = isWord(update.severity) ? update.severity : none;
    updates.push(
      [
        isWord(update.id) ? update.id : none,
        update.type || none,
        severity,
        shown || none,
        ...(unlisted > 0 ? [unlisted] : []),
      ].join(' '),
    );
    for (const row of packages) if (!rows.add([...row, String(updates.length - 1)])) throw tooMany();
  };
  await readXml(pieces, name, {
    wants: (element) => wanted.has(element),
    open: (element, attributes) => {
      isUpdateinfo ||= element === 'updates';
      if (element === 'update') {
        update = { id: '', type: attributes['type'] === 'security' ? 'security' : 'other', severity: '', cves: [] };
        packages = [];
      } else if (element === 'collection') stream = none;
      else if (element === 'module') stream = `${attributes['name']}:${attributes['stream']}`;
    },
    close: ({ name: element, attributes, text }, path) => {
      if (element === 'id' && path.at(-1) === 'update') update.id = text;
      else if (element === 'severity') update.severity = text;
      else if (element === 'reference') addCve(update, attributes);
      else if (element === 'package') {
        const { name: own = '', epoch = '0', version = '', release = '', arch = '' } = attributes;
        if (update.type !== 'security' && stream === none) return;
        if (arch === 'src' || arch === 'nosrc') return;
        if (packages.length >= limits.archive.updatePackages.most) throw tooMany();
        const prefix = /^[1-9]\d*$/.test(epoch) ? `${epoch}:` : '';
        packages.push([own, version && release && `${prefix}${version}-${release}`, arch, stream]);
      } else if (element === 'update') finish();
    },
  });
  if (!isUpdateinfo)
    throw new ArchiveTrouble('archive-index-damaged', `${name} is no list of updates; try another mirror`, true);
  return `${updates.join('\n')}\n\n${await inTurns(rows.text(name), signal)}`;
}

/** Some publishers give CVEs no type of their own, only their number. */
function addCve({ cves }: Update, { type, id = '' }: Readonly<Record<string, string>>): void {
  if ((type === undefined || type === 'cve' || type === 'self') && /^CVE-\d{4}-\d{4,12}$/.test(id)) cves.push(id);
}

function isWord(text: string): boolean {
  return text !== '' && text.length <= limits.archive.updateWord.most && !/\s/.test(text);
}

/** Looks packages up in what {@link readUpdateinfo} made. */
export function updatesIn(text: string): (name: string) => readonly RpmUpdate[] {
  const end = text.indexOf('\n\n');
  const updates = text.slice(0, end).split('\n');
  const rows = text.slice(end + 2);
  return (name) =>
    linesOf(rows, name).flatMap(([, version = '', architecture = '', stream = none, number = '']) => {
      const [id = '', type, severity = none, cves = none, unlisted] = updates[Number(number)]?.split(' ') ?? [];
      return [
        {
          version,
          architecture,
          id: id === none ? '' : id,
          security: type === 'security',
          cves: cves === none ? [] : cves.split(','),
          ...(unlisted !== undefined && { unlisted: Number(unlisted) }),
          ...(severity !== none && { severity }),
          ...(stream !== none && { stream }),
        },
      ];
    });
}
