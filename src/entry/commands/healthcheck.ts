import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { isAddress, shownState } from '../../core/secret.ts';
import { defaultStateFile } from '../environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { processOutput } from '../output.ts';
import { isServedAt } from '../state-place.ts';
import { type StateOptions, stateFileOf } from '../state-session.ts';

/** Where a daemon writes down how it is reached. */
export function serveAddressFile(state: string): string {
  // The state of many machines says nothing of where this one listens.
  return isAddress(state)
    ? path.join(path.dirname(defaultStateFile(process.env)), 'serve.address')
    : `${state}.serve.address`;
}

/** `plimsoll healthcheck`: does the daemon of this state answer? Where none runs there is nothing that could be ill. */
export async function healthcheck(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as StateOptions;
  const output = processOutput(options);
  const state = stateFileOf(options);
  if (!(await isServedAt(state))) {
    output.note(`no "plimsoll serve" uses the state ${shownState(state)}`);
    return exitCodes.done;
  }
  const complaint = await complaintOf(addressOf(state));
  if (complaint === undefined) return exitCodes.done;
  output.logger.error(complaint);
  return exitCodes.found;
}

function addressOf(state: string): string | undefined {
  try {
    return readFileSync(serveAddressFile(state), 'utf8').trim();
  } catch {
    return undefined;
  }
}

function complaintOf(address: string | undefined): Promise<string | undefined> {
  if (address === undefined) return Promise.resolve('the daemon does not listen yet');
  const isSocket = address.startsWith('unix:');
  // What listens on all addresses is asked on this machine.
  const url = new URL('/healthz', isSocket ? 'http://localhost' : address);
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return new Promise((resolve) => {
    const options = { timeout: 5000, ...(isSocket && { socketPath: address.slice('unix:'.length) }) };
    const asking = request(url, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? undefined : `${address} answered with ${answer.statusCode}`);
    });
    asking.on('timeout', () => asking.destroy(new Error('no answer within 5 seconds')));
    asking.on('error', (error) => resolve(`${address}: ${error.message}`));
    asking.end();
  });
}
