import { limits } from '../../core/limits/limits.ts';
import { code } from '../safe/markdown-text.ts';

/** The one comment under a pull request that a person pushed to: what it would be moved to, if it were ours. */
export function newerTargetComment(why: string, targetList: readonly string[] | undefined, mark: string): string {
  const todo =
    targetList === undefined ? 'Close it, or keep it.' : 'Close it, and a new one is opened for the newer target.';
  const all = targetList ?? [];
  const targets = all.slice(0, limits.proposal.lines.most).map((one) => `- ${code(one)}`);
  if (all.length > limits.proposal.lines.most) targets.push(`- and ${all.length - limits.proposal.lines.most} more`);
  return [
    `${why.charAt(0).toUpperCase()}${why.slice(1)}, so this branch is left as it is. ${todo}`,
    ...(targets.length > 0 ? ['', ...targets] : []),
    '',
    mark,
  ].join('\n');
}
