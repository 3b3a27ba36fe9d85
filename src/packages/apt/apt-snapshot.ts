import type { Problem } from '../../core/problem.ts';
import { locked } from '../archives/locked.ts';
import type { AptRepository } from './apt-repository.ts';

/**
 * Debian's and Ubuntu's snapshot services have the moment in their addresses, as sources.list(5) writes it
 * (`…/20260101T000000Z/`). One remark for an image, with the day of its first such source.
 */
export function snapshotRemarks(repositories: readonly AptRepository[]): readonly Problem[] {
  const moments = repositories.flatMap(({ uri }) => /\/(\d{8}T\d{6}Z)\//.exec(uri)?.[1] ?? []);
  const [first] = moments;
  return first === undefined ? [] : [locked(`the snapshot ${first}`)];
}
