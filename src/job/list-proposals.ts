import type { ForgeSettings, WantedForge } from '../config/config.ts';
import { messageOf } from '../core/errors.ts';
import type { FindingClass } from '../core/finding.ts';
import type { Problem } from '../core/problem.ts';
import type { Forge, ForgeRepository, OwnItem } from '../forges/forge.ts';
import { parseFacts, parseMarker } from '../targets/proposals/marker.ts';

/** A proposal as its forge has it now. */
export interface ListedProposal {
  readonly forge: string;
  readonly repository: string;
  /** What the forge calls it: `pull request #12`. */
  readonly name: string;
  readonly url: string;
  readonly state: OwnItem['state'];
  readonly isDraft: boolean;
  readonly class?: FindingClass;
  /** Reference keys of what it moves. */
  readonly images: readonly string[];
  /** Until when a person wants no more of it, or we took it back ourselves. */
  readonly ignoredUntil?: string;
  readonly withdrawn?: true;
  /** RFC 3339. */
  readonly created: string;
  readonly updated: string;
}

/** Proposals of all repositories that were read, and why others were not. */
export interface ListedProposals {
  readonly proposals: readonly ListedProposal[];
  readonly problems: readonly Problem[];
}

/** Asks every configured forge for the proposals that are ours, the open ones first, then the newest. Changes nothing. */
export async function listProposals(
  configured: readonly ForgeSettings[],
  open: (wanted: WantedForge) => Promise<Forge | string>,
): Promise<ListedProposals> {
  const proposals: ListedProposal[] = [];
  const problems: Problem[] = [];
  for (const { selections, ...wanted } of configured) {
    const { type } = wanted;
    const forge = await open(wanted).catch(messageOf);
    if (typeof forge === 'string') {
      problems.push({ code: 'owner-unreadable', message: forge, subject: type });
      continue;
    }
    const seen = new Set<string>();
    for (const selection of selections) {
      try {
        for await (const repository of forge.repositories(selection)) {
          if (seen.has(repository.id)) continue;
          seen.add(repository.id);
          proposals.push(...(await proposalsOf(repository, forge, problems)));
        }
      } catch (error) {
        problems.push({ code: 'owner-unreadable', message: messageOf(error), subject: selection.pattern });
      }
    }
  }
  const rank = { open: 0, merged: 1, closed: 1 };
  const isLater = (a: string, b: string): number => (a === b ? 0 : a < b ? 1 : -1);
  return {
    proposals: proposals.sort((a, b) => rank[a.state] - rank[b.state] || isLater(a.updated, b.updated)),
    problems,
  };
}

async function proposalsOf(
  repository: ForgeRepository,
  forge: Forge,
  problems: Problem[],
): Promise<readonly ListedProposal[]> {
  try {
    const items = await forge.ownItems(repository, 'pull');
    return items
      .filter(({ kind, body }) => kind === 'pull' && parseMarker(body) !== undefined)
      .map((item) => listedOf(item, repository, forge));
  } catch (error) {
    problems.push({ code: 'repository-unreadable', message: messageOf(error), subject: repository.name });
    return [];
  }
}

function listedOf(
  { url, state, body, created, updated }: OwnItem,
  { name }: ForgeRepository,
  forge: Forge,
): ListedProposal {
  const facts = parseFacts(body);
  return {
    forge: forge.type,
    repository: name,
    name: forge.present.proposalName(url),
    url,
    state,
    isDraft: facts?.draft ?? false,
    ...(facts && { class: facts.class }),
    images: [...new Set((facts?.to ?? []).map(([reference]) => reference))],
    ...(facts?.ignored && { ignoredUntil: facts.ignored.until }),
    ...(facts?.withdrawn && { withdrawn: true as const }),
    created,
    updated,
  };
}
