import type { Digest } from '../core/image/digest.ts';
import type { Role } from '../core/parsed-file.ts';
import type { Workload } from '../core/place.ts';
import type { KnownPlace } from '../core/run-record.ts';
import type { Statements, Work } from './database.ts';
import type { Consumer, Fix, FleetUses, SeenManifest, StoredInventory, Unlooked } from './fleet.ts';
import { summariseUses } from './lists/summaries.ts';
import { covers, type RunCoverage } from './run-coverage.ts';

/** So many consumers are compared before others have a turn. */
const rowsPerStep = 1000;

/** What of a consumer is compared with what is stored: all of it. */
function textOf({
  id,
  scope,
  repository,
  role,
  file,
  line,
  workload,
  written,
  reference,
  digest,
  manifests,
}: Consumer): string {
  const sorted = new Map(manifests.toReversed().map(({ platform, manifest }) => [platform, manifest]));
  return JSON.stringify([
    id,
    scope,
    repository,
    role ?? null,
    file,
    line,
    workload ?? null,
    written,
    reference,
    digest,
    [...sorted].sort(),
  ]);
}

/** Who uses what, and what would help, inside a transaction: {@link Fleet.record} says what it replaces. */
export function* recordUses(
  inside: Statements,
  { consumers, unlooked, seen = [], at = 0, published }: FleetUses,
  fixes: readonly Fix[],
  known: RunCoverage,
): Work<void> {
  const isCovered = covers(known);
  const isOver = (place: KnownPlace): boolean => known.dropped.includes(place.scope) || isCovered(place);
  const here = new Map(consumers.map((one) => [one.id, one]));
  const same = new Set<string>();
  const gone: string[] = [];
  const looked = new Set(here.keys());
  /** References of which something is known that this run did not see. */
  const kept = new Set(known.unsure.keys());
  for (const [index, one] of (yield* storedConsumers(inside)).entries()) {
    if (index % rowsPerStep === 0) yield;
    const now = here.get(one.id);
    if (now !== undefined && textOf(now) === textOf(one)) same.add(one.id);
    else if (now !== undefined || (known.unsure.get(one.reference) !== 'all' && isOver(one))) gone.push(one.id);
    else {
      kept.add(one.reference);
      looked.add(one.id);
    }
  }
  yield* inside.each(gone, 'delete from consumer where id = ?', (id) => [id]);
  yield* recordFixes(inside, fixes, kept, known);
  const changed = consumers.filter(({ id }) => !same.has(id));
  yield* inside.each(
    changed,
    'insert into consumer (id, scope, repository, role, file, line, workload, written, reference, digest) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ({ id, scope, repository, role, file, line, workload, written, reference, digest }) => [
      id,
      scope,
      repository,
      role ?? null,
      file,
      line,
      workload === undefined ? null : JSON.stringify(workload),
      written,
      reference,
      digest,
    ],
  );
  yield* inside.each(
    changed.flatMap(({ id, manifests }) => manifests.map((one) => ({ id, ...one }))),
    'insert into consumed (consumer, platform, manifest) values (?, ?, ?) on conflict do nothing',
    ({ id, platform, manifest }) => [id, platform, manifest],
  );
  yield* recordUnlooked(inside, unlooked, looked, isOver);
  if (published !== undefined) yield* recordPublished(inside, published, isOver);
  yield* recordManifests(inside, consumers, seen, at);
  yield* summariseUses(inside);
}

/** What a digest stood for, and when each was of use last: a difference can be told of any two that were ever seen. */
function* recordManifests(
  inside: Statements,
  consumers: readonly Consumer[],
  seen: readonly SeenManifest[],
  at: number,
): Work<void> {
  const used = consumers.flatMap(({ digest, manifests }) => manifests.map((one) => ({ digest, ...one })));
  const all = new Map([...used, ...seen].map((one) => [`${one.digest} ${one.platform}`, one]));
  yield* inside.each(
    all.values(),
    'insert into manifest_of (digest, platform, manifest) values (?, ?, ?) on conflict do nothing',
    ({ digest, platform, manifest }) => [digest, platform, manifest],
  );
  yield* inside.each(
    new Set([...all.values()].map(({ manifest }) => manifest)),
    // A day is near enough: most rows are not written again.
    'update inventory set used = ?2 where manifest = ?1 and used < ?2 - 86400000',
    (manifest) => [manifest, at],
  );
}

