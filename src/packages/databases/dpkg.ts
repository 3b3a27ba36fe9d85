import type { PackageDatabase } from '../database.ts';
import type { Paragraph } from './deb822.ts';
import { readControlFile, type Verdict } from './debian-package.ts';

/** In order of precedence; some images move dpkg's folder under usr or lib. */
const locations = ['var/lib/dpkg/status', 'usr/lib/dpkg/status', 'lib/dpkg/status'];

/** dpkg(1), "package states": only these have their files fully in place. */
const installed = new Set(['installed', 'triggers-pending', 'triggers-awaited']);
const states = new Set([
  ...installed,
  'not-installed',
  'config-files',
  'half-installed',
  'unpacked',
  'half-configured',
]);

/** Debian's and Ubuntu's own database: one control file whose paragraphs have a Status. */
export const dpkg: PackageDatabase = {
  name: 'dpkg',
  scheme: 'dpkg',
  paths: locations,
  read(files) {
    const path = locations.find((location) => files.has(location)) ?? '';
    return readControlFile(path, files.get(path) ?? new Uint8Array(), byStatus);
  },
};

/** `Status: want flag state`; the third word decides (dpkg-query(1)). A held package is installed like any other. */
function byStatus({ fields }: Paragraph): Verdict {
  const status = fields.get('status');
  if (status === undefined) return { kind: 'broken', reason: 'no Status field' };
  const [want, , state = ''] = status.split(/\s+/);
  if (!states.has(state)) return { kind: 'broken', reason: `unknown Status ${JSON.stringify(status.slice(0, 60))}` };
  if (!installed.has(state)) return { kind: 'absent' };
  return want === 'hold' ? { kind: 'installed', held: true } : { kind: 'installed' };
}
