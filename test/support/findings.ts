import { type Finding, type FindingClass, findingClasses } from '../../src/core/finding.ts';
import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import type { PackageChange } from '../../src/core/package.ts';
import type { Problem } from '../../src/core/problem.ts';
import type { RunRecord } from '../../src/core/run-record.ts';

const [old, now]: readonly [Digest, Digest] = [digestOf('old'), digestOf('now')];
const written = `debian:12@${old}`;

/** A finding of a pinned `debian:12`, changed as a test wants it. */
export function aFinding(kind: FindingClass, more: Partial<Finding> = {}): Finding {
  return {
    id: kind,
    news: [],
    subject: 'image',
    class: kind,
    security: null,
    remedy: 'edit',
    role: 'base',
    file: 'Dockerfile',
    line: 1 + findingClasses.indexOf(kind),
    column: 6,
    kind: 'from',
    stage: '0',
    final: true,
    written,
    reference: { registry: 'docker.io', repository: 'library/debian', tag: '12', digest: old },
    pinned: 'index',
    platforms: ['linux/amd64'],
    reason: `the reason of ${kind}`,
    notes: [],
    problem: null,
    ...more,
  };
}

/** A changed package; `n` numbers it. */
export function aChange(n: number, more: Partial<PackageChange> = {}): PackageChange {
  return {
    name: `lib${n}`,
    kind: 'upgraded',
    before: `${n}.0`,
    after: `${n}.1`,
    security: null,
    advisories: [],
    ...more,
  };
}

const edit = { file: 'Dockerfile', line: 3, before: `FROM ${written}`, after: `FROM debian:12@${now}` };
const moved = { latest: { digest: now, tag: '12' }, proposed: `debian:12@${now}`, edits: [edit] };

/** One of every class, as a run would report it. */
export const oneOfEach: readonly Finding[] = [
  aFinding('pin-broken', moved),
  aFinding('security', {
    ...moved,
    security: true,
    packages: [
      aChange(1, {
        name: 'liblzma5',
        before: '5.4.1-1',
        after: '5.4.1-1+deb12u1',
        security: true,
        platforms: ['linux/arm64'],
      }),
      aChange(2, { kind: 'added', before: undefined as never, architecture: 'amd64' }),
    ],
  }),
  aFinding('packages', {
    ...moved,
    final: false,
    held: { reason: 'window', detail: 'this week’s batch has gone out', until: '2026-11-23T00:00:00Z' },
    packages: [
      aChange(3, { kind: 'removed', after: undefined as never }),
      aChange(4, { kind: 'downgraded' }),
      aChange(5, { kind: 'rebuilt' }),
    ],
  }),
  aFinding('config', {
    ...moved,
    config: [
      { key: 'Env.NODE_VERSION', before: '22.3.0', after: '22.4.0' },
      { key: 'Cmd', before: null, after: '["sh","-c","a | b"]' },
    ],
    labels: [{ key: 'Labels.version', before: '1', after: null }],
  }),
  aFinding('content', { ...moved, notes: ['the pin serves one platform only', 'a second note'] }),
  aFinding('unknown', { remedy: 'none' }),
  aFinding('rebuild', moved),
  aFinding('no-op', moved),
  aFinding('unpinned', {
    written: 'debian',
    pinned: 'none',
    reference: { registry: 'docker.io', repository: 'library/debian' },
  }),
  aFinding('stale', {
    remedy: 'rebuild',
    security: false,
    published: { image: 'ghcr.io/acme/app:1', digest: now, by: 'layers', tags: ['1'] },
  }),
  aFinding('lagging', { remedy: 'newer-base' }),
  aFinding('newer-tag'),
  aFinding('end-of-life', { tree: 'other/', remedy: 'newer-base' }),
];

const rebuilding: ReadonlySet<FindingClass> = new Set(['pin-broken', 'security', 'packages', 'config', 'content']);

/** The record of a run that found these. */
export function aRecord(findings: readonly Finding[], problems: readonly Problem[] = []): RunRecord {
  const counts: Partial<Record<FindingClass, number>> = {};
  for (const { class: kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  const unpinned = counts.unpinned ?? 0;
  const none = { requests: 0, bytes: 0 };
  return {
    schema: 2,
    startedAt: '2026-11-20T12:00:00Z',
    finishedAt: '2026-11-20T12:00:01Z',
    platforms: ['linux/amd64'],
    scopes: [{ id: '.', name: '.', kind: 'folder', whole: true }],
    workloads: [],
    repositories: ['.'],
    cost: {
      requests: 3,
      countedPulls: 1,
      bytes: 58_200_000,
      cacheHits: 2,
      registry: { requests: 3, bytes: 58_200_000 },
      archive: none,
      advisory: none,
      rateLimit: { 'docker.io': { limit: 100, remaining: 97 } },
    },
    summary: {
      files: 1,
      formats: { dockerfile: 1 },
      excluded: 0,
      uses: findings.length,
      running: 0,
      pins: 0,
      images: 1,
      unpinned,
      findings: counts,
      unknown: counts.unknown ?? 0,
      unchecked: 0,
      unread: {},
      deferred: 0,
      needsRedeploy: false,
      needsRebuild: findings.some(({ class: kind }) => rebuilding.has(kind)),
      fixAvailable: findings.some(({ security }) => security === true),
    },
    findings,
    unchecked: [],
    problems,
  };
}
