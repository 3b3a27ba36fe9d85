import type { Clock } from '../core/clock.ts';
import { timestamp, turn } from '../core/clock.ts';
import { type Digest, shortDigest } from '../core/digest.ts';
import type { Finding } from '../core/finding.ts';
import { formatPlatform } from '../core/platform.ts';
import type { Problem } from '../core/problem.ts';
import type { RunRecord } from '../core/record.ts';
import { formatReference, type ImageReference } from '../core/reference.ts';
import type { WantedEdit } from '../formats/format.ts';
import type { Cost } from '../http/cost.ts';
import { oldEnough, type Seen } from './age.ts';
import { type BaseLines, baseLineOf } from './base-line.ts';
import { costReport } from './cost-report.ts';
import { decide, type EditPreview, type ExaminedUse } from './decide.ts';
import { type DiscoverOptions, type Discovery, discover, type WatchedFile } from './discover.ts';
import { type Examination, type ExamineDependencies, examine } from './examine.ts';
import { findNewerTag, type NewerTag, type NewerTagDependencies } from './newer-tag.ts';
import { type PlacedUse, parseFile } from './parse.ts';
import { decidePin, type ExaminedPin, examinePin, type PinDependencies, type PlacedPin, placePins } from './pins.ts';
import type { PlatformSettings } from './platforms.ts';
import { minimumAgeFor, type Policy, refusedBy, tagWishesFor } from './policy.ts';
import { PullOrder } from './pull-order.ts';
import { type DecidedRootfs, decideRootfs, examineRootfs, type RootfsDependencies } from './rootfs.ts';
import { archiveTrouble, withoutTag } from './run-problems.ts';
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
  /** The digests that the state has seen under a reference's tag. Absent: there is no state. */
  readonly seen?: (reference: ImageReference) => readonly Seen[];
}

export interface RunDependencies
  extends ExamineDependencies,
    PinDependencies,
    NewerTagDependencies,
    RootfsDependencies {
  readonly registry: NewerTagDependencies['registry'] & { affordable(registry: string): number | undefined };
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
  const examinations = new Examinations(request, deps);
  const discoveries: Discovery[] = [];
  const problems: Problem[] = [];
  const pending: Promise<DecidedUse>[] = [];
  const pendingPins: Promise<DecidedPin>[] = [];
  const pendingRootfs: Promise<DecidedRootfs>[] = [];
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
      for (const placed of parsed.rootfs) {
        const deciding = examinations.of(placed).then((one) => decideRootfs(placed, one, tree.policy, now));
        deciding.catch(() => undefined);
        pendingRootfs.push(deciding);
      }
      const placedPins = placePins(watched, parsed.pins, parsed.stages, [...parsed.uses, ...parsed.rootfs]);
      const names = new Set(placedPins.flatMap(({ found }) => [found.name, `${found.name}-${found.version}`]));
      for (const placed of placedPins) {
        const deciding = decideOnePin(placed, names, tree.policy, examinations, deps);
        deciding.catch(() => undefined);
        pendingPins.push(deciding);
      }
      if (i % filesPerTurn === filesPerTurn - 1) await turn();
    }
  }
  examinations.order.close();
  const decided = await Promise.all(pending);
  const decidedPins = await Promise.all(pendingPins);
  const rootfs = await Promise.all(pendingRootfs);

  const files = discoveries.flatMap((discovery) => discovery.files);
  const examined = decided.map(({ use }) => use);
  const findings = [...decided, ...decidedPins, ...rootfs].flatMap((one) => one.findings).sort(byPlace);
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
    problems: [...problems, ...withoutTag(examined), ...archiveTrouble(examined, rootfs), ...deps.noted.all],
  };
  return { record, files, decided, decidedPins };
}

async function decideUse(
  placed: PlacedUse,
  policy: Policy,
  now: number,
  examinations: Examinations,
): Promise<DecidedUse> {
  const { reference } = placed.use;
  const refusal = refusedBy(policy, placed.use);
  if (refusal !== undefined && reference) {
    const use = withExamination(placed, notAllowed(placed, refusal), policy.pin);
    return { placed, use, findings: decide(use, policy, now) };
  }
  const examination = await examinations.of(placed);
  const newer = reference && (await examinations.newerTag(placed, examination, policy));
  const more = {
    ...(newer && newer.kind !== 'none' && { newer, ...tagPreviewOf(placed, newer) }),
    ...(reference && { seen: examinations.seen(reference) }),
  };
  const use = { ...withExamination(placed, examination, policy.pin), ...more };
  const findings = decide(use, policy, now);
  return (await olderInstead(placed, use, findings, policy, now, examinations)) ?? { placed, use, findings };
}

/** A digest that is too young gives way to the newest one that is not, so that a tag that moves every night starves nobody. */
async function olderInstead(
  placed: PlacedUse,
  use: ExaminedUse,
  findings: readonly Finding[],
  policy: Policy,
  now: number,
  examinations: Examinations,
): Promise<DecidedUse | undefined> {
  const young = findings.find(({ held }) => held?.reason === 'young');
  const [pinned, latest] = [placed.use.reference?.digest, young?.latest?.digest];
  if (young === undefined || pinned === undefined || latest === undefined) return undefined;
  const instead = oldEnough(use.seen ?? [], { latest, pinned }, minimumAgeFor(young, policy), now);
  if (instead === undefined) return undefined;
  const examination = await examinations.of(placed, instead);
  const older = {
    ...use,
    ...withExamination(placed, examination, policy.pin),
    ...(use.examination.lag && { examination: { ...examination, lag: use.examination.lag } }),
  };
  const decided = decide(older, policy, now);
  // It was cleaned away meanwhile: then the young one is waited for.
  if (decided.some((finding) => finding.class === 'unknown')) return undefined;
  const note = `newer than this is ${shortDigest(latest)}: ${young.held?.detail ?? ''}`;
  return {
    placed,
    use: older,
    findings: decided.map((finding) =>
      finding.latest?.digest === instead ? { ...finding, notes: [...finding.notes, note] } : finding,
    ),
  };
}

