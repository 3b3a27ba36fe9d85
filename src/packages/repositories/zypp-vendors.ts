import { readIni } from './ini.ts';

/** The openSUSE and the SUSE that libzypp takes for one, unless files say more. */
const builtIn: readonly string[] = ['suse'];
const mostClasses = 200;

/**
 * May a build of the one vendor follow one of the other, by libzypp: they are the same, or in one class of those in
 * `etc/zypp/vendors.d/*` (`[main] vendors = suse,opensuse`), which hold beginnings in any case; or nobody asks
 * (`solver.allowVendorChange` of zypp.conf). Source: libzypp's documentation, "Solver - Vendor protection".
 */
export function zyppVendors(files: ReadonlyMap<string, Uint8Array>): (from: string, to: string) => boolean {
  const textOf = (path: string): string => Buffer.from(files.get(path) ?? []).toString('utf8');
  const main = readIni(textOf('etc/zypp/zypp.conf')).find(({ name }) => name === 'main')?.values;
  if (/^(?:1|yes|true|on|always)$/i.test(main?.get('solver.allowvendorchange') ?? '')) return () => true;
  const written = [...files.keys()]
    .filter((path) => path.startsWith('etc/zypp/vendors.d/'))
    .flatMap((path) => readIni(textOf(path)))
    .flatMap(({ name, values }) => (name === 'main' ? [values.get('vendors') ?? ''] : []))
    .map((list) => list.split(/\s*,\s*/).map((one) => one.trim().toLowerCase()));
  const classes = [builtIn, ...written.slice(0, mostClasses)].map((list) => list.filter((one) => one !== ''));
  return (from, to) => {
    const [a, b] = [from.toLowerCase(), to.toLowerCase()];
    return a === b || classes.some((list) => [a, b].every((one) => list.some((start) => one.startsWith(start))));
  };
}
