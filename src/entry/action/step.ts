import { setFailed } from '@actions/core';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { inert } from '../inert.ts';
import { runAction } from './main.ts';

/** The whole life of the process: its signals, its log, and the sentence with which the step fails. */
export async function runStep({ env, stdout }: NodeJS.Process): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The runner waits some seconds after the first: what is under way ends, and what was told is kept.
    process.once(signal, () => stop.abort(new PlimsollError('CANCELLED', `stopped by ${signal}`)));
  }
  try {
    const failure = await runAction({ env, write: (text) => stdout.write(text), signal: stop.signal });
    if (failure !== undefined) setFailed(inert(failure));
  } catch (error) {
    // A configuration has one complaint per line; everything else is one sentence.
    const isConfig = error instanceof PlimsollError && error.code === 'CONFIG';
    setFailed(inert(isConfig ? error.message : messageOf(error)));
  }
}