function notAllowed({ use }: PlacedUse, why: string): Examination {
  const message = `${use.written} may not be used: ${why}; it was not looked up`;
  const problem = { code: 'policy', message, subject: `${use.file}:${use.line}` };
  return { resolution: { kind: 'unknown', problem }, pinned: null, platforms: [], notes: [] };
}

function tagPreviewOf({ found, watched }: PlacedUse, newer: NewerTag): { tagEdit?: EditPreview } {
  if (newer.kind !== 'found') return {};
  const digest = found.reference?.digest === undefined ? {} : { digest: newer.digest };
  return { tagEdit: previewOfEdit(watched, { use: found, tag: newer.tag, ...digest }) };
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
  readonly #newer = new Map<string, Promise<NewerTag>>();
  readonly #archives = new Map<string, Promise<Examination>>();
  readonly #request: RunRequest;
  readonly #deps: RunDependencies;
  /** Who pulls first where pulls are counted. */
  readonly order = new PullOrder();
  #done = 0;

  constructor(request: RunRequest, deps: RunDependencies) {
    this.#request = request;
    this.#deps = deps;
  }

  get size(): number {
    return this.#known.size;
  }

  seen(reference: ImageReference): readonly Seen[] {
    return this.#request.seen?.(reference) ?? [];
  }

  /** `instead`: compared with this digest, not with what the tag names now. */
  of(placed: PlacedUse, instead?: Digest): Promise<Examination> {
    const { reference } = placed.use;
    if (placed.use.kind === 'add') return this.#rootfs(placed);
    if (!reference) return Promise.resolve(skipped(placed));
    // A frontend runs no packages of a distribution; what an older digest lags behind is not asked.
    const wantsLag = placed.use.kind !== 'syntax' && instead === undefined;
    const platforms = placed.platforms.map(formatPlatform).join(',');
    const key = `${formatReference(reference)} ${platforms} ${wantsLag} ${instead ?? ''}`;
    let examination = this.#known.get(key);
    if (!examination) {
      examination = this.#examine(placed, reference, wantsLag, instead);
      this.#known.set(key, examination);
    }
    return examination;
  }

  #rootfs(placed: PlacedUse): Promise<Examination> {
    const { watched, use } = placed;
    const key = JSON.stringify([watched.tree.folder, watched.file, use.written]);
    const known = this.#archives.get(key) ?? examineRootfs(placed, this.#deps);
    this.#archives.set(key, known);
    return known;
  }

  newerTag(placed: PlacedUse, examination: Examination, policy: Policy): Promise<NewerTag> {
    const reference = placed.use.reference as ImageReference;
    const wishes = tagWishesFor(placed.use, policy);
    if (wishes.versions === 'none') return Promise.resolve({ kind: 'none' });
    const key = JSON.stringify([formatReference(reference), examination.pinned, wishes]);
    const known = this.#newer.get(key) ?? findNewerTag(reference, examination, placed.platforms, wishes, this.#deps);
    this.#newer.set(key, known);
    return known;
  }

  async #examine(
    placed: PlacedUse,
    reference: ImageReference,
    wantsLag: boolean,
    instead: Digest | undefined,
  ): Promise<Examination> {
    const { order } = this;
    const phase = placed.installs ? 'package pins' : reference.digest === undefined ? 'lagging tags' : 'lagging pins';
    order.announce('moved');
    let isAnnounced = true;
    const endMoved = (): void => {
      if (isAnnounced) order.done('moved');
      isAnnounced = false;
    };
    if (wantsLag) order.announce(phase);
    try {
      const baseLine = await baseLineOf(reference, this.#request.baseLines);
      const examination = await examine(
        {
          reference,
          platforms: placed.platforms,
          wantsLag,
          ...(instead && { instead }),
          ...(baseLine && { baseLine }),
          lagTurn: async () => {
            endMoved();
            // Where nobody counts, nobody waits.
            if (this.#deps.registry.affordable(reference.registry) !== undefined) await order.turnOf(phase);
          },
        },
        this.#deps,
      );
      if (instead === undefined) this.#deps.progress(++this.#done, this.size);
      return examination;
    } finally {
      endMoved();
      if (wantsLag) order.done(phase);
    }
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
  return { edit: previewOfEdit(watched, { use: found, digest: target }) };
}

function previewOfEdit(watched: WatchedFile, wanted: WantedEdit): EditPreview {
  const result = watched.format.edit(watched.text, [wanted]);
  const [done] = result.done;
  if (done) {
    const edits = done.edits.map((edit) => ({ file: watched.file, ...edit }));
    return { kind: 'possible', written: done.written, edits };
  }
  return { kind: 'refused', reason: result.refused[0]?.reason ?? 'the place could not be found again' };
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
