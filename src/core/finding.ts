/*
 * src/core/
 *
 * The words of the field as types, and pure functions over them. Imports no other folder; everybody imports it. What is
 * read: parsed-file.ts. What it is compared with: image/ (references, digests, platforms), package.ts, comparison.ts. What is
 * said: finding.ts (this file), unchecked.ts, news.ts, run-record.ts, message.ts. What goes wrong: problem.ts is a
 * value beside a result, with a code whose meaning is in problem-code.ts, errors.ts is thrown where there is no result.
 * time/ has clocks, periods and work in turns, limits/ every bound. Nothing here does I/O, and nothing here knows a
 * registry, a distribution's archive, a forge or a service.
 * Begin with parsed-file.ts, finding.ts and problem.ts: nearly every function takes or returns one of them.
 */

import type { Digest } from './image/digest.ts';
import type { Dispatch } from './image/rebuild.ts';
import { formatReference, type ImageReference } from './image/reference.ts';
import type { PackageChange } from './package.ts';
import type { PackagePin, Role } from './parsed-file.ts';
import type { PlaceFields } from './place.ts';
import type { Problem } from './problem.ts';
import type { ProposalWishes } from './proposal-wishes.ts';
import type { When } from './time/batch.ts';

/** What a difference is called; the meanings are in docs/classes.md. Most urgent first. */
export const findingClasses = [
  'pin-broken',
  'security',
  'packages',
  'config',
  'content',
  'unknown',
  'rebuild',
  'no-op',
  'unpinned',
  'stale',
  'lagging',
  'newer-tag',
  'end-of-life',
] as const;

export type FindingClass = (typeof findingClasses)[number];

/** At most one of these per image use; the first that holds on any consumed platform. */
export type ContentClass = Exclude<FindingClass, 'stale' | 'lagging' | 'newer-tag' | 'end-of-life'>;

export type HeldReason =
  | 'incomplete'
  | 'young'
  | 'unsettled'
  | 'downgrade'
  | 'window'
  | 'limit'
  | 'budget'
  | 'policy'
  /** What runs is stopped, on the move, or not to be touched. */
  | 'workload'
  /** The digest was tried, and put back. */
  | 'failed'
  /** Another major version than the one that runs. */
  | 'major';

/** The class stays what it is; only the reaction waits. */
export interface Held {
  readonly reason: HeldReason;
  readonly detail: string;
  /** RFC 3339. */
  readonly until?: string;
}

