import type { Finding } from '../../core/finding.ts';
import type { Forge } from '../../forges/forge.ts';
import type { RunResult } from '../../job/run.ts';
import type { PlatformResult } from '../../look/examination.ts';
import { type ComparedPlatform, proposalBody } from '../../report/render/proposal-body.ts';
import { proposalTitle } from '../../report/render/proposal-text.ts';
import type { ReadRepository } from '../../sources/discover-repositories.ts';
import type { DecidedPin } from '../../verdict/decided.ts';
import { planEdits } from '../folder-target.ts';
import { commandHelp } from './commands.ts';
import type { PreparedProposal } from './proposal-write.ts';
import type { WantedProposal } from './wanted.ts';

/** The part of a run that one branch of one repository is. */
export interface RepositoryPart {
  readonly read: ReadRepository;
  readonly files: RunResult['files'];
  readonly decided: RunResult['decided'];
  readonly decidedPins: readonly DecidedPin[];
  readonly findings: readonly Finding[];
}

/** Cuts a run into the branches that were read, in their order. */
export function repositoryParts({ repositories, files, decided, decidedPins, record }: RunResult): RepositoryPart[] {
  const texts = bucket(files, ({ tree }) => tree.name);
  const uses = bucket(decided, ({ examined: { use } }) => ('tree' in use.place ? use.place.tree : ''));
  const pins = bucket(decidedPins, ({ pin }) => pin.placed.place.tree);
  const findings = bucket(record.findings, ({ tree }) => tree ?? '.');
  return repositories.map((read) => ({
    read,
    files: texts.get(read.tree) ?? [],
    decided: uses.get(read.tree) ?? [],
    decidedPins: pins.get(read.tree) ?? [],
    findings: findings.get(read.tree) ?? [],
  }));
}

function bucket<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const buckets = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const known = buckets.get(key);
    if (known === undefined) buckets.set(key, [one]);
    else known.push(one);
  }
  return buckets;
}

/** The files as they will be, and every word about them. A string is the reason why there is nothing to change. */
export function prepareProposal(
  wanted: WantedProposal,
  part: RepositoryPart,
  { can, present }: Pick<Forge, 'can' | 'present'>,
): PreparedProposal | string {
  const ids = new Set(wanted.group.wanted.map((finding) => `${finding.id} ${finding.class}`));
  const isWanted = ({ id, class: kind }: Finding): boolean => ids.has(`${id} ${kind}`);
  const updates = planEdits(part, isWanted, part.read.pin);
  const refused = updates.flatMap((update) => update.refused.map(({ subject, message }) => `${subject}: ${message}`));
  const files = updates
    .filter(({ watched, text }) => text !== watched.text)
    .map(({ watched, text }) => ({ path: watched.file, bytes: Buffer.from(text, watched.encoding) }));
  if (files.length === 0) return refused[0] ?? 'the edit would change nothing';
  const parts = wanted.group.wanted.map((finding) => ({ finding, platforms: platformsOf(finding, part) }));
  return {
    wanted,
    title: proposalTitle(wanted.group.wanted, present.most.title),
    files,
    body: (marker, facts) =>
      proposalBody({
        marker,
        facts,
        parts,
        draft: wanted.draft,
        refused,
        commands: can.comments ? commandHelp : [],
        most: present.most.body,
      }),
  };
}

function platformsOf(finding: Finding, { decided }: RepositoryPart): ComparedPlatform[] {
  if (finding.subject !== 'image' || finding.class === 'newer-tag') return [];
  const own = decided.find(({ findings }) => findings.some(({ id }) => id === finding.id));
  return (own?.examined.examination.platforms ?? []).flatMap(toCompared);
}

function toCompared({ platform, comparison }: PlatformResult): ComparedPlatform[] {
  if (comparison === undefined) return [];
  const { size, created, layers, sharedLayers, source } = comparison;
  return [{ platform, size, created, layers, sharedLayers, ...(source && { source }) }];
}
