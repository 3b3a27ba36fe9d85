import { compareApk } from '../versions/apk-version.ts';

/** What a world file, a dependency or `apk add` asks for: `[!]name[@tag][operator version]`. Source: apk-world(5). */
export interface ApkDependency {
  readonly name: string;
  /** Never to be installed. */
  readonly conflict: boolean;
  readonly tag?: string;
  /** Empty: any version. */
  readonly operator: string;
  readonly version: string;
}

/** One word of a world file; undefined when it is none. */
export function parseApkDependency(word: string): ApkDependency | undefined {
  const match = /^(?<no>!?)(?<name>[^\s@<>=~!]+)(?:@(?<tag>[\w.-]+))?(?:(?<operator>[<>=~]+)(?<version>\S+))?$/.exec(
    word,
  );
  if (!match?.groups) return undefined;
  const { no, name = '', tag, operator = '', version = '' } = match.groups;
  return { name, conflict: no === '!', ...(tag !== undefined && { tag }), operator, version };
}

/**
 * Does a version satisfy `operator wanted`? `=` `<` `>` `<=` `>=` by Alpine's order; `~` (also `=~`, `~=`) when the
 * wanted version is a beginning of it, component by component: `~1.6` takes 1.6, 1.6.0_pre1 and 1.6.9-r2, not 1.60;
 * `>~` and `<~` take that, and what is newer or older. An empty operator takes everything, an unknown one nothing, `><`
 * too: it names a package file by its checksum. Source: apk-world(5), apk-package(5), "Package names and versions".
 */
export function satisfiesApk(version: string, operator: string, wanted: string): boolean {
  if (operator === '') return true;
  const order = compareApk(version, wanted);
  switch (operator) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
    case '=<':
      return order <= 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '~':
    case '=~':
    case '~=':
      return beginsWith(version, wanted);
    case '>~':
    case '~>':
      return order > 0 || beginsWith(version, wanted);
    case '<~':
    case '~<':
      return order < 0 || beginsWith(version, wanted);
    default:
      return false;
  }
}

const component = /^[0-9]+|\.[0-9]+|_[a-z]+|[a-z]|[0-9]+|~[0-9a-f]+|-r[0-9]+/g;

function beginsWith(version: string, wanted: string): boolean {
  const length = components(wanted).length;
  return compareApk(components(version).slice(0, length).join(''), wanted) === 0;
}

function components(version: string): readonly string[] {
  return version.match(component) ?? [];
}
