import type { FindingClass } from '../../core/finding.ts';
import { matchesImage } from '../../core/image/image-glob.ts';
import { familiarReference, type ImageReference, parseReference } from '../../core/image/reference.ts';
import { newsClasses } from '../../core/news.ts';
import type { Role } from '../../core/parsed-file.ts';
import { repositoryGlob } from '../../core/patterns.ts';
import type { StandingFinding } from '../../state/fleet.ts';
import type { Snooze } from '../../state/snoozes.ts';
import type { OpenNews } from '../../state/store.ts';

/** Which part of a fleet somebody asks about; absent: all. */
export interface Choice {
  readonly classes?: readonly FindingClass[];
  /** Globs, as rules have them. */
  readonly repository?: string;
  readonly image?: string;
  readonly roles?: readonly Role[];
}

/** What the state knows of a finding, with until when nobody wants to hear of it. Milliseconds since 1970. */
export interface ListedFinding extends StandingFinding {
  readonly snoozed?: number;
}

/** Is something of an image, in a repository, of the part that is asked about? */
export function isChosen(
  {
    reference,
    repository,
    class: kind,
    role,
  }: Pick<StandingFinding, 'reference' | 'repository'> &
    Partial<Pick<StandingFinding, 'class'>> & { readonly role?: Role },
  { classes, repository: wanted, image, roles }: Choice,
): boolean {
  if (roles !== undefined && (role === undefined || !roles.includes(role))) return false;
  if (classes !== undefined && (kind === undefined || !classes.includes(kind))) return false;
  if (wanted !== undefined && !repositoryGlob(wanted).test(repository)) return false;
  return image === undefined || matchesImage(image, referenceOf(reference));
}

/** The findings that are asked about, the most urgent class first, the oldest of each first, and which are snoozed. */
export function listed(
  findings: readonly StandingFinding[],
  choice: Choice,
  snoozes: readonly Snooze[],
  openNews: ReadonlyMap<string, OpenNews>,
): readonly ListedFinding[] {
  const rank = new Map(newsClasses.map((kind, index) => [kind, index]));
  // What lags, or was built on an old base, comes with the security fixes when it lacks one.
  const urgency = ({ class: kind, security }: StandingFinding): number =>
    Math.min(rank.get(kind) ?? 0, security === true ? (rank.get('security') ?? 0) + 0.5 : Number.POSITIVE_INFINITY);
  return findings
    .filter((one) => isChosen(one, choice))
    .map((one) => {
      const ends = snoozes.filter((snooze) => silences(snooze, one, openNews)).map(({ until }) => until);
      return ends.length === 0 ? one : { ...one, snoozed: Math.max(...ends) };
    })
    .sort((a, b) => urgency(a) - urgency(b) || a.since - b.since);
}

/** Of news by its key the state knows class and image. */
export function silences(
  { kind, value }: Snooze,
  { class: own, reference, written }: Pick<StandingFinding, 'class' | 'reference' | 'written'>,
  openNews: ReadonlyMap<string, OpenNews>,
): boolean {
  switch (kind) {
    case 'image':
      return matchesImage(value, referenceOf(reference));
    case 'digest':
      return written.includes(value);
    case 'news': {
      const news = openNews.get(value);
      return news !== undefined && news.class === own && news.reference === reference;
    }
  }
}

/** An image as it is written, its digest cut to what is recognised, with what its variables come to. */
export function writtenName({ written, reference }: Pick<StandingFinding, 'written' | 'reference'>): string {
  const parsed = written.includes('$') ? referenceOf(reference) : undefined;
  const short = written.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]{52}$/, '$1');
  return parsed === undefined ? short : `${familiarReference(parsed)} (${short})`;
}

/** What is kept of an image, unless that is the name of something else. */
export function referenceOf(text: string): ImageReference | undefined {
  try {
    return parseReference(text);
  } catch {
    return undefined;
  }
}
