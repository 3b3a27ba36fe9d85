import { type Finding, findingClasses, isPinned } from '../../core/finding.ts';
import { familiarReference, parseReference, referenceKey } from '../../core/image/reference.ts';
import { compareText } from '../../core/place.ts';
import { type GroupKind, groupKinds } from '../../core/proposal-wishes.ts';
import { branchName, proposalKey } from './branch-name.ts';

/** What one pull request would hold, in one branch of one repository. */
export interface ProposalGroup {
  readonly key: string;
  readonly branch: string;
  /** The branch it is to be merged into. */
  readonly base: string;
  /** What is to be proposed; the most urgent first. */
  readonly wanted: readonly Finding[];
  /** What may be proposed later: held back, put off, or not known today. While there is some, nothing is closed. */
  readonly waiting: readonly Finding[];
}

type GroupName = readonly [kind: GroupKind | 'newer-tag' | 'pin', key: string, about: string];

/** Sorts the findings of one branch of one repository into pull requests. Pure. */
export function groupFindings(findings: readonly Finding[], base: string): ProposalGroup[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const part = partOf(finding);
    if (part === 'none') continue;
    const name = groupName(finding, finding.reaction?.proposal?.group ?? 'image');
    const key = proposalKey(base, name[0], name[1]);
    const group = groups.get(key) ?? { name, wanted: [], waiting: [] };
    groups.set(key, group);
    group[part].push(finding);
  }
  return [...joined(groups)]
    .map(([key, { name, wanted, waiting }]) => ({
      key,
      branch: branchName(name[2], key),
      base,
      wanted: wanted.sort(byUrgency),
      waiting,
    }))
    .sort((a, b) => urgency(a) - urgency(b) || (a.branch < b.branch ? -1 : 1));
}

interface Group {
  readonly name: GroupName;
  readonly wanted: Finding[];
  readonly waiting: Finding[];
}

/**
 * Findings that one ARG supplies change all of them or none, so they are one pull request however they are grouped, and
 * while one of them is held, all wait. The first key in the order of keys stands for all.
 */
function joined(groups: ReadonlyMap<string, Group>): ReadonlyMap<string, Group> {
  const result = new Map<string, Group>();
  const owners = new Map<string, string>();
  for (const [key, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bonds = [...group.wanted, ...group.waiting].flatMap(({ together }) => together ?? []);
    const met = [...new Set(bonds.flatMap((bond) => owners.get(bond) ?? []))].sort();
    const [own = key, ...others] = met;
    const parts = [...met.flatMap((one) => result.get(one) ?? []), group];
    for (const other of others) result.delete(other);
    for (const [bond, owner] of owners) if (others.includes(owner)) owners.set(bond, own);
    for (const bond of bonds) owners.set(bond, own);
    result.set(own, {
      name: result.get(own)?.name ?? group.name,
      wanted: parts.flatMap(({ wanted }) => wanted),
      waiting: parts.flatMap(({ waiting }) => waiting),
    });
  }
  return new Map([...result].map(([key, group]) => [key, heldTogether(group)]));
}

function heldTogether({ name, wanted, waiting }: Group): Group {
  const held = new Set(waiting.flatMap(({ together }) => together ?? []));
  const isFree = ({ together }: Finding): boolean => together === undefined || !held.has(together);
  return {
    name,
    wanted: wanted.filter(isFree),
    waiting: [...waiting, ...wanted.filter((finding) => !isFree(finding))],
  };
}

/** Every key that these findings would have under any setting of `group`: by it, a change of the setting is told apart. */
export function keysUnderAnyGrouping(findings: readonly Finding[], base: string): ReadonlySet<string> {
  return new Set(
    findings
      .filter((finding) => partOf(finding) !== 'none')
      .flatMap((finding) =>
        groupKinds.map((kind) => {
          const [own, key] = groupName(finding, kind);
          return proposalKey(base, own, key);
        }),
      ),
  );
}

function partOf(finding: Finding): 'wanted' | 'waiting' | 'none' {
  const { reaction, remedy, edits, held, snoozed } = finding;
  const react = reaction?.react ?? [];
  if (react.includes('ignore')) return 'none';
  // "Unknown" is never "up to date": what was proposed stays.
  if (finding.class === 'unknown') return 'waiting';
  if (['stale', 'lagging', 'end-of-life', 'no-op'].includes(finding.class)) return 'none';
  const isPinning = isPinned(finding) ? false : finding.subject === 'image' && finding.class !== 'newer-tag';
  if (!isPinning && !react.includes('propose')) return 'none';
  if (isPinning && finding.role === 'frontend') return 'none';
  if (held !== undefined || snoozed !== undefined) return 'waiting';
  return remedy === 'edit' && edits !== undefined && edits.length > 0 ? 'wanted' : isPinning ? 'none' : 'waiting';
}

/** Files that need a right of their own are never changed together with others: what is refused must not take them along. */
function groupName(finding: Finding, kind: GroupKind): GroupName {
  const [own, key, about] = usualName(finding, kind);
  return isWorkflow(finding) ? [own, `${key} workflows`, `${about}-workflows`] : [own, key, about];
}

/** GitHub's own workflows; on other forges they are files like any other. */
export function isWorkflow({ file = '', format }: Pick<Finding, 'file' | 'format'>): boolean {
  return format === 'workflow' && file.startsWith('.github/workflows/');
}

function usualName(finding: Finding, kind: GroupKind): GroupName {
  const { reference, file = '' } = finding;
  const image = reference === undefined ? `file ${file}` : referenceKey(reference);
  if (finding.class === 'newer-tag') return ['newer-tag', image, `${aboutImage(image)}-newer`];
  // One proposal pins everything that has no digest.
  if (finding.subject === 'image' && reference !== undefined && !isPinned(finding)) return ['pin', '', 'pin-images'];
  switch (kind) {
    case 'image':
      return ['image', image, aboutImage(image)];
    case 'repository':
      return ['repository', '', 'images'];
    case 'file':
      return ['file', file, file];
    case 'class':
      return ['class', finding.class, finding.class];
  }
}

function aboutImage(key: string): string {
  try {
    const { repository, tag } = parseReference(key);
    return familiarReference({ registry: 'docker.io', repository, ...(tag !== undefined && { tag }) });
  } catch {
    return key;
  }
}

function byUrgency(a: Finding, b: Finding): number {
  return (
    findingClasses.indexOf(a.class) - findingClasses.indexOf(b.class) ||
    compareText(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0)
  );
}

/** Of the most urgent finding in it; a group that only waits comes last. */
function urgency({ wanted: [first] }: ProposalGroup): number {
  return first === undefined ? findingClasses.length : findingClasses.indexOf(first.class);
}
