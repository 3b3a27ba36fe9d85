import type { AptArchives, ArchiveReading } from '../archives/apt/apt-archives.ts';
import type { Digest } from '../core/digest.ts';
import type { Package } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import type { ImageReference } from '../core/reference.ts';
import type { AptCandidate, aptCandidates } from '../packages/repositories/apt-candidates.ts';
import type { readAptPreferences } from '../packages/repositories/apt-preferences.ts';
import type { readAptSources } from '../packages/repositories/apt-sources.ts';
import type { InspectedImage, Inspector } from './inspect.ts';

export interface PendingDependencies {
  readonly inspector: Inspector;
  readonly archives: AptArchives;
  readonly readAptSources: typeof readAptSources;
  readonly readAptPreferences: typeof readAptPreferences;
  readonly aptCandidates: typeof aptCandidates;
}

/** What the distribution offers today for what is installed in one image. */
export interface Pending {
  readonly image: InspectedImage;
  readonly packages: readonly AptCandidate[];
  readonly repositories: readonly Omit<ArchiveReading, 'archive' | 'problems'>[];
  /** False when something was not read: `packages` is then not all, and empty does not mean "nothing pending". */
  readonly complete: boolean;
  readonly problems: readonly Problem[];
}

type Repository = Pick<ImageReference, 'registry' | 'repository'>;

/** Notes that do not make the answer incomplete. */
const remarks = new Set(['apt-key-expired', 'archive-other-suite']);

/** Looks into an image, and asks the repositories that it enables. Rejects when the image cannot be had. */
export async function findPending(repository: Repository, digest: Digest, deps: PendingDependencies): Promise<Pending> {
  const image = await deps.inspector.inspect(repository, digest);
  const { inventory } = image;
  if (inventory.database !== 'dpkg') return withoutApt(image);
  const { files } = await deps.inspector.files(repository, digest);
  const architectures = architecturesOf(inventory.packages);
  const [native = ''] = architectures;
  const sources = deps.readAptSources(files, native);
  const preferences = deps.readAptPreferences(files);
  const names = new Set(inventory.packages.map(({ name }) => name));
  const readings = await Promise.all(
    sources.repositories.map((one) => deps.archives.read({ repository: one, architectures, names, files })),
  );
  const archives = readings.flatMap(({ archive }) => (archive ? [archive] : []));
  const problems = [
    ...inventory.problems,
    ...sources.problems,
    ...preferences.problems,
    ...readings.flatMap((one) => one.problems),
  ];
  return {
    image,
    packages: deps.aptCandidates(inventory.packages, archives, preferences.pins, native),
    repositories: readings.map(({ repository, trust, detail }) => ({ repository, trust, detail })),
    complete: inventory.coverage === 'complete' && problems.every(({ code }) => remarks.has(code)),
    problems,
  };
}

function withoutApt(image: InspectedImage): Pending {
  const { database, problems } = image.inventory;
  const message = database
    ? `what is pending is known for images with apt so far; the packages of this image are in ${database}`
    : 'no package database was found in the image, so nothing can be said about what is pending';
  const problem = { code: 'pending-not-supported', message };
  return { image, packages: [], repositories: [], complete: false, problems: [...problems, problem] };
}

/** The native one first: most packages have it. */
function architecturesOf(packages: readonly Package[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { architecture } of packages) {
    if (architecture !== 'all' && /^[a-z0-9-]+$/.test(architecture)) {
      counts.set(architecture, (counts.get(architecture) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([architecture]) => architecture);
}
