import type { VersionScheme } from '../../core/package.ts';
import { compareApk } from './apk.ts';
import { compareDpkg } from './dpkg.ts';
import type { Order } from './order.ts';
import { compareRpm } from './rpm.ts';

const orders: Readonly<Record<VersionScheme, (a: string, b: string) => Order>> = {
  dpkg: compareDpkg,
  apk: compareApk,
  rpm: compareRpm,
};

/** -1 when `a` is older, 1 when it is newer, 0 when neither. A total order on any two strings; never throws. */
export function compareVersions(scheme: VersionScheme, a: string, b: string): Order {
  return orders[scheme](a, b);
}
