import { globToRegExp } from '../../core/glob.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { settingsText } from '../archives/excessive-settings.ts';
import { readStanzas } from '../archives/stanzas.ts';
import { isAptFragment, readAptConfig } from './apt-config.ts';
import type { AptRelease, AptRepository } from './apt-repository.ts';

/** One package version's home, as pins see it. */
export interface PinTarget {
  readonly repository: Pick<AptRepository, 'uri' | 'suite'>;
  readonly release: AptRelease;
  readonly component: string;
  /** Of the index, which for `all` is the native one. */
  readonly architecture: string;
}

/** Where an installed version is, as apt sees it: in the archive `now`. */
export const installedHome: PinTarget = {
  repository: { uri: '', suite: 'now' },
  release: { suite: 'now', notAutomatic: false, butAutomaticUpgrades: false },
  component: '',
  architecture: '',
};

/** One version of a package, as the `Package` field sees it. */
export interface PinSubject {
  readonly name: string;
  /** The native one for `all`. */
  readonly architecture: string;
  /** Absent when it has the package's name. */
  readonly source?: { readonly name: string };
}

/** One block of apt_preferences(5). */
export interface AptPin {
  /** `all`: `Package: *`, which sets the priority of whole repositories. */
  readonly packages: 'all' | ((subject: PinSubject, native: string) => boolean);
  readonly matches: (target: PinTarget, version: string) => boolean;
  readonly priority: number;
}

/** The pins of an image. A problem means that some could not be read. */
export interface AptPreferences {
  /** In the order in which apt takes the first that matches. */
  readonly pins: readonly AptPin[];
  readonly problems: readonly Problem[];
}

/**
 * Pins of a root file system: `APT::Default-Release` as one of priority 990, `preferences`, then `preferences.d/*`
 * without suffix or with `.pref`. Understood are packages and sources by name or glob, for one architecture or any, and
 * pins by release, origin and version; of any other form only a note remains.
 */
export function readAptPreferences(files: ReadonlyMap<string, Uint8Array>): AptPreferences {
  const { defaultRelease } = readAptConfig(files);
  const pins: AptPin[] = [];
  const odd: string[] = [];
  if (defaultRelease !== undefined) {
    // apt_preferences(5), "The Target Release"
    const matches = releaseMatcher(defaultRelease);
    if (matches) pins.push({ packages: 'all', matches, priority: 990 });
    else odd.push('APT::Default-Release');
  }
  const paths = [...files.keys()].filter(isPreferencesFile).sort();
  for (const path of paths) {
    for (const { fields, line } of readStanzas(settingsText(files.get(path)))) {
      const pin = pins.length < limits.settings.pinnings.most ? readPin(fields) : undefined;
      if (pin) pins.push(pin);
      else odd.push(`${path}:${line}`);
    }
  }
  const [first] = odd;
  if (first === undefined) return { pins, problems: [] };
  const message = `custom apt pinning is present, and ${odd.length} of its rules, the first at ${first}, could not be followed; apt in the image may choose other versions`;
  return { pins, problems: [{ code: 'apt-custom-pinning', message, subject: first }] };
}

/**
 * apt does nothing at all where no source has the release that is preferred: that problem. `releases`: of every source.
 * Source: apt, pkgPolicy's constructor, which holds archives, codenames and versions against it, and takes `a=…` as it is.
 */
export function missingRelease(
  files: ReadonlyMap<string, Uint8Array>,
  releases: readonly AptRelease[],
): Problem | undefined {
  const { defaultRelease: text = '' } = readAptConfig(files);
  const wanted = text[1] === '=' ? undefined : (pattern(text) ?? expression(text));
  if (wanted === undefined || wanted.test(installedHome.release.suite ?? '')) return undefined;
  const names = releases.flatMap(({ suite, codename, version }) => [suite, codename, version]);
  if (names.some((name) => name !== undefined && wanted.test(name))) return undefined;
  const message = `apt in the image refuses to install and upgrade anything: APT::Default-Release is ${JSON.stringify(text)}, which none of its sources calls itself; take it out, or name a release that is there`;
  return { code: 'apt-release-missing', message, subject: 'APT::Default-Release' };
}

function isPreferencesFile(path: string): boolean {
  return path === 'etc/apt/preferences' || isAptFragment(path, 'etc/apt/preferences.d/', '.pref');
}

function readPin(fields: ReadonlyMap<string, string>): AptPin | undefined {
  const priority = fields.get('pin-priority')?.trim() ?? '';
  const names = (fields.get('package') ?? '').split(/\s+/).filter((word) => word !== '');
  const { kind, matches } = matcher(fields.get('pin') ?? '');
  if (!/^[+-]?\d{1,6}$/.test(priority) || Number(priority) === 0 || names.length === 0 || !matches) return undefined;
  // As a short of C; beyond that apt refuses to do anything.
  if (Number(priority) < -32_768 || Number(priority) > 32_767) return undefined;
  // A version is none of a repository, so that such a pin for all packages matches nothing.
  if (names.includes('*')) {
    return { packages: 'all', matches: kind === 'version' ? () => false : matches, priority: Number(priority) };
  }
  const all = names.map(packageMatcher);
  const known = all.filter((one) => one !== undefined);
  if (known.length !== all.length) return undefined;
  return {
    packages: (subject, native) => known.some((one) => one(subject, native)),
    matches,
    priority: Number(priority),
  };
}

