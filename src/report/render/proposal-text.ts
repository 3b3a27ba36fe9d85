import type { Finding } from '../../core/finding.ts';
import { shortDigest } from '../../core/image/digest.ts';
import { familiarReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import { clip } from '../safe/clip.ts';
import { withoutReferences } from '../safe/references.ts';
import { visible } from '../safe/visible.ts';
import { count } from '../say/quantity.ts';

/**
 * `Move node:22 from 1234567890ab to abcdef123456 (security)`: class, image and short digests, as one line of plain text
 * that neither mentions nor links anybody, of at most `most` characters. The findings are of one proposal, the most urgent
 * first.
 */
export function proposalTitle(findings: readonly Finding[], most: number): string {
  const [first] = findings;
  if (first === undefined) return 'Nothing to propose';
  const moves = [...new Set(findings.map(moveOf))];
  const what = moves.length === 1 ? (moves[0] ?? '') : manyOf(findings);
  const title = withoutReferences(visible(`${what} (${first.class})`));
  return title.length <= most ? title : `${title.slice(0, most - 1)}…`;
}

function moveOf({ subject, pin, reference, current, latest, class: kind, written }: Finding): string {
  if (subject === 'package') return `Move ${pin?.name} from ${pin?.version} to ${latest?.version}`;
  const { digest: _, ...named } = reference ?? {};
  const name = reference === undefined ? written : familiarReference(named as typeof reference);
  if (kind === 'newer-tag') return `Move ${name} to ${latest?.tag}`;
  const to = short(latest?.digest);
  return current?.digest === undefined || reference?.digest === undefined
    ? `Pin ${name} to ${to}`
    : `Move ${name} from ${short(current.digest)} to ${to}`;
}

function manyOf(findings: readonly Finding[]): string {
  const images = [...new Set(findings.filter(({ subject }) => subject === 'image').map(moveOf))];
  const packages = findings.filter(({ subject }) => subject === 'package');
  const pins = new Set(packages.map(moveOf)).size;
  if (images.length === 0) return `Move ${pins} packages`;
  const isPin = findings.every(({ reference, class: kind }) => reference?.digest === undefined && kind !== 'newer-tag');
  const verb = isPin ? 'Pin' : 'Move';
  const what = images.length === 1 ? images[0] : `${verb} ${images.length} images`;
  if (pins === 0) return `${what}`;
  return `${what} and ${pins === 1 ? packages[0]?.pin?.name : count(pins, 'package')}`;
}

function short(digest: string | undefined): string {
  return digest === undefined ? '' : shortDigest(digest).replace(/^sha256:/, '');
}

/** The message of a commit: its subject in one line, and its body without trailers. */
export interface CommitText {
  readonly subject: string;
  readonly body: string;
}

/**
 * Why, and what the commit moves, for people who read a history; then the trailers, which are for us and for those who ask for
 * a sign-off. A line per reason: no word of one can come to stand at the beginning of a line, where git finds trailers.
 */
export function commitText(
  title: string,
  { reasons, targetList }: { readonly reasons: readonly string[]; readonly targetList: readonly string[] },
  trailers: readonly string[],
): CommitText {
  const why = [...new Set(reasons)].map((one) =>
    clip(withoutReferences(visible(one)), limits.proposal.commitReason.most),
  );
  const said = why.slice(0, limits.proposal.commitReasons.most);
  if (why.length > said.length) said.push(`And ${why.length - said.length} more, which the proposal lists.`);
  const shown = targetList
    .slice(0, limits.proposal.commitTargets.most)
    .map((one) => `- ${withoutReferences(visible(one))}`);
  const rest =
    targetList.length > limits.proposal.commitTargets.most
      ? [`- and ${targetList.length - limits.proposal.commitTargets.most} more`]
      : [];
  const paragraphs = [said, [...shown, ...rest], trailers].filter(({ length }) => length > 0);
  return { subject: title, body: paragraphs.map((lines) => lines.join('\n')).join('\n\n') };
}
