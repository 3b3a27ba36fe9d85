import { PlimsollError } from '../../core/errors.ts';
import { formatReference, parseReference } from '../../core/image/reference.ts';
import { isNotice } from '../../core/news.ts';
import { roles } from '../../core/parsed-file.ts';
import { patternComplaint } from '../../core/patterns.ts';
import { parseConstraints, satisfies } from '../../packages/versions/constraint.ts';
import { compareVersions } from '../../packages/versions/index.ts';
import {
  historyCsv,
  renderHistory,
  renderStatus,
  renderWhere,
  type StatusFacts,
  statusCsv,
  whereCsv,
} from '../../report/render/fleet-report.ts';
import { renderJson } from '../../report/render/json.ts';
import { type Coverage, coverageLine } from '../../report/say/claims.ts';
import { type Choice, isChosen, listed } from '../../report/say/standing.ts';
import type { Carrier } from '../../state/fleet.ts';
import type { Store } from '../../state/store.ts';
import { exitCodes } from '../exit-codes.ts';
import { type StateOptions, withState } from '../state-session.ts';
import { parseClasses } from './check.ts';

interface FleetOptions extends StateOptions {
  readonly format: 'text' | 'json' | 'csv';
  readonly class?: string;
  readonly repository?: string;
  readonly image?: string;
  readonly role?: string;
}

/** Throws PlimsollError 'USAGE' for what is no class, no role or no pattern. */
function choiceOf({ class: kinds, repository, image, role }: FleetOptions): Choice {
  for (const [text, kind] of [
    [repository, 'repository'],
    [image, 'image'],
  ] as const) {
    const complaint = text === undefined ? undefined : patternComplaint(text, kind);
    if (complaint !== undefined) throw new PlimsollError('USAGE', `--${kind} ${JSON.stringify(text)} ${complaint}`);
  }
  const classes = parseClasses(kinds);
  const asked = role?.split(',').map((one) => one.trim());
  const unknown = asked?.find((one) => !roles.some((known) => known === one));
  if (unknown !== undefined) {
    throw new PlimsollError(
      'USAGE',
      `${JSON.stringify(unknown)} is no role of an image; there are ${roles.join(', ')}`,
    );
  }
  return {
    ...(classes && { classes }),
    ...(repository && { repository }),
    ...(image && { image }),
    ...(asked && { roles: roles.filter((one) => asked.includes(one)) }),
  };
}

/** `plimsoll where PACKAGE [CONSTRAINT]`: the images that carry a package, by the distribution's own version order. */
export async function where(given: Record<string, unknown>, [name = '', text]: string[]): Promise<number> {
  const options = given as unknown as FleetOptions;
  const choice = choiceOf(options);
  const constraints = text === undefined ? [] : parseConstraints(text);
  if (constraints === undefined) {
    throw new PlimsollError(
      'USAGE',
      `${JSON.stringify(text)} is no version constraint; write a version as the distribution has it, such as "3.0.16-1", with <, <=, =, !=, >= or > before it, several with commas (">=1.2,<2"), in quotes; ranges such as ^5, ~5.36 and 5.36.* are not known there`,
    );
  }
  return withState(options, { readOnly: true }, async ({ store, output }) => {
    const carriers = (await store.fleet.carriers(name))
      .filter((one) => isChosen(one, choice) && satisfies(one.scheme, one.version, constraints))
      .map(({ fixes, ...one }) => ({ ...one, fixes: fixes.filter((fix) => isNewer(fix, one)) }));
    const asked = text === undefined ? name : `${name} ${text}`;
    const lastRun = await store.fleet.lastRun();
    const coverage: Coverage = {
      ...(await store.fleet.coverage()),
      unanswered: await store.fleet.unanswered(),
      ...(lastRun !== undefined && { newestRun: new Date(lastRun).toISOString() }),
    };
    const similar = carriers.length === 0 ? await store.fleet.similar(name) : [];
    await output.result(
      options.format === 'json'
        ? renderJson({ package: name, constraint: text ?? null, images: carriers, coverage, similar })
        : options.format === 'csv'
          ? whereCsv(carriers)
          : renderWhere(carriers, asked, { coverage, similar }, output.layout),
      options.format === 'text' ? 'text' : 'document',
    );
    if (options.format === 'csv') output.note(coverageLine(coverage));
    return coverage.looked < coverage.images || lastRun === undefined ? exitCodes.unfinished : exitCodes.done;
  });
}

