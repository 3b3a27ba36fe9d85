import { shortDigest } from '../../core/image/digest.ts';
import { limits } from '../../core/limits/limits.ts';
import type { NewsClass } from '../../core/news.ts';
import { inScope, placeText, workloadPlace } from '../../core/place.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunRecord, WorkloadReport } from '../../core/run-record.ts';
import type { Carrier, Event } from '../../state/fleet.ts';
import type { Snooze } from '../../state/snoozes.ts';
import { visible } from '../safe/visible.ts';
import { type Coverage, coverageLine, nothingBehind, nothingCarries, unreadWords } from '../say/claims.ts';
import { count } from '../say/quantity.ts';
import { remedyWords } from '../say/remedies.ts';
import { type ListedFinding, writtenName } from '../say/standing.ts';
import { dayText, minuteText } from '../say/times.ts';
import { renderCsv } from './csv.ts';
import { folded } from './fold.ts';
import { classStyle, type Layout, type Style } from './style.ts';

/** Packages of one version in one image, and everywhere that is used. */
interface Carried {
  readonly first: Carrier;
  readonly names: readonly string[];
  readonly places: readonly string[];
}

/** `plimsoll where`: images that carry a package, what would bring another version, and who uses them. */
export function renderWhere(
  carriers: readonly Carrier[],
  asked: string,
  { coverage, similar }: { readonly coverage: Coverage; readonly similar: readonly string[] },
  { style, width }: Layout,
): string {
  const ending = style.dim(coverageLine(coverage));
  const narrow = (lines: readonly string[]): string =>
    `${lines.flatMap((line) => folded(line, width, 4)).join('\n')}\n`;
  if (carriers.length === 0) {
    const near = similar.length > 0 ? [`near names: ${similar.map(visible).join(', ')}`] : [];
    return narrow([nothingCarries(asked, coverage), ...near, ending]);
  }
  // Packages of one source have one version, and one fix.
  const groups = Map.groupBy(carriers, ({ version, reference, digest, fixes }) =>
    JSON.stringify([version, reference, digest, fixes]),
  );
  const carried = [...groups.values()]
    .map((group): Carried => {
      const [first] = group as [Carrier, ...Carrier[]];
      const names = [...new Set(group.map(({ name }) => name))];
      return { first, names, places: [...new Set(group.map(placeWithRole))] };
    })
    .sort((a, b) => Number(b.first.fixes.length > 0) - Number(a.first.fixes.length > 0));
  const lines = carried.flatMap(({ first, names, places }) => [
    `${style.bold(visible(names.join(', ')))} ${visible(first.version)}  ${visible(first.reference)} ${style.dim(shortDigest(first.digest))}${first.os === null ? '' : style.dim(`  ${visible(first.os)}`)}${first.builtOn === undefined ? '' : `  published, built on ${visible(first.builtOn)}`}`,
    `  ${fixOf(first, style)}`,
    ...wrapPlaces(places).map((line) => style.dim(`  ${line}`)),
  ]);
  // As the coverage below counts them: two digests of one tag are one image.
  const images = new Set(carriers.map(({ reference }) => reference)).size;
  const places = new Set(carriers.map(placeOf)).size;
  const fixable = new Set(carriers.filter(({ fixes }) => fixes.length > 0).map(placeOf)).size;
  const sum = `${count(images, 'image')} used in ${count(places, 'place')}; ${fixable === 0 ? 'nothing newer is known for any of them' : `something newer is known for ${fixable} of the places`}`;
  return narrow([...lines, '', style.bold(sum), ending]);
}

function fixOf({ fixes }: Carrier, style: Style): string {
  const [best] = fixes;
  if (best === undefined) return 'nothing newer is known';
  return `${style.green(remedyWords(best.remedy))} to get ${visible(best.version)}`;
}

function placeOf(one: Pick<Carrier, 'repository' | 'file' | 'line' | 'workload'>): string {
  const { repository, ...place } = one;
  return inScope(placeText(place), repository);
}

