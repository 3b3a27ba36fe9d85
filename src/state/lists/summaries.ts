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

/**
 * What lists are made of, a row per line of a list: images, repositories, and `build`, which is all uses of an image that
 * stand for the same manifests. A page asks for a hundred of a thousand rows, and never for a fleet of thirty thousand.
 * Each statement takes what the tables say anew; together they are one truth with what was recorded beside them.
 */
const ofFindings: readonly string[] = [
  'delete from summary_image',
  `insert into summary_image (reference, uses, repositories, class, findings, security, since)
   with used as (
     select reference, sum(number) as uses
     from (select reference, count(*) as number from consumer group by reference
           union all select reference, count(*) from unlooked group by reference) as every
     group by reference),
   spread as (
     select reference, count(*) as repositories
     from (select reference, repository from consumer group by reference, repository) as every group by reference),
   stands as (
     select reference, ${classOf(`min(${rankOf('class')})`)} as class, count(*) as findings, max(coalesce(security, 0)) as security,
       min(since) as since, count(distinct id) as places, count(distinct repository) as repositories
     from finding where gone is null group by reference)
   select coalesce(used.reference, stands.reference), coalesce(uses, places), coalesce(spread.repositories, stands.repositories, 0),
     class, coalesce(findings, 0), coalesce(security, 0), since
   from used full join stands on stands.reference = used.reference
   left join spread on spread.reference = coalesce(used.reference, stands.reference)`,
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

const ofUses: readonly string[] = [
  'delete from build_manifest',
  'delete from build',
  `insert into build (reference, digest, manifests, sample, places)
   with sets as (
     select consumer, string_agg(manifest, ' ' order by platform) as manifests from consumed group by consumer)
   select reference, digest, coalesce(manifests, ''), min(consumer.id), count(*)
   from consumer left join sets on sets.consumer = consumer.id group by 1, 2, 3`,
  `insert into build_manifest (manifest, build)
   select distinct consumed.manifest, build.id from build join consumed on consumed.consumer = build.sample`,
];

/** All of them, for a state that has none yet. */
export const summaries: string = [...ofFindings, ...ofUses].join(';\n');

/** After what stands has changed. */
export function* summariseFindings(inside: Statements): Work<void> {
  for (const sql of ofFindings) {
    yield* inside.run(sql);
  }
}

/** After who uses what has changed, which lists of what stands show, too. */
export function* summariseUses(inside: Statements): Work<void> {
  yield* summariseFindings(inside);
  for (const sql of ofUses) {
    yield* inside.run(sql);
  }
}
