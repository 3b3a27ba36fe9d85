import type { FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import type { VersionScheme } from '../core/package.ts';
import type { Steps } from '../core/time/turns.ts';
import type { Database } from './database.ts';
import type { Carrier, Consumer, Event, Fix, Fleet, FleetUses, StandingFinding, StoredInventory } from './fleet.ts';
import { type RunCoverage, sees } from './run-coverage.ts';

const remedyOrder = ['edit', 'rebuild', 'upgrade-line', 'newer-base', 'none'];

/** One transaction each; what a run was killed in the middle of, the next one writes. */
const consumersPerStep = 2000;

const storedConsumers = `select id, repository, file, reference,
  json_array(id, repository, file, line, written, reference, digest) || coalesce(
    (select group_concat(platform || ' ' || manifest, ' ') from (select * from consumed where consumer = consumer.id order by platform)), '') as "all"
  from consumer`;

function fieldsOf({ id, repository, file, line, written, reference, digest }: Consumer): readonly (string | number)[] {
  return [id, repository, file, line, written, reference, digest];
}

/** As `storedConsumers` has it. */
function textOf(one: Consumer): string {
  const manifests = new Map(one.manifests.toReversed().map(({ platform, manifest }) => [platform, manifest]));
  const sorted = [...manifests].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(fieldsOf(one)) + sorted.map((pair) => pair.join(' ')).join(' ');
}

/** Who uses what, and what is in it: {@link Fleet} says what each method means. */
export class SqliteFleet implements Fleet {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  *record(run: number, { consumers, unlooked }: FleetUses, fixes: readonly Fix[], known: RunCoverage): Steps<void> {
    const isSeen = sees(known);
    const here = new Map(consumers.map((one) => [one.id, one]));
    const same = new Set<string>();
    const gone: string[] = [];
    /** References of which something is known that this run did not see. */
    const kept = new Set(known.unsure.keys());
    for (const row of this.#database.all(storedConsumers)) {
      const [id, repository, file, reference] = ['id', 'repository', 'file', 'reference'].map((key) =>
        String(row[key]),
      ) as [string, string, string, string];
      const one = here.get(id);
      if (one !== undefined) {
        // What has changed stays until it is replaced: a run that is killed in between forgets nobody.
        if (row['all'] === textOf(one)) same.add(id);
      } else if (known.unsure.get(reference) !== 'all' && isSeen(repository, file)) gone.push(id);
      else kept.add(reference);
    }
    yield;
    this.#database.transaction(() => {
      this.#forget(gone);
      this.#database.run(
        'delete from fix where reference not in (select value from json_each(?))',
        JSON.stringify([...kept]),
      );
      const fix = this.#database.prepare(
        'insert into fix (reference, package, version, remedy) values (?, ?, ?, ?) on conflict do update set version = excluded.version',
      );
      for (const one of fixes) fix.run(one.reference, one.package, one.version, one.remedy);
      this.#database.exec('delete from unlooked');
      // What an earlier run saw in it stands.
      this.#database.run(
        `insert or ignore into unlooked (id, repository, reference) select value->>0, value->>1, value->>2 from json_each(?)
         where value->>0 not in (select id from consumer)`,
        JSON.stringify(unlooked.map(({ id, repository, reference }) => [id, repository, reference])),
      );
    });
    const changed = consumers.filter(({ id }) => !same.has(id));
    for (let at = 0; at < changed.length; at += consumersPerStep) {
      yield;
      this.#addConsumers(run, changed.slice(at, at + consumersPerStep));
    }
    yield;
    // What nobody uses any more is read again when somebody does.
    this.#database.exec('delete from inventory where manifest not in (select manifest from consumed)');
  }

  #forget(consumers: readonly string[]): void {
    this.#database.run('delete from consumer where id in (select value from json_each(?))', JSON.stringify(consumers));
  }

  /** Whole lists at once: a statement per row takes three times as long. */
  #addConsumers(run: number, consumers: readonly Consumer[]): void {
    this.#database.transaction(() => {
      this.#forget(consumers.map(({ id }) => id));
      this.#database.run(
        `insert into consumer (id, repository, file, line, written, reference, digest, run)
         select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, ? from json_each(?)`,
        run,
        JSON.stringify(consumers.map(fieldsOf)),
      );
      this.#database.run(
        'insert or ignore into consumed (consumer, platform, manifest) select value->>0, value->>1, value->>2 from json_each(?)',
        JSON.stringify(
          consumers.flatMap(({ id, manifests }) => manifests.map(({ platform, manifest }) => [id, platform, manifest])),
        ),
      );
    });
  }

  coverage(): { readonly looked: number; readonly images: number } {
    const [row] = this.#database.all(
      `select count(distinct reference) as images,
         count(distinct iif(manifest is null or manifest not in (select manifest from inventory where whole = 1), reference, null)) as missing
       from (select consumer.reference, consumed.manifest from consumer left join consumed on consumed.consumer = consumer.id
             union all select reference, null from unlooked)`,
    );
    const images = Number(row?.['images'] ?? 0);
    return { looked: images - Number(row?.['missing'] ?? 0), images };
  }

  knows(manifest: Digest, extractor: string): boolean {
    const sql = 'select 1 from inventory where manifest = ? and extractor = ?';
    return this.#database.all(sql, manifest, extractor).length > 0;
  }

  addInventory(manifest: Digest, extractor: string, { os, scheme, packages, isWhole }: StoredInventory): void {
    this.#database.transaction(() => {
      // What an older extractor read is superseded.
      this.#database.run('delete from inventory where manifest = ?', manifest);
      const inventory = this.#database.run(
        'insert into inventory (manifest, extractor, os, scheme, whole) values (?, ?, ?, ?, ?)',
        manifest,
        extractor,
        os ?? null,
        scheme,
        Number(isWhole),
      );
      const known = this.#database.prepare(
        'select id from package where name = ? and version = ? and architecture = ?',
      );
      const added = this.#database.prepare(
        'insert into package (name, version, architecture, source) values (?, ?, ?, ?)',
      );
      const contains = this.#database.prepare(
        'insert into contains (package, inventory) values (?, ?) on conflict do nothing',
      );
      for (const { name, version, architecture, source } of packages) {
        const from = source === undefined || source.name === name ? null : source.name;
        const id =
          known.get(name, version, architecture)?.['id'] ??
          added.run(name, version, architecture, from).lastInsertRowid;
        contains.run(id, inventory);
      }
    });
  }

  carriers(name: string): readonly Carrier[] {
    const rows = this.#database.all(
      `select package.name, package.source, package.version, package.architecture, inventory.scheme, inventory.os, consumed.platform,
         consumer.reference, consumer.digest, consumer.repository, consumer.file, consumer.line, consumer.written
       from package
       join contains on contains.package = package.id
       join inventory on inventory.id = contains.inventory
       join consumed on consumed.manifest = inventory.manifest
       join consumer on consumer.id = consumed.consumer
       where package.id in (select id from package where name = ?1 union select id from package where source = ?1)
       order by consumer.repository, consumer.file, consumer.line, consumed.platform, package.name, package.version`,
      name,
    );
    const fixes = new Map<string, { version: string; remedy: string }[]>();
    const names = JSON.stringify([...new Set(rows.map((row) => row['name']))]);
    const known = 'select * from fix where package in (select value from json_each(?))';
    for (const row of this.#database.all(known, names)) {
      const key = `${row['reference']} ${row['package']}`;
      const others = fixes.get(key) ?? [];
      fixes.set(key, [...others, { version: String(row['version']), remedy: String(row['remedy']) }]);
    }
    for (const all of fixes.values()) all.sort((a, b) => remedyOrder.indexOf(a.remedy) - remedyOrder.indexOf(b.remedy));
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
      file: String(row['file']),
      line: Number(row['line']),
      written: String(row['written']),
      fixes: fixes.get(`${row['reference']} ${row['name']}`) ?? [],
    }));
  }

  similar(name: string): readonly string[] {
    const rows = this.#database.all(
      `select name from (select name from package union select source as name from package where source is not null)
       where name like ? escape '\\' or ? like '%' || replace(replace(name, '%', ''), '_', '') || '%'
       order by abs(length(name) - length(?)), name limit 5`,
      `%${name.replace(/[\\%_]/g, '\\$&')}%`,
      name,
      name,
    );
    return rows.map((row) => String(row['name'])).filter((one) => one !== name);
  }

  standing(): readonly StandingFinding[] {
    const rows = this.#database.all(
      `select finding.*, run.started as since, coalesce(checks.started, run.started) as checked_at
       from finding join run on run.id = finding.first_run left join run as checks on checks.id = finding.checked
       where last_run = (select max(id) from run) order by run.started, reference, repository, file, line, class`,
    );
    return rows.map((row) => ({
      id: String(row['id']),
      class: String(row['class']) as FindingClass,
      repository: String(row['repository']),
      file: String(row['file']),
      line: Number(row['line']),
      written: String(row['written']),
      reference: String(row['reference']),
      remedy: String(row['remedy']),
      security: row['security'] === null ? null : row['security'] === 1,
      held: row['held'] === null ? null : String(row['held']),
      reason: String(row['reason']),
      since: Number(row['since']),
      checked: Number(row['checked_at']),
    }));
  }

  lastRun(): number | undefined {
    const [row] = this.#database.all('select max(started) as started from run');
    return row?.['started'] == null ? undefined : Number(row['started']);
  }

  references(text: string): readonly string[] {
    const rows = this.#database.all(
      `select distinct reference from look where reference = ? or substr(reference, 1, ?) = ?
       union select distinct reference from finding where reference = ? or substr(reference, 1, ?) = ? order by 1`,
      text,
      text.length + 1,
      `${text}:`,
      text,
      text.length + 1,
      `${text}:`,
    );
    return rows.map((row) => String(row['reference']));
  }

  history(reference: string): readonly Event[] {
    const looks = this.#database.all(
      "select digest, first, last from look where reference = ? and platform = '*'",
      reference,
    );
    const findings = this.#database.all(
      `select class, repository, file, line, reason, a.started as first, b.started as last
       from finding join run a on a.id = first_run join run b on b.id = last_run where reference = ?`,
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
        place: `${row['repository'] === '.' ? '' : `${row['repository']}/`}${row['file']}:${row['line']}`,
        reason: String(row['reason']),
      })),
    ];
    return events.sort((a, b) => b.first - a.first || (nameOf(a) < nameOf(b) ? -1 : 1));
  }
}

/** What is told of the same moment stands in the order of its kind, class and place. */
function nameOf(event: Event): string {
  return event.kind === 'digest' ? `digest ${event.digest}` : `finding ${event.class} ${event.place}`;
}
