import { createHash } from 'node:crypto';
import type { ConfigChange, Finding, FindingClass } from '../../core/finding.ts';
import { referenceKey } from '../../core/image/reference.ts';
import type { PackageChange } from '../../core/package.ts';
import { onceFor } from '../../core/shared-work.ts';
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
      substance: substanceOf(group.wanted),
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
function substanceOf(findings: readonly Finding[]): string {
  const rests = new Map<string, Map<string, Rest>>();
  const parts = findings.map((finding): Part => {
    const [place, shared, own] = spelt(finding);
    const known = rests.get(shared) ?? new Map<string, Rest>();
    rests.set(shared, known);
    const rest = known.get(own) ?? {
      text: shared + own,
      escaped: Buffer.from(JSON.stringify(shared + own).slice(1, -1)),
    };
    known.set(own, rest);
    return { place, rest };
  });
  // What JSON.stringify would make of all of them, which may be longer than a text can be.
  const sum = createHash('sha256').update('[');
  for (const [index, { place, rest }] of parts.sort(byText).entries()) {
    sum
      .update(`${index === 0 ? '' : ','}${JSON.stringify(`[${place},`).slice(0, -1)}`)
      .update(rest.escaped)
      .update('"');
  }
  return sum.update(']').digest('hex').slice(0, 16);
}

/** What is wanted at one place: `[`, the place, a comma and the rest, which thousands of places may share. */
interface Part {
  readonly place: string;
  readonly rest: Rest;
}

interface Rest {
  readonly text: string;
  readonly escaped: Uint8Array;
}

function byText(a: Part, b: Part): number {
  if (a.place !== b.place) return a.place < b.place ? -1 : 1;
  if (a.rest === b.rest) return 0;
  return a.rest.text < b.rest.text ? -1 : 1;
}

/** As JSON: the place, what findings of one image have in common, and what is this one's own. */
function spelt(finding: Finding): readonly [place: string, shared: string, own: string] {
  const { file, subject, reference, pin, latest, packages = none, config = none, perPlatform = [] } = finding;
  const place = [file, subject, reference === undefined ? null : referenceKey(reference), pin?.name ?? null];
  if (subject === 'package') return [JSON.stringify(place), '', `${JSON.stringify(latest?.version ?? null)}]`];
  const digests =
    finding.class === 'content' || finding.class === 'unpinned' ? perPlatform.map((one) => one.latest ?? null) : null;
  const tag = finding.class === 'newer-tag' ? (latest?.tag ?? null) : null;
  const own = `,${settingsText(config)},${JSON.stringify(digests)},${JSON.stringify(tag)}]`;
  return [JSON.stringify(place), packagesText(packages), own];
}

const none: readonly never[] = [];

const packagesText = onceFor((packages: readonly PackageChange[]) =>
  JSON.stringify(packages.map(({ name, after }) => [name, after ?? null]).sort()),
);

const settingsText = onceFor((config: readonly ConfigChange[]) =>
  JSON.stringify(config.map(({ key, after }) => [key, after]).sort()),
);

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
