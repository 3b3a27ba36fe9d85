import type { Config } from '../config/config.ts';
import { imageGlob } from '../core/image/image-glob.ts';
import type { ImageReference } from '../core/image/reference.ts';
import { fileGlob, repositoryGlob } from '../core/patterns.ts';
import type { Workload } from '../core/place.ts';
import { matchesWorkload } from './policy.ts';

/** What the patterns of a configuration were held against. */
export interface Seen {
  /** Asked for only where a pattern is about images. */
  images(): readonly ImageReference[];
  /** Paths in their trees. */
  readonly files: readonly string[];
  /** `owner/name`. */
  readonly repositories: readonly string[];
  /** What runs. */
  readonly workloads: readonly Workload[];
  /** The include and exclude globs that some path matched. */
  readonly globs: ReadonlySet<string>;
}

/** A pattern that does nothing, by its key: `rules.0.match.image`. */
export interface IdlePattern {
  readonly key: string;
  readonly reason: string;
}

/** The patterns that matched nothing, and the snoozes that have ended, in the order of the file's keys. Pure. */
export function idlePatterns(
  { include, exclude, rules, policy, snooze }: Pick<Config, 'include' | 'exclude' | 'rules' | 'policy' | 'snooze'>,
  seen: Seen,
  now: number,
): IdlePattern[] {
  const { files, repositories, workloads, globs } = seen;
  const hasImage = (glob: string): boolean => seen.images().some(imageGlob(glob));
  const hasFile = (glob: string): boolean => hasMatch(fileGlob(glob), files);
  const hasRepository = (glob: string): boolean => hasMatch(repositoryGlob(glob), repositories);
  const idle = (key: string, pattern: string | undefined, isMatched: (pattern: string) => boolean): IdlePattern[] =>
    pattern === undefined || isMatched(pattern)
      ? []
      : [{ key, reason: `${JSON.stringify(pattern)} matched nothing that was read` }];
  return [
    ...include.flatMap((glob, i) => idle(`include.${i}`, glob, (one) => globs.has(one))),
    ...exclude.flatMap((glob, i) => idle(`exclude.${i}`, glob, (one) => globs.has(one))),
    ...rules.flatMap(({ match }, i) => [
      ...idle(`rules.${i}.match.image`, match.image, hasImage),
      ...idle(`rules.${i}.match.file`, match.file, hasFile),
      ...idle(`rules.${i}.match.repository`, match.repository, hasRepository),
      ...idle(`rules.${i}.match.engine`, match.engine, (engine) =>
        workloads.some((one) => matchesWorkload({ engine }, one)),
      ),
      ...idle(`rules.${i}.match.workload`, match.workload, (workload) =>
        workloads.some((one) => matchesWorkload({ workload }, one)),
      ),
    ]),
    ...policy.allow.flatMap((glob, i) => idle(`policy.allow.${i}`, glob, hasImage)),
    ...policy.block.flatMap((glob, i) => idle(`policy.block.${i}`, glob, hasImage)),
    ...snooze.flatMap(({ kind, value, until }, i) => {
      const key = `snooze.${i}`;
      if (until <= now) return [{ key, reason: `${JSON.stringify(value)} ended at ${new Date(until).toISOString()}` }];
      return kind === 'image' ? idle(`${key}.image`, value, hasImage) : [];
    }),
  ];
}

function hasMatch(pattern: RegExp, names: readonly string[]): boolean {
  return names.some((name) => pattern.test(name));
}
