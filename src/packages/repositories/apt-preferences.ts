import { globToRegExp } from '../../core/glob.ts';
import type { Problem } from '../../core/problem.ts';
import { isAptFragment, readAptConfig } from './apt-config.ts';
import type { AptRelease, AptRepository } from './apt-repository.ts';
import { readStanzas } from './stanzas.ts';

/** One package version's home, as pins see it. */
export interface PinTarget {
  readonly repository: Pick<AptRepository, 'uri' | 'suite'>;
  readonly release: AptRelease;
  readonly component: string;
}

/** Where an installed version is, as apt sees it: in the archive `now`. */
export const installedHome: PinTarget = {
  repository: { uri: '', suite: 'now' },
  release: { suite: 'now', notAutomatic: false, butAutomaticUpgrades: false },
  component: '',
};

/** One block of apt_preferences(5). */
export interface AptPin {
  /** `all`: `Package: *`, which sets the priority of whole repositories. */
  readonly packages: 'all' | readonly RegExp[];
  readonly matches: (target: PinTarget, version: string) => boolean;
  readonly priority: number;
}

export interface AptPreferences {
  /** In the order in which apt takes the first that matches. */
  readonly pins: readonly AptPin[];
  readonly problems: readonly Problem[];
}

const longestFile = 256 * 1024;
const mostPins = 500;
const mostChoices = 8;

/**
 * Pins of a root file system: `APT::Default-Release` as one of priority 990, `preferences`, then `preferences.d/*`
 * without suffix or with `.pref`. Understood are packages by name or glob, and pins by release, origin and version; of
 * any other form only a note remains.
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
    const text = Buffer.from(files.get(path) ?? [])
      .subarray(0, longestFile)
      .toString('utf8');
    for (const { fields, line } of readStanzas(text)) {
      const pin = pins.length < mostPins ? readPin(fields) : undefined;
      if (pin) pins.push(pin);
      else odd.push(`${path}:${line}`);
    }
  }
  const [first] = odd;
  if (first === undefined) return { pins, problems: [] };
  const message = `custom apt pinning is present, and ${odd.length} of its rules, the first at ${first}, could not be followed; apt in the image may choose other versions`;
  return { pins, problems: [{ code: 'apt-custom-pinning', message, subject: first }] };
}

function isPreferencesFile(path: string): boolean {
  return path === 'etc/apt/preferences' || isAptFragment(path, 'etc/apt/preferences.d/', '.pref');
}

function readPin(fields: ReadonlyMap<string, string>): AptPin | undefined {
  const priority = fields.get('pin-priority')?.trim() ?? '';
  const names = (fields.get('package') ?? '').split(/\s+/).filter((word) => word !== '');
  const { kind, matches } = matcher(fields.get('pin') ?? '');
  if (!/^[+-]?\d{1,6}$/.test(priority) || Number(priority) === 0 || names.length === 0 || !matches) return undefined;
  const packages = names.includes('*') ? 'all' : names.map((one) => pattern(one, /[*?]/.test(one) ? 'i' : ''));
  // A version is none of a repository, so that such a pin for all packages matches nothing.
  if (packages === 'all')
    return { packages, matches: kind === 'version' ? () => false : matches, priority: Number(priority) };
  const patterns = packages.filter((one) => one !== undefined);
  return patterns.length === packages.length ? { packages: patterns, matches, priority: Number(priority) } : undefined;
}

/** `release a=stable,l=Debian`, `origin "host"`, `version 1.2*`. */
function matcher(text: string): { readonly kind?: string; readonly matches?: AptPin['matches'] | undefined } {
  const [, word, rest = ''] = /^(release|origin|version)\s+(.+)$/is.exec(text.trim()) ?? [];
  const kind = word?.toLowerCase();
  switch (kind) {
    case 'origin': {
      const host = pattern(rest.trim().replace(/^"(.*)"$/, '$1'));
      return {
        kind,
        matches: host && (({ repository: { uri } }) => host.test(URL.canParse(uri) ? new URL(uri).hostname : '')),
      };
    }
    case 'version': {
      const version = pattern(rest.trim());
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
    const wanted = value === '' ? undefined : pattern(value);
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
};

/**
 * Names and globs, `*` across slashes too, upper and lower case alike (fnmatch with FNM_CASEFOLD); other regular
 * expressions than {@link expression} and sources are not followed.
 */
function pattern(text: string, flags: 'i' | '' = 'i'): RegExp | undefined {
  if (text === '' || text.length > 200 || /^\/.*\/$|^src:|[[\]{}]/.test(text)) return undefined;
  try {
    return new RegExp(globToRegExp(text.replace(/\*+/g, '**')), flags);
  } catch {
    return undefined;
  }
}

/**
 * A regular expression of plain text and a few choices, as Debian's release notes advise for the target release:
 * `/^bookworm(|-security|-updates)$/`. Nothing that repeats: anybody may have written it.
 */
function expression(text: string): RegExp | undefined {
  const source = /^\/([\w.^$|()?-]{1,200})\/$/.exec(text)?.[1];
  if (source === undefined || (source.match(/[|?]/g) ?? []).length > mostChoices) return undefined;
  try {
    return new RegExp(source, 'i');
  } catch {
    return undefined;
  }
}
