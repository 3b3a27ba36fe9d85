import { type Advisory, byNumber, type Severity, severityOfWord, worstSeverity } from '../core/advisory.ts';
import { ratingOf } from './cvss.ts';

/** The parts of an OSV record that are used. Source: osv-schema. */
export interface OsvRecord {
  readonly id: string;
  readonly modified?: string;
  readonly withdrawn?: string;
  readonly aliases?: readonly string[];
  readonly upstream?: readonly string[];
  readonly severity?: readonly { readonly type?: string; readonly score?: string }[];
  readonly database_specific?: { readonly severity?: unknown };
  readonly affected?: readonly OsvAffected[];
}

/** Which versions of one package a record means. Source: osv-schema, "affected[] fields". */
export interface OsvAffected {
  readonly package?: { readonly ecosystem?: string; readonly name?: string };
  readonly versions?: readonly string[];
  readonly ranges?: readonly {
    readonly type?: string;
    readonly events?: readonly {
      readonly introduced?: string;
      readonly fixed?: string;
      readonly last_affected?: string;
    }[];
  }[];
  readonly ecosystem_specific?: { readonly urgency?: unknown; readonly severity?: unknown };
}

/** What a record tells a reader: one entry per CVE, or itself. Empty when it was withdrawn or its publisher shrugs it off. */
export function advisoriesOf(record: OsvRecord): readonly Advisory[] {
  if (record.withdrawn !== undefined || isUnimportant(record)) return [];
  const severity = severityOf(record);
  const rated = severity && { severity };
  const own = record.id.replace(/^[A-Z]+-(?=CVE-)/, '');
  if (own.startsWith('CVE-')) return [{ id: own, notices: [], ...rated }];
  const named = [...(record.aliases ?? []), ...(record.upstream ?? [])]
    .map((id) => id.replace(/^[A-Z]+-(?=CVE-)/, ''))
    .filter((id) => id.startsWith('CVE-'));
  if (named.length === 0) return [{ id: own, notices: [], ...rated }];
  return [...new Set(named)].map((id) => ({ id, notices: [own], ...rated }));
}

/** Debian's words for what gets no fix: the tracker's urgencies. */
function isUnimportant({ affected = [] }: OsvRecord): boolean {
  const urgencies = affected.map(({ ecosystem_specific }) => ecosystem_specific?.urgency);
  return urgencies.length > 0 && urgencies.every((urgency) => urgency === 'unimportant' || urgency === 'end-of-life');
}

function severityOf({ severity = [], database_specific, affected = [] }: OsvRecord): Severity | undefined {
  // The distribution's own rating knows how it builds the package; CVSS does not.
  const words = [
    severity.find(({ type }) => type === 'Ubuntu')?.score,
    ...affected.flatMap(({ ecosystem_specific: own }) => [own?.severity, own?.urgency]),
    database_specific?.severity,
  ];
  const said = words.map(severityOfWord).find((one) => one !== undefined);
  return said ?? ratingOf(severity.flatMap(({ score }) => score ?? []));
}

/** One entry per id, with the notices of all and the worst rating. */
export function collapse(advisories: readonly Advisory[]): readonly Advisory[] {
  const found = [...Map.groupBy(advisories, ({ id }) => id)].map(([id, all]): Advisory => {
    const severity = worstSeverity(all.map((one) => one.severity));
    const notices = [...new Set(all.flatMap((one) => one.notices))].sort();
    return { id, notices, ...(severity && { severity }) };
  });
  return found.sort((a, b) => byNumber(a.id, b.id));
}
