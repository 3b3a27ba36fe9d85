import { createHash } from 'node:crypto';
import type { Finding, FindingClass } from '../../core/finding.ts';
import { referenceKey } from '../../core/image/reference.ts';
import type { When } from '../../core/time/batch.ts';
import type { ProposalGroup } from './group.ts';
import type { ProposalFacts } from './marker.ts';

/** What a pull request must say and do, as far as its findings tell. */
export interface WantedProposal {
  readonly group: ProposalGroup;
  /** Of the most urgent finding. */
  readonly class: FindingClass;
  /** Kinds of files that it changes, by the names of their formats. */
  readonly formats: readonly string[];
  /** sha256 of what every place moves to. */
  readonly targets: string;
  /** The same for people, in the commit: `Dockerfile: node:22 → sha256:…`. */
  readonly targetList: readonly string[];
  readonly facts: ProposalFacts;
  /** Whole keys. */
  readonly news: readonly string[];
  /** The batches it waits for, each due once in its period; none when anything in it is urgent. */
  readonly batches: readonly When[];
  readonly draft: boolean;
  readonly automerge: boolean;
}

/** The proposal of a group; undefined when nothing of it is wanted today. Pure. */
export function wantedProposal(group: ProposalGroup): WantedProposal | undefined {
  const [first] = group.wanted;
  if (first === undefined) return undefined;
  const targets = [...new Set(group.wanted.map((finding) => JSON.stringify(targetOf(finding))))].sort();
  const lists = new Set(group.wanted.map((finding) => finding.news));
  const news = [...new Set([...lists].flat())].sort();
  const draft = group.wanted.some(({ reaction }) => reaction?.draft);
  const changesRelease = group.wanted.some(({ os }) => os !== undefined);
  return {
    group,
    class: first.class,
    formats: [...new Set(group.wanted.flatMap(({ format }) => format ?? []))],
    targets: hash(targets),
    targetList: targets.map((one) => (JSON.parse(one) as Target).join(' ')),
    facts: {
      class: first.class,
      substance: hash(group.wanted.map((finding) => JSON.stringify(substanceOf(finding))).sort()).slice(0, 16),
      news: news.map((key) => key.slice(0, 16)),
      to: imageTargets(group.wanted),
      draft,
      withdrawn: false,
    },
    news,
    batches: batchesOf(group.wanted),
    draft,
    // A fix that is younger than the rules ask for, or another release of the distribution, is for a person to judge.
    automerge:
      !draft && !changesRelease && group.wanted.every(({ reaction }) => reaction?.proposal?.automerge === true),
  };
}

function batchesOf(findings: readonly Finding[]): readonly When[] {
  const all = findings.map(({ reaction }) => (reaction?.proposeNow ? 'now' : (reaction?.when ?? 'now')));
  return all.includes('now') ? [] : [...new Set(all)].sort();
}

/** File, what is named there, and what it is moved to. */
type Target = readonly [file: string, what: string, to: string];

function targetOf({ file, subject, reference, pin, latest, class: kind, written }: Finding): Target {
  if (subject === 'package') return [`${file}:`, `${pin?.manager} ${pin?.name} →`, latest?.version ?? ''];
  const key = reference === undefined ? written : referenceKey(reference);
  const tag = kind === 'newer-tag' ? `${latest?.tag ?? ''} ` : '';
  return [`${file}:`, `${key} →`, `${tag}${latest?.digest ?? ''}`];
}

/** What changes for whoever builds: not the digest, which also moves when nothing else does. */
function substanceOf(finding: Finding): unknown {
  const { file, subject, reference, pin, latest, packages = [], config = [], perPlatform = [] } = finding;
  const place = [file, subject, reference === undefined ? null : referenceKey(reference), pin?.name ?? null];
  if (subject === 'package') return [place, latest?.version];
  return [
    place,
    packages.map(({ name, after }) => [name, after ?? null]).sort(),
    config.map(({ key, after }) => [key, after]).sort(),
    finding.class === 'content' || finding.class === 'unpinned' ? perPlatform.map((one) => one.latest ?? null) : null,
    finding.class === 'newer-tag' ? (latest?.tag ?? null) : null,
  ];
}

function imageTargets(findings: readonly Finding[]): [string, string][] {
  const all = findings.flatMap(({ subject, reference, latest }): [string, string][] =>
    subject === 'image' && reference !== undefined && latest?.digest !== undefined
      ? [[referenceKey(reference), latest.digest]]
      : [],
  );
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()].sort();
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
