/*
 * src/targets/proposals/
 *
 * Pull requests. propose.ts takes one repository after the other (propose-repository.ts). Findings become groups
 * (group.ts), a group one wanted proposal (wanted.ts); with what the forge has of it (proposal-situation.ts) that is a
 * Situation of a few words, and next-step.ts is the table from every situation to one step. proposal-step.ts and
 * proposal-write.ts do it. Nothing is remembered but by marker, trailer and branch name (marker.ts, trailer.ts,
 * branch-name.ts), so a lost state loses no pull request. commands.ts is what people may ask for, write-dashboards.ts
 * the issue that lists everything.
 * Begin with next-step.ts, then this file.
 */

import { messageOf } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { ProposalOutcome } from '../../core/proposal.ts';
import type { OwnItem, Presentation } from '../../forges/forge.ts';
import type { RunResult } from '../../job/run.ts';
import { type RepositoryPart, repositoryParts } from './prepare-proposal.ts';
import { forgeFailure } from './proposal-plan.ts';
import { proposeInRepository } from './propose-repository.ts';
import type { ProposeDependencies, ProposeSettings } from './propose-settings.ts';

/** Repositories whose pull requests are listed ahead; all writing is one by one. */
const listedAhead = 6;

/**
 * Opens, refreshes and closes pull requests until they are what the run found, one repository after the other; one that
 * fails stops no other. Nothing is remembered here: branch, trailer and marker suffice.
 */
export async function propose(
  result: RunResult,
  settings: ProposeSettings,
  deps: ProposeDependencies,
): Promise<ProposalOutcome[]> {
  const repositories = byRepository(repositoryParts(result));
  const lists: Promise<readonly OwnItem[]>[] = [];
  const list = (parts: readonly RepositoryPart[] | undefined): void => {
    const repository = parts?.[0]?.read.repository;
    if (repository === undefined) return;
    const asked = deps.forge.ownItems(repository, 'pull');
    // A failure is that repository's, and is met below.
    asked.catch(() => undefined);
    lists.push(asked);
  };
  for (const parts of repositories.slice(0, listedAhead)) list(parts);
  const outcomes: ProposalOutcome[] = [];
  for (const [i, parts] of repositories.entries()) {
    const repository = parts[0]?.read.repository;
    try {
      if (repository?.archived) continue;
      const items = (await lists[i]) ?? [];
      for (const one of await proposeInRepository(parts, items, settings, deps)) outcomes.push(one);
    } catch (error) {
      const findings = parts.flatMap((part) => part.findings.map(({ id, class: kind }) => ({ id, class: kind })));
      const name = repository?.name ?? '';
      const cause = forgeFailure(error);
      outcomes.push({
        kind: 'failed',
        repository: name,
        branch: '',
        reason: messageOf(error),
        ...(cause !== undefined && { cause }),
        findings,
        news: [],
        batches: [],
      });
    }
    list(repositories[i + listedAhead]);
  }
  return outcomes;
}

/** Branches of one repository share its limits. */
function byRepository(parts: readonly RepositoryPart[]): (readonly RepositoryPart[])[] {
  const known = new Map<string, RepositoryPart[]>();
  for (const part of parts) {
    const { id } = part.read.repository;
    known.set(id, [...(known.get(id) ?? []), part]);
  }
  return [...known.values()];
}

/** The findings with the proposal that each is in, and with what it waits for. Pure. */
export function withProposals(
  findings: readonly Finding[],
  outcomes: readonly ProposalOutcome[],
  { proposalName }: Pick<Presentation, 'proposalName'>,
): readonly Finding[] {
  const known = new Map(
    outcomes.flatMap((outcome) => outcome.findings.map((one) => [`${one.id} ${one.class}`, outcome] as const)),
  );
  return findings.map((finding) => {
    const outcome = known.get(`${finding.id} ${finding.class}`);
    if (outcome === undefined) return finding;
    const { url, isOver, kind, held, reason } = outcome;
    return {
      ...finding,
      ...(url !== undefined && {
        proposal: { url, name: proposalName(url), state: isOver || kind === 'closed' ? 'closed' : 'open' },
      }),
      ...(held !== undefined && finding.held === undefined && { held: { reason: held, detail: reason } }),
    };
  });
}