/** What would help an older pin of the same tag is no news to an image that carries it. */
function isNewer(fix: Carrier['fixes'][number], { scheme, version }: Pick<Carrier, 'scheme' | 'version'>): boolean {
  return compareVersions(scheme, fix.version, version) > 0;
}

/** `plimsoll status`: what the newest run found, the most urgent first. */
export async function status(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as FleetOptions;
  const choice = choiceOf(options);
  return withState(options, { readOnly: true }, async ({ store, output, clock }) => {
    const openNews = await store.openNews();
    const snoozes = await store.snoozes.active(clock.now());
    const findings = listed(await store.fleet.standing(), choice, snoozes, openNews);
    const lastRun = await store.fleet.lastRun();
    const coverage = await store.fleet.coverage();
    const notices = standingNotices(openNews);
    const newest = (await store.runs(runsLookedAt)).find(
      ({ targeted, startedAt }) => !targeted && startedAt === lastRun,
    );
    const unread = newest?.summary?.unread;
    await output.result(
      options.format === 'json'
        ? renderJson({
            lastRun: lastRun === undefined ? null : new Date(lastRun).toISOString(),
            findings: findings.map(({ checked, snoozed, ...one }) => ({
              ...one,
              ...(snoozed !== undefined && { snoozed: { until: new Date(snoozed).toISOString() } }),
              since: new Date(one.since).toISOString(),
              // Absent: the newest run could tell.
              ...(checked < (lastRun ?? 0) && { notCheckedSince: new Date(checked).toISOString() }),
            })),
            notices: notices.map(({ class: kind, reference, first }) => ({
              class: kind,
              subject: reference,
              since: new Date(first).toISOString(),
            })),
            snoozes: snoozes.map((one) => ({ ...one, until: new Date(one.until).toISOString() })),
            coverage,
            unread: unread ?? null,
          })
        : options.format === 'csv'
          ? statusCsv(findings)
          : renderStatus(
              findings,
              { lastRun, ...coverage, notices, unread, isPart: Object.keys(choice).length > 0 },
              output.layout,
            ),
      options.format === 'text' ? 'text' : 'document',
    );
    return exitCodes.done;
  });
}

/** Runs among which the newest about everything is looked for: those that a hook or a page asked for are about less. */
const runsLookedAt = 100;

/** What is told beside findings, each thing once. */
function standingNotices(news: Awaited<ReturnType<Store['openNews']>>): StatusFacts['notices'] {
  const open = [...news.values()].filter(({ class: kind }) => isNotice(kind));
  return [...new Map(open.map((one) => [`${one.class} ${one.reference}`, one])).values()];
}

/** `plimsoll history IMAGE`: which digests a tag has named, and what was found about it. */
export async function history(given: Record<string, unknown>, [text = '']: string[]): Promise<number> {
  const options = given as unknown as FleetOptions;
  const { registry, repository, tag } = parseReference(text);
  const key = formatReference({ registry, repository, ...(tag !== undefined && { tag }) });
  return withState(options, { readOnly: true }, async ({ store, output, file }) => {
    const references = await store.fleet.references(key);
    const histories = await Promise.all(
      references.map(async (reference) => ({ reference, events: await store.fleet.history(reference) })),
    );
    if (histories.length === 0) {
      output.note(`${key} is not in the state ${file}: no run has looked it up yet`);
      if (options.format === 'text') return exitCodes.done;
    }
    const stamped = histories.map(({ reference, events }) => ({
      reference,
      events: events.map((event) => ({
        ...event,
        first: new Date(event.first).toISOString(),
        last: new Date(event.last).toISOString(),
      })),
    }));
    await output.result(
      options.format === 'json'
        ? renderJson({ images: stamped })
        : options.format === 'csv'
          ? historyCsv(histories)
          : renderHistory(histories, output.layout),
      options.format === 'text' ? 'text' : 'document',
    );
    return exitCodes.done;
  });
}
