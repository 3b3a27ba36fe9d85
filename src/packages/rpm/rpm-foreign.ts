import type { DistroRelease, Package } from '../../core/package.ts';
import { isPublisher } from '../archives/publishers.ts';
import { isOwnVendor } from '../databases/rpm/vendors.ts';
import { rpmOffers } from './rpm-offers.ts';
import type { RpmView } from './rpm-view.ts';

/**
 * Where a package comes from that is not the distro's: its Vendor. Of one that is not installed yet, who offers one of the
 * `versions`: the distro's repositories are at its own hosts, or say what their updates are for.
 */
export function rpmForeign(
  { name, vendor }: Package,
  versions: readonly string[],
  view: RpmView,
  os: DistroRelease | undefined,
): string | null {
  if (vendor !== '') return vendor === undefined || isOwnVendor(vendor, os?.id) ? null : vendor;
  const telling = new Set(view.sources.filter(({ updates }) => updates).map(({ repository }) => repository.id));
  const homes = rpmOffers(name, view)
    .filter(({ version }) => versions.includes(version))
    .map(({ repository }) => repository);
  const isOwn = homes.some(
    ({ id, from }) =>
      telling.has(id) || (os !== undefined && from.urls.some((url) => isPublisher(os, URL.parse(url)?.host ?? ''))),
  );
  return isOwn ? null : (homes[0]?.id ?? 'no enabled repository');
}
