/*
 * src/packages/apk/
 *
 * apk: Alpine, Wolfi, Chainguard and what derives from them. The image's half is pure: apk-repositories.ts,
 * apk-candidates.ts. The network's half is apk-archives.ts, with apk-index.ts and apk-signature.ts. This
 * file joins them to what every family answers. Sources: apk-repositories(5), apk-world(5).
 * Begin here.
 */

import { limits } from '../../core/limits/limits.ts';
import type { DistroRelease, Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import { inTurns } from '../../core/time/turns.ts';
import {
  type ArchiveFamily,
  type ArchivesReading,
  type ArchivesRequest,
  type RepositoryReading,
  skippedRemark,
} from '../archives/archive-family.ts';
import type { ArchiveDependencies } from '../archives/archive-fetch.ts';
import { settingsText } from '../archives/excessive-settings.ts';
import { manyBuilds, withinBuilds } from '../archives/many-builds.ts';
import { rowsOf } from '../archives/package-rows.ts';
import { sumOf } from '../archives/sum.ts';
import { suppliedSources } from '../archives/supplied-sources.ts';
import { type ApkArchives, type ApkReading, createApkArchives } from './apk-archives.ts';
import { type ApkOffer, type ApkView, apkCandidates, apkOffers } from './apk-candidates.ts';
import { type ApkDependency, parseApkDependency } from './apk-constraint.ts';
import { apkForeign } from './apk-foreign.ts';
import { readApkRepositories } from './apk-repositories.ts';

/** apk: Alpine, Wolfi, Chainguard and what derives from them. */
export function createApkFamily(deps: ArchiveDependencies): ArchiveFamily {
  const archives = createApkArchives(deps);
  return {
    databases: ['apk'],
    managers: ['apk'],
    scheme: 'apk',
    read: (request) => readArchives(withSources(request, deps.places?.mirrors ?? {}), archives),
  };
}

/** The image's own repositories; the operator's mirror only where it names none. */
function withSources(request: ArchivesRequest, mirrors: Readonly<Record<string, string>>): ArchivesRequest {
  const names = [...request.files.keys()];
  const supplied = names.some((path) => /etc\/apk\/repositories/.test(path))
    ? undefined
    : suppliedSources(request.os, mirrors);
  return supplied ? { ...request, files: new Map([...request.files, supplied]) } : request;
}

async function readArchives(
  { os, packages, files, names: wanted }: ArchivesRequest,
  archives: ApkArchives,
): Promise<ArchivesReading> {
  const architecture = architectureOf(files, packages);
  const enabled = readApkRepositories(files, architecture ?? '');
  const unknown = architecture === undefined && enabled.repositories.length > 0 ? [unknownArchitecture] : [];
  const keys = keysOf(files);
  const readings = await Promise.all(
    (architecture === undefined ? [] : enabled.repositories).map((one) => archives.read(one, keys)),
  );
  const offered = (name: string): readonly ApkOffer[] => withinBuilds(readings, (one) => offersIn(one, name));
  const world = readApkWorld(files);
  const view: ApkView = { offered, world, architecture: architecture ?? '' };
  const problems: readonly Problem[] = [
    ...enabled.problems,
    ...unknown,
    ...enabled.unread.map(({ problem }) => problem),
    ...readings.flatMap((one) => one.problems),
    ...(await inTurns(manyBuilds([...packages.map(({ name }) => name), ...wanted], readings, [offersIn]))),
  ];
  const skipped = readings.filter(({ trust }) => trust === 'skipped');
  const complete = problems.length === 0 && skipped.length === 0;
  const unread = [
    ...readings.flatMap(({ repository, index }) => (index === undefined ? [repository.uri] : [])),
    ...enabled.unread.map(({ uri }) => uri),
    ...enabled.problems.map(() => ''),
  ];
  const repositories: readonly RepositoryReading[] = [
    ...readings.map(({ repository: { uri, suite }, trust, detail }) => ({ uri, suite, trust, detail })),
    ...enabled.unread.map(({ uri, suite, problem }) => ({
      uri,
      suite,
      trust: 'unread' as const,
      detail: problem.message,
    })),
  ];
  return {
    repositories,
    complete,
    problems,
    remarks: [
      ...(isRolling(os, readings) ? [rolling] : []),
      ...skipped.map(({ repository: { uri } }) => skippedRemark(uri)),
    ],
    state: stateOf(readings, repositories, files),
    offers: (name) => apkOffers(name, view).map(({ repository: _, ...offer }) => offer),
    candidates: () => apkCandidates(packages, view),
    verdict: () => ({ security: null, advisories: [] }),
    foreign: ({ name, version }, versions = [version]) => apkForeign(name, versions, view, { os, unread }),
  };
}

function offersIn({ repository, index }: ApkReading, name: string): readonly ApkOffer[] {
  if (index === undefined) return [];
  return rowsOf(index.table, name).map((row) => ({ ...row, suite: repository.suite, repository }));
}

/** `etc/apk/arch` names it first; else what most packages are for. Source: apk-package(5), "arch". */
function architectureOf(files: ReadonlyMap<string, Uint8Array>, packages: readonly Package[]): string | undefined {
  const written = Buffer.from(files.get('etc/apk/arch') ?? []).toString('utf8', 0, 100);
  const counts = new Map<string, number>();
  for (const { architecture } of packages) {
    if (architecture !== 'noarch') counts.set(architecture, (counts.get(architecture) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a).map(([one]) => one);
  return [written.trim().split(/\s+/)[0], most].find((one) => one !== undefined && /^\w[\w-]*$/.test(one));
}

const unknownArchitecture: Problem = {
  code: 'apk-architecture-unknown',
  message:
    'neither etc/apk/arch nor an installed package says for which architecture this image is, so its repositories were not asked',
};

/** A name in `etc` stands before the same name elsewhere. */
function keysOf(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const keys = new Map<string, Uint8Array>();
  for (const root of ['etc', 'lib', 'usr/lib', 'usr/share']) {
    const folder = `${root}/apk/keys/`;
    for (const [path, bytes] of [...files].filter(([one]) => one.startsWith(folder)).sort()) {
      const name = path.slice(folder.length);
      if (!keys.has(name) && keys.size < limits.archive.apkKeys.most && bytes.length <= limits.archive.apkKey.most)
        keys.set(name, bytes);
    }
  }
  return keys;
}

function isRolling(os: DistroRelease | undefined, readings: readonly ApkReading[]): boolean {
  return (
    os?.id === 'wolfi' ||
    os?.id === 'chainguard' ||
    readings.some(({ repository: { uri, tag } }) => tag === undefined && /\/edge(?:\/|$)/.test(uri))
  );
}

const rolling: Problem = {
  code: 'archive-rolling',
  message: 'the distribution is rolling: newer versions are always there, and no release says when to take them',
};

/** What the answers follow from: the indexes, who is believed, and what the image itself asks for. */
function stateOf(
  readings: readonly ApkReading[],
  repositories: readonly RepositoryReading[],
  files: ReadonlyMap<string, Uint8Array>,
): string {
  const told = readings.map(({ repository: { index, tag }, index: read }) => [index, tag ?? '', read?.sum ?? '']);
  const own = ['etc/apk/world', 'etc/apk/arch'].map((path) => files.get(path) ?? '');
  return sumOf(JSON.stringify([told, repositories]), ...own);
}

/** What `apk upgrade` keeps to, by package name. Source: apk-world(5). Words that are none are left out. */
export function readApkWorld(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, readonly ApkDependency[]> {
  const text = settingsText(files.get('etc/apk/world'));
  const world = new Map<string, ApkDependency[]>();
  for (const word of text.split(/\s+/)) {
    const one = parseApkDependency(word);
    if (one === undefined) continue;
    const known = world.get(one.name);
    if (known) known.push(one);
    else world.set(one.name, [one]);
  }
  return world;
}
