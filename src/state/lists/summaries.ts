import { newsClasses } from '../../core/news.ts';
import type { Statements, Work } from '../database.ts';

/** The order of urgency, in SQL, of a column that has a class. */
export function rankOf(column: string): string {
  return `case ${column} ${newsClasses.map((kind, index) => `when '${kind}' then ${index}`).join(' ')} else 99 end`;
}

/** The class of an urgency, in SQL. */
function classOf(urgency: string): string {
  return `case ${urgency} ${newsClasses.map((kind, index) => `when ${index} then '${kind}'`).join(' ')} end`;
}

/** Which rows of a column a statement is about, as a condition: a slice of the references, which are its first value. */
type Within = (column: string) => string;

const everything: Within = () => '1 = 1';
const slice: Within = (column) => `${column} in (select value from json_each(?1))`;

/*
 * What lists are made of, a row per line of a list: images, repositories, and `build`, which is all uses of an image that
 * stand for the same manifests. A page asks for a hundred of a thousand rows, and never for a fleet of thirty thousand.
 * Each statement takes what the tables say anew; together they are one truth with what was recorded beside them.
 */

const imageSql = (within: Within): string =>
  `insert into summary_image (reference, uses, repositories, class, findings, security, since)
   with used as (
     select reference, sum(number) as uses
     from (select reference, count(*) as number from consumer where ${within('reference')} group by reference
           union all select reference, count(*) from unlooked where ${within('reference')} group by reference) as every
     group by reference),
   spread as (
     select reference, count(*) as repositories
     from (select reference, repository from consumer where ${within('reference')} group by reference, repository) as every
     group by reference),
   stands as (
     select reference, ${classOf(`min(${rankOf('class')})`)} as class, count(*) as findings, max(coalesce(security, 0)) as security,
       min(since) as since, count(distinct id) as places, count(distinct repository) as repositories
     from finding where gone is null and ${within('reference')} group by reference)
   select coalesce(used.reference, stands.reference), coalesce(uses, places), coalesce(spread.repositories, stands.repositories, 0),
     class, coalesce(findings, 0), coalesce(security, 0), since
   from used full join stands on stands.reference = used.reference
   left join spread on spread.reference = coalesce(used.reference, stands.reference)`;

const ofRepositories: readonly string[] = [
  'delete from summary_repository',
  `insert into summary_repository (name, uses, images, findings, security, since)
   with used as (
     select repository, sum(number) as uses, count(*) as images
     from (select repository, reference, count(*) as number from consumer group by repository, reference) as every group by repository),
   stands as (
     select repository, count(*) as findings, sum(coalesce(security, 0)) as security, min(since) as since
     from finding where gone is null group by repository)
   select coalesce(used.repository, stands.repository), coalesce(uses, 0), coalesce(images, 0), coalesce(findings, 0),
     coalesce(security, 0), since
   from used full join stands on stands.repository = used.repository`,
];

const buildSql = (within: Within): string =>
  `insert into build (reference, digest, manifests, sample, places)
   with sets as (
     select consumer, string_agg(manifest, ' ' order by platform) as manifests from consumed
     where consumer in (select id from consumer where ${within('reference')}) group by consumer)
   select reference, digest, coalesce(manifests, ''), min(consumer.id), count(*)
   from consumer left join sets on sets.consumer = consumer.id where ${within('reference')} group by 1, 2, 3`;

const buildManifestSql = `insert into build_manifest (manifest, build)
   select distinct consumed.manifest, build.id from build join consumed on consumed.consumer = build.sample`;

/** All of them, for a state that has none yet. */
export const summaries: string = [
  'delete from summary_image',
  imageSql(everything),
  ...ofRepositories,
  'delete from build_manifest',
  'delete from build',
  buildSql(everything),
  buildManifestSql,
].join(';\n');

/** After what stands has changed. */
export function* summariseFindings(inside: Statements): Work<void> {
  yield* inside.run('delete from summary_image');
  for (const references of yield* slices(inside)) yield* inside.run(imageSql(slice), references);
  for (const sql of ofRepositories) yield* inside.run(sql);
}

/** After who uses what has changed, which lists of what stands show, too. */
export function* summariseUses(inside: Statements): Work<void> {
  yield* summariseFindings(inside);
  yield* inside.run('delete from build_manifest');
  yield* inside.run('delete from build');
  for (const references of yield* slices(inside)) yield* inside.run(buildSql(slice), references);
  yield* inside.run(buildManifestSql);
}

/** So many uses and findings are put together in one statement; some twenty milliseconds. */
const rowsPerSlice = 4000;

/** All references, in slices of about as many uses and findings each; those of one reference are not parted. */
function* slices(inside: Statements): Work<readonly (readonly string[])[]> {
  const sizes = new Map<string, number>();
  // Counted here: grouped, they would be put in order first, all in one stretch.
  for (const table of ['consumer', 'unlooked', 'finding where gone is null']) {
    for (const { reference } of yield* inside.all(`select reference from ${table}`)) {
      sizes.set(String(reference), (sizes.get(String(reference)) ?? 0) + 1);
    }
  }
  const all: string[][] = [];
  let room = 0;
  for (const [reference, size] of sizes) {
    if (room <= 0) {
      all.push([]);
      room = rowsPerSlice;
    }
    all.at(-1)?.push(reference);
    room -= size;
  }
  return all;
}
