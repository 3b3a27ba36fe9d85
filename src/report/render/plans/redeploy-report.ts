import { shortDigest } from '../../../core/image/digest.ts';
import { placeInScope } from '../../../core/place.ts';
import type { RedeployOutcome } from '../../../core/redeploy.ts';
import { visible } from '../../safe/visible.ts';
import { folded } from '../fold.ts';
import type { Style } from '../style.ts';

/** A plan as it is printed: which settings stay, which come from the new image. */
export interface PrintedPlan {
  readonly keys: readonly { readonly key: string; readonly verdict: string; readonly value?: string }[];
  readonly dependants: readonly string[];
  readonly soft: readonly string[];
}

const words: Readonly<Record<RedeployOutcome['outcome'], string>> = {
  planned: 'would be moved',
  moved: 'was moved',
  current: 'is current',
  undone: 'was put back',
  refused: 'was not moved',
  unfinished: 'was left half-way',
};

/** What became of each workload, a paragraph each; with what was planned, setting by setting. */
export function renderOutcomes(
  outcomes: readonly RedeployOutcome[],
  { style, width }: { readonly style: Style; readonly width?: number },
  {
    plans = new Map(),
  }: { readonly plans?: ReadonlyMap<string, PrintedPlan>; readonly logs?: ReadonlyMap<string, readonly string[]> } = {},
): string {
  if (outcomes.length === 0) return 'nothing was left to do\n';
  const lines = outcomes.flatMap(({ workload, from, to, outcome, reason, gate, downtimeMs }) => {
    const digests = [from, to].map((digest) => (digest === null ? '?' : shortDigest(digest)));
    const way = from === null && to === null ? '' : `${digests.join(' → ')}: `;
    const isBad = outcome === 'undone' || outcome === 'refused' || outcome === 'unfinished';
    // Replicas of a service are called alike.
    const own = workload.compose === undefined ? '' : ` (${workload.name})`;
    const head = `${visible(placeInScope({ workload }) + own)}  ${words[outcome]}`;
    const gated = gate === null ? [] : [`gate: ${gateText(gate)}${outcome === 'planned' ? '' : `, ${gate.verdict}`}`];
    const down = downtimeMs === null ? [] : [`down for ${(downtimeMs / 1000).toFixed(1)} s`];
    // That the gate was passed stands beside it.
    const why = outcome === 'moved' && gate !== null ? [] : [visible(reason)];
    const plan = plans.get(workload.name);
    return [
      isBad ? style.bold(head) : head,
      ...folded(`  ${way}${[...gated, ...down, ...why].join('; ')}`, width, 2),
      ...(plan === undefined ? [] : planLines(plan)),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function gateText({ kind, seconds }: NonNullable<RedeployOutcome['gate']>): string {
  return kind === 'running' ? `running for ${seconds} s` : kind === 'health' ? `healthy within ${seconds} s` : 'none';
}

function planLines({ keys, dependants, soft }: PrintedPlan): readonly string[] {
  const shown = keys.filter(({ verdict }) => verdict !== 'same');
  return [
    ...shown.map(
      ({ key, verdict, value }) =>
        `    ${visible(key)}: ${verdict}${value === undefined ? '' : ` (${visible(value)})`}`,
    ),
    ...(shown.length < keys.length ? [`    ${keys.length - shown.length} settings stay the same`] : []),
    ...(dependants.length > 0 ? [`    moves with it: ${visible(dependants.join(', '))}`] : []),
    ...(soft.length > 0 ? [`    needs it, and is left as it is: ${visible(soft.join(', '))}`] : []),
  ];
}
