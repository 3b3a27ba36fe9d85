import { newsKey } from '../core/news.ts';
import type { PackageChange } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import { onceFor } from '../core/shared-work.ts';
import type { Examination } from '../look/examination.ts';
import type { ExaminedUse, Verdict } from './examined-use.ts';
import { imageKey } from './said-of-use.ts';

/** What a content finding tells a person, as keys that outlive runs, lines and digests. Each fix is news of its own. */
export function newsOf(
  { class: kind, results, problem }: Verdict,
  examined: ExaminedUse,
  packages: readonly PackageChange[],
): string[] {
  const { use, examination } = examined;
  const key = imageKey(examined.use);
  switch (kind) {
    case 'pin-broken':
      return [newsKey(kind, key, [use.has?.digest ?? use.reference?.tag ?? 'latest'])];
    case 'security':
    case 'packages':
      return newsOfRows(kind, key, packages);
    case 'config': {
      const changes = results.flatMap(({ comparison }) => comparison?.config ?? []);
      return [
        newsKey(kind, key, [...new Set(changes.map(({ key: name, after }) => JSON.stringify([name, after])))].sort()),
      ];
    }
    case 'content':
      return [newsKey(kind, key, results.map(({ latest, platform }) => latest ?? platform).sort())];
    case 'unknown': {
      // One host that is down is one thing to know, however many images it has.
      const host = use.reference?.registry ?? '';
      return [newsKey(kind, host, [host, (problem ?? problemOf(examination))?.code ?? 'unknown'])];
    }
    default:
      return [];
  }
}

/** By class and image: what was told of these rows. */
const toldOf = onceFor((_: readonly PackageChange[]) => new Map<string, string[]>());

function newsOfRows(kind: 'security' | 'packages', key: string, packages: readonly PackageChange[]): string[] {
  const told = toldOf(packages);
  const news =
    told.get(`${kind} ${key}`) ??
    (kind === 'security'
      ? fixNews(key, packages)
      : [newsKey(kind, key, packages.map(({ name, after }) => [name, after ?? null]).sort(byText))]);
  told.set(`${kind} ${key}`, news);
  return news;
}

/** One key per source and fixed version. */
export function fixNews(key: string, packages: readonly PackageChange[]): string[] {
  const fixes = packages.filter(({ security }) => security === true);
  const pairs = fixes.map(({ name, source, after }) => newsKey('security', key, [source ?? name, after ?? null]));
  return [...new Set(pairs)].sort();
}

function problemOf({ resolution }: Examination): Problem | undefined {
  return resolution.kind === 'unknown' ? resolution.problem : undefined;
}

function byText(a: unknown, b: unknown): number {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
