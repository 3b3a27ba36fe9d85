/** One package word of an install command, taken apart. */
export interface PackageWord {
  readonly name: string;
  readonly operator?: string;
  readonly version?: string;
  /** That apt's word asks for: `libc6:i386`. */
  readonly architecture?: string;
  /** The tag of repositories that apk's word asks for: `@edge`. */
  readonly suite?: string;
}

const isPath = (word: string): boolean => /^(?:\.{0,2}\/|~\/)|:\/\//.test(word);

/**
 * `name[:arch][=version|/suite][+|-]`. Source: apt-get(8), "install". A `-` at the end removes and a `+` installs, but
 * `g++` and its like are names. Patterns (`^…`, `~…`, `*`) and tasks (`name^`) name no package.
 */
export function aptWord(word: string): PackageWord | undefined {
  if (isPath(word) || word.endsWith('.deb')) return undefined;
  const match = /^([A-Za-z0-9][A-Za-z0-9.+_-]*)(?::([a-z0-9-]+))?(?:(=)([^\s/]+)|(\/)([^\s/]+))?$/.exec(word);
  if (match === null) return undefined;
  const [, typed = '', own, equals, version, slash, suite] = match;
  const operator = equals ?? slash;
  const architecture = own === undefined ? {} : { architecture: own };
  if (operator !== undefined) return { name: typed, operator, version: version ?? suite ?? '', ...architecture };
  if (word.endsWith('-')) return undefined;
  return { name: /[^+]\+$/.test(typed) && typed !== 'memtest86+' ? typed.slice(0, -1) : typed, ...architecture };
}

const apkOperators = new Set(['=', '<', '>', '<=', '>=', '~', '=~', '~=', '>~', '<~', '><']);

/** `name[@tag][op version]`; `!name` is a conflict. Source: apk-world(5); apk-tools src/package.c, apk_blob_pull_dep. */
export function apkWord(word: string): PackageWord | undefined {
  if (isPath(word) || word.endsWith('.apk')) return undefined;
  const match = /^([A-Za-z0-9_.][^\s=<>~@!*?[\]{}]*)(@[^\s=<>~]+)?(?:([=<>~]+)([^\s@=<>~]+))?(@\S+)?$/.exec(word);
  if (match === null) return undefined;
  const [, name = '', before, operator, version, after] = match;
  const tag = before ?? after;
  const suite = tag === undefined ? {} : { suite: tag };
  if (operator === undefined || version === undefined) return { name, ...suite };
  return apkOperators.has(operator) ? { name, operator, version, ...suite } : undefined;
}

/** Source: rpm's rpmrc, the architectures that dnf accepts as a suffix. */
const rpmArchitecture =
  /\.(?:x86_64(?:_v[234])?|i[3456]86|aarch64|armv[567]\w*|ppc64(?:le)?|s390x?|riscv64|loongarch64|noarch|src)$/;
const rpmVersion = /^(?:\d+:)?\d[^\s:-]*$/;
/** Begins with a digit, or as openSUSE Leap's do (`lp154.2.1`): the `openjdk` of `java-17-openjdk` is none. */
const rpmRelease = /^(?:\d|lp\d)[^\s:-]*$/;

/**
 * `name`, `name.arch`, `[epoch:]name-[epoch:]version[-release][.arch]` or `"name >= version"`. Only the repository knows
 * where a name ends: the longest tail that can be a version is taken for one, also in `dotnet-sdk-8.0`, and who has the
 * repository's index splits again. Source: dnf(8), "Specifying packages".
 */
export function rpmWord(word: string): PackageWord | undefined {
  if (isPath(word) || word.endsWith('.rpm') || /^[@(!-]/.test(word)) return undefined;
  const relation = /^([^\s<>=]+)\s*(>=|<=|=|<|>)\s*([^\s<>=]+)$/.exec(word);
  if (relation !== null) {
    const [, name = '', operator = '', version = ''] = relation;
    return isRpmName(name) ? { name: withoutArchitecture(name), operator, version } : undefined;
  }
  const outer = /^(\d+:)(.+)$/.exec(word);
  const found = splitRpm(withoutArchitecture(outer?.[2] ?? word));
  if (!isRpmName(found.name)) return undefined;
  return outer && found.version !== undefined ? { ...found, version: `${outer[1]}${found.version}` } : found;
}

function splitRpm(word: string): PackageWord {
  const last = word.lastIndexOf('-');
  const before = word.lastIndexOf('-', last - 1);
  const tail = word.slice(last + 1);
  const split = (at: number): PackageWord => ({ name: word.slice(0, at), operator: '-', version: word.slice(at + 1) });
  if (before > 0 && rpmRelease.test(tail) && rpmVersion.test(word.slice(before + 1, last))) return split(before);
  return last > 0 && rpmVersion.test(tail) ? split(last) : { name: word };
}

function isRpmName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(name);
}

function withoutArchitecture(word: string): string {
  return word.replace(rpmArchitecture, '');
}

/** `name[.arch][op version]`; `package:` may stand before it, other kinds name no package. Source: zypper(8), "install". */
export function zypperWord(word: string): PackageWord | undefined {
  if (/^[-!~]|^(?:pattern|patch|product|srcpackage|application):/.test(word)) return undefined;
  return rpmWord(word.replace(/^\+/, '').replace(/^package:/, ''));
}
