import type { ImageComparison } from '../core/comparison.ts';
import type { ConfigChange } from '../core/finding.ts';
import type { ImageConfig } from '../core/image/image.ts';
import { limits } from '../core/limits/limits.ts';
import { type Inventory, type PackageChange, releaseName } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import { inTurns } from '../core/time/turns.ts';
import { addListings, emptyListing, type LayerListing } from '../oci/layers/layer-listing.ts';
import { comparePackages } from '../packages/compare.ts';
import type { ImageHead, InspectedImage } from './inspect.ts';

// OCI image-spec, annotations.md "Pre-Defined Annotation Keys".
const versionLabel = 'org.opencontainers.image.version';
const sourceLabel = 'org.opencontainers.image.source';
const revisionLabel = 'org.opencontainers.image.revision';

/** Same file system by the publisher's diff IDs: then no layer needs to be read. A config of other layers than are there proves nothing. */
export function sameLayers(before: ImageHead, after: ImageHead): boolean {
  const [a, b] = [before.config.diffIds, after.config.diffIds];
  const isTold = [before, after].every(({ manifest, config }) => manifest.layers.length === config.diffIds.length);
  return isTold && a.length > 0 && a.length === b.length && a.every((id, i) => id === b[i]);
}

/** Compares two images whose file systems are the same: only config, labels or compression can differ. */
export function compareHeads(before: ImageHead, after: ImageHead): ImageComparison {
  const facts = commonFacts(before, after);
  return {
    ...facts,
    class: facts.config.length > 0 ? 'config' : 'rebuild',
    packages: [],
    os: null,
    downgrade: createdDowngrade(facts),
    problems: [],
  };
}

/** What comparing two images needs. */
export interface CompareDependencies {
  /** Ends a comparison between two turns. */
  readonly signal: AbortSignal;
}

/**
 * Compares two images, looked into. `rebuild` needs proof: both package sets complete and equal, config equal, and the
 * listings of the layers that are not shared equal; without it the difference is `content`.
 */
export async function compareImages(
  before: InspectedImage,
  after: InspectedImage,
  { signal }: CompareDependencies,
): Promise<ImageComparison> {
  const facts = commonFacts(before, after);
  const complete = before.inventory.coverage === 'complete' && after.inventory.coverage === 'complete';
  const packages = complete ? await inTurns(comparePackages(before.inventory, after.inventory), signal) : null;
  const sum = (image: InspectedImage): LayerListing =>
    image.listings.slice(facts.sharedLayers).reduce(addListings, emptyListing);
  const [a, b] = [sum(before), sum(after)];
  const unlisted = before.isPartial === true || after.isPartial === true;
  const sameListing = !unlisted && a.sum === b.sum && a.count === b.count;
  return {
    ...facts,
    ...(unlisted && { unlisted }),
    class: packages?.length
      ? 'packages'
      : facts.config.length > 0
        ? 'config'
        : packages && sameListing
          ? 'rebuild'
          : 'content',
    packages,
    os: osChange(before.inventory, after.inventory),
    downgrade: packageDowngrade(packages) ?? createdDowngrade(facts),
    problems: complete ? [] : [...problemsOf('before', before.inventory), ...problemsOf('after', after.inventory)],
  };
}

type CommonFacts = Pick<
  ImageComparison,
  'config' | 'labels' | 'unlistedSettings' | 'sharedLayers' | 'layers' | 'size' | 'created' | 'version' | 'source'
>;

function commonFacts(before: ImageHead, after: ImageHead): CommonFacts {
  const size = (image: ImageHead): number => image.manifest.layers.reduce((sum, layer) => sum + layer.size, 0);
  const version = ({ config }: ImageHead): string | null => shown(config.labels[versionLabel]);
  const config = diffRecords(before.config.behaviour, after.config.behaviour);
  const labels = diffRecords(before.config.labels, after.config.labels, 'Labels.');
  const unlisted = { config: config.length - listed(config).length, labels: labels.length - listed(labels).length };
  return {
    config: listed(config),
    labels: listed(labels),
    ...(unlisted.config + unlisted.labels > 0 && { unlistedSettings: unlisted }),
    sharedLayers: commonPrefix(before.config, after.config),
    layers: { before: before.manifest.layers.length, after: after.manifest.layers.length },
    size: { before: size(before), after: size(after) },
    created: { before: shown(before.config.created), after: shown(after.config.created) },
    version: { before: version(before), after: version(after) },
    ...sourceOf(before.config.labels, after.config.labels),
  };
}

function sourceOf(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Pick<ImageComparison, 'source'> {
  const [url, from, to] = [after[sourceLabel], before[revisionLabel], after[revisionLabel]];
  if (url === undefined || url !== before[sourceLabel] || from === undefined || to === undefined) return {};
  if (Math.max(url.length, from.length, to.length) > limits.image.settingShown.most) return {};
  return { source: { url, before: from, after: to } };
}

function commonPrefix(before: ImageConfig, after: ImageConfig): number {
  let shared = 0;
  while (shared < before.diffIds.length && before.diffIds[shared] === after.diffIds[shared]) shared++;
  return shared;
}

function diffRecords(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  prefix = '',
): ConfigChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys
    .filter((key) => before[key] !== after[key])
    .map((key) => ({ key: `${prefix}${shown(key)}`, before: shown(before[key]), after: shown(after[key]) }));
}

function listed(changes: readonly ConfigChange[]): readonly ConfigChange[] {
  let left = limits.image.settingsText.most;
  const fitting = changes.findIndex(({ key, before, after }) => {
    left -= key.length + (before?.length ?? 0) + (after?.length ?? 0);
    return left < 0;
  });
  return changes.slice(0, Math.min(limits.image.settingsListed.most, fitting < 0 ? changes.length : fitting));
}

function shown(value: string): string;
function shown(value: string | undefined): string | null;
function shown(value: string | undefined): string | null {
  if (value === undefined) return null;
  const { most } = limits.image.settingShown;
  return value.length > most ? `${value.slice(0, most)}…` : value;
}

function osChange(before: Inventory, after: Inventory): ImageComparison['os'] {
  const [a, b] = [before.os && releaseName(before.os), after.os && releaseName(after.os)];
  return a && b && a !== b ? { before: a, after: b } : null;
}

function packageDowngrade(packages: readonly PackageChange[] | null): string | null {
  const down = packages?.filter(({ kind }) => kind === 'downgraded') ?? [];
  const [first] = down;
  if (!first) return null;
  const more = down.length > 1 ? ` and ${down.length - 1} more` : '';
  return `${first.name} would go back from ${first.before} to ${first.after}${more}`;
}

/** 1970 is what reproducible builders write instead of a time. */
function createdDowngrade({ created }: Pick<CommonFacts, 'created'>): string | null {
  const [before, after] = [Date.parse(created.before ?? ''), Date.parse(created.after ?? '')];
  if (!(before > 86_400_000 && after > 86_400_000 && after < before)) return null;
  return `the image the tag names now was built on ${created.after?.slice(0, 10)}, before the pinned one (${created.before?.slice(0, 10)})`;
}

function problemsOf(side: 'before' | 'after', inventory: Inventory): Problem[] {
  if (inventory.coverage === 'complete') return [];
  if (inventory.problems.length > 0)
    return inventory.problems.map((problem) => ({ ...problem, subject: `${side}: ${problem.subject ?? 'image'}` }));
  return [
    {
      code: 'no-package-database',
      message: 'the image holds no package database of dpkg, apk, rpm or pacman',
      subject: side,
    },
  ];
}
