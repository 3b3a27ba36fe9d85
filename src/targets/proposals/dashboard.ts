import { limits } from '../../core/limits/limits.ts';
import type { OwnItem } from '../../forges/forge.ts';

/** The first line of the issue; without it, an issue is not ours. */
export const dashboardMarker = '<!-- plimsoll dashboard v1 -->';
export const dashboardTitle = 'Plimsoll dashboard';

/** The dashboard among our own items: the open one, else the newest; `others` are open ones too many. */
export function dashboardAmong(items: readonly OwnItem[]): {
  readonly item: OwnItem | undefined;
  readonly others: readonly OwnItem[];
} {
  const all = items
    .filter(({ kind, body }) => kind === 'issue' && body.startsWith(dashboardMarker))
    .sort((a, b) => a.number - b.number);
  const [first, ...others] = all.filter(({ state }) => state === 'open');
  return { item: first ?? all.at(-1), others };
}

/** An empty box at a pull request of ours, or at one that could be there. It is named by its branch. */
export function checkbox(branch: string): string {
  return `- [ ] <!-- plimsoll do=${branch} -->`;
}

const ticked = /^\s*- \[[xX]\] <!-- plimsoll do=(plimsoll\/[a-z0-9.-]{1,60}) -->/gm;

/** The branches whose boxes somebody ticked; only who may write can edit an issue of ours. */
export function wishesIn(body: string): ReadonlySet<string> {
  return new Set([...body.matchAll(ticked)].slice(0, limits.proposal.wishes.most).map(([, branch = '']) => branch));
}
