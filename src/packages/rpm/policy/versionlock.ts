import { limits } from '../../../core/limits/limits.ts';
import { compareRpm } from '../../versions/rpm-version.ts';
import type { Build } from '../rpm-view.ts';
import { packageMatcher, textMatcher } from './rpm-patterns.ts';

/** What a lock file lets dnf take, and what it holds on to; or why it could not be understood. */
export type VersionLocks =
  | {
      readonly kind: 'locks';
      readonly allows: (build: Build) => boolean;
      /** Is it a build that the locks on its name let through? */
      readonly wants: (build: Build) => boolean;
    }
  | { readonly kind: 'unread'; readonly why: string };

/**
 * The list of dnf 4's and yum's plugin: one pattern per line, `#` comments. A pattern locks every package of its name to
 * the builds that it fits; one behind `!` shuts out the builds that it fits. yum writes the epoch in front
 * (`0:bash-4.2-1.*`), dnf behind the name. Source: dnf-plugins-core, versionlock(8); yum-versionlock(1).
 */
export function readLockList(text: string): VersionLocks {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length > limits.settings.locks.most)
    return { kind: 'unread', why: `it has more than ${limits.settings.locks.most} entries` };
  const long = lines.find((line) => line.length > limits.settings.lock.most);
  if (long !== undefined) return { kind: 'unread', why: `it has the entry ${long.slice(0, 60)}…` };
  const patterns = (isOut: boolean): readonly string[] =>
    lines.filter((line) => line.startsWith('!') === isOut).map((line) => dnfForm(line.replace(/^!\s*/, '')));
  const [locked, out] = [patterns(false), patterns(true)];
  const isOut = packageMatcher(out);
  const isIn = packageMatcher(locked);
  const isNamed = textMatcher(locked.flatMap(namesIn));
  return {
    kind: 'locks',
    allows: (build) => !isOut(build) && (!isNamed(build.name) || isIn(build)),
    wants: (build) => !isOut(build) && isIn(build),
  };
}

function dnfForm(pattern: string): string {
  const yum = /^(?<epoch>\d+):(?<name>.+)-(?<version>[^-]+)-(?<release>[^-]+)$/.exec(pattern)?.groups;
  return yum === undefined ? pattern : `${yum['name']}-${yum['epoch']}:${yum['version']}-${yum['release']}`;
}

/** Whose builds a pattern may mean: it is a name, or one with a version, a release or an architecture behind. */
function namesIn(pattern: string): readonly string[] {
  const names = [pattern, pattern.replace(/\.[^.-]*$/, '')];
  const version = /^(?<name>.+?)-(?:\d+:)?[\d*?[][^-]*(?:-[^-]+)?$/.exec(pattern)?.groups?.['name'];
  return version === undefined ? names : [...names, version];
}

interface Entry {
  /** `name`, and what nobody reads. */
  readonly own: Record<string, string>;
  /** `key`, `comparator`, `value`. */
  readonly conditions: Record<string, string>[];
}

/**
 * dnf5's `versionlock.toml`: `[[packages]]` with a glob as `name` and `[[packages.conditions]]` of `key` (evr, epoch,
 * arch), `comparator` and `value`. Of a name that is there only builds are let through that fulfil all conditions of one
 * of its entries. Anything else that TOML allows is not read. Source: dnf5-versionlock(8).
 */
export function readLockToml(text: string): VersionLocks {
  const entries: Entry[] = [];
  let table: Record<string, string> = {};
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const unread = (why: string): VersionLocks => ({ kind: 'unread', why: `line ${at + 1} ${why}` });
    if (/^\[\[\s*packages\s*\]\]\s*(?:#.*)?$/.test(line)) {
      table = {};
      entries.push({ own: table, conditions: [] });
    } else if (/^\[\[\s*packages\.conditions\s*\]\]\s*(?:#.*)?$/.test(line)) {
      const conditions = entries.at(-1)?.conditions;
      if (conditions === undefined) return unread('is a condition of no package');
      table = {};
      conditions.push(table);
    } else {
      const match = /^(?<key>[A-Za-z_-]+)\s*=\s*(?:"(?<basic>[^"\\]*)"|'(?<literal>[^']*)')\s*(?:#.*)?$/.exec(
        line,
      )?.groups;
      if (match === undefined) return unread('is in a form of TOML that is not read');
      const value = match['basic'] ?? match['literal'] ?? '';
      if (value.length > limits.settings.lock.most) return unread('is too long');
      table[match['key'] ?? ''] = value;
    }
  }
  if (entries.length > limits.settings.locks.most)
    return { kind: 'unread', why: `it has more than ${limits.settings.locks.most} entries` };
  const locks: { isNamed: (name: string) => boolean; fulfils: (build: Build) => boolean }[] = [];
  for (const { own, conditions } of entries) {
    const name = own['name'];
    if (name === undefined) return { kind: 'unread', why: 'an entry has no name' };
    const tests: ((build: Build) => boolean)[] = [];
    for (const condition of conditions) {
      const test = conditionTest(condition);
      if (test === undefined) return { kind: 'unread', why: `a condition of ${name.slice(0, 60)} is not known` };
      tests.push(test);
    }
    locks.push({ isNamed: textMatcher([name]), fulfils: (build) => tests.every((test) => test(build)) });
  }
  const wants = (build: Build): boolean => locks.some(({ isNamed, fulfils }) => isNamed(build.name) && fulfils(build));
  return {
    kind: 'locks',
    allows: (build) => wants(build) || !locks.some(({ isNamed }) => isNamed(build.name)),
    wants,
  };
}

function conditionTest(condition: Record<string, string>): ((build: Build) => boolean) | undefined {
  const { key, comparator, value } = condition;
  const holds = comparator === undefined ? undefined : comparators.get(comparator);
  if (holds === undefined || value === undefined) return undefined;
  switch (key) {
    case 'evr':
      return ({ version }) => holds(compareRpm(version, value));
    case 'epoch':
      return ({ version }) => holds(Math.sign(Number(/^\d+(?=:)/.exec(version)?.[0] ?? 0) - Number(value)));
    case 'arch':
      if (comparator !== '=' && comparator !== '!=') return undefined;
      return ({ architecture }) => holds(architecture === value ? 0 : 1);
    default:
      return undefined;
  }
}

const comparators: ReadonlyMap<string, (order: number) => boolean> = new Map([
  ['<', (order) => order < 0],
  ['<=', (order) => order <= 0],
  ['=', (order) => order === 0],
  ['>=', (order) => order >= 0],
  ['>', (order) => order > 0],
  ['!=', (order) => order !== 0],
]);
