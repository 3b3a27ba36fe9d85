import { code } from './markdown-text.ts';

const mostTargets = 20;

/** The one comment under a pull request that a person pushed to: what it would be moved to, if it were ours. */
export function newerTargetComment(why: string, targetList: readonly string[] | undefined, mark: string): string {
  const todo =
    targetList === undefined ? 'Close it, or keep it.' : 'Close it, and a new one is opened for the newer target.';
  const all = targetList ?? [];
  const targets = all.slice(0, mostTargets).map((one) => `- ${code(one)}`);
  if (all.length > mostTargets) targets.push(`- and ${all.length - mostTargets} more`);
  return [
    `${why.charAt(0).toUpperCase()}${why.slice(1)}, so this branch is left as it is. ${todo}`,
    ...(targets.length > 0 ? ['', ...targets] : []),
    '',
    mark,
  ].join('\n');
}
