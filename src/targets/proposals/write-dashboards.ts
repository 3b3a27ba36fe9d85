import { messageOf } from '../../core/errors.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProposalOutcome } from '../../core/proposal.ts';
import type { RunRecord } from '../../core/run-record.ts';
import type { Forge, ForgeRepository } from '../../forges/forge.ts';
import { renderDashboard } from '../../report/render/dashboard-body.ts';
import type { ReadRepository } from '../../sources/discover-repositories.ts';
import { unreadPlaces } from '../../verdict/run-problems.ts';
import { checkbox, dashboardAmong, dashboardMarker, dashboardTitle, wishesIn } from './dashboard.ts';

/** What stood in the dashboards before the run, by the repository's id. */
export type Dashboards = ReadonlyMap<string, Dashboard>;

interface Dashboard {
  readonly repository: ForgeRepository;
  /** As the trees of its branches are named. */
  readonly trees: Set<string>;
  readonly body: string;
  /** Branches whose boxes somebody ticked. */
  readonly wishes: ReadonlySet<string>;
}

/** Reads the dashboards of these repositories. One that cannot be read wishes for nothing; writing it says why. */
export async function readDashboards(repositories: readonly ReadRepository[], forge: Forge): Promise<Dashboards> {
  const found = new Map<string, Dashboard>();
  for (const { repository, tree } of repositories) {
    found.get(repository.id)?.trees.add(tree);
    if (found.has(repository.id) || repository.archived) continue;
    const items = await forge.ownItems(repository, 'issue').catch(() => []);
    const { item } = dashboardAmong(items);
    const body = item?.state === 'open' ? item.body : '';
    found.set(repository.id, { repository, trees: new Set([tree]), body, wishes: wishesIn(body) });
  }
  return found;
}

/**
 * Brings each dashboard to what the run found: at most one per repository, changed in place, and not at all on a day without
 * news. One that a person closed stays closed; what was ticked meanwhile is left for the next run.
 */
export async function writeDashboards(
  dashboards: Dashboards,
  record: Pick<RunRecord, 'findings' | 'unchecked' | 'problems'>,
  outcomes: readonly ProposalOutcome[],
  forge: Forge,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const { findings, unchecked } = record;
  // A template is no file that somebody would repair.
  const unread = unreadPlaces(record).filter(({ code }) => code !== 'file-template');
  for (const { repository, trees, body: before } of dashboards.values()) {
    const body = renderDashboard(
      findings.filter((one) => one.repository?.id === repository.id),
      outcomes.filter((one) => one.repository === repository.name),
      {
        marker: dashboardMarker,
        checkbox,
        proposal: forge.present.proposal,
        most: forge.present.most.issue,
        unchecked: unchecked.filter((one) => one.repository?.id === repository.id),
        unread: unread.filter(({ place, subject = '' }) => trees.has(place?.scope ?? subject)),
      },
    );
    try {
      await writeOne(repository, before, body, forge);
    } catch (error) {
      problems.push({ code: 'dashboard-failed', message: messageOf(error), subject: repository.name });
    }
  }
  return problems;
}

const nothing = `${dashboardMarker}\nNothing is open, and nothing waits.\n`;

async function writeOne(
  repository: ForgeRepository,
  before: string,
  wanted: string | undefined,
  forge: Forge,
): Promise<void> {
  const body = wanted ?? (before === '' ? undefined : nothing);
  if (body === undefined || same(body, before)) return;
  // Opening pull requests took its time.
  const { item, others } = dashboardAmong(await forge.ownItems(repository, 'issue'));
  for (const { number } of others) await forge.changeIssue(repository, number, { state: 'closed' });
  if (item === undefined) await forge.openIssue(repository, { title: dashboardTitle, body });
  else if (item.state === 'open' && item.body === before) await forge.changeIssue(repository, item.number, { body });
}

/** The editors of forges end lines as forms do, with carriage returns. */
function same(a: string, b: string): boolean {
  return a.trimEnd() === b.replaceAll('\r\n', '\n').trimEnd();
}
