import { visible } from '../safe/visible.ts';
import { folded } from './fold.ts';
import type { Layout } from './style.ts';

/** What `plimsoll doctor` found about one thing that runs depend on. */
export interface DiagnosisText {
  readonly subject: string;
  readonly state: 'good' | 'new' | 'doubtful' | 'bad';
  readonly findings: readonly string[];
}

/** By section; a mark, what it is about, and a sentence per line. */
export function renderDiagnoses(
  sections: ReadonlyMap<string, readonly DiagnosisText[]>,
  { style, width }: Layout,
): string {
  const marks = {
    good: style.green('ok  '),
    new: style.green('new '),
    doubtful: style.yellow('hm  '),
    bad: style.red('bad '),
  };
  const blocks = [...sections]
    .filter(([, diagnoses]) => diagnoses.length > 0)
    .map(([title, diagnoses]) => {
      const lines = diagnoses.flatMap(({ subject, state, findings }) => [
        `  ${marks[state]} ${visible(subject)}`,
        ...findings.flatMap((finding) => folded(`        ${style.dim(visible(finding))}`, width, 8)),
      ]);
      return [style.bold(title), ...lines].join('\n');
    });
  return `${blocks.join('\n\n')}\n`;
}