/** What an image is to whoever names it there; of what runs the place says it. */
function placeWithRole(one: Carrier): string {
  return one.role === undefined || one.workload !== undefined ? placeOf(one) : `${placeOf(one)} (${one.role})`;
}

function wrapPlaces(places: readonly string[]): readonly string[] {
  const shown = places.slice(0, limits.report.wherePlaces.most).map(visible);
  return places.length > limits.report.wherePlaces.most
    ? [...shown, `… and ${places.length - limits.report.wherePlaces.most} more`]
    : shown;
}

/** The answer of `plimsoll where` as CSV: a row per package, image and use. */
export function whereCsv(carriers: readonly Carrier[]): string {
  return renderCsv(
    [
      'package',
      'version',
      'architecture',
      'source',
      'image',
      'digest',
      'platform',
      'os',
      'repository',
      'file',
      'line',
      'remedy',
      'fixed',
      'workload',
      'role',
    ],
    carriers.map((one) => [
      one.name,
      one.version,
      one.architecture,
      one.source,
      one.reference,
      one.digest,
      one.platform,
      one.os,
      one.repository,
      one.file ?? null,
      one.line ?? null,
      one.fixes[0]?.remedy ?? null,
      one.fixes[0]?.version ?? null,
      one.workload?.name ?? null,
      one.role ?? null,
    ]),
  );
}

/** What stands beside the findings of a state. */
export interface StatusFacts {
  /** Milliseconds since 1970. */
  readonly lastRun: number | undefined;
  /** Of so many images in use, so many were looked into. */
  readonly images: number;
  readonly looked: number;
  /** Hosts that did not answer, and what is not watched, readable or writable any more. */
  readonly notices: readonly { readonly class: NewsClass; readonly reference: string; readonly first: number }[];
  /** What the newest run was to read and could not; undefined: it has left nothing yet, or was cut off. */
  readonly unread: RunRecord['summary']['unread'] | undefined;
  /** Only some findings were asked for. */
  readonly isPart?: boolean;
}

/** `plimsoll status`: what is behind, since when, the most urgent first, and what is not known. */
export function renderStatus(
  findings: readonly ListedFinding[],
  { lastRun, looked, images, notices, unread, isPart }: StatusFacts,
  { style, width }: Layout,
): string {
  if (lastRun === undefined) return 'no run has been recorded yet; "plimsoll run" makes the first\n';
  const said = `as of ${minuteText(lastRun)}`;
  const old = findings.filter(({ checked }) => checked < lastRun);
  const left = unread === undefined ? 'it has not come to its end' : unreadWords(unread);
  const untold = [
    ...notices.map(
      ({ class: kind, reference, first }) =>
        `${style.magenta(kind)}  ${visible(reference)}  since ${minuteText(first)}`,
    ),
    ...(left === '' ? [] : [`${style.magenta('not read')}  by the newest run: ${left}`]),
  ];
  if (findings.length === 0 && isPart) {
    return `${[...untold, `nothing of what was asked for is known, ${said}`].join('\n')}\n`;
  }
  if (findings.length === 0) {
    const claim = nothingBehind({ unlooked: images - looked, untold: notices.length, isRead: left === '' });
    return `${[...untold, `${claim}, ${said}`].join('\n')}\n`;
  }
  const wide = findings.reduce((most, { class: kind }) => Math.max(most, kind.length), 0);
  // The same of the same image is said once, with everywhere that it stands.
  const equals = Map.groupBy(findings, ({ class: kind, since, written, reference, held, snoozed, reason, checked }) =>
    JSON.stringify([kind, dayText(since), written, reference, held, snoozed, reason, checked]),
  );
  const lines = [...equals.values()].flatMap((all) => {
    const [one] = all as [ListedFinding, ...ListedFinding[]];
    return [
      `${dayText(one.since)}  ${classStyle(one.class, style)(one.class)}${' '.repeat(wide - one.class.length)}  ${visible(writtenName(one))}${one.held === null ? '' : style.dim(` held: ${visible(one.held)}`)}${one.snoozed === undefined ? '' : style.dim(` snoozed until ${dayText(one.snoozed)}`)}`,
      `${statusIndent}${visible(one.reason)}`,
      ...(one.checked < lastRun ? [style.magenta(`${statusIndent}not checked since ${minuteText(one.checked)}`)] : []),
      ...wrapPlaces(all.map(placeOf)).map((place) => style.dim(`${statusIndent}${place}`)),
    ];
  });
  const sum = style.bold(
    `${count(findings.length, 'finding')}${old.length > 0 ? `, ${old.length} of them not checked` : ''}, ${said}: ${countsOf(findings)}`,
  );
  const narrow = (text: readonly string[], hang: number): string[] => text.flatMap((line) => folded(line, width, hang));
  return `${[...narrow(lines, statusIndent.length), '', ...narrow([...untold, sum], 2)].join('\n')}\n`;
}

