import { type Finding, findingClasses } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import { clip } from '../safe/clip.ts';
import { levelOf } from '../say/level.ts';
import { count } from '../say/quantity.ts';
import { subjectOf, targetOf } from '../say/target.ts';

/** A remark beside a line of a file. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly title: string;
  readonly message: string;
}

/** The annotations that have room on a job's page. */
export interface Annotations {
  readonly shown: readonly Annotation[];
  /** One sentence about those that have no room; absent: there are none. */
  readonly rest?: string;
}

/**
 * What is said on the lines of the repository's own files, most urgent first. What a rule ignores, what is snoozed, and
 * what asks for nothing is in the summary only; what is held back waits there too. Pure.
 */
export function annotationsOf(findings: readonly Finding[], isOwn: (finding: Finding) => boolean): Annotations {
  const loud = findings
    .filter((one) => isOwn(one) && one.file !== '' && !one.held && !one.snoozed && !isIgnored(one))
    .filter((one) => levelOf(one.class) !== 'note')
    .sort((a, b) => findingClasses.indexOf(a.class) - findingClasses.indexOf(b.class));
  const [errors, warnings] = [loud.filter(isError), loud.filter((one) => !isError(one))];
  const shown = [
    ...errors.slice(0, limits.report.annotations.most),
    ...warnings.slice(0, limits.report.annotations.most),
  ].map(annotationOf);
  const rest = [
    ...more(errors.length - limits.report.annotations.most, 'error'),
    ...more(warnings.length - limits.report.annotations.most, 'warning'),
  ].join(' and ');
  return { shown, ...(rest !== '' && { rest: `${rest} more: see the summary of this job` }) };
}

function more(number: number, what: string): string[] {
  return number > 0 ? [count(number, what)] : [];
}

function isError({ class: kind }: Finding): boolean {
  return levelOf(kind) === 'error';
}

function isIgnored({ reaction }: Finding): boolean {
  return reaction?.react.includes('ignore') ?? false;
}

function annotationOf(finding: Finding): Annotation {
  const target = targetOf(finding);
  const title = `${finding.class}: ${subjectOf(finding)}${target === undefined ? '' : ` → ${target}`}`;
  return {
    level: isError(finding) ? 'error' : 'warning',
    file: pathOf(finding),
    line: Math.max(1, finding.line ?? 1),
    column: Math.max(1, finding.column ?? 1),
    title: clip(title, limits.report.annotationTitle.most),
    message: clip(finding.reason, limits.report.annotationText.most),
  };
}

/** Local trees are folders of the checkout; one on a forge is the repository itself. */
function pathOf({ tree, repository, file = '' }: Finding): string {
  return tree === undefined || repository !== undefined ? file : `${tree.replace(/\/+$/, '')}/${file}`;
}
