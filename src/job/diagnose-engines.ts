import { count } from '../report/say/quantity.ts';
import type { Diagnosis } from './diagnose-registries.ts';
import type { AskedEngine } from './engines.ts';

/** One per engine: who was asked, what may not be read and which permission is missing, and labels that mean nothing here. Pure. */
export function diagnoseEngines(asked: readonly AskedEngine[]): readonly Diagnosis[] {
  return asked.map(({ wish: { name, asked: word, address, redeploy }, reading }): Diagnosis => {
    const where = `${address.url} (${address.from})`;
    if (reading instanceof Error) return { subject: name ?? word, state: 'bad', findings: [reading.message, where] };
    const subject = name ?? reading.name;
    const missing = reading.problems.filter(({ code }) => code === 'ENGINE').map(({ message }) => message);
    const { containers, services, stopped } = reading.counts;
    const runs = `it runs ${count(containers, 'container')} and ${count(services, 'service')}, and ${stopped} are stopped`;
    return {
      subject,
      state: missing.length > 0 ? 'bad' : 'good',
      findings: [...missing, runs, where, ...(redeploy ? [told] : []), ...ignored(reading.unreadLabels)],
    };
  });
}

/** Trying it would change something. */
const told =
  'it may be told to redeploy; whether a proxy in front of it lets that through is not tried: it takes POST with CONTAINERS, IMAGES and NETWORKS';

function ignored(labels: readonly string[]): string[] {
  const hooks = labels.filter((label) => label.includes('.lifecycle.'));
  const others = labels.filter((label) => !hooks.includes(label));
  return [
    ...(hooks.length > 0 ? [`commands in labels are never run: ${hooks.join(', ')}`] : []),
    ...(others.length > 0 ? [`these labels of other programs mean nothing here: ${others.join(', ')}`] : []),
  ];
}
