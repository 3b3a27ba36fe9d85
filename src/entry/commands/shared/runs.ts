import { PlimsollError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits/limits.ts';
import { visible } from '../../../report/safe/visible.ts';
import { runOf, wholeRun } from '../../../serve/api-documents.ts';
import type { PartsOfRun } from '../../../state/postgres/shared-facts.ts';
import { phases } from '../../../state/postgres/shared-run.ts';
import type { StoredRun } from '../../../state/store.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type StateOptions, withState } from '../../state-session.ts';

interface RunsOptions extends StateOptions {
  readonly format: 'text' | 'json';
}

/** One process has made it. */
const noParts = Object.fromEntries(phases.map((phase) => [phase, { open: 0, done: 0, failed: 0 }]));

/** `plimsoll runs [ID]`: the newest runs, or one with how far its parts are; from the state. */
export async function runs(given: Record<string, unknown>, words: string[]): Promise<number> {
  const options = given as unknown as RunsOptions;
  const [word] = words;
  if (word !== undefined && !/^\d{1,15}$/.test(word))
    throw new PlimsollError('USAGE', `runs ${word}: expected the number of a run`);
  return withState(options, { readOnly: true }, async ({ store, output }) => {
    const isJson = options.format === 'json';
    if (word === undefined) {
      const { most } = limits.report.pageRows;
      const found = await store.runs(most + 1);
      const all = found.slice(0, most);
      if (found.length > most) output.note(`the newest ${most} runs; older ones by their number`);
      const text = isJson ? `${JSON.stringify({ runs: all.map(runOf) }, null, 2)}\n` : all.map(lineOf).join('');
      await output.result(text, isJson ? 'document' : 'text');
      return exitCodes.done;
    }
    const run = await store.run(Number(word));
    if (run === undefined) throw new PlimsollError('STATE', `run ${word} is not known`);
    const parts = await store.shared?.parts(run.id);
    const text = isJson
      ? `${JSON.stringify({ ...(await wholeRun(run, store)), parts: parts?.counts ?? noParts }, null, 2)}\n`
      : wholeOf(run, parts);
    await output.result(text, isJson ? 'document' : 'text');
    return exitCodes.done;
  });
}

function lineOf(run: StoredRun): string {
  const { id, state, startedAt, outcome, trigger, exit } = runOf(run);
  const how = outcome ?? state;
  return `${id}  ${startedAt}  ${how}${exit === undefined ? '' : ` (exit ${exit})`}  ${trigger}\n`;
}

function wholeOf(run: StoredRun, parts: PartsOfRun | undefined): string {
  const lines = [lineOf(run).trimEnd()];
  if (parts !== undefined) {
    lines.push(`phase ${parts.phase}`);
    for (const phase of phases) {
      const { open, done, failed } = parts.counts[phase];
      if (open + done + failed > 0) lines.push(`  ${phase}: ${done} done, ${open} open, ${failed} failed`);
    }
    for (const { phase, number, reason = '' } of parts.failed) lines.push(`  ${phase} ${number} failed: ${reason}`);
  }
  for (const { message, subject } of run.problems.first)
    lines.push(`  ${subject === undefined ? '' : `${subject}: `}${message}`);
  return `${lines.map(visible).join('\n')}\n`;
}
