import type { Problem } from '../../core/problem.ts';
import { askingEcosystems, type RedeployLabels } from '../../core/redeploy.ts';
import type { WorkloadMode } from '../../core/run-record.ts';
import { diunLabels } from './diun-labels.ts';
import type { LabelEcosystem } from './ecosystem.ts';
import { otherUpdaters } from './other-updaters.ts';
import { plimsollLabels } from './plimsoll-labels.ts';
import { watchtowerLabels } from './watchtower-labels.ts';
import { wudLabels } from './wud-labels.ts';

type Labels = Readonly<Record<string, string>>;

const ecosystems: readonly LabelEcosystem[] = [plimsollLabels, watchtowerLabels, diunLabels, wudLabels, otherUpdaters];

const strictest: readonly WorkloadMode[] = ['ignore', 'watch'];

/** What the labels of a workload say in all. Without a word from them it is watched. */
export interface LabelledMode {
  readonly mode: WorkloadMode;
  readonly why: string;
  readonly problems: readonly Problem[];
  /** Labels of other programs that mean something there and nothing here. */
  readonly unread: readonly string[];
  readonly labels: RedeployLabels;
}

/**
 * Joins what all labels say: the strictest holds. What an image carries never raises what is done, and never hides the
 * workload. `name` is whom problems are about. Values are never quoted. Pure.
 */
export function modeByLabels(name: string, labels: Labels, ofImage: Labels): LabelledMode {
  const said: { readonly mode: WorkloadMode; readonly by: string; readonly key: string }[] = [];
  const problems: Problem[] = [];
  const unread: string[] = [];
  const asks: RedeployLabels['asks'][number][] = [];
  const tuning: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    for (const ecosystem of ecosystems) {
      const word = ecosystem.read(key, value);
      if (word === undefined || word.says === 'nothing') continue;
      const isOfImage = Object.hasOwn(ofImage, key);
      if (word.says === 'unread') unread.push(key);
      else if (word.says === 'tuning') {
        if (!isOfImage) tuning[key] = value;
      } else if (word.says === 'invalid') {
        said.push({ mode: 'watch', by: ecosystem.name, key });
        problems.push({
          code: 'label-invalid',
          message: `the label ${key} cannot be understood: expected ${word.expected}; it is only watched`,
          subject: name,
        });
      } else if (word.says === 'redeploy') {
        // An image cannot ask for its own updates.
        const asking = askingEcosystems.find((one) => one === ecosystem.name);
        if (!isOfImage && asking !== undefined) asks.push({ ecosystem: asking, key });
      } else said.push({ mode: isOfImage ? 'watch' : word.says, by: ecosystem.name, key });
    }
  }
  const [first, ...others] = said.sort((a, b) => strictest.indexOf(a.mode) - strictest.indexOf(b.mode));
  const rest = { problems, unread, labels: { ...(first && { narrows: first.key }), asks, tuning } };
  // Others' labels ask only where the operator adopts them.
  const own = asks.find(({ ecosystem }) => ecosystem === 'plimsoll');
  const asking = own && { mode: 'redeploy' as const, by: own.ecosystem, key: own.key };
  if (first === undefined) {
    const mode = asking?.mode ?? 'watch';
    return { mode, why: asking ? `by the label ${asking.key}` : 'no label says otherwise', ...rest };
  }
  const other = [...others, ...(asking ? [asking] : [])].find(({ mode, by }) => mode !== first.mode && by !== first.by);
  if (other !== undefined) {
    problems.push({
      code: 'labels-disagree',
      message: `the labels ${first.key} and ${other.key} disagree; the stricter one holds (${first.mode})`,
      subject: name,
    });
  }
  return { mode: first.mode, why: `by the label ${first.key}`, ...rest };
}
