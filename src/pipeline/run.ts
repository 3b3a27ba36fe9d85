import type { Clock } from '../core/clock.ts';
import { timestamp, turn } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import { formatPlatform, type Platform } from '../core/platform.ts';
import type { Problem } from '../core/problem.ts';
import type { RunRecord } from '../core/record.ts';
import { formatReference, type ImageReference, referenceKey } from '../core/reference.ts';
import type { ImageUse } from '../core/use.ts';
import type { WantedEdit } from '../formats/format.ts';
import type { Cost } from '../http/cost.ts';
import { type BaseLines, baseLineOf } from './base-line.ts';
import { decide, type EditPreview, type ExaminedUse } from './decide.ts';
import { type DiscoverOptions, type Discovery, discover, type WatchedFile } from './discover.ts';
import { type Examination, type ExamineDependencies, examine } from './examine.ts';
import { type PlacedUse, parseFile } from './parse.ts';
import { decidePin, type ExaminedPin, examinePin, type PinDependencies, type PlacedPin, placePins } from './pins.ts';
import type { PlatformSettings } from './platforms.ts';
import type { Policy } from './policy.ts';
import { summarise } from './summarise.ts';

/** One path with the settings that hold in it. */
export interface TreeRequest {
  readonly path: string;
  readonly discovery: DiscoverOptions;
  readonly platforms: PlatformSettings;
  readonly policy: Policy;
}

export interface RunRequest {
  readonly trees: readonly TreeRequest[];
  readonly baseLines: BaseLines;
}

export interface RunDependencies extends ExamineDependencies, PinDependencies {
  readonly clock: Clock;
  readonly cost: Cost;
  /** Trouble on the way that belongs to no single image. */
  readonly noted: { readonly all: readonly Problem[] };
  /** Called as images are done; for a progress bar. */
  readonly progress: (done: number, all: number) => void;
}

/** One use with everything said about it. */
export interface DecidedUse {
  readonly placed: PlacedUse;
  readonly use: ExaminedUse;
  readonly findings: readonly Finding[];
}

/** One package pin with everything said about it. */
export interface DecidedPin {
  readonly pin: ExaminedPin;
  readonly findings: readonly Finding[];
}

/** What a run found, with the files it found it in, so that an update can write. */
export interface RunResult {
  readonly record: RunRecord;
  readonly files: readonly WatchedFile[];
  readonly decided: readonly DecidedUse[];
  readonly decidedPins: readonly DecidedPin[];
}

// Reading files and asking registries overlap: after so many files, what has arrived meanwhile is looked at.
const filesPerTurn = 16;

/** discover → parse → resolve → inspect → compare → decide: the read-only half of the pipeline. */
export async function run(request: RunRequest, deps: RunDependencies): Promise<RunResult> {
  const now = deps.clock.now();
  const startedAt = timestamp(now);
  const examinations = new Examinations(request.baseLines, deps);
  const discoveries: Discovery[] = [];
  const problems: Problem[] = [];
  const pending: Promise<DecidedUse>[] = [];
  const pendingPins: Promise<DecidedPin>[] = [];
  let pins = 0;
  for (const tree of request.trees) {
    const discovery = discover(tree.path, tree.discovery);
    discoveries.push(discovery);
    problems.push(...discovery.problems);
    for (const [i, watched] of discovery.files.entries()) {
      const parsed = parseFile(watched, tree.platforms);
      pins += parsed.pins.length;
      problems.push(...parsed.problems);
      // Each use is decided as soon as its image is known, while others still wait for their registries.
      for (const placed of parsed.uses) {
        const deciding = decideUse(placed, tree.policy, now, examinations);
        // Whatever goes wrong meanwhile (a state that cannot be read) is waited for below.
        deciding.catch(() => undefined);
        pending.push(deciding);
      }
      const placedPins = placePins(watched, parsed.pins, parsed.stages, parsed.uses);
      const names = new Set(placedPins.flatMap(({ found }) => [found.name, `${found.name}-${found.version}`]));
      for (const placed of placedPins) {
        const deciding = decideOnePin(placed, names, tree.policy, examinations, deps);
        deciding.catch(() => undefined);
        pendingPins.push(deciding);
      }
      if (i % filesPerTurn === filesPerTurn - 1) await turn();
    }
  }
  const decided = await Promise.all(pending);
  const decidedPins = await Promise.all(pendingPins);

  const files = discoveries.flatMap((discovery) => discovery.files);
  const examined = decided.map(({ use }) => use);
  const findings = [...decided, ...decidedPins].flatMap((one) => one.findings).sort(byPlace);
  const record: RunRecord = {
    schema: 1,
    startedAt,
    finishedAt: timestamp(deps.clock.now()),
    platforms: [...new Set(request.trees.flatMap(({ platforms }) => platforms.targets.map(formatPlatform)))],
    cost: costReport(deps.cost),
    summary: summarise(findings, examined, {
      files: files.length,
      excluded: discoveries.reduce((sum, { excluded }) => sum + excluded, 0),
      pins,
      images: examinations.size,
    }),
    findings,
    problems: [...problems, ...withoutTag(examined), ...archiveTrouble(examined), ...deps.noted.all],
  };
  return { record, files, decided, decidedPins };
}

