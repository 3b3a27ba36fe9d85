import type { PackageDatabase } from '../package-database.ts';
import type { Paragraph } from './deb822.ts';
import { readControlFile, type Verdict } from './debian-package.ts';

/** In order of precedence; some images move dpkg's folder under usr or lib. */
const locations = ['var/lib/dpkg/status', 'usr/lib/dpkg/status', 'lib/dpkg/status'];

/**
 * dpkg(1), "package states". apt takes each of them for installed, also where its files are not all in place or not yet
 * configured: it lists and upgrades them.
 */
const installed = new Set([
  'installed',
  'triggers-pending',
  'triggers-awaited',
  'unpacked',
  'half-configured',
  'half-installed',
]);
const states = new Set([...installed, 'not-installed', 'config-files']);

/** Debian's and Ubuntu's own database: one control file whose paragraphs have a Status. */
export const dpkg: PackageDatabase = {
  name: 'dpkg',
  scheme: 'dpkg',
  paths: locations,
  *read(files) {
    const path = locations.find((location) => files.has(location)) ?? '';
    return yield* readControlFile(path, files.get(path) ?? new Uint8Array(), byStatus);
  },
};

/** `Status: want flag state`; the third word decides (dpkg-query(1)). A held package is installed like any other. */
function byStatus({ fields }: Paragraph): Verdict {
  const status = fields.get('status');
  if (status === undefined) return { kind: 'broken', reason: 'no Status field' };
  const [want, , state = ''] = status.split(/\s+/);
  if (!states.has(state)) return { kind: 'broken', reason: `unknown Status ${JSON.stringify(status.slice(0, 60))}` };
  // A first installation that failed early has left no version behind.
  if (!installed.has(state) || (state === 'half-installed' && !fields.get('version'))) return { kind: 'absent' };
  return want === 'hold' ? { kind: 'installed', held: true } : { kind: 'installed' };
}
