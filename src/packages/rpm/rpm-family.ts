/*
 * src/packages/rpm/
 *
 * dnf, yum, microdnf, tdnf and zypper. The image's half is pure: rpm-configuration.ts and rpm-repositories.ts with
 * their variables (rpm-variables.ts), policy/ (locks, excludes, vendors), rpm-modules.ts, rpm-candidates.ts,
 * rpm-obsoletes.ts. The network's half is rpm-archives.ts: mirror-list.ts, repomd.ts and who signed it
 * (repomd-trust.ts), then primary.ts, updateinfo.ts and module-index.ts, read as streams (xml.ts). This file joins them
 * to what every family answers.
 * Begin here, then rpm-archives.ts.
 */

import type { Problem } from '../../core/problem.ts';
import { inTurns } from '../../core/time/turns.ts';
import type { ArchiveFamily, ArchivesReading, ArchivesRequest, RepositoryReading } from '../archives/archive-family.ts';
import type { ArchiveDependencies } from '../archives/archive-fetch.ts';
import { manyBuilds } from '../archives/many-builds.ts';
import { linesOf, rowsOf } from '../archives/package-rows.ts';
import { sumOf } from '../archives/sum.ts';
import { defaultsRow } from './module-index.ts';
import { packageFilter } from './policy/rpm-patterns.ts';
import { readRpmPolicy } from './policy/rpm-policy.ts';
import { obsoletionsOf } from './primary.ts';
import { createRpmArchives, type RpmArchives, type RpmReading } from './rpm-archives.ts';
import { rpmCandidates, unknownStreams } from './rpm-candidates.ts';
import { rpmForeign } from './rpm-foreign.ts';
import { filterModules } from './rpm-modules.ts';
import { rpmOffers } from './rpm-offers.ts';
import { rpmRemarks } from './rpm-remarks.ts';
import { readRpmRepositories } from './rpm-repositories.ts';
import { rpmVerdict } from './rpm-verdict.ts';
import type { RpmModules, RpmSource, RpmView } from './rpm-view.ts';
import { updatesIn } from './updateinfo.ts';

/** dnf, yum, microdnf, tdnf and zypper: Red Hat, Fedora, SUSE, Amazon, Azure Linux and what derives from them. */
export function createRpmFamily(deps: ArchiveDependencies): ArchiveFamily {
  const archives = createRpmArchives(deps);
  return {
    databases: ['rpm', 'rpm-manifest'],
    managers: ['dnf', 'yum', 'microdnf', 'tdnf', 'zypper'],
    scheme: 'rpm',
    read: (request) => readArchives(request, archives, deps.signal),
  };
}

async function readArchives(
  { os, packages, files, names }: ArchivesRequest,
  archives: RpmArchives,
  signal: AbortSignal | undefined,
): Promise<ArchivesReading> {
  const enabled = readRpmRepositories(files, os, packages);
  const { policy, problems: unreadLocks } = readRpmPolicy(files, enabled.main);
  const readings = await Promise.all(enabled.repositories.map((one) => archives.read(one, files)));
  const troubles = [
    ...enabled.problems,
    ...unreadLocks,
    ...enabled.unread.map(({ problem }) => problem),
    ...readings.flatMap((one) => one.problems),
  ];
  const isWhole = troubles.length === 0 && readings.every(({ trust }) => trust !== 'skipped');
  const view: RpmView = {
    sources: filterModules(
      readings.flatMap((one) => sourceOf(one) ?? []),
      files,
    ),
    complete: isWhole,
    osId: os?.id,
    architecture: enabled.variables.get('basearch'),
    policy,
  };
  const many = await inTurns(
    manyBuilds([...packages.map(({ name }) => name), ...names], view.sources, [
      ({ rows }, name) => rows(name),
      ({ updates }, name) => updates?.(name) ?? [],
    ]),
    signal,
  );
  const unknown = await inTurns(unknownStreams(packages, view), signal);
  const problems = [...troubles, ...many, ...(unknown.length > 0 ? [streamsProblem(unknown)] : [])];
  const repositories: readonly RepositoryReading[] = [
    ...readings.map(({ repository, uri, trust, detail }) => ({ uri, suite: repository.id, trust, detail })),
    ...enabled.unread.map(({ uri, suite, problem }) => ({
      uri,
      suite,
      trust: 'unread' as const,
      detail: problem.message,
    })),
  ];
  return {
    repositories,
    complete: isWhole && problems.length === 0,
    problems,
    remarks: [...readings.flatMap((one) => one.remarks), ...rpmRemarks(os, enabled)],
    state: stateOf(readings, view, repositories),
    offers: (name) => rpmOffers(name, view, policy.allows).map(({ repository: _, maker: __, ...offer }) => offer),
    candidates: () => rpmCandidates(packages, view),
    verdict: (move) => rpmVerdict(move, view),
    foreign: (one, versions = [one.version]) => rpmForeign(one, versions, view, os),
  };
}

function sourceOf({ repository, archive }: RpmReading): RpmSource | undefined {
  if (archive === undefined) return undefined;
  const { packages, updates, modules } = archive;
  const isTaken = packageFilter(repository);
  return {
    repository,
    rows: (name) => rowsOf(packages, name).filter(isTaken),
    obsoletions: (name) => obsoletionsOf(packages, name),
    ...(updates !== undefined && { updates: updatesIn(updates) }),
    ...(modules !== undefined && { modules: modulesIn(modules) }),
  };
}

function modulesIn(table: string): RpmModules {
  return {
    builds: (name) =>
      linesOf(table, name).map(([, version = '', architecture = '', stream = '']) => ({
        version,
        architecture,
        stream,
      })),
    defaults: new Map(linesOf(table, defaultsRow).map(([, module = '', stream = '']) => [module, stream])),
  };
}

function streamsProblem(names: readonly string[]): Problem {
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  const message = `${names.length} installed packages are built in modules and their repositories do not say of which stream the newer builds are (${shown}), so what is pending for them is not known`;
  return { code: 'rpm-streams-unknown', message };
}

/** What the answers follow from: the repositories and what the image makes of them, and who is believed. */
function stateOf(
  readings: readonly RpmReading[],
  { osId }: RpmView,
  repositories: readonly RepositoryReading[],
): string {
  const told = readings.map(({ repository, archive }) => [repository, archive?.sum ?? '']);
  return sumOf(JSON.stringify([osId, told, repositories]));
}
