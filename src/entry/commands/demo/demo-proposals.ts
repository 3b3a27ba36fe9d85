import { defaultConfig } from '../../../config/config.ts';
import { messageOf } from '../../../core/errors.ts';
import { commitFolder } from '../../../demo/repository.ts';
import { assembleJob, type JobWishes } from '../../../job/assemble.ts';
import { run } from '../../../job/run.ts';
import type { Session } from '../../session.ts';

/**
 * The pull requests of the demo, as branches: its fleet becomes a git repository, and the real job proposes in it. Returns
 * what there is to show, which without git is a sentence.
 */
export async function demoProposals(fleet: string, session: Session): Promise<string> {
  const { parts } = session;
  const searchPath = process.env['PATH'] ?? '';
  try {
    await commitFolder(fleet, searchPath);
  } catch (error) {
    return `Pull requests are not shown, for here they are branches of a git repository: ${messageOf(error)}\n`;
  }
  const forge = await parts.forge({ type: 'local' }, process.env);
  if (typeof forge === 'string') return `${forge}\n`;
  const wishes: JobWishes = {
    config: defaultConfig,
    given: {},
    request: { trees: [], baseLines: [] },
    home: { type: 'local', pattern: fleet },
    open: async () => forge,
    proposals: 'make',
  };
  const job = await assembleJob(wishes, parts, undefined);
  const looked = await run(job.request, parts.run);
  const { record } = (await job.propose?.(looked)) ?? looked;
  const [repository] = looked.repositories;
  const outcomes = record.proposals ?? [];
  if (repository === undefined) return `${record.problems.map(({ message }) => message).join('\n')}\n`;
  const branches = outcomes.filter(({ kind }) => kind === 'created').map(({ branch }) => branch);
  const { pulls } = await forge.state(repository.repository, { bases: ['main'], branches });
  const lines = pulls.map(({ headCommit, head, title }) => `${headCommit.slice(0, 7)} (${head}) ${title}`);
  const waiting = outcomes.filter(({ kind }) => kind === 'held').length;
  const more = waiting === 0 ? '' : `${waiting} more wait: a first run opens at most three.\n`;
  // Without the lines for us.
  const body = (pulls[0]?.body ?? '').replace(/^<!-- .* -->$/gm, '').trim();
  return `${lines.join('\n')}\n${more}\nWhat the first of them says:\n\n${body.replace(/^/gm, '  ')}\n`;
}
