import { limits } from '../../../core/limits/limits.ts';
import { settingsText } from '../../archives/excessive-settings.ts';
import { readIni } from '../../archives/ini.ts';

/** The openSUSE and the SUSE that libzypp takes for one, unless files say more. */
const builtIn: readonly string[] = ['suse'];

/** Which vendor's package zypper lets follow which. */
export interface ZyppVendors {
  readonly mayFollow: (from: string, to: string) => boolean;
  /** false: there are more classes than were read. */
  readonly isWhole: boolean;
}

/**
 * May a build of the one vendor follow one of the other, by libzypp: they are the same, or in one class of those in
 * `etc/zypp/vendors.d/*` (`[main] vendors = suse,opensuse`), which hold beginnings in any case; or nobody asks
 * (`solver.allowVendorChange` of zypp.conf). Source: libzypp's documentation, "Solver - Vendor protection".
 */
export function zyppVendors(files: ReadonlyMap<string, Uint8Array>): ZyppVendors {
  const main = readIni(settingsText(files.get('etc/zypp/zypp.conf'))).find(({ name }) => name === 'main')?.values;
  if (/^(?:1|yes|true|on|always)$/i.test(main?.get('solver.allowvendorchange') ?? '')) {
    return { mayFollow: () => true, isWhole: true };
  }
  const written = [...files.keys()]
    .filter((path) => path.startsWith('etc/zypp/vendors.d/'))
    .flatMap((path) => readIni(settingsText(files.get(path))))
    .flatMap(({ name, values }) => (name === 'main' ? [values.get('vendors') ?? ''] : []))
    .map((list) => list.split(/\s*,\s*/).map((one) => one.trim().toLowerCase()));
  const classes = [builtIn, ...written.slice(0, limits.settings.vendors.most)].map((list) =>
    list.filter((one) => one !== ''),
  );
  const mayFollow: ZyppVendors['mayFollow'] = (from, to) => {
    const [a, b] = [from.toLowerCase(), to.toLowerCase()];
    return a === b || classes.some((list) => [a, b].every((one) => list.some((start) => one.startsWith(start))));
  };
  return { mayFollow, isWhole: written.length <= limits.settings.vendors.most };
}
