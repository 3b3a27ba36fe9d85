import { isScopeTarget } from '../core/run-record.ts';
import { everything } from '../forges/forge.ts';
import { formatsNotReadBefore } from '../job/act.ts';
import { costReport, withForge } from '../job/cost-report.ts';
import { scopesOf } from '../job/look-at-scopes.ts';
import { lookKey } from '../job/state-keys.ts';
import { lookName } from '../look/shared-examinations.ts';
import { type ListedBranch, listBranches, type UnlistedOwner } from '../sources/discover-repositories.ts';
import type { NewPart, PartEnd, Wanted } from '../state/postgres/shared-run.ts';
import { lookWishes } from '../verdict/policy.ts';
import { fromPartText, partText } from './part-text.ts';
import type { Ask, Reading, Scanned } from './part-work.ts';
import { requestOf } from './read-part.ts';
import { chunked, openForge, type PartSetup } from './worker-setup.ts';

/** Reads what a part is about, and says what has to be looked at for it; a list says what is to be read. */
export async function scanPart(
  setup: PartSetup,
): Promise<{ readonly end: PartEnd; readonly more: readonly NewPart[] }> {
  const reading = fromPartText<Reading>(setup.part.work);
  return reading.kind === 'list' ? listed(reading, setup) : { end: await scanned(reading, setup), more: [] };
}

async function listed(
  { forge: index, selections }: Extract<Reading, { kind: 'list' }>,
  setup: PartSetup,
): Promise<{ readonly end: PartEnd; readonly more: readonly NewPart[] }> {
  const { config, parts, part } = setup;
  const forge = await openForge(setup, index);
  const wanted = selections.map((one) => config.forges[index]?.selections[one] ?? { ...everything, pattern: '' });
  const found: (ListedBranch | UnlistedOwner)[] = [];
  for await (const one of listBranches(wanted, forge)) found.push(one);
  const more = chunked(found).map((branches): NewPart => {
    const reading: Reading = { kind: 'branches', forge: index, branches };
    return { scope: part.scope, work: partText(reading) };
  });
  const result: Scanned = { keys: [], newFormats: [], cost: withForge(costReport(parts.run.cost), forge.requests()) };
  return { end: { is: 'done', result: partText(result) }, more };
}

async function scanned(reading: Exclude<Reading, { kind: 'list' }>, setup: PartSetup): Promise<PartEnd> {
  const { parts, run, runs, store } = setup;
  const { request, forge } = await requestOf(reading, setup);
  const asks = new Map<string, Ask>();
  const formats = new Set<string>();
  const references = run.targeted?.references;
  for await (const scope of scopesOf(request)) {
    if (!isScopeTarget(run.targeted, scope.id)) continue;
    if ('discovery' in scope) for (const { format } of scope.discovery.files) formats.add(format.name);
    for await (const group of scope.groups()) {
      for (const use of [...group.uses, ...group.pins.map(({ base }) => base)]) {
        if (references && !(use.reference && references.has(lookKey(use.reference)))) continue;
        const wishes = lookWishes(use, scope.policy);
        const key = lookName(use, wishes);
        if (key !== undefined && !asks.has(key)) asks.set(key, { use, wishes });
      }
    }
  }
  await runs.want(
    run.number,
    [...asks].map(([key, ask]): Wanted => ({ key, host: ask.use.reference?.registry ?? '', ask: partText(ask) })),
  );
  const cost = costReport(parts.run.cost);
  const result: Scanned = {
    keys: [...asks.keys()],
    newFormats: [...(await formatsNotReadBefore([...formats], store))],
    cost: forge === undefined ? cost : withForge(cost, forge.requests()),
  };
  return { is: 'done', result: partText(result) };
}
