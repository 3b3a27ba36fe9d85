/*
 * src/packages/versions/
 *
 * The orders of versions: dpkg's, apk's, rpm's, one file each, total on any two strings; constraint.ts reads
 * `<1.2,>=1`. Tags of images have another order: tags/.
 * Begin here.
 */

import type { VersionScheme } from '../../core/package.ts';
import { compareApk } from './apk-version.ts';
import { compareDpkg } from './dpkg-version.ts';
import type { Order } from './order.ts';
import { compareRpm } from './rpm-version.ts';

const orders: Readonly<Record<VersionScheme, (a: string, b: string) => Order>> = {
  dpkg: compareDpkg,
  apk: compareApk,
  rpm: compareRpm,
};

/** -1 when `a` is older, 1 when it is newer, 0 when neither. A total order on any two strings; never throws. */
export function compareVersions(scheme: VersionScheme, a: string, b: string): Order {
  return orders[scheme](a, b);
}
