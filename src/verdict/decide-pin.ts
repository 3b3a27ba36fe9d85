import type { Finding } from '../core/finding.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { newsKey } from '../core/news.ts';
import type { PackageChange } from '../core/package.ts';
import { pinWord, type VersionPin } from '../core/parsed-file.ts';
import { placeFields } from '../core/place.ts';
import { securityOfRows, withoutFix } from '../core/row-security.ts';
import type { ExaminedPin } from '../look/package-pins.ts';
import type { PinVerdict } from '../packages/pin-check.ts';
import { advisoryList } from '../report/say/advisory-list.ts';
import { pinKey } from '../sources/placed-pins.ts';
import { type EditPreview, editsOf } from './edit-preview.ts';
import { fixNews } from './news-of.ts';
import { type Policy, reactionTo } from './policy.ts';

/** The finding of a pin; none when it is up to date. `preview`: what editing it would do. Pure. */
export function decidePin(
  { placed, verdict, rows, suite }: ExaminedPin,
  policy: Policy,
  preview?: EditPreview,
): Finding[] {
  if (verdict.kind === 'current') return [];
  const { pin, base, place, key } = placed;
  const word = pinWord(pin);
  const [row] = rows;
  const security = rows.length === 0 ? null : securityOfRows(rows);
  const kind =
    verdict.kind === 'unknown'
      ? 'unknown'
      : verdict.kind === 'broken'
        ? 'pin-broken'
        : security
          ? 'security'
          : 'packages';
  const version = verdict.kind === 'unknown' ? undefined : verdict.version;
  const possible = version !== undefined && preview?.kind === 'possible' ? preview : undefined;
  const finding: Omit<Finding, 'reaction'> = {
    id: key,
    news: newsOfPin(pin, kind, rows, verdict),
    subject: 'package',
    class: kind,
    security,
    remedy: possible ? 'edit' : 'none',
    ...placeFields(place),
    role: base.role,
    written: word,
    ...(base.reference && { reference: base.reference }),
    pinned: base.has === undefined ? 'none' : null,
    pin: { manager: pin.manager, name: pin.name, operator: pin.operator, version: pin.version },
    platforms: base.platforms.map(formatPlatform),
    current: { version: pin.version },
    ...(version !== undefined && { latest: { version, ...(suite !== undefined && { suite }) } }),
    ...(row && { packages: [row.foreign === undefined ? { ...row, security } : row] }),
    ...(possible && { ...editsOf(possible), proposed: `${pin.name}${pin.operator}${version}` }),
    reason: reasonOfPin(pin, verdict, rows, security),
    notes: notesOf(verdict, preview),
    problem: verdict.kind === 'unknown' ? verdict.problem : null,
  };
  return [{ ...finding, reaction: reactionTo(finding, policy) }];
}

function notesOf(verdict: PinVerdict, preview: EditPreview | undefined): string[] {
  if (preview?.kind === 'refused') return [`no edit is possible: ${preview.reason}`];
  if (verdict.kind === 'unknown' || verdict.kind === 'current' || preview !== undefined) return [];
  return verdict.moves.length > 0 ? ['no edit is possible: no one version is there for every platform'] : [];
}

function newsOfPin(
  pin: VersionPin,
  kind: Finding['class'],
  rows: readonly PackageChange[],
  verdict: PinVerdict,
): readonly string[] {
  const key = pinKey(pin);
  switch (kind) {
    case 'pin-broken':
      return [newsKey(kind, key, [`${pin.name}=${pin.version}`])];
    case 'security':
      return fixNews(key, rows);
    case 'packages':
      return [
        newsKey(
          kind,
          key,
          rows.slice(0, 1).map(({ name, after }) => [name, after ?? null]),
        ),
      ];
    default:
      return verdict.kind === 'unknown' ? [newsKey('unknown', key, [verdict.problem.code])] : [];
  }
}

function reasonOfPin(
  pin: VersionPin,
  verdict: PinVerdict,
  rows: readonly PackageChange[],
  security: boolean | null,
): string {
  switch (verdict.kind) {
    case 'broken':
      return `The next build will fail: ${verdict.detail}.`;
    case 'outdated': {
      const now = verdict.moves[0]?.after.version ?? '';
      const advisories = rows[0]?.advisories ?? [];
      const fixes = advisories.length > 0 ? ` (${advisoryList(advisories, 4, rows[0]?.unlisted)})` : '';
      const matter = security
        ? `a security fix${fixes}`
        : security === false
          ? withoutFix(rows, 'no security fix')
          : 'security not checked';
      return `${pinWord(pin)} is behind: ${verdict.moves[0]?.after.suite ?? 'the archive'} has ${now}, ${matter}.`;
    }
    case 'unknown':
      return `Could not be checked: ${verdict.problem.message}.`;
    case 'current':
      return '';
  }
}
