import { createHmac, timingSafeEqual } from 'node:crypto';

/** Are two secrets the same? Takes as long whatever is wrong, their length included. */
export function areEqual(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'plimsoll').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