const statusIndent = ' '.repeat('2026-01-01  '.length);

/** `1 pin-broken, 2 security, 1 snoozed`: the findings come sorted by class. */
function countsOf(findings: readonly ListedFinding[]): string {
  const classes = [...Map.groupBy(findings, (one) => one.class)].map(([kind, own]) => `${own.length} ${kind}`);
  const snoozed = findings.filter((one) => one.snoozed !== undefined).length;
  return [...classes, ...(snoozed > 0 ? [`${snoozed} snoozed`] : [])].join(', ');
}

/** `plimsoll snooze` without words: what is silent, until when, and how much that is now. */
export function renderSnoozes(
  snoozes: readonly (Snooze & { readonly findings: number })[],
  { style, width }: Layout,
): string {
  if (snoozes.length === 0) return 'nothing is snoozed\n';
  const lines = snoozes.flatMap(({ kind, value, until, findings }) =>
    folded(
      `until ${minuteText(until)}  ${kind} ${style.bold(visible(value))}  ${style.dim(findings === 0 ? 'nothing open' : count(findings, 'open finding'))}`,
      width,
      4,
    ),
  );
  return `${lines.join('\n')}\n`;
}

/** The answer of `plimsoll status` as CSV: a row per finding. */
export function statusCsv(findings: readonly ListedFinding[]): string {
  return renderCsv(
    [
      'since',
      'class',
      'security',
      'remedy',
      'held',
      'image',
      'written',
      'repository',
      'file',
      'line',
      'reason',
      'checked',
      'workload',
      'snoozed',
    ],
    findings.map((one) => [
      new Date(one.since).toISOString(),
      one.class,
      one.security,
      one.remedy,
      one.held,
      one.reference,
      one.written,
      one.repository,
      one.file ?? null,
      one.line ?? null,
      one.reason,
      new Date(one.checked).toISOString(),
      one.workload?.name ?? null,
      one.snoozed === undefined ? null : new Date(one.snoozed).toISOString(),
    ]),
  );
}

/** One reference with what happened to it, the newest first. */
export interface ReferenceHistory {
  readonly reference: string;
  readonly events: readonly Event[];
}

