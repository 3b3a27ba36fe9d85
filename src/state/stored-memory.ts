import type { FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { limits } from '../core/limits/limits.ts';
import type { VersionScheme } from '../core/package.ts';
import type { Role } from '../core/parsed-file.ts';
import type { Database, Row, Value } from './database.ts';
import type { StoredInventory } from './fleet.ts';
import { conditions, escapeLike } from './lists/conditions.ts';
import { cursorAt, type ListKey, rowsBefore } from './lists/cursors.ts';
import { listedFindings, oldestFindings } from './lists/listed-findings.ts';
import { listedNews } from './lists/listed-news.ts';
import { rankOf } from './lists/summaries.ts';
import type {
  CarrierRow,
  ChannelRow,
  Day,
  DetailedFinding,
  DigestRow,
  FindingEvent,
  FindingQuery,
  FixRow,
  ImageQuery,
  ImageRow,
  Memory,
  NewsRow,
  PackageRow,
  Page,
  RepositoryRow,
  UseRow,
} from './memory.ts';
import { placeOf, remedyOrder } from './stored-fleet.ts';

/** The order of urgency, in SQL. */
const rank = rankOf('class');

/** Answers from the tables of the state: {@link Memory} says what each method means. */
export class StoredMemory implements Memory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async events(
    of: { readonly reference?: string; readonly id?: string },
    most: number,
  ): Promise<readonly FindingEvent[]> {
    const [where, values] = conditions([
      ['reference = ?', of.reference],
      ['finding_event.id = ?', of.id],
    ]);
    const rows = await this.#database.ask(
      `select finding_event.*, reference, repository, file, line, workload, finding_event.reason as why
       from finding_event join finding on finding.id = finding_event.id and finding.class = finding_event.class ${where}
       order by at desc, finding_event.kind, finding_event.id, finding_event.class limit ?`,
      ...values,
      Math.min(most, limits.report.pageRows.most),
    );
    return rows.map((row) => ({
      id: String(row['id']),
      class: String(row['class']) as FindingClass,
      at: Number(row['at']),
      run: Number(row['run']),
      kind: String(row['kind']) as FindingEvent['kind'],
      ...text('from', row['from_class'] as FindingClass | null),
      ...text('latest', row['digest']),
      ...text('reason', row['why']),
      reference: String(row['reference']),
      repository: String(row['repository']),
      ...placeOf(row),
    }));
  }

  async days(from: string): Promise<readonly Day[]> {
    const rows = await this.#database.ask(
      `select date, class, sum(images) as images, sum(findings) as findings, sum(security) as security
       from day where date >= ? group by date, class order by date`,
      from,
    );
    const days = new Map<string, { -readonly [key in keyof Day]: Day[key] } & { findings: Record<string, number> }>();
    for (const row of rows) {
      const [date, kind, number] = [String(row['date']), String(row['class']), Number(row['findings'])];
      const day = days.get(date) ?? { date, images: 0, uses: 0, untold: 0, findings: {}, security: 0 };
      days.set(date, day);
      // The row of the fleet as a whole has its uses there.
      if (kind === '*') {
        Object.assign(day, { images: Number(row['images']), uses: number, untold: Number(row['security']) });
      } else {
        day.findings[kind] = number;
        day.security += Number(row['security']);
      }
    }
    return [...days.values()];
  }

  async images({ text: part, class: kind, repository, rows }: ImageQuery, cursor?: string): Promise<Page<ImageRow>> {
    const [where, values] = conditions([
      ["summary_image.reference like ? escape '\\'", part === undefined ? undefined : `%${escapeLike(part)}%`],
      [
        'exists (select 1 from finding where finding.reference = summary_image.reference and gone is null and class = ?)',
        kind,
      ],
      [
        `summary_image.reference in (with wanted (name) as (select ?)
           select reference from wanted join consumer on repository = name
           union select reference from wanted join finding on repository = name where gone is null)`,
        repository,
      ],
    ]);
    return this.#page(
      ['images', part, kind, repository],
      `select summary_image.*,
         (select max(last) from look where look.reference = summary_image.reference and platform = '*') as looked
       from summary_image ${where} order by ${rank}, since, reference`,
      values,
      cursor,
      (row) => ({
        reference: String(row['reference']),
        uses: Number(row['uses']),
        repositories: Number(row['repositories']),
        ...(row['class'] !== null && { class: String(row['class']) as FindingClass }),
        findings: Number(row['findings']),
        isSecurity: row['security'] === 1,
        ...number('since', row['since']),
        ...number('looked', row['looked']),
      }),
      rows,
    );
  }

  uses(reference: string, cursor?: string, rows?: number): Promise<Page<UseRow>> {
    return this.#page(
      ['uses', reference],
      'select * from consumer where reference = ? order by repository, file, line, id',
      [reference],
      cursor,
      (row) => ({
        id: String(row['id']),
        repository: String(row['repository']),
        ...text('role', row['role'] as Role | null),
        ...placeOf(row),
        written: String(row['written']),
        reference: String(row['reference']),
        digest: String(row['digest']) as Digest,
      }),
      rows,
    );
  }

  digests(reference: string, cursor?: string): Promise<Page<DigestRow>> {
    return this.#page(
      ['digests', reference],
      "select digest, first, last from look where reference = ? and platform = '*' order by last desc, first desc, digest",
      [reference],
      cursor,
      (row) => ({ digest: String(row['digest']) as Digest, first: Number(row['first']), last: Number(row['last']) }),
    );
  }

  oldest(): Promise<ReadonlyMap<string, number>> {
    return oldestFindings(this.#database);
  }

  findings(query: FindingQuery, cursor?: string): Promise<Page<DetailedFinding>> {
    return listedFindings(this.#database, query, cursor);
  }

  async openNews(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.ask(
      'select class, count(*) as number from news where closed is null group by class',
    );
    return new Map(rows.map((row) => [String(row['class']), Number(row['number'])]));
  }

  async manifests(digest: string): Promise<readonly { readonly platform: string; readonly manifest: Digest }[]> {
    const rows = await this.#database.ask(
      'select platform, manifest from manifest_of where digest = ? order by platform',
      digest,
    );
    return rows.map((row) => ({ platform: String(row['platform']), manifest: String(row['manifest']) as Digest }));
  }

  async inventory(manifest: string): Promise<StoredInventory | undefined> {
    const [found] = await this.#database.ask('select * from inventory where manifest = ?', manifest);
    if (found === undefined) return undefined;
    const rows = await this.#database.ask(
      `select name, version, architecture, source from package join contains on contains.package = package.id
       where contains.inventory = ? order by name, architecture, version`,
      Number(found['id']),
    );
    return {
      isWhole: found['whole'] === 1,
      ...(found['os'] !== null && { os: String(found['os']) }),
      scheme: String(found['scheme']) as VersionScheme,
      packages: rows.map((row) => ({
        name: String(row['name']),
        version: String(row['version']),
        architecture: String(row['architecture']),
        ...(row['source'] !== null && { source: { name: String(row['source']) } }),
      })),
    };
  }

  packages(name: string, cursor?: string): Promise<Page<PackageRow>> {
    return this.#page(
      ['packages', name],
      `with carried as (
         select distinct package.name, package.version, inventory.scheme, inventory.os, build.id, build.reference || build.digest as image, places
         from package ${this.#database.holders}
         join build_manifest on build_manifest.manifest = inventory.manifest join build on build.id = build_manifest.build
         where package.id in (select id from package where name = ?1 union select id from package where source = ?1))
       select name, version, scheme, os, count(distinct image) as images, sum(places) as places
       from carried group by name, version, scheme, os order by name, places desc, version, os nulls first`,
      [name],
      cursor,
      (row) => ({
        name: String(row['name']),
        version: String(row['version']),
        scheme: String(row['scheme']),
        os: row['os'] === null ? null : String(row['os']),
        images: Number(row['images']),
        places: Number(row['places']),
      }),
    );
  }

  async carriers(name: string, version: string, cursor?: string): Promise<Page<CarrierRow>> {
    const page = await this.#page(
      ['carriers', name, version],
      `with carrier as (
         select distinct build.id, build.reference, build.digest, places
         from package ${this.#database.holders}
         join build_manifest on build_manifest.manifest = inventory.manifest join build on build.id = build_manifest.build
         where package.name = ?1 and package.version = ?2)
       select reference, digest, sum(places) as places from carrier group by reference, digest order by places desc, reference, digest`,
      [name, version],
      cursor,
      (row) => ({
        reference: String(row['reference']),
        digest: String(row['digest']) as Digest,
        places: Number(row['places']),
      }),
    );
    const sql = 'select * from fix where package = ? and reference in (select value from json_each(?))';
    const rows = await this.#database.ask(
      sql,
      name,
      page.items.map(({ reference }) => reference),
    );
    const fixes = Map.groupBy(rows, (row) => String(row['reference']));
    const items = page.items.map((one) => ({
      ...one,
      fixes: (fixes.get(one.reference) ?? [])
        .map((row) => ({ version: String(row['version']), remedy: String(row['remedy']) }))
        .sort((a, b) => remedyOrder.indexOf(a.remedy) - remedyOrder.indexOf(b.remedy)),
    }));
    return { ...page, items };
  }

  async fixes(cursor?: string): Promise<Page<FixRow>> {
    const page = await this.#page(
      ['fixes'],
      'select package, count(distinct reference) as images from fix group by package order by images desc, package',
      [],
      cursor,
      (row) => ({ package: String(row['package']), images: Number(row['images']) }),
    );
    const rows = await this.#database.ask(
      'select distinct package, version, remedy from fix where package in (select value from json_each(?)) order by version',
      page.items.map((one) => one.package),
    );
    const known = Map.groupBy(rows, (row) => String(row['package']));
    const items = page.items.map((one) => {
      const own = known.get(one.package) ?? [];
      const valuesOf = (column: string): string[] => [...new Set(own.map((row) => String(row[column])))];
      return {
        ...one,
        versions: valuesOf('version').slice(0, limits.report.pageVersions.most),
        moreVersions: Math.max(0, valuesOf('version').length - limits.report.pageVersions.most),
        remedies: valuesOf('remedy').sort((a, b) => remedyOrder.indexOf(a) - remedyOrder.indexOf(b)),
      };
    });
    return { ...page, items };
  }

  async packageNames(part: string): Promise<readonly string[]> {
    const rows = await this.#database.ask(
      "select name from package where name like ? escape '\\' group by name order by length(name), name limit ?",
      `%${escapeLike(part)}%`,
      limits.report.pageRows.most,
    );
    return rows.map((row) => String(row['name']));
  }

  repositories(cursor?: string, part?: string): Promise<Page<RepositoryRow>> {
    return this.#page(
      ['repositories', part],
      `select * from summary_repository where ?1 is null or name like ?1 escape '\\'
       order by security desc, findings desc, name`,
      [part === undefined ? null : `%${escapeLike(part)}%`],
      cursor,
      (row) => ({
        name: String(row['name']),
        uses: Number(row['uses']),
        images: Number(row['images']),
        findings: Number(row['findings']),
        security: Number(row['security']),
        ...number('since', row['since']),
      }),
    );
  }

  news(cursor?: string): Promise<Page<NewsRow>> {
    return listedNews(this.#database, cursor);
  }

  async channels(): Promise<readonly ChannelRow[]> {
    const rows = await this.#database.ask(
      `select coalesce(told.channel, trouble.channel) as name, delivered, last, code, first, runs
       from (select channel, count(*) as delivered, max(delivered) as last from delivery where state = 'delivered' group by channel) as told
       full join trouble on trouble.channel = told.channel order by name`,
    );
    return rows.map((row) => ({
      name: String(row['name']),
      delivered: Number(row['delivered'] ?? 0),
      ...number('last', row['last']),
      ...(row['code'] !== null && {
        trouble: { code: String(row['code']), first: Number(row['first']), runs: Number(row['runs']) },
      }),
    }));
  }

  /** A cursor is how many rows were seen: a list that has grown meanwhile may repeat some, and leaves none out that stays. */
  async #page<T>(
    list: ListKey,
    sql: string,
    values: readonly Value[],
    cursor: string | undefined,
    rowOf: (row: Row) => T,
    most: number = limits.report.pageRows.most,
  ): Promise<Page<T>> {
    const from = rowsBefore(list, cursor);
    const rows = await this.#database.ask(`${sql} limit ${most + 1} offset ${from}`, ...values);
    const items = rows.slice(0, most).map(rowOf);
    return { items, ...(rows.length > most && { next: cursorAt(list, [from + most]) }) };
  }
}

function number<K extends string>(key: K, value: unknown): { readonly [key in K]?: number } {
  return (value === null || value === undefined ? {} : { [key]: Number(value) }) as { readonly [key in K]?: number };
}

function text<K extends string, V>(key: K, value: V | null): { readonly [key in K]?: V & string } {
  return (value === null ? {} : { [key]: String(value) }) as { readonly [key in K]?: V & string };
}
