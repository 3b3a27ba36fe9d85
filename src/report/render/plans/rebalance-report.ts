import { visible } from '../../safe/visible.ts';
import { count } from '../../say/quantity.ts';

/** Tasks per node, before and after, and what was started anew for that. */
export interface PrintedRebalance {
  readonly before: PrintedSpread;
  readonly after: PrintedSpread;
  readonly forced: readonly { readonly service: string; readonly outcome: string }[];
  readonly reason?: string;
}

interface PrintedSpread {
  readonly deviation: number;
  readonly nodes: readonly { readonly name: string; readonly tasks: number }[];
}

/** What `plimsoll rebalance` prints. */
export function renderRebalance(engine: string, { before, after, forced, reason }: PrintedRebalance): string {
  const named = new Map(after.nodes.map(({ name, tasks }) => [name, tasks]));
  const wide = Math.max(...before.nodes.map(({ name }) => name.length), 0);
  const nodes = before.nodes.map(({ name, tasks }) => {
    const then = named.get(name) ?? 0;
    return `  ${visible(name).padEnd(wide)}  ${count(tasks, 'task')}${then === tasks ? '' : ` → ${then}`}`;
  });
  const moved = after.deviation === before.deviation ? '' : ` → ${after.deviation}`;
  return `${[
    `${visible(engine)}: standard deviation of tasks per node ${before.deviation}${moved}`,
    ...nodes,
    ...forced.map(({ service, outcome }) => `  ${visible(service)}: forced update ${visible(outcome)}`),
    ...(reason === undefined ? [] : [`  ${visible(reason)}`]),
  ].join('\n')}\n`;
}
