import { assembleJob, type JobWishes } from '../../job/assemble.ts';
import { imageGraphOf } from '../../job/published/image-graph-of.ts';
import { renderJson } from '../../report/render/json.ts';
import { renderGraph } from '../../report/render/plans/graph-report.ts';
import { exitCodes } from '../exit-codes.ts';
import { prepareRun, type RunOptions } from '../run-request.ts';

interface GraphOptions extends RunOptions {
  readonly format: 'text' | 'json';
}

/** `plimsoll graph [PATH]…`: which published image is made of which. Circles are told, and no failure. */
export async function graph(given: Record<string, unknown>, paths: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as GraphOptions;
  const prepared = await prepareRun(options, paths, paths.length > 0 ? 'look' : 'dry-run', signal);
  const { config, session, store, request } = prepared;
  try {
    const open: JobWishes['open'] = (wanted) => session.parts.forge(wanted, process.env);
    const wishes = { config: { ...config, notify: [] }, given: options, request, open, proposals: 'none' } as const;
    const job = paths.length > 0 ? { request } : await assembleJob(wishes, session.parts, store);
    const { graph: found, unread } = await imageGraphOf(job.request, config.published, store);
    const { output } = session;
    await output.result(
      options.format === 'json' ? renderJson(found) : renderGraph(found),
      options.format === 'json' ? 'document' : 'text',
    );
    for (const { subject, message } of unread)
      output.logger.error(subject === undefined ? message : `${subject}: ${message}`);
    return unread.length > 0 ? exitCodes.unfinished : exitCodes.done;
  } finally {
    await prepared.close();
  }
}
