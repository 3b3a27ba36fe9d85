import { limits } from '../../../core/limits/limits.ts';
import { compareRpm } from '../../versions/rpm-version.ts';
import type { Build, RpmOffer } from '../rpm-view.ts';
import { textMatcher } from './rpm-patterns.ts';

/** What zypper's locks keep as it is, and what they keep out. */
export interface ZyppLocks {
  readonly keeps: (installed: Build) => boolean;
  readonly allows: (offer: Build & Partial<Pick<RpmOffer, 'suite'>>) => boolean;
  /** Locks that are in a form that is not followed. */
  readonly unread: readonly string[];
}

interface Lock {
  readonly matches: (build: Build) => boolean;
  /** Alias of the one repository whose builds it is about; installed packages are in none. */
  readonly repository: string | undefined;
  readonly status: 'all' | 'installed' | 'not-installed';
}

const packageTypes: ReadonlySet<string> = new Set(['package', '']);

/**
 * `/etc/zypp/locks`: blocks of `attribute: value` with empty lines between. A lock on a package keeps what is installed and
 * keeps out what is offered. Followed are locks by name (`solvable_name`, or `query_string` over it alone), exact, as glob,
 * word or part, with a version, a repository or a status; locks of patches, patterns and products say nothing here. Source:
 * locks(5) of libzypp.
 */
export function readZyppLocks(text: string): ZyppLocks {
  const locks: Lock[] = [];
  const unread: string[] = [];
  const blocks = text.split(/\n\s*\n/).map((block) => block.split('\n').flatMap(attributeIn));
  for (const block of blocks.slice(0, limits.settings.locks.most)) {
    const types = block.flatMap(([key, value]) => (key === 'type' ? [value] : []));
    if (block.length === 0 || (types.length > 0 && !types.some((type) => packageTypes.has(type)))) continue;
    const lock = lockOf(block);
    if (lock === undefined)
      unread.push(
        block
          .map(([key, value]) => `${key}: ${value}`)
          .join(', ')
          .slice(0, limits.settings.lock.most),
      );
    else locks.push(lock);
  }
  if (blocks.length > limits.settings.locks.most) unread.push(`more than the first ${limits.settings.locks.most}`);
  return {
    keeps: (one) =>
      locks.some((lock) => lock.status !== 'not-installed' && lock.repository === undefined && lock.matches(one)),
    allows: (one) =>
      !locks.some(
        (lock) =>
          lock.status !== 'installed' &&
          (lock.repository === undefined || lock.repository === one.suite) &&
          lock.matches(one),
      ),
    unread,
  };
}

type Attribute = readonly [key: string, value: string];

function attributeIn(line: string): readonly Attribute[] {
  const match = /^\s*(?<key>[a-z_]+)\s*:\s*(?<value>.*?)\s*$/.exec(line)?.groups;
  return match === undefined ? [] : [[match['key'] ?? '', match['value'] ?? '']];
}

const known: ReadonlySet<string> = new Set(
  'type match_type case_sensitive solvable_name query_string version repo install_status'.split(' '),
);

/** undefined: it is not followed. */
function lockOf(block: readonly Attribute[]): Lock | undefined {
  if (block.some(([key, value]) => !known.has(key) || value.length > limits.settings.lock.most)) return undefined;
  const all = (key: string): readonly string[] => block.flatMap(([own, value]) => (own === key ? [value] : []));
  const names = all('solvable_name');
  const texts = [...names, ...(names.includes('') ? all('query_string') : [])].filter((name) => name !== '');
  if (names.length === 0 || texts.length === 0 || (!names.includes('') && all('query_string').length > 0))
    return undefined;
  const isCased = /^(?:true|on|yes|1)$/i.test(all('case_sensitive').at(-1) ?? '');
  const named = nameTest(all('match_type').at(-1) ?? 'substring', texts, isCased);
  const status = all('install_status').at(-1) ?? 'all';
  const [repository, ...others] = all('repo');
  const versions = all('version').map(versionTest);
  if (named === undefined || others.length > 0 || versions.includes(undefined)) return undefined;
  if (status !== 'all' && status !== 'installed' && status !== 'not-installed') return undefined;
  return {
    matches: ({ name, version }) => named(name) && versions.every((test) => test?.(version) === true),
    repository,
    status,
  };
}

function nameTest(how: string, texts: readonly string[], isCased: boolean): ((name: string) => boolean) | undefined {
  const plain = (text: string): string => (isCased ? text : text.toLowerCase());
  const wanted = texts.map(plain);
  switch (how) {
    case 'exact':
      return (name) => wanted.includes(plain(name));
    case 'glob': {
      const matches = textMatcher(wanted);
      return (name) => matches(plain(name));
    }
    case 'substring':
      return (name) => wanted.some((text) => plain(name).includes(text));
    case 'word':
      return (name) =>
        wanted.some((text) =>
          plain(name)
            .split(/[^A-Za-z0-9_]+/)
            .includes(text),
        );
    default:
      return undefined;
  }
}

const operators: ReadonlyMap<string, (order: number) => boolean> = new Map([
  ['==', (order) => order === 0],
  ['=', (order) => order === 0],
  ['!=', (order) => order !== 0],
  ['<', (order) => order < 0],
  ['<=', (order) => order <= 0],
  ['>', (order) => order > 0],
  ['>=', (order) => order >= 0],
]);

/** `< 0:0.11.4-2`, `1.0`; one without a release is met by any. */
function versionTest(text: string): ((version: string) => boolean) | undefined {
  const { operator = '==', edition = '' } = /^(?<operator>[<>=!]{1,2})?\s*(?<edition>\S+)$/.exec(text)?.groups ?? {};
  const holds = operators.get(operator);
  if (holds === undefined || edition === '') return undefined;
  const isBare = !edition.includes('-');
  return (version) => holds(compareRpm(isBare ? version.replace(/-[^-]*$/, '') : version, edition));
}
