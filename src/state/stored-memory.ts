import type { SQLInputValue } from 'node:sqlite';
import type { FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { limits } from '../core/limits/limits.ts';
import { type NewsClass, newsClasses } from '../core/news.ts';
import type { VersionScheme } from '../core/package.ts';
import type { Database } from './database.ts';
import type { StoredInventory } from './fleet.ts';
import type {
  ChannelRow,
  Day,
  DetailedFinding,
  FindingEvent,
  ImageQuery,
  ImageRow,
  Memory,
  NewsRow,
  PackageRow,
  Page,
  RepositoryRow,
  UseRow,
} from './memory.ts';
import { placeOf } from './stored-fleet.ts';

type Row = Record<string, unknown>;

/** The order of urgency, in SQL. */
const rank = `case class ${newsClasses.map((kind, index) => `when '${kind}' then ${index}`).join(' ')} else 99 end`;

/** Answers from the tables of the state: {@link Memory} says what each method means. */
export class SqliteMemory implements Memory {
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
    const rows = await this.#ask(
      `select finding_event.*, reference, repository, file, line, workload, finding_event.reason as why
       from finding_event join finding on finding.id = finding_event.id and finding.class = finding_event.class ${where}
       order by at desc, finding_event.kind, finding_event.id limit ?`,
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
    const rows = await this.#ask(
      `select date, class, sum(images) as images, sum(findings) as findings, sum(security) as security
       from day where date >= ? group by date, class order by date`,
      from,
    );
    return [...Map.groupBy(rows, (row) => String(row['date']))].map(([date, own]) => {
      const whole = own.find((row) => row['class'] === '*');
      const classes = own.filter((row) => row !== whole);
      return {
        date,
        images: Number(whole?.['images'] ?? 0),
        uses: Number(whole?.['findings'] ?? 0),
        untold: Number(whole?.['security'] ?? 0),
        findings: Object.fromEntries(classes.map((row) => [String(row['class']), Number(row['findings'])])),
        security: classes.reduce((sum, row) => sum + Number(row['security']), 0),
      };
    });
  }

  async images({ text: part, class: kind, repository }: ImageQuery, cursor?: string): Promise<Page<ImageRow>> {
    const [where, values] = conditions([
      ["used.reference like ? escape '\\'", part === undefined ? undefined : `%${escapeLike(part)}%`],
      ['exists (select 1 from finding where finding.reference = used.reference and gone is null and class = ?)', kind],
      [
        'exists (select 1 from consumer where consumer.reference = used.reference and consumer.repository = ?)',
        repository,
      ],
    ]);
    return this.#page(
      `with used as (select reference, count(*) as uses, count(distinct repository) as repositories from consumer group by reference),
       stands as (select reference, min(${rank}) as urgency, count(*) as findings, max(coalesce(security, 0)) as security, min(since) as since
         from finding where gone is null group by reference)
       select used.*, urgency, findings, security, since,
         (select max(last) from look where look.reference = used.reference and platform = '*') as looked
       from used left join stands on stands.reference = used.reference ${where}
       order by coalesce(urgency, 99), since, used.reference`,
      values,
      cursor,
      (row) => ({
        reference: String(row['reference']),
        uses: Number(row['uses']),
        repositories: Number(row['repositories']),
        ...(row['urgency'] !== null && { class: newsClasses[Number(row['urgency'])] as FindingClass }),
        findings: Number(row['findings'] ?? 0),
        isSecurity: Number(row['security'] ?? 0) === 1,
        ...number('since', row['since']),
        ...number('looked', row['looked']),
      }),
    );
  }

  uses(reference: string, cursor?: string): Promise<Page<UseRow>> {
    return this.#page(
      'select * from consumer where reference = ? order by repository, file, line, id',
      [reference],
      cursor,
      (row) => ({
        id: String(row['id']),
        repository: String(row['repository']),
        ...placeOf(row),
        written: String(row['written']),
        reference: String(row['reference']),
        digest: String(row['digest']) as Digest,
      }),
    );
  }

  findings(
    { text: part, class: kind, repository, reference }: ImageQuery & { readonly reference?: string },
    cursor?: string,
  ): Promise<Page<DetailedFinding>> {
    const [where, values] = conditions(
      [
        ["finding.reference like ? escape '\\'", part === undefined ? undefined : `%${escapeLike(part)}%`],
        ['finding.class = ?', kind],
        ['finding.repository = ?', repository],
        ['finding.reference = ?', reference],
      ],
      'gone is null',
    );
    return this.#page(
      `select finding.*, detail.detail from finding
       left join finding_detail as detail on detail.id = finding.id and detail.class = finding.class ${where}
       order by ${rank.replace('case class', 'case finding.class')}, since, finding.reference, finding.repository, file, line, finding.id`,
      values,
      cursor,
      (row) => ({
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
        ...(row['detail'] !== null && { detail: JSON.parse(String(row['detail'])) }),
      }),
    );
  }

  async manifests(digest: string): Promise<readonly { readonly platform: string; readonly manifest: Digest }[]> {
    const rows = await this.#ask(
      'select platform, manifest from manifest_of where digest = ? order by platform',
      digest,
    );
    return rows.map((row) => ({ platform: String(row['platform']), manifest: String(row['manifest']) as Digest }));
  }

  async inventory(manifest: string): Promise<StoredInventory | undefined> {
    const [found] = await this.#ask('select * from inventory where manifest = ?', manifest);
    if (found === undefined) return undefined;
    const rows = await this.#ask(
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
      `select package.name, package.version, inventory.scheme, inventory.os,
         count(distinct consumer.reference || consumer.digest) as images, count(distinct consumer.id) as places
       from package join contains on contains.package = package.id join inventory on inventory.id = contains.inventory
       join consumed on consumed.manifest = inventory.manifest join consumer on consumer.id = consumed.consumer
       where package.id in (select id from package where name = ?1 union select id from package where source = ?1)
       group by package.name, package.version, inventory.scheme, inventory.os
       order by package.name, places desc, package.version, os`,
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

  repositories(cursor?: string): Promise<Page<RepositoryRow>> {
    return this.#page(
      `with used as (select repository, count(*) as uses, count(distinct reference) as images from consumer group by repository),
       stands as (select repository, count(*) as findings, sum(coalesce(security, 0)) as security, min(since) as since
         from finding where gone is null group by repository)
       select coalesce(used.repository, stands.repository) as name, uses, images, findings, security, since
       from used full join stands on stands.repository = used.repository
       order by coalesce(security, 0) desc, coalesce(findings, 0) desc, name`,
      [],
      cursor,
      (row) => ({
        name: String(row['name']),
        uses: Number(row['uses'] ?? 0),
        images: Number(row['images'] ?? 0),
        findings: Number(row['findings'] ?? 0),
        security: Number(row['security'] ?? 0),
        ...number('since', row['since']),
      }),
    );
  }

  news(cursor?: string): Promise<Page<NewsRow>> {
    return this.#page(
      `select key, class, reference, first, runs,
         (select count(*) from news_place where news_place.news = news.key) as places,
         (select count(*) from delivery where delivery.news = news.key and state = 'delivered') as told
       from news where closed is null order by ${rank}, first, key`,
      [],
      cursor,
      (row) => ({
        key: String(row['key']),
        class: String(row['class']) as NewsClass,
        reference: String(row['reference']),
        first: Number(row['first']),
        runs: Number(row['runs']),
        places: Number(row['places']),
        told: Number(row['told']),
      }),
    );
  }

  async channels(): Promise<readonly ChannelRow[]> {
    const rows = await this.#ask(
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
    sql: string,
    values: readonly SQLInputValue[],
    cursor: string | undefined,
    rowOf: (row: Row) => T,
  ): Promise<Page<T>> {
    const from = cursor !== undefined && /^\d{1,9}$/.test(cursor) ? Number(cursor) : 0;
    const most = limits.report.pageRows.most;
    const rows = await this.#ask(`${sql} limit ${most + 1} offset ${from}`, ...values);
    const items = rows.slice(0, most).map(rowOf);
    return { items, ...(rows.length > most && { next: String(from + most) }) };
  }

  #ask(sql: string, ...values: SQLInputValue[]): Promise<Row[]> {
    return this.#database.alone(() => this.#database.all(sql, ...values));
  }
}

/** The conditions whose value is given, joined; `always` holds in any case. */
function conditions(
  all: readonly (readonly [sql: string, value: string | undefined])[],
  always?: string,
): readonly [where: string, values: readonly string[]] {
  const given = all.filter((one): one is readonly [string, string] => one[1] !== undefined);
  const parts = [...(always === undefined ? [] : [always]), ...given.map(([sql]) => sql)];
  return [parts.length === 0 ? '' : `where ${parts.join(' and ')}`, given.map(([, value]) => value)];
}

function escapeLike(part: string): string {
  return part.replace(/[\\%_]/g, '\\$&');
}

function number<K extends string>(key: K, value: unknown): { readonly [key in K]?: number } {
  return (value === null || value === undefined ? {} : { [key]: Number(value) }) as { readonly [key in K]?: number };
}

function text<K extends string, V>(key: K, value: V | null): { readonly [key in K]?: V & string } {
  return (value === null ? {} : { [key]: String(value) }) as { readonly [key in K]?: V & string };
}