/** One setting of an image's config (OCI image-spec, config.md) that differs; null where it is not set. */
export interface ConfigChange {
  /** `Env.NODE_VERSION`, `User`, `Entrypoint`, `Labels.…` */
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a finding says of one consumed platform, `os/architecture[/variant]`. */
export interface PlatformFinding {
  readonly platform: string;
  readonly class: ContentClass;
  /** Manifest digests. */
  readonly current?: Digest;
  readonly latest?: Digest;
}

/** One changed line of a file. */
export interface LineEdit {
  readonly file: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** One classified difference at one place, as it stands in the report. Absent = not applicable, null = could not tell. */
export interface Finding extends PlaceFields {
  readonly id: string;
  readonly news: readonly string[];
  readonly subject: 'image' | 'package';
  readonly class: FindingClass;
  readonly security: boolean | null;
  readonly held?: Held;
  /** What would help, and in whose hands that is. */
  readonly remedy: 'edit' | 'rebuild' | 'upgrade-line' | 'newer-base' | 'redeploy' | 'none';
  readonly role: Role;
  /** How many replicas it is about, where that is more than one. */
  readonly count?: number;
  readonly written: string;
  /** Absent when the use could not be read as a reference. */
  readonly reference?: ImageReference;
  /** What kind of digest the use carries; null when its kind could not be learnt. */
  readonly pinned: 'index' | 'manifest' | 'none' | null;
  /** For subject package. */
  readonly pin?: Pick<PackagePin, 'manager' | 'name' | 'operator' | 'version'>;
  readonly platforms: readonly string[];
  /** The digest of an image, or the version a package pin asks for. */
  readonly current?: { readonly digest?: Digest; readonly version?: string };
  readonly latest?: {
    readonly digest?: Digest;
    readonly tag?: string;
    readonly version?: string;
    /** Where the distribution has it. */
    readonly suite?: string;
    readonly firstSeen?: string;
  };
  readonly perPlatform?: readonly PlatformFinding[];
  readonly os?: { readonly before: string; readonly after: string };
  readonly packages?: readonly PackageChange[];
  readonly config?: readonly ConfigChange[];
  /** LABEL differences: shown, never classifying. */
  readonly labels?: readonly ConfigChange[];
  /** The instruction to copy into the stage, for remedy `upgrade-line`. */
  readonly upgradeLine?: string;
  /** The use as it will read. */
  readonly proposed?: string;
  readonly edits?: readonly LineEdit[];
  /** Findings of one tree with the same value share an ARG that supplies them, and change all of them or none. */
  readonly together?: string;
  /** For class stale: what is published, and who says what it was built on. */
  readonly published?: {
    readonly image: string;
    readonly digest: Digest;
    readonly by: 'layers' | 'provenance' | 'annotation';
    readonly tags: readonly string[];
  };
  /** For class stale: how it stands with a rebuild. */
  readonly dispatch?: Dispatch;
  /** One sentence: what this means for the reader. */
  readonly reason: string;
  readonly notes: readonly string[];
  readonly problem: Problem | null;
  /** When a state first knew of its news; RFC 3339. */
  readonly since?: string;
  /** Somebody does not want to hear of it, nor have it proposed, before that time; RFC 3339. */
  readonly snoozed?: { readonly until: string };
  /** What the rules of the configuration would have us do. */
  readonly reaction?: Reaction;
  /** What would fix it, with the forge's own word for it: `pull request #12`. */
  readonly proposal?: { readonly url: string; readonly state: 'open' | 'closed'; readonly name: string };
}

/** Does its owner name a digest? */
export function isPinned({ reference }: Pick<Finding, 'reference'>): boolean {
  return reference?.digest !== undefined;
}

/** What happens once, and is over when it was told: the tag of a use without a digest moved. */
export function isEvent({
  subject,
  pinned,
  workload,
  class: kind,
}: Pick<Finding, 'subject' | 'pinned' | 'workload' | 'class'>): boolean {
  return subject === 'image' && pinned === 'none' && workload === undefined && eventful.has(kind);
}

const eventful: ReadonlySet<FindingClass> = new Set(['security', 'packages', 'config', 'content']);

/** What the rules in force ask for when such a finding is there. */
export interface Reaction {
  readonly react: readonly ('propose' | 'alert' | 'record' | 'ignore' | 'redeploy' | 'dispatch')[];
  readonly when: When;
  /** A proposal does not wait for the window: nobody could say that the change is no security fix. */
  readonly proposeNow?: true;
  /** A proposal is marked as a draft: it brings a fix, and is younger than the rules ask for. */
  readonly draft?: true;
  /** What the rules want of its pull request. */
  readonly proposal?: ProposalWishes;
}

const behind: ReadonlySet<FindingClass> = new Set(['pin-broken', 'security', 'packages', 'config', 'content']);

/** Is an image with such a finding behind what its tag names? */
export function isBehind(kind: FindingClass): boolean {
  return behind.has(kind);
}

/** For how many images, or words of package pins, something newer or something broken was found. */
export function imagesBehind(findings: readonly Finding[]): number {
  const own = findings.filter((one) => isBehind(one.class));
  const tagOf = ({ registry, repository, tag = 'latest' }: ImageReference): string =>
    formatReference({ registry, repository, tag });
  return new Set(own.map(({ reference, written }) => (reference ? tagOf(reference) : written))).size;
}

/** Of a finding without room for its lists. */
const newsWithoutRoom = 3;

/**
 * Findings whose lists are as long as `most` packages in all. Thousands of places may use one image, each with its packages,
 * settings and news: findings beyond the bound have none of them but their first news, and `truncated` says so. Pure.
 */
export function withRoom(
  findings: readonly Finding[],
  most: number,
): { readonly findings: readonly Finding[]; readonly truncated?: true } {
  let left = most;
  const shown = findings.map((finding): Finding => {
    const length = lengthOf(finding);
    if (length <= left) {
      left -= length;
      return finding;
    }
    const { packages: _packages, config: _config, labels: _labels, ...rest } = finding;
    return { ...rest, news: finding.news.slice(0, newsWithoutRoom) };
  });
  return { findings: shown, ...(shown.some((one, index) => one !== findings[index]) && { truncated: true }) };
}

/** Of the lists of a finding, in packages: as long as one are ten advisories, three news, and 200 characters of a setting. */
function lengthOf({ packages = [], config = [], labels = [], news }: Finding): number {
  let length = packages.length + Math.max(0, news.length - newsWithoutRoom) / 3;
  for (const { advisories = [], introduced = [] } of packages) length += (advisories.length + introduced.length) / 10;
  for (const { before, after } of [...config, ...labels])
    length += ((before?.length ?? 0) + (after?.length ?? 0)) / 200;
  return length;
}