async function decideUse(
  placed: PlacedUse,
  policy: Policy,
  now: number,
  examinations: Examinations,
): Promise<DecidedUse> {
  const use = withExamination(placed, await examinations.of(placed), policy.pin);
  return { placed, use, findings: decide(use, policy, now) };
}

async function decideOnePin(
  placed: PlacedPin,
  names: ReadonlySet<string>,
  policy: Policy,
  examinations: Examinations,
  deps: PinDependencies,
): Promise<DecidedPin> {
  const pin = await examinePin(placed, await examinations.of(placed.base), names, deps);
  return { pin, findings: decidePin(pin, policy) };
}

function withExamination(placed: PlacedUse, examination: Examination, pin: boolean): ExaminedUse {
  return {
    ...placed,
    platforms: placed.platforms.map(formatPlatform),
    examination,
    ...previewOf(placed, examination, pin),
  };
}

/** One examination per reference and set of platforms, however many uses share it. */
class Examinations {
  readonly #known = new Map<string, Promise<Examination>>();
  readonly #baseLines: BaseLines;
  readonly #deps: RunDependencies;
  #done = 0;

  constructor(baseLines: BaseLines, deps: RunDependencies) {
    this.#baseLines = baseLines;
    this.#deps = deps;
  }

  get size(): number {
    return this.#known.size;
  }

  of(placed: PlacedUse): Promise<Examination> {
    const { reference } = placed.use;
    if (!reference) return Promise.resolve(skipped(placed));
    // A frontend runs no packages of a distribution.
    const wantsLag = placed.use.kind !== 'syntax';
    const key = `${formatReference(reference)} ${placed.platforms.map(formatPlatform).join(',')} ${wantsLag}`;
    let examination = this.#known.get(key);
    if (!examination) {
      examination = this.#examine(reference, placed.platforms, wantsLag);
      this.#known.set(key, examination);
    }
    return examination;
  }

  async #examine(reference: ImageReference, platforms: readonly Platform[], wantsLag: boolean): Promise<Examination> {
    const baseLine = await baseLineOf(reference, this.#baseLines);
    const examination = await examine({ reference, platforms, wantsLag, ...(baseLine && { baseLine }) }, this.#deps);
    this.#deps.progress(++this.#done, this.size);
    return examination;
  }
}

/** A use whose name could not be read is unknown, not up to date. */
function skipped({ use, problem }: PlacedUse): Examination {
  const subject = `${use.file}:${use.line}`;
  const fallback: Problem = {
    code: `reference-${use.skipped ?? 'invalid'}`,
    message: `${use.written} cannot be read as an image reference`,
    subject,
  };
  return { resolution: { kind: 'unknown', problem: problem ?? fallback }, pinned: null, platforms: [], notes: [] };
}

/** What an edit would do, for uses that have a digest or shall get one. */
function previewOf(
  { found, watched }: PlacedUse,
  { target }: Examination,
  pin: boolean,
): { edit: EditPreview } | Record<string, never> {
  if (target === undefined || (found.reference?.digest === undefined && !pin)) return {};
  const result = watched.format.edit(watched.text, [{ use: found, digest: target } satisfies WantedEdit]);
  const [done] = result.done;
  if (done) {
    const edits = done.edits.map((edit) => ({ file: watched.file, ...edit }));
    return { edit: { kind: 'possible', written: done.written, edits } };
  }
  return { edit: { kind: 'refused', reason: result.refused[0]?.reason ?? 'the place could not be found again' } };
}

/** Said once per digest, never guessed as `latest`. */
function withoutTag(examined: readonly ExaminedUse[]): Problem[] {
  const said = new Set<string>();
  return examined.flatMap(({ use, examination }) => {
    const { reference } = use;
    if (examination.resolution.kind !== 'digest-only' || !reference || said.has(referenceKey(reference))) return [];
    said.add(referenceKey(reference));
    return [
      {
        code: 'digest-without-tag',
        message: `${use.written} has a digest and no tag, so only its existence was checked; add a tag (or a "# tag: …" comment above) to get updates`,
        subject: placeOf(use),
      },
    ];
  });
}

/** An archive that many images name is one trouble, not one per image. */
function archiveTrouble(examined: readonly ExaminedUse[]): Problem[] {
  const all = examined.flatMap(({ examination }) => examination.lag?.problems ?? []);
  return [
    ...new Map(all.map((problem) => [`${problem.subject} ${problem.code} ${problem.message}`, problem])).values(),
  ];
}

function placeOf(use: ImageUse): string {
  return `${use.file}:${use.line}`;
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compareText(a.tree ?? '', b.tree ?? '') ||
    compareText(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.class, b.class)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function costReport(cost: Cost): RunRecord['cost'] {
  const { registry, archive, advisory } = cost;
  const sum = (pick: (tally: { requests: number; bytes: number }) => number): number =>
    [registry, archive, advisory].map(pick).reduce((a, b) => a + b);
  return {
    requests: sum((tally) => tally.requests),
    countedPulls: cost.countedPulls,
    bytes: sum((tally) => tally.bytes),
    cacheHits: cost.cacheHits,
    registry: { ...registry },
    archive: { ...archive },
    advisory: { ...advisory },
    rateLimit: Object.fromEntries(cost.rateLimit),
  };
}
