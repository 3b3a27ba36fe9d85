import { type FindingClass, findingClasses } from '../../core/finding.ts';
import { isDigest } from '../../core/image/digest.ts';
import { limits } from '../../core/limits/limits.ts';

/** The first line of every pull request of ours; without it, it is not ours. */
export interface Marker {
  /** 64 hexadecimal digits. */
  readonly key: string;
  /** The commit we left the branch at. */
  readonly head: string;
  /** sha256 of what it moves to. */
  readonly targets: string;
}

const marker =
  /^<!-- plimsoll v1 key=([0-9a-f]{64}) head=([0-9a-f]{40}(?:[0-9a-f]{24})?) targets=([0-9a-f]{64}) -->(?:\r?\n|$)/;

/** The marker as a comment of HTML, which Markdown does not show; read again by parseMarker. */
export function formatMarker({ key, head, targets }: Marker): string {
  return `<!-- plimsoll v1 key=${key} head=${head} targets=${targets} -->`;
}

/** undefined when the body does not begin with exactly what {@link formatMarker} writes. */
export function parseMarker(body: string): Marker | undefined {
  const [, key, head, targets] = marker.exec(body) ?? [];
  return key && head && targets ? { key, head, targets } : undefined;
}

/**
 * What a later run must know of a proposal, though it has no state: its last line, which people do not see either. Who
 * edits it only changes what is proposed again.
 */
export interface ProposalFacts {
  readonly class: FindingClass;
  /** What it brings besides security fixes: package versions, config, files; 16 hexadecimal digits. */
  readonly substance: string;
  /** First 16 digits of every news key, so that what was closed is not proposed again. */
  readonly news: readonly string[];
  /** What the images are moved to: reference key and digest. */
  readonly to: readonly (readonly [reference: string, digest: string])[];
  readonly draft: boolean;
  /** We closed it ourselves, which silences nothing. */
  readonly withdrawn: boolean;
  /** A person asked for quiet, about this group or about its images, until that day (RFC 3339 date). */
  readonly ignored?: { readonly scope: 'group' | 'image'; readonly until: string };
}

const factsLine = /^<!-- plimsoll-facts v1 ([ -~]*) -->\s*$/gm;

/** The facts as a comment of HTML, in one line, with news and targets cut at their bounds; read again by parseFacts. */
export function formatFacts(facts: ProposalFacts): string {
  const fields = [
    `class=${facts.class}`,
    `substance=${facts.substance}`,
    `news=${facts.news.slice(0, limits.proposal.news.most).join(',')}`,
    `to=${facts.to
      .slice(0, limits.proposal.targets.most)
      .map(([reference, digest]) => `${encodeReference(reference)}@${digest}`)
      .join(',')}`,
    ...(facts.draft ? ['draft=1'] : []),
    ...(facts.withdrawn ? ['withdrawn=1'] : []),
    ...(facts.ignored ? [`ignored=${facts.ignored.scope}:${facts.ignored.until}`] : []),
  ];
  return `<!-- plimsoll-facts v1 ${fields.join(' ')} -->`;
}

/** No comma, space, `@` or end of a comment: `--` would end one in HTML. */
function encodeReference(reference: string): string {
  return encodeURIComponent(reference).replaceAll('-', '%2D');
}

/** undefined when there is none, or when it is not as {@link formatFacts} writes it. */
export function parseFacts(body: string): ProposalFacts | undefined {
  const last = [...body.matchAll(factsLine)].at(-1)?.[1];
  if (last === undefined) return undefined;
  const fields = new Map(
    last.split(' ').map((field) => {
      const at = field.indexOf('=');
      return [field.slice(0, at), field.slice(at + 1)] as const;
    }),
  );
  const kind = findingClasses.find((one) => one === fields.get('class'));
  const substance = fields.get('substance') ?? '';
  if (kind === undefined || !/^[0-9a-f]{16}$/.test(substance)) return undefined;
  const [, scope, until] = /^(group|image):(\d{4}-\d{2}-\d{2})$/.exec(fields.get('ignored') ?? '') ?? [];
  return {
    class: kind,
    substance,
    news: (fields.get('news') ?? '').split(',').filter((one) => /^[0-9a-f]{16}$/.test(one)),
    to: (fields.get('to') ?? '').split(',').flatMap(parseTarget),
    draft: fields.has('draft'),
    withdrawn: fields.has('withdrawn'),
    ...(scope !== undefined && until !== undefined && { ignored: { scope: scope as 'group' | 'image', until } }),
  };
}

function parseTarget(text: string): [string, string][] {
  const [reference = '', digest = ''] = text.split('@');
  if (!isDigest(digest)) return [];
  try {
    return [[decodeURIComponent(reference), digest]];
  } catch {
    return [];
  }
}

/** The same body with other facts in its last line, or with them added. */
export function withFacts(body: string, facts: ProposalFacts): string {
  const bare = body.replace(factsLine, '').trimEnd();
  return `${bare}\n\n${formatFacts(facts)}\n`;
}
