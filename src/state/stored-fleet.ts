import type { FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { nearestWord } from '../core/nearest-word.ts';
import type { VersionScheme } from '../core/package.ts';
import type { Role } from '../core/parsed-file.ts';
import { inScope, placeText, type Workload } from '../core/place.ts';
import type { WorkloadReport } from '../core/run-record.ts';
import { byCodeUnits } from '../core/time/turns.ts';
import type { Database, Row } from './database.ts';
import type {
  Carrier,
  Event,
  Fix,
  Fleet,
  FleetUses,
  StandingFinding,
  StoredInventory,
  StoredWorkload,
} from './fleet.ts';
import type { DetailedFinding, FindingDetail } from './memory.ts';
import { addInventory, recordUses } from './recording-uses.ts';
import type { RunCoverage } from './run-coverage.ts';

/** The most useful first. */
export const remedyOrder = ['edit', 'rebuild', 'redeploy', 'upgrade-line', 'newer-base', 'none'];

/** Who uses what, and what is in it: {@link Fleet} says what each method means. */
export class StoredFleet implements Fleet {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  record(uses: FleetUses, fixes: readonly Fix[], known: RunCoverage): Promise<void> {
    return this.#database.transaction((inside) => recordUses(inside, uses, fixes, known));
  }

  async coverage(): Promise<{ readonly looked: number; readonly images: number }> {
    // What was not looked into is little: it is found from an index each, and those that were are not gone through.
    const [row] = await this.#database.ask(
      `with every (reference) as (select reference from build union select reference from unlooked),
         missed (reference) as (
           select reference from build where manifests = ''
           union all select reference from build where id in (
             select build from build_manifest where manifest in (select manifest from inventory where whole = 0))
           union all select reference from build where id in (
             select build from build_manifest where manifest in (
               select manifest from build_manifest except select manifest from inventory))
           union all select reference from unlooked)
       select (select count(*) from every) as images, (select count(distinct reference) from missed) as missing`,
    );
    const images = Number(row?.['images'] ?? 0);
    return { looked: images - Number(row?.['missing'] ?? 0), images };
  }

  async unanswered(): Promise<number> {
    const [row] = await this.#database.ask(
      `select count(distinct reference) as images from finding
       where class = 'unknown' and gone is null and reference in (select reference from build)`,
    );
    return Number(row?.['images'] ?? 0);
  }

  async known(manifests: readonly Digest[], extractor: string): Promise<ReadonlySet<Digest>> {
    const sql = 'select manifest from inventory where extractor = ? and manifest in (select value from json_each(?))';
    const rows = await this.#database.ask(sql, extractor, manifests);
    return new Set(rows.map((row) => String(row['manifest']) as Digest));
  }

  addInventory(manifest: Digest, extractor: string, inventory: StoredInventory): Promise<void> {
    return this.#database.transaction((inside) => addInventory(inside, manifest, extractor, inventory));
  }

  async carriers(name: string): Promise<readonly Carrier[]> {
    const { holders } = this.#database;
    const what = 'package.name, package.source, package.version, package.architecture, inventory.scheme, inventory.os';
    const wanted =
      'where package.id in (select id from package where name = ?1 union select id from package where source = ?1)';
    const rows = await this.#database.ask(
      `select ${what}, consumed.platform, reference, digest, repository, file, line, workload, written, role,
         reference as fixes, null as base, consumer.id as id
       from package ${holders}
       join consumed on consumed.manifest = inventory.manifest
       join consumer on consumer.id = consumed.consumer
       ${wanted}
       union all
       select ${what}, platform, image, digest, repository, file, line, null, image, null, base, base, image
       from package ${holders}
       join published on published.manifest = inventory.manifest
       ${wanted}
       order by repository, file, line, platform, name, version, architecture, id`,
      name,
    );
    const fixes = new Map<string, { version: string; remedy: string }[]>();
    const names = [...new Set(rows.map((row) => String(row['name'])))];
    const known = 'select * from fix where package in (select value from json_each(?))';
    for (const row of await this.#database.ask(known, names)) {
      const key = `${row['reference']} ${row['package']}`;
      const others = fixes.get(key) ?? [];
      fixes.set(key, [...others, { version: String(row['version']), remedy: String(row['remedy']) }]);
    }
    for (const all of fixes.values()) all.sort((a, b) => remedyOrder.indexOf(a.remedy) - remedyOrder.indexOf(b.remedy));
    const helps = await this.#remedies(rows.filter((row) => row['base'] === null && fixes.has(fixKey(row))));
    return rows.map((row) => ({
      name: String(row['name']),
      source: row['source'] === null ? null : String(row['source']),
      version: String(row['version']),
      architecture: String(row['architecture']),
      scheme: String(row['scheme']) as VersionScheme,
      os: row['os'] === null ? null : String(row['os']),
      platform: String(row['platform']),
      reference: String(row['reference']),
      digest: String(row['digest']) as Digest,
      repository: String(row['repository']),
      ...(row['role'] !== null && { role: String(row['role']) as Role }),
      ...placeOf(row),
      written: String(row['written']),
      ...(row['base'] !== null && { builtOn: String(row['base']) }),
      fixes: (fixes.get(fixKey(row)) ?? []).filter(
        ({ remedy }) => row['base'] !== null || helps(String(row['id']), remedy),
      ),
    }));
  }

  /**
   * What helps at each place: one image may be a stage that upgrades by itself, one that does not, and what a service runs.
   * Where the newest run could not tell, what helped before may help still.
   */
  async #remedies(rows: readonly Row[]): Promise<(id: string, remedy: string) => boolean> {
    const sql = 'select id, class, remedy from finding where gone is null and id in (select value from json_each(?))';
    const found = await this.#database.ask(sql, [...new Set(rows.map(({ id }) => String(id)))]);
    const known = new Set(found.map(({ id, remedy }) => `${id} ${remedy}`));
    const untold = new Set(found.filter((row) => row['class'] === 'unknown').map(({ id }) => String(id)));
    return (id, remedy) => untold.has(id) || known.has(`${id} ${remedy}`);
  }

  async similar(name: string): Promise<readonly string[]> {
    const rows = await this.#database.ask(
      `select name from (select name from package union select source as name from package where source is not null) as every
       where name like ? escape '\\' or ? like '%' || replace(replace(name, '%', ''), '_', '') || '%'
       order by abs(length(name) - length(?)), name limit 5`,
      `%${name.replace(/[\\%_]/g, '\\$&')}%`,
      name,
      name,
    );
    const names = rows.map((row) => String(row['name'])).filter((one) => one !== name);
    return names.length > 0 ? names : this.#misspelt(name);
  }

  /** The name that somebody most likely meant, by its letters; the first of them is rarely wrong. */
  async #misspelt(name: string): Promise<readonly string[]> {
    const rows = await this.#database.ask(
      `select name from (select name from package union select source as name from package where source is not null) as every
       where substr(name, 1, 1) = ? and abs(length(name) - ?) <= 2 order by name limit 5000`,
      name.slice(0, 1),
      name.length,
    );
    const names = rows.map((row) => String(row['name'])).filter((one) => one !== name);
    const near = nearestWord(name, names);
    return near === undefined ? [] : [near];
  }

  async standing(): Promise<readonly StandingFinding[]> {
    const rows = await this.#database.ask(
      `select finding.*, detail from finding
       left join finding_detail on finding_detail.id = finding.id and finding_detail.class = finding.class and finding.class = 'stale'
       where gone is null order by since, reference, repository, file, line, finding.class, finding.id`,
    );
    return rows.map((row) => {
      const { detail: _, ...one } = detailed(standingOf(row), row['detail']);
      return one;
    });
  }

  async lastRun(): Promise<number | undefined> {
    const [row] = await this.#database.ask(
      "select max(started) as started from run where scope = 'all' and (summary is not null or begun = started)",
    );
    return row?.['started'] == null ? undefined : Number(row['started']);
  }

  async references(text?: string): Promise<readonly string[]> {
    if (text === undefined) {
      const all = await this.#database.ask(
        'select reference from look union select reference from summary_image order by 1',
      );
      return all.map((row) => String(row['reference']));
    }
    // Its tags: what begins with `TEXT:` comes before `TEXT;`.
    const wanted = "reference = ?1 or (reference >= ?1 || ':' and reference < ?1 || ';')";
    const rows = await this.#database.ask(
      `select reference from look where ${wanted} union select reference from finding where ${wanted} order by 1`,
      text,
    );
    return rows.map((row) => String(row['reference']));
  }

  async history(reference: string): Promise<readonly Event[]> {
    const looks = await this.#database.ask(
      "select digest, first, last from look where reference = ? and platform = '*'",
      reference,
    );
    const findings = await this.#database.ask(
      'select class, repository, file, line, workload, reason, since as first, seen as last from finding where reference = ?',
      reference,
    );
    const events: Event[] = [
      ...looks.map((row) => ({
        kind: 'digest' as const,
        first: Number(row['first']),
        last: Number(row['last']),
        digest: String(row['digest']) as Digest,
      })),
      ...findings.map((row) => ({
        kind: 'finding' as const,
        first: Number(row['first']),
        last: Number(row['last']),
        class: String(row['class']) as FindingClass,
        place: inScope(placeText(placeOf(row)), String(row['repository'])),
        reason: String(row['reason']),
      })),
    ];
    return events.sort((a, b) => b.first - a.first || (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  async workloads(): Promise<readonly StoredWorkload[]> {
    const rows = await this.#database.ask('select report, first, last from workload order by name, kind, scope');
    return rows
      .map(({ report, first, last }) => ({
        ...(JSON.parse(String(report)) as WorkloadReport),
        first: Number(first),
        last: Number(last),
      }))
      .sort((a, b) => byCodeUnits(a.engine, b.engine));
  }
}

/** What is told of the same moment stands in the order of its kind, class and place. */
function nameOf(event: Event): string {
  return event.kind === 'digest' ? `digest ${event.digest}` : `finding ${event.class} ${event.place}`;
}

function workloadOf(row: Readonly<Record<string, unknown>>): Workload {
  return JSON.parse(String(row['workload'])) as Workload;
}

/** By what the fixes of a carrier are found. */
function fixKey(row: Row): string {
  return `${row['fixes']} ${row['name']}`;
}

/** A row of `finding`. */
export function standingOf(row: Row): StandingFinding {
  return {
    id: String(row['id']),
    class: String(row['class']) as FindingClass,
    repository: String(row['repository']),
    ...placeOf(row),
    written: String(row['written']),
    reference: String(row['reference']),
    remedy: String(row['remedy']),
    security: row['security'] === null ? null : row['security'] === 1,
    held: row['held'] === null ? null : String(row['held']),
    reason: String(row['reason']),
    since: Number(row['since']),
    checked: Number(row['seen']),
  };
}

/** With what `finding_detail` has of it, where that has anything. */
export function detailed(finding: StandingFinding, text: unknown): DetailedFinding {
  if (typeof text !== 'string') return finding;
  const { published, dispatch, chain, ...detail } = JSON.parse(text) as FindingDetail;
  return {
    ...finding,
    ...(published && { published }),
    ...(dispatch && { dispatch }),
    ...(chain !== undefined && { chain }),
    detail,
  };
}

/** Where a row says that something is: a file and line, or what runs. */
export function placeOf(row: Readonly<Record<string, unknown>>): Pick<Carrier, 'file' | 'line' | 'workload'> {
  if (typeof row['workload'] === 'string') return { workload: workloadOf(row) };
  return { file: String(row['file']), line: Number(row['line']) };
}
