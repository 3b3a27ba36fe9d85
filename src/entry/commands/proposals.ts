import { findConfig } from '../../config/find.ts';
import { loadConfig } from '../../config/load.ts';
import { PlimsollError } from '../../core/errors.ts';
import { listProposals } from '../../job/list-proposals.ts';
import { renderJson } from '../../report/render/json.ts';
import { renderProposals } from '../../report/render/proposal-list.ts';
import { type ListedFinding, listed } from '../../report/say/standing.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { openStateIfThere, statePlace } from '../state-place.ts';

interface ProposalsOptions extends CommonOptions {
  readonly format: 'text' | 'json';
}

/** `plimsoll proposals`: what is open, waits and is over, as the forges have it now. */
export async function proposals(
  given: Record<string, unknown>,
  _words: string[],
  signal: AbortSignal,
): Promise<number> {
  const options = given as unknown as ProposalsOptions;
  const file = options.config ?? findConfig('.');
  const config = file === undefined ? undefined : loadConfig(file, 'operator', process.env);
  if (config === undefined || config.forges.length === 0) {
    const said =
      file === undefined
        ? 'there is no configuration here that names a repository'
        : `${file} names no repository that proposals are made in`;
    throw new PlimsollError('USAGE', `${said}; say --config FILE`);
  }
  const session = openSession(options, config, 'public', signal);
  try {
    const held = await heldFindings(statePlace(options.state, config.state));
    const { proposals: found, problems } = await listProposals(config.forges, (wanted) =>
      session.parts.forge(wanted, process.env),
    );
    await session.output.result(
      options.format === 'json'
        ? renderJson({ proposals: found, held, problems })
        : renderProposals(found, held, problems, session.output.style),
      options.format === 'text' ? 'text' : 'document',
    );
    return problems.length > 0 ? exitCodes.unfinished : exitCodes.done;
  } finally {
    session.close();
  }
}

/** What the newest run would have proposed, had nothing held it. */
async function heldFindings(file: string): Promise<readonly ListedFinding[]> {
  const store = await openStateIfThere(file);
  if (store === undefined) return [];
  try {
    const standing = (await store.fleet.standing()).filter(({ held, remedy }) => held !== null && remedy === 'edit');
    return listed(standing, {}, [], new Map());
  } finally {
    await store.close();
  }
}
