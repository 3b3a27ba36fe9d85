import type { VersionScheme } from '../core/package.ts';
import { pinWord, type VersionPin } from '../core/parsed-file.ts';
import type { Problem } from '../core/problem.ts';
import type { ArchivesReading, Offer } from './archives/archive-family.ts';
import { inSameShape, isLimit, satisfiesPin } from './pin-version.ts';
import { compareVersions } from './versions/index.ts';

/** What the base of one platform offers. */
export interface PinPlatform {
  readonly platform: string;
  readonly scheme: VersionScheme;
  readonly reading: Pick<ArchivesReading, 'complete' | 'problems' | 'offers' | 'repositories'>;
}

/** One platform's step from what the word takes to what it should. */
export interface PinMove {
  readonly platform: string;
  /** `downgraded`: what is there instead of a version that is gone is older. */
  readonly kind: 'upgraded' | 'downgraded';
  /** What the word takes today; absent when that is gone. */
  readonly before?: Offer;
  readonly after: Offer;
}

export type PinVerdict =
  /** It takes what a build without the version would take, or newer. */
  | { readonly kind: 'current' }
  | { readonly kind: 'unknown'; readonly problem: Problem }
  /** The next build fails. Without moves, nothing of that name is there to take instead. */
  | { readonly kind: 'broken'; readonly detail: string; readonly moves: readonly PinMove[]; readonly version?: string }
  /** Something newer is there. */
  | { readonly kind: 'outdated'; readonly moves: readonly PinMove[]; readonly version?: string };

/**
 * Can the version that a package word asks for still be installed, and is it what the archives have now? A version is
 * gone only when every enabled repository was read and none has it; a stage that changes its repositories, or asks for a
 * release that the base does not enable, may know better than its base: then nothing is claimed. Pure.
 */
export function checkPin(pin: VersionPin, platforms: readonly PinPlatform[]): PinVerdict {
  const looked = platforms.map((one) => ({ ...one, ...lookUp(pin, one) }));
  if (looked.some(({ isPlainName }) => isPlainName)) return { kind: 'current' };
  if (looked.some(({ offers }) => isForeign(pin, offers))) return unknown(pin, otherArchitecture(pin));
  const missing = looked.filter(({ taken }) => taken === undefined);
  const unsure = missing.find((one) => !one.reading.complete);
  const moves = looked.flatMap(({ platform, scheme, taken, step }): PinMove[] => {
    if (step === undefined) return [];
    const order = compareVersions(scheme, step.version, taken?.version ?? wholeVersion(pin));
    return [{ platform, kind: order < 0 ? 'downgraded' : 'upgraded', after: step, ...(taken && { before: taken }) }];
  });
  if (missing.length > 0) {
    if (pin.repositoriesChange !== undefined) return unknown(pin, otherRepositories(pin, pin.repositoriesChange));
    if (pin.suite !== undefined && !enables(looked, pin.suite)) return unknown(pin, otherSuite(pin, pin.suite));
    if (unsure) return notRead(pin, unsure.reading);
    if (pin.declared && missing.every(({ offers }) => offers.length === 0)) return unknown(pin, noSuchName(pin));
    const version = newVersion(pin, looked);
    return {
      kind: 'broken',
      detail: goneDetail(pin, missing, looked.length),
      moves,
      ...(version !== undefined && { version }),
    };
  }
  if (isLimit(pin) || moves.every((move) => isCurrent(pin, move, platforms))) return { kind: 'current' };
  const version = newVersion(pin, looked);
  return { kind: 'outdated', moves, ...(version !== undefined && { version }) };
}

interface LookedUp {
  readonly offers: readonly Offer[];
  /** What the word takes. */
  readonly taken?: Offer;
  /** What it should take: the same when nothing is newer. */
  readonly step?: Offer;
  /** rpm words hide where the name ends: the whole word is a package, and no version was asked for. */
  readonly isPlainName: boolean;
}

function lookUp(pin: VersionPin, { reading, scheme }: PinPlatform): LookedUp {
  const offers = reading.offers(pin.name);
  if (scheme === 'rpm' && pin.operator === '-' && offers.length === 0) {
    return { offers, isPlainName: reading.offers(`${pin.name}-${pin.version}`).length > 0 };
  }
  const fitting = offers.filter(({ version }) => satisfiesPin(scheme, version, pin));
  // apt takes the newest that a glob takes, whatever its priority.
  const taken =
    scheme === 'dpkg' ? [...fitting].sort((a, b) => compareVersions('dpkg', b.version, a.version))[0] : fitting[0];
  const step = taken ? newerThan(taken, offers, scheme, pin) : insteadOf(pin, offers, scheme);
  return { offers, isPlainName: false, ...(taken && { taken }), ...(step && { step }) };
}

/**
 * What the manager would take by itself when that is newer, else the newest of where the version comes from: whoever
 * chose backports, by hand or with `-t`, stays there, and is not sent back to what the release has.
 */
function newerThan(taken: Offer, offers: readonly Offer[], scheme: VersionScheme, { suite }: VersionPin): Offer {
  const isNewer = ({ version }: Offer, than: Offer): boolean => compareVersions(scheme, version, than.version) > 0;
  const [first] = offers;
  if (first !== undefined && isNewer(first, taken) && suite !== taken.suite) return first;
  return offers.reduce((best, one) => (one.suite === taken.suite && isNewer(one, best) ? one : best), taken);
}