/** What would help users that this run did not see stands. */
function* recordFixes(
  inside: Statements,
  fixes: readonly Fix[],
  kept: ReadonlySet<string>,
  { targeted }: RunCoverage,
): Work<void> {
  const known = (yield* inside.all('select distinct reference from fix')).map((row) => String(row['reference']));
  const over = known.filter((one) => !kept.has(one) && (targeted?.references?.has(one) ?? true));
  yield* inside.each(over, 'delete from fix where reference = ?', (one) => [one]);
  // What others use as well is the business of a run about everything.
  const own = targeted === undefined ? fixes : fixes.filter(({ reference }) => !kept.has(reference));
  yield* inside.each(
    own,
    `insert into fix (reference, package, version, remedy) values (?, ?, ?, ?)
     on conflict (reference, package, remedy) do update set version = excluded.version`,
    (one) => [one.reference, one.package, one.version, one.remedy],
  );
}

/** Where an earlier run could look, what it saw stands. */
function* recordUnlooked(
  inside: Statements,
  unlooked: readonly Unlooked[],
  looked: ReadonlySet<string>,
  isOver: (place: KnownPlace) => boolean,
): Work<void> {
  const before = yield* inside.all('select id, scope, file, reference from unlooked');
  const over = before.filter(({ id, scope, file, reference }) => {
    const place = { scope: String(scope), file: String(file), reference: String(reference) };
    return looked.has(String(id)) || isOver(place);
  });
  yield* inside.each(over, 'delete from unlooked where id = ?', ({ id }) => [String(id)]);
  yield* inside.each(
    unlooked.filter(({ id }) => !looked.has(id)),
    `insert into unlooked (id, scope, file, reference) values (?, ?, ?, ?)
     on conflict (id) do update set scope = excluded.scope, file = excluded.file, reference = excluded.reference`,
    ({ id, scope, file, reference }) => [id, scope, file, reference],
  );
}

/** What an image was built on stands as long as nobody can tell otherwise and a file builds it. */
function* recordPublished(
  inside: Statements,
  { uses, untold }: NonNullable<FleetUses['published']>,
  isOver: (place: KnownPlace) => boolean,
): Work<void> {
  const kept = new Set(untold);
  const known = yield* inside.all('select distinct image, scope, file, base from published');
  const over = known.filter(
    ({ image, scope, file, base }) =>
      !kept.has(String(image)) && isOver({ scope: String(scope), file: String(file), reference: String(base) }),
  );
  yield* inside.each(over, 'delete from published where image = ?', ({ image }) => [String(image)]);
  yield* inside.each(
    uses.flatMap(({ manifests, ...one }) => manifests.map((built) => ({ ...one, ...built }))),
    `insert into published (image, platform, digest, manifest, base, scope, repository, file, line) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (image, platform) do update set digest = excluded.digest, manifest = excluded.manifest, base = excluded.base,
       scope = excluded.scope, repository = excluded.repository, file = excluded.file, line = excluded.line`,
    ({ image, platform, digest, manifest, base, scope, repository, file, line }) => [
      image,
      platform,
      digest,
      manifest,
      base,
      scope,
      repository,
      file,
      line,
    ],
  );
}

function* storedConsumers(inside: Statements): Work<readonly Consumer[]> {
  const manifests = new Map<string, { platform: string; manifest: Digest }[]>();
  for (const row of yield* inside.all('select consumer, platform, manifest from consumed')) {
    const id = String(row['consumer']);
    const own = manifests.get(id) ?? [];
    own.push({ platform: String(row['platform']), manifest: String(row['manifest']) as Digest });
    manifests.set(id, own);
  }
  const rows = yield* inside.all('select * from consumer');
  return rows.map((row) => {
    const id = String(row['id']);
    return {
      id,
      scope: String(row['scope']),
      repository: String(row['repository']),
      ...(row['role'] !== null && { role: String(row['role']) as Role }),
      file: String(row['file']),
      line: Number(row['line']),
      ...(row['workload'] !== null && { workload: JSON.parse(String(row['workload'])) as Workload }),
      written: String(row['written']),
      reference: String(row['reference']),
      digest: String(row['digest']) as Digest,
      manifests: manifests.get(id) ?? [],
    };
  });
}

/** What is in an image, inside a transaction. */
export function* addInventory(
  inside: Statements,
  manifest: Digest,
  extractor: string,
  { os, scheme, packages, isWhole }: StoredInventory,
): Work<void> {
  // What an older extractor read is superseded.
  yield* inside.run('delete from inventory where manifest = ?', manifest);
  const [row] = yield* inside.all(
    `insert into inventory (manifest, extractor, os, scheme, whole, used)
     values (?, ?, ?, ?, ?, coalesce((select max(started) from run), 0)) returning id`,
    manifest,
    extractor,
    os ?? null,
    scheme,
    Number(isWhole),
  );
  yield* inside.each(
    packages,
    'insert into package (name, version, architecture, source) values (?, ?, ?, ?) on conflict do nothing',
    ({ name, version, architecture, source }) => [
      name,
      version,
      architecture,
      source === undefined || source.name === name ? null : source.name,
    ],
  );
  yield* inside.contain(Number(row?.['id']), packages);
}
