import type { DistroRelease } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import { locked } from '../archives/locked.ts';
import type { RpmRepositories } from './rpm-repositories.ts';

const rollingDistros = new Set(['opensuse-tumbleweed', 'opensuse-microos', 'opensuse-slowroll', 'openmandriva']);

/** What should be known about an image's repositories, though nothing is wrong with them. */
export function rpmRemarks(
  os: DistroRelease | undefined,
  { repositories, variables }: Pick<RpmRepositories, 'repositories' | 'variables'>,
): readonly Problem[] {
  const remarks: Problem[] = [];
  const release = variables.get('releasever');
  // Since 2023, Amazon Linux names repositories by the release the image was made from.
  const isLocked = os?.id === 'amzn' && os.versionId !== '2' && release !== undefined && /^\d{4}\.\d/.test(release);
  const urls = repositories.flatMap(({ from }) => from.urls);
  const snapshot = urls.map(snapshotIn).find((one) => one !== undefined);
  if (isLocked) remarks.push(locked(`the release ${release}`));
  else if (snapshot !== undefined) remarks.push(locked(`the snapshot ${snapshot}`));
  if (rollingDistros.has(os?.id ?? '') || urls.some((url) => /\/rawhide\/|repo=rawhide\b/.test(url))) {
    const message =
      'the distribution is rolling: newer versions are always there, and no release says when to take them';
    remarks.push({ code: 'archive-rolling', message });
  }
  return remarks;
}

/** Composes and snapshots have a day in their address: `/history/20260101/`, `/snapshot/20260101T000000Z/`. */
function snapshotIn(url: string): string | undefined {
  return /\/(?:history|snapshots?|compose|composes)\/(?:[\w.-]*?-)?(20\d{6}(?:T\d{4,6}Z?)?)(?:[./-]|$)/.exec(url)?.[1];
}
