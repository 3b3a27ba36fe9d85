/*
 * src/packages/apt/
 *
 * apt: Debian, Ubuntu and what derives from them. The image's half is pure: apt-sources.ts (sources.list(5)),
 * apt-preferences.ts (apt_preferences(5)), apt-config.ts, apt-architectures.ts, apt-candidates.ts (what `apt list
 * --upgradable` lists). The network's half is apt-archives.ts: the Release and who signed it (fetch-release.ts,
 * release.ts, apt-trust.ts), then indexes (read-index.ts, package-table.ts). This file joins them to what every family
 * answers.
 * Begin here, then apt-archives.ts.
 */

import type { Problem } from '../../core/problem.ts';
import { meaningOf } from '../../core/problem-code.ts';
import { inTurns } from '../../core/time/turns.ts';
import type { ArchiveFamily, ArchivesReading, ArchivesRequest } from '../archives/archive-family.ts';
import type { ArchiveDependencies } from '../archives/archive-fetch.ts';
import { locked } from '../archives/locked.ts';
import { sumOf } from '../archives/sum.ts';
import { suppliedSources } from '../archives/supplied-sources.ts';
import { type AptArchitectures, aptArchitectures } from './apt-architectures.ts';
import { type AptArchives, type ArchiveReading, createAptArchives } from './apt-archives.ts';
import { aptCandidates } from './apt-candidates.ts';
import { aptForeign } from './apt-foreign.ts';
import { aptOffers } from './apt-offers.ts';
import { missingRelease, readAptPreferences } from './apt-preferences.ts';
import type { AptRepository } from './apt-repository.ts';
import { type AptSources, readAptSources } from './apt-sources.ts';
import { aptVerdict } from './apt-verdict.ts';
import { type AptView, aptVersions } from './apt-versions.ts';

/** apt: Debian, Ubuntu and what derives from them. */
export function createAptFamily(deps: ArchiveDependencies): ArchiveFamily {
  const archives = createAptArchives(deps);
  return {
    databases: ['dpkg', 'status.d', 'chisel'],
    managers: ['apt'],
    scheme: 'dpkg',
    read: (request) => readArchives(request, archives, deps),
  };
}

async function readArchives(
  request: ArchivesRequest,
  archives: AptArchives,
  { places, signal }: Pick<ArchiveDependencies, 'places' | 'signal'>,
): Promise<ArchivesReading> {
  const { packages, files, os } = request;
  const architectures = aptArchitectures(files, packages, request.platform);
  const { native, enabled, used } = architectures;
  const sources = sourcesOf(request, architectures, places?.mirrors ?? {});
  const preferences = readAptPreferences(files);
  const names = new Set([...packages.map(({ name }) => name), ...request.names]);
  const readings = await Promise.all(
    sources.repositories.map((repository) =>
      archives.read({
        repository,
        architectures: used.filter((one) => (repository.architectures ?? enabled).includes(one)),
        names,
        files,
      }),
    ),
  );
  const read = readings.flatMap(({ archive }) => (archive ? [archive] : []));
  const versions = await inTurns(aptVersions(read, native), signal);
  const view: AptView = { archives: read, versions, pins: preferences.pins, native };
  const missing =
    read.length === readings.length
      ? missingRelease(
          files,
          read.map(({ release }) => release),
        )
      : undefined;
  // What apt refuses to do it offers nothing for.
  const installable: AptView = missing ? { ...view, archives: [], versions: new Map() } : view;
  const surroundings = {
    os,
    unread: readings.flatMap(({ repository, archive }) => (archive ? [] : [repository])),
    hasOthers: sources.problems.length > 0,
  };
  const problems = [
    ...sources.problems,
    ...preferences.problems,
    ...(missing ? [missing] : []),
    ...readings.flatMap((one) => one.problems),
    ...snapshotRemarks(sources.repositories),
  ];
  const isRemark = ({ code }: Problem): boolean => meaningOf(code).of === 'remark';
  return {
    repositories: readings.map(({ repository: { uri, suite }, trust, detail }) => ({ uri, suite, trust, detail })),
    complete: problems.every(isRemark) && readings.every(({ trust }) => trust !== 'skipped'),
    problems: problems.filter((one) => !isRemark(one)),
    remarks: problems.filter(isRemark),
    state: stateOf(readings, files),
    offers: (name) => aptOffers(name, packages, installable),
    candidates: () => aptCandidates(packages, installable),
    verdict: (move) => aptVerdict(move, view),
    foreign: (one, versions = [one.version]) => aptForeign(one, versions, view, surroundings),
  };
}

/** The image's own; the operator's mirrors only where it brings none. */
function sourcesOf(
  { files, os }: ArchivesRequest,
  { native, enabled }: AptArchitectures,
  mirrors: Readonly<Record<string, string>>,
): AptSources {
  const own = readAptSources(files, native, enabled);
  const supplied = own.repositories.length === 0 && !own.isRefused ? suppliedSources(os, mirrors) : undefined;
  return supplied ? readAptSources(new Map([...files, supplied]), native, enabled) : own;
}

/** What the answers follow from: the Releases, who is believed, and the image's own pins. */
function stateOf(readings: readonly ArchiveReading[], files: ReadonlyMap<string, Uint8Array>): string {
  const pins = [...files].filter(([path]) => /^etc\/apt\/(?:preferences|apt\.conf)/.test(path));
  const told = readings.map(({ repository, trust, archive, problems }) => [
    repository.uri,
    repository.suite,
    repository.components,
    trust,
    archive?.sum ?? '',
    problems.map(({ code }) => code),
  ]);
  return sumOf(JSON.stringify(told), ...pins.flat());
}

/**
 * Debian's and Ubuntu's snapshot services have the moment in their addresses, as sources.list(5) writes it
 * (`…/20260101T000000Z/`). One remark for an image, with the day of its first such source.
 */
export function snapshotRemarks(repositories: readonly AptRepository[]): readonly Problem[] {
  const moments = repositories.flatMap(({ uri }) => /\/(\d{8}T\d{6}Z)\//.exec(uri)?.[1] ?? []);
  const [first] = moments;
  return first === undefined ? [] : [locked(`the snapshot ${first}`)];
}
