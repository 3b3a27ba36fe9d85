import { messageOf } from '../core/errors.ts';
import { type Platform, parsePlatform } from '../core/image/platform.ts';
import type { ImageUse } from '../core/parsed-file.ts';
import type { Problem } from '../core/problem.ts';

/** The platforms of a tree's builds, from the command line or the configuration. */
export interface PlatformSettings {
  /** What is built for. */
  readonly targets: readonly Platform[];
  /** Where builds run: what `$BUILDPLATFORM` stands for. */
  readonly build: Platform;
}

/**
 * The platforms on which a use takes its image: the build platform for a frontend; a literal `FROM --platform`; the build platform for `$BUILDPLATFORM`;
 * otherwise, also for COPY --from, RUN --mount and `$TARGETPLATFORM`, the target platforms.
 */
export function consumedPlatforms(
  use: ImageUse,
  settings: PlatformSettings,
): { platforms: readonly Platform[]; problem?: Problem } {
  const { platform } = use;
  // A frontend (# syntax=) runs where the build runs.
  if (use.kind === 'syntax') return { platforms: [settings.build] };
  if (platform === undefined || platform === '') return { platforms: settings.targets };
  if (/^\$\{?BUILDPLATFORM\}?$/.test(platform)) return { platforms: [settings.build] };
  if (platform.includes('$')) return { platforms: settings.targets };
  try {
    return { platforms: [parsePlatform(platform)] };
  } catch (error) {
    const subject = `${use.file}:${use.line}`;
    return { platforms: settings.targets, problem: { code: 'platform-invalid', message: messageOf(error), subject } };
  }
}