/** In place of a version that is gone: the first that is not older, of the release that was asked for before others. */
function insteadOf(pin: VersionPin, offers: readonly Offer[], scheme: VersionScheme): Offer | undefined {
  const asked = offers.filter(({ suite }) => suite === pin.suite);
  const all = [...asked, ...offers.filter((one) => !asked.includes(one))];
  return all.find(({ version }) => compareVersions(scheme, version, wholeVersion(pin)) >= 0) ?? all[0];
}

/** The version without the part that a glob leaves open. */
function wholeVersion({ version }: VersionPin): string {
  return version.replace(/[*?[].*$/, '');
}

/** A word for another architecture (`libc6:i386`) than that of the image, whose packages alone are looked into. */
function isForeign({ architecture }: VersionPin, offers: readonly Offer[]): boolean {
  if (architecture === undefined || architecture === 'any' || architecture === 'native') return false;
  return !offers.some((one) => one.architecture === architecture || one.architecture === 'all');
}

/** What the manager would take by itself, the word takes already; an older one it would never choose is no news. */
function isCurrent(pin: VersionPin, { platform, before, after }: PinMove, platforms: readonly PinPlatform[]): boolean {
  const scheme = platforms.find((one) => one.platform === platform)?.scheme ?? 'dpkg';
  return before?.version === after.version || satisfiesPin(scheme, after.version, pin);
}

/** One version for all platforms, as the author would write it. Undefined: there is none. */
function newVersion(pin: VersionPin, looked: readonly (PinPlatform & LookedUp)[]): string | undefined {
  const [first] = looked;
  const best = first?.step?.version;
  const text = first && best !== undefined ? inSameShape(first.scheme, best, pin) : undefined;
  const everywhere = (text: string): boolean =>
    looked.every(({ offers, scheme }) =>
      offers.some(({ version }) => satisfiesPin(scheme, version, { operator: pin.operator, version: text })),
    );
  if (first === undefined || best === undefined || text === undefined) return undefined;
  if (everywhere(text)) return text;
  if (first.scheme !== 'dpkg' || text.includes('*')) return undefined;
  // A rebuild for one architecture alone has a suffix of its own (+b1): a glob takes it on each.
  const glob = `${text.replace(/\+b\d+$/, '')}*`;
  return everywhere(glob) ? glob : undefined;
}

function enables(looked: readonly PinPlatform[], suite: string): boolean {
  return looked.every(({ reading }) => reading.repositories.some((one) => one.suite === suite));
}

function goneDetail(pin: VersionPin, missing: readonly (PinPlatform & LookedUp)[], all: number): string {
  const where = missing.length < all ? ` on ${missing.map(({ platform }) => platform).join(', ')}` : '';
  const [now] = missing.flatMap(({ step }) => step ?? []);
  const suites = [...new Set(missing.flatMap(({ reading }) => reading.repositories.map(({ suite }) => suite)))];
  const more = suites.length > 3 ? ` and ${suites.length - 3} more` : '';
  const from = suites.length > 0 ? `${suites.slice(0, 3).join(', ')}${more}` : 'the archive';
  return now === undefined
    ? `no enabled repository (${from}) has ${pin.name}${where}`
    : `${pinWord(pin)} left ${from}${where}, ${now.version} is there now`;
}

function unknown(pin: VersionPin, message: string): Extract<PinVerdict, { kind: 'unknown' }> {
  const subject = `${pin.file ?? 'Dockerfile'}:${pin.line}`;
  return { kind: 'unknown', problem: { code: 'pin-unknown', message, subject } };
}

function otherRepositories(pin: VersionPin, line: number): string {
  return `${pinWord(pin)} is not in the repositories of the base image, but line ${line} changes where the stage takes packages from, which only a build can tell`;
}

function otherArchitecture(pin: VersionPin): string {
  return `${pinWord(pin)} is for the architecture ${pin.architecture}; only packages of the architecture of the image are looked into`;
}

function otherSuite(pin: VersionPin, suite: string): string {
  const why = suite.startsWith('@') ? 'whose repositories are not looked into' : 'which the base image does not enable';
  return `${pinWord(pin)} is to come from ${suite}, ${why}`;
}

function noSuchName(pin: VersionPin): string {
  return `no enabled repository has a package ${pin.name}, so the comment above the version may name a project`;
}

/** The problem that is met first stands for all; a repository that is left alone on purpose is nobody's failure. */
function notRead(pin: VersionPin, { problems, repositories }: PinPlatform['reading']): PinVerdict {
  const [first] = problems;
  const skipped = repositories.find(({ trust }) => trust === 'skipped');
  const why = first
    ? `${first.subject ? `${first.subject}: ` : ''}${first.message}`
    : skipped
      ? `${skipped.uri} is left alone (archives.skip), and may have it`
      : 'not every repository could be read';
  const { problem } = unknown(pin, `whether ${pinWord(pin)} can be installed is not known: ${why}`);
  const isCovered = first !== undefined || skipped === undefined;
  return {
    kind: 'unknown',
    problem: {
      ...problem,
      ...(!isCovered && { code: 'pin-not-covered' as const }),
      ...(first?.host !== undefined && { host: first.host }),
    },
  };
}
