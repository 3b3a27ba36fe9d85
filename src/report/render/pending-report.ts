import { afterWords, type DistroRelease, releaseName } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import { visible } from '../safe/visible.ts';
import { advisoryList } from '../say/advisory-list.ts';
import { pendingClaim } from '../say/claims.ts';
import { bytes, count } from '../say/quantity.ts';
import { folded } from './fold.ts';
import type { Layout, Style } from './style.ts';

/** What `plimsoll pending` found. */
export interface PendingReport {
  readonly name: string;
  readonly platform: string;
  readonly packages: readonly PendingRow[];
  readonly repositories: readonly PendingRepository[];
  readonly remedy: { readonly kind: 'upgrade-line'; readonly line: string } | { readonly kind: 'newer-base' };
  readonly complete: boolean;
}

/**
 * One package that has something newer. `held`: a pin or lock keeps it back; `foreign`: whose it is when not the
 * distribution's.
 */
export interface PendingRow {
  readonly name: string;
  readonly installed: string;
  readonly candidate: string;
  readonly replacedBy?: string;
  readonly suite: string;
  readonly security: boolean | null;
  readonly held?: true;
  readonly advisories: readonly string[];
  readonly unlisted?: number;
  readonly severity?: string;
  readonly foreign?: string;
}

/** A repository that was asked, and how far it was believed. */
export interface PendingRepository {
  readonly uri: string;
  readonly suite: string;
  readonly trust: string;
  readonly detail: string;
}

/** What stands around the rows. */
export interface PendingSurroundings {
  readonly os: DistroRelease | undefined;
  readonly problems: readonly Problem[];
  readonly cost: {
    readonly registry: { readonly requests: number; readonly bytes: number };
    readonly archive: { readonly requests: number; readonly bytes: number };
    readonly countedPulls: number;
    readonly cacheHits: number;
  };
}

/** For a terminal: security first, then the rest, then who was asked and what that cost. Ends with a newline. */
export function renderPending(
  report: PendingReport,
  { os, problems, cost }: PendingSurroundings,
  { style, width }: Layout,
): string {
  const { name, platform, packages, repositories } = report;
  const distro = os ? `, ${visible(os.prettyName ?? releaseName(os))}` : '';
  const groups = [
    { title: 'security', rows: packages.filter(({ security }) => security === true), paint: style.red },
    { title: 'other', rows: packages.filter(({ security }) => security === false), paint: style.yellow },
    {
      title: 'security or not is not known',
      rows: packages.filter((row) => row.security === null),
      paint: style.yellow,
    },
  ].filter(({ rows }) => rows.length > 0);
  const wide = columns(packages);
  const about = [
    style.bold(`${visible(name)} (${platform}${distro})`),
    '',
    ...groups.flatMap(({ title, rows, paint }) => [
      paint(`${title} (${rows.length})`),
      ...rows.map((row) => `  ${packageRow(row, wide)}`),
      '',
    ]),
    ...repositoryRows(repositories, style),
    ...problems.map(
      ({ subject, message }) =>
        `${style.magenta('problem')} ${subject ? `${visible(subject)}: ` : ''}${visible(message)}`,
    ),
    ...(repositories.length + problems.length > 0 ? [''] : []),
    style.bold(pendingClaim(packages, report.complete)),
  ];
  const narrow = (line: string): string[] => folded(line, width, 6);
  // The line is there to be copied.
  const out = [...about.flatMap(narrow), ...remedyLine(report), ...narrow(style.dim(`cost: ${costLine(cost)}`))];
  return `${out.join('\n')}\n`;
}

interface Columns {
  readonly name: number;
  readonly installed: number;
  readonly candidate: number;
}

function columns(rows: readonly PendingRow[]): Columns {
  return {
    name: widest(rows.map(({ name }) => name)),
    installed: widest(rows.map(({ installed }) => installed)),
    candidate: widest(rows.map(becomes)),
  };
}

function becomes({ candidate, replacedBy }: PendingRow): string {
  return afterWords({ after: candidate, ...(replacedBy !== undefined && { replacedBy }) }) ?? '';
}

function packageRow(row: PendingRow, wide: Columns): string {
  const { name, installed, suite, held, severity, foreign, advisories, unlisted } = row;
  const versions = `${visible(installed).padEnd(wide.installed)} → ${visible(becomes(row)).padEnd(wide.candidate)}`;
  const more = [
    severity ?? '',
    advisoryList(advisories, 4, unlisted),
    held ? 'held' : '',
    foreign === undefined ? '' : `not the distribution's (${visible(foreign)}): no feed`,
  ].filter((text) => text !== '');
  return [`${visible(name).padEnd(wide.name)}  ${versions}  ${visible(suite)}`, ...more].join('  ');
}

function repositoryRows(repositories: readonly PendingRepository[], style: Style): string[] {
  const wide = widest(repositories.map(({ trust }) => trust));
  const uriWide = widest(repositories.map(({ uri }) => uri));
  const suiteWide = widest(repositories.map(({ suite }) => suite));
  return repositories.map(({ uri, suite, trust, detail }) => {
    const isUsed = trust === 'verified' || trust === 'unverified';
    const paint = trust === 'verified' ? style.green : isUsed ? style.yellow : style.magenta;
    const place = `${visible(uri).padEnd(uriWide)}  ${visible(suite).padEnd(suiteWide)}`;
    // A problem line below says why one was not used.
    return `${paint(trust.padEnd(wide))}  ${isUsed ? `${place}  ${style.dim(visible(detail))}` : place.trimEnd()}`;
  });
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, visible(text).length), 0);
}

/** How what is pending gets into the image. */
function remedyLine({ packages, remedy }: PendingReport): string[] {
  if (packages.length === 0) return [];
  return [
    remedy.kind === 'upgrade-line'
      ? `to take them in a build:  ${remedy.line}`
      : 'the image has no package manager: only a newer base brings them',
  ];
}

function costLine({ registry, archive, countedPulls, cacheHits }: PendingSurroundings['cost']): string {
  return [
    count(registry.requests + archive.requests, 'request'),
    `${archive.requests} of them to archives`,
    count(countedPulls, 'counted pull'),
    bytes(registry.bytes + archive.bytes),
    `${cacheHits} from cache`,
  ].join(', ');
}
