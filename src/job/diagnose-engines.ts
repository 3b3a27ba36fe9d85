import { count } from '../report/say/quantity.ts';
import type { Diagnosis } from './diagnose-registries.ts';
import type { AskedEngine } from './engines.ts';

/** One per engine: who was asked, what may not be read and which permission is missing, and labels that mean nothing here. Pure. */
export function diagnoseEngines(asked: readonly AskedEngine[]): readonly Diagnosis[] {
  return asked.map(({ wish: { name, asked: word, address }, reading, missing: held }): Diagnosis => {
    const where = `${address.url} (${address.from})`;
    if (reading instanceof Error) return { subject: name ?? word, state: 'bad', findings: [reading.message, where] };
    const subject = name ?? reading.name;
    const unread = reading.problems.filter(({ code }) => code === 'ENGINE').map(({ message }) => message);
    const missing = [...unread, ...unmoved(held)];
    const { containers, services, stopped } = reading.counts;
    const both = services === 0 ? '' : ` and ${count(services, 'service')}`;
    const runs = `it runs ${count(containers, 'container')}${both}, and ${stopped} ${stopped === 1 ? 'is' : 'are'} stopped`;
    const doubts = reading.problems.filter(({ code }) => code === 'nodes-unread').map(({ message }) => message);
    const moves = held !== undefined && missing.length === 0 ? [told] : [];
    return {
      subject,
      state: missing.length > 0 ? 'bad' : doubts.length > 0 ? 'doubtful' : 'good',
      findings: [...missing, ...doubts, runs, ...moves, where, ...ignored(reading.unreadLabels)],
    };
  });
}

/** A proxy that answers otherwise than by refusing is not told apart from a daemon. */
const told =
  'it may be told to redeploy, and none of the requests for that was refused when tried on what is not there';

/** What of redeploying would not get through. */
function unmoved(held: AskedEngine['missing']): readonly string[] {
  if (held === undefined) return [];
  if (held instanceof Error)
    return [`it may be told to redeploy, and whether that gets through could not be tried: ${held.message}`];
  if (held.length === 0) return [];
  return [`it may be told to redeploy, and these requests do not get through to it: ${held.join('; ')}`];
}

function ignored(labels: readonly string[]): string[] {
  const hooks = labels.filter((label) => label.includes('.lifecycle.'));
  const others = labels.filter((label) => !hooks.includes(label));
  return [
    ...(hooks.length > 0 ? [`commands in labels are never run: ${hooks.join(', ')}`] : []),
    ...(others.length > 0 ? [`these labels of other programs mean nothing here: ${others.join(', ')}`] : []),
  ];
}