/** `plimsoll history IMAGE`. */
export function renderHistory(histories: readonly ReferenceHistory[], { style, width }: Layout): string {
  const hang = '  2026-01-01 12:00Z  '.length;
  const blocks = histories.map(({ reference, events }) => {
    // The same on one day in two places is one line.
    const told = Map.groupBy(events, (event) => JSON.stringify({ ...event, place: undefined }));
    const lines = [...told.values()].map((all) => {
      const [event] = all as [Event, ...Event[]];
      const places = all.flatMap((one) => (one.kind === 'finding' ? [one.place] : []));
      return `  ${eventLine(event, wrapPlaces(places).join(', '), style)}`;
    });
    return [style.bold(visible(reference)), ...lines.flatMap((line) => folded(line, width, hang))].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

function eventLine(event: Event, places: string, style: Style): string {
  const until = event.last > event.first ? ` ${style.dim(`until ${minuteText(event.last)}`)}` : '';
  const when = minuteText(event.first);
  if (event.kind === 'digest') return `${when}  ${shortDigest(event.digest)}${until}`;
  return `${when}  ${classStyle(event.class, style)(event.class)}  ${visible(event.reason)} ${style.dim(places)}${until}`;
}

/** The answer of `plimsoll history` as CSV: a row per event. */
export function historyCsv(histories: readonly ReferenceHistory[]): string {
  return renderCsv(
    ['image', 'first', 'last', 'kind', 'digest', 'class', 'place', 'reason'],
    histories.flatMap(({ reference, events }) =>
      events.map((event) => [
        reference,
        new Date(event.first).toISOString(),
        new Date(event.last).toISOString(),
        event.kind,
        ...(event.kind === 'digest'
          ? [event.digest, null, null, null]
          : [null, event.class, event.place, event.reason]),
      ]),
    ),
  );
}

const stateWidth = 'unchecked'.length;
const deeper = '      ';

/** `plimsoll workloads`: what runs, by engine, each with its image, how that stands, and why nothing is known. */
export function renderWorkloads(
  workloads: readonly WorkloadReport[],
  problems: readonly Problem[],
  { style, width = Number.POSITIVE_INFINITY }: { readonly style: Style; readonly width?: number },
): string {
  const lines = [...Map.groupBy(workloads, ({ engine }) => engine)].flatMap(([engine, all]) => {
    const wide = (pick: (one: WorkloadReport) => string): number => Math.max(...all.map((one) => pick(one).length));
    const [name, image] = [
      (one: WorkloadReport) => visible(nameOfWorkload(one)),
      (one: WorkloadReport) => visible(one.written),
    ];
    const [nameWidth, imageWidth] = [wide(name), wide(image)];
    return [
      style.bold(visible(engine)),
      ...all.flatMap((one) => {
        const state = coloured(one.state, style)(one.state.padEnd(stateWidth));
        const runs = one.running === null ? '' : shortDigest(one.running.root);
        const why = one.state === 'local' || one.state === 'skipped' ? visible(one.why) : runs;
        const line = one.state === 'behind' && one.redeploy !== undefined ? visible(one.redeploy) : '';
        const start = `  ${name(one).padEnd(nameWidth)}  ${state}`;
        const room = width - nameWidth - stateWidth - 4;
        const rest = [why, line].filter(Boolean);
        if (room >= ['', image(one).padEnd(imageWidth), ...rest].join('  ').length)
          return [[start, image(one).padEnd(imageWidth), style.dim(why), line].join('  ').trimEnd()];
        // A narrow terminal would break the row anywhere: what does not fit goes below, and a line to type stays one.
        const below = folded(`${deeper}${why}`, width, deeper.length).map(style.dim);
        const typed = line === '' ? [] : [`${deeper}${line}`];
        const isWide = room < image(one).length + 2;
        const head = isWide ? [start.trimEnd(), `${deeper}${image(one)}`] : [`${start}  ${image(one)}`];
        return [...head, ...(why === '' ? [] : below), ...typed];
      }),
      '',
    ];
  });
  const told = problems.flatMap(({ subject, message }) => {
    const text = visible(subject === undefined ? message : `${subject}: ${message}`);
    return folded(`${style.magenta('problem')} ${text}`, width, 2);
  });
  return `${[...lines, ...told, style.bold(sumOf(workloads))].join('\n')}\n`;
}

/** The compose project and service, with the container where that says more. */
function nameOfWorkload(one: WorkloadReport): string {
  return one.compose === undefined ? one.name : `${workloadPlace(one)} (${one.name})`;
}

function coloured(state: WorkloadReport['state'], style: Style): (text: string) => string {
  if (state === 'behind') return style.red;
  return state === 'unknown' || state === 'unchecked' ? style.magenta : state === 'current' ? style.green : style.dim;
}

function sumOf(workloads: readonly WorkloadReport[]): string {
  if (workloads.length === 0) return 'nothing is known to run';
  const states = [...Map.groupBy(workloads, ({ state }) => state)].map(([state, all]) => `${all.length} ${state}`);
  return `${count(workloads.length, 'workload')}: ${states.sort().join(', ')}`;
}
