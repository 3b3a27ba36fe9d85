import type { FindingClass } from '../../core/finding.ts';
import { familiarReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import { visible } from '../safe/visible.ts';
import { count } from '../say/quantity.ts';
import { type ListedFinding, referenceOf, writtenName } from '../say/standing.ts';
import { classStyle, type Style } from './style.ts';

/** A proposal of ours, as its forge has it. */
export interface ProposalText {
  readonly repository: string;
  readonly name: string;
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly isDraft: boolean;
  readonly class?: FindingClass;
  readonly images: readonly string[];
  readonly ignoredUntil?: string;
  readonly withdrawn?: true;
  readonly updated: string;
}

/** `plimsoll proposals`: what is open, what waits to be proposed and why, and the newest of what is over. */
export function renderProposals(
  proposals: readonly ProposalText[],
  held: readonly ListedFinding[],
  unread: readonly { readonly subject?: string; readonly message: string }[],
  style: Style,
): string {
  const [open, over] = [
    proposals.filter(({ state }) => state === 'open'),
    proposals.filter(({ state }) => state !== 'open'),
  ];
  const shown = over.slice(0, limits.report.closedProposals.most);
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [style.bold(title), ...lines, ''];
  const lines = [
    ...section(
      'Open',
      open.flatMap((one) => linesOf(one, style)),
    ),
    ...section(
      'Waiting',
      held.flatMap((one) => [
        `  ${classStyle(one.class, style)(one.class)}  ${visible(writtenName(one))}  held: ${visible(one.held ?? '')}`,
        style.dim(`    ${visible([one.repository, one.file].filter((part) => part !== undefined).join('/'))}`),
      ]),
    ),
    ...section('Over', [
      ...shown.flatMap((one) => linesOf(one, style)),
      ...(over.length > shown.length ? [style.dim(`  … and ${over.length - shown.length} more`)] : []),
    ]),
    ...unread.map(
      ({ subject, message }) => `${style.magenta('not read')} ${visible(subject ?? '')}: ${visible(message)}`,
    ),
  ];
  const sum = `${count(open.length, 'open proposal')}, ${held.length} waiting, ${over.length} over`;
  return `${[...lines, style.bold(sum)].join('\n')}\n`;
}

function linesOf(one: ProposalText, style: Style): string[] {
  const kind = one.class === undefined ? '' : `${classStyle(one.class, style)(one.class)}  `;
  const images = one.images.map((text) => {
    const reference = referenceOf(text);
    return visible(reference === undefined ? text : familiarReference(reference));
  });
  const ends = [
    ...(one.state === 'open' ? [] : [one.withdrawn ? 'taken back' : one.state]),
    ...(one.isDraft && one.state === 'open' ? ['draft'] : []),
    ...(one.ignoredUntil === undefined ? [] : [`ignored until ${visible(one.ignoredUntil)}`]),
  ];
  const what = images.slice(0, limits.report.proposalImages.most).join(', ');
  const more = images.length > limits.report.proposalImages.most ? ', …' : '';
  return [
    `  ${kind}${what}${more}  ${visible(one.repository)} ${visible(one.name)}${ends.length === 0 ? '' : style.dim(` (${ends.join(', ')})`)}`,
    style.dim(`    ${visible(one.url)}  ${one.updated.slice(0, 10)}`),
  ];
}