/**
 * `name`, `src:name`, each with `:architecture`, `:any` or `:native` behind it; without, the native one is meant
 * (apt_preferences(5), "The Effect of APT Preferences", Package). A name matches exactly, a glob or an expression
 * without regard to case.
 */
function packageMatcher(text: string): Exclude<AptPin['packages'], 'all'> | undefined {
  const {
    isSource,
    name = '',
    architecture = 'native',
  } = /^(?<isSource>src:)?(?<name>.+?)(?::(?<architecture>[^:/]+))?$/.exec(text)?.groups ?? {};
  const wanted = expression(name) ?? pattern(name, /[*?[]/.test(name) ? 'i' : '');
  const isFor = architecturePattern(architecture);
  if (!wanted || !isFor) return undefined;
  return (subject, native) =>
    wanted.test(isSource === undefined ? subject.name : (subject.source?.name ?? subject.name)) &&
    (isFor === 'native' ? subject.architecture === native : isFor.test(subject.architecture));
}

/** Wildcards are those of dpkg-architecture(1): names without a dash are of Linux. */
function architecturePattern(text: string): RegExp | 'native' | undefined {
  if (text === 'native') return text;
  if (text === 'any') return /^/;
  if (text === 'linux-any') return /^[^-]+$/;
  const processor = /^any-([a-z0-9]+)$/.exec(text)?.[1];
  return processor === undefined ? pattern(text) : new RegExp(`(?:^|-)${processor}$`);
}

/** `release a=stable,l=Debian`, `origin "host"`, `version 1.2*`. */
function matcher(text: string): { readonly kind?: string; readonly matches?: AptPin['matches'] | undefined } {
  const [, word, rest = ''] = /^(release|origin|version)\s+(.+)$/is.exec(text.trim()) ?? [];
  const kind = word?.toLowerCase();
  switch (kind) {
    case 'origin': {
      const text = rest.trim().replace(/^"(.*)"$/, '$1');
      // Files of the machine itself, which are not looked at here.
      if (text === '') return { kind, matches: () => false };
      const host = pattern(text) ?? expression(text);
      return {
        kind,
        matches: host && (({ repository: { uri } }) => host.test(URL.canParse(uri) ? new URL(uri).hostname : '')),
      };
    }
    case 'version': {
      const version = pattern(rest.trim()) ?? expression(rest.trim());
      return { kind, matches: version && ((_, offered) => version.test(offered)) };
    }
    case 'release':
      return { kind, matches: releaseMatcher(rest.trim()) };
    default:
      return {};
  }
}

/** `a=stable,l=Debian`, or in one word a version, an archive or a codename. */
function releaseMatcher(text: string): AptPin['matches'] | undefined {
  if (text === '*') return () => true;
  if (!/[,=]/.test(text)) {
    const wanted = pattern(text) ?? expression(text);
    if (/^\d/.test(text)) return wanted && (({ release }) => wanted.test(release.version ?? ''));
    return wanted && (({ release: { suite, codename } }) => wanted.test(suite ?? '') || wanted.test(codename ?? ''));
  }
  const conditions = text.split(',').map((one) => {
    const [, key = '', value = ''] = /^\s*([a-z])=(.*?)\s*$/.exec(one) ?? [];
    const wanted = value === '' ? undefined : (pattern(value) ?? expression(value));
    const field = releaseFields[key];
    return wanted && field && ((target: PinTarget) => wanted.test(field(target) ?? ''));
  });
  const known = conditions.filter((one) => one !== undefined);
  if (known.length !== conditions.length) return undefined;
  return (target) => known.every((condition) => condition(target));
}

const releaseFields: Readonly<Record<string, (target: PinTarget) => string | undefined>> = {
  a: ({ release }) => release.suite,
  n: ({ release }) => release.codename,
  v: ({ release }) => release.version,
  o: ({ release }) => release.origin,
  l: ({ release }) => release.label,
  c: ({ component }) => component,
  b: ({ architecture }) => architecture,
};

/**
 * Names and globs, `*` across slashes too, `[a-z]` and `[!a-z]`, upper and lower case alike (fnmatch with FNM_CASEFOLD);
 * regular expressions are {@link expression}'s.
 */
function pattern(text: string, flags: 'i' | '' = 'i'): RegExp | undefined {
  if (text === '' || text.length > limits.settings.pinningPattern.most || /^\/.*\/$|[{}]/.test(text)) return undefined;
  try {
    const { source } = globToRegExp(text.replace(/\*+/g, '**'));
    const choice = /\\\[(?<not>!|\\\^)?(?<characters>(?:\\[.+]|[\w~-])+)\\\]/g;
    const classes = source.replace(choice, (_, not: string | undefined, characters: string) =>
      not === undefined ? `[${characters}]` : `[^${characters}]`,
    );
    return new RegExp(classes, flags);
  } catch {
    return undefined;
  }
}

/**
 * A regular expression of plain text and a few choices, as Debian's release notes advise for the target release:
 * `/^bookworm(|-security|-updates)$/`. Nothing that repeats: anybody may have written it.
 */
function expression(text: string): RegExp | undefined {
  const source = /^\/([\w.^$|()?-]+)\/$/.exec(text)?.[1];
  if (
    source === undefined ||
    source.length > limits.settings.pinningPattern.most ||
    (source.match(/[|?]/g) ?? []).length > limits.settings.pinningChoices.most
  )
    return undefined;
  try {
    return new RegExp(source, 'i');
  } catch {
    return undefined;
  }
}
