import { globToRegExp } from '../core/glob.ts';
import type { VersionScheme } from '../core/package.ts';
import { satisfiesApk } from './apk/apk-constraint.ts';
import { compareVersions } from './versions/index.ts';

/** What a package word asks for, in the spelling of its manager. */
export interface PinSpec {
  readonly operator: string;
  readonly version: string;
}

/**
 * Would the manager take this version for the word? Sources: apt-get(8), "install" (a version, or a glob over it);
 * apk-world(5); dnf(8), "Specifying packages" and rpm-version(7): what the author left out, release or epoch, is not
 * compared.
 */
export function satisfiesPin(scheme: VersionScheme, version: string, { operator, version: wanted }: PinSpec): boolean {
  switch (scheme) {
    case 'dpkg':
      return satisfiesApt(version, wanted);
    case 'apk':
      return satisfiesApk(version, operator, wanted);
    case 'rpm':
      return satisfiesRpm(version, operator, wanted);
  }
}

function hasGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

/**
 * apt's pkgVersionMatch, upper and lower case alike: a star at the end stands for any rest, and what is before it is the
 * beginning as typed; without one, it is a glob.
 */
function satisfiesApt(version: string, wanted: string): boolean {
  const [offered, text] = [version.toLowerCase(), wanted.toLowerCase()];
  const isPrefix = text.endsWith('*');
  const start = isPrefix ? text.slice(0, -1) : text;
  if (isPrefix ? offered.startsWith(start) : offered === start) return true;
  return hasGlob(start) && globToRegExp(start).test(offered);
}

function satisfiesRpm(version: string, operator: string, wanted: string): boolean {
  const offered = likeWritten(version, wanted);
  if (hasGlob(wanted)) return globToRegExp(wanted).test(offered);
  const order = compareVersions('rpm', offered, wanted);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    default:
      return order === 0;
  }
}

/** `1:2.3-4.el9` with only those parts that the author wrote: epoch, version, release. */
function likeWritten(evr: string, wanted: string): string {
  const [, epoch = '', version = '', release = ''] = /^(\d+:)?([^-]*)(-.*)?$/.exec(evr) ?? [];
  return `${wanted.includes(':') ? epoch || '0:' : ''}${version}${wanted.includes('-') ? release : ''}`;
}

/** Is the word's version a limit (`>=1.2`, `<2`) that a person set, and not one that falls behind? */
export function isLimit({ operator }: PinSpec): boolean {
  return /[<>]/.test(operator);
}

/**
 * The new version in the shape that the author chose: exact stays exact, a glob or an apk `~` keeps its depth, rpm words
 * keep the parts they name. Undefined when the shape cannot hold the version.
 */
export function inSameShape(
  scheme: VersionScheme,
  candidate: string,
  { operator, version }: PinSpec,
): string | undefined {
  if (scheme === 'rpm') {
    const parts = likeWritten(candidate, version);
    return hasGlob(version) ? globLike(parts, version) : parts;
  }
  if (scheme === 'apk') return operator.includes('~') ? beginning(candidate, version) : candidate;
  return hasGlob(version) ? globLike(candidate, version) : candidate;
}

/** `1.22.*` and 1.24.0-1 make `1.24.*`: as many parts as the author wrote before the star, one star at the end. */
function globLike(candidate: string, glob: string): string | undefined {
  const fixed = /^([^*?[]*)\*$/.exec(glob)?.[1];
  if (fixed === undefined) return undefined;
  const endsPart = /[.\-+~:]$/.test(fixed);
  const start = beginning(candidate, endsPart ? fixed.slice(0, -1) : fixed);
  return `${start}${endsPart ? candidate.charAt(start.length) || fixed.slice(-1) : ''}*`;
}

/** The first parts of a version, as many as another has. */
function beginning(version: string, like: string): string {
  const count = like.split(/[.\-+~:_]/).length;
  let at = 0;
  for (let part = 0; part < count; part++) {
    const end = version.slice(at).search(/[.\-+~:_]/);
    if (end < 0) return version;
    if (part === count - 1) return version.slice(0, at + end);
    at += end + 1;
  }
  return version;
}
