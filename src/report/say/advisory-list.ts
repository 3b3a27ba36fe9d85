import { visible } from '../safe/visible.ts';
import { grouped } from './quantity.ts';

/** The first few ids in one place of a report; the others are in the JSON, but for those that are `unlisted` there, too. */
export function advisoryList(ids: readonly string[], most = 4, unlisted = 0): string {
  return `${ids.slice(0, most).map(visible).join(', ')}${moreAdvisories(ids.length - most, unlisted)}`;
}

/** ` and 3 more`, or nothing: so many that were listed with the first ones, and those `unlisted` anywhere. */
export function moreAdvisories(others: number, unlisted = 0): string {
  const left = Math.max(0, others);
  const more = left + unlisted === 0 ? '' : ` and ${grouped(left + unlisted)} more`;
  return unlisted === 0 ? more : `${more}, of which ${grouped(unlisted)} are not listed anywhere`;
}
