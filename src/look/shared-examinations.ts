import type { Digest } from '../core/image/digest.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { formatReference, type ImageReference } from '../core/image/reference.ts';
import type { Problem } from '../core/problem.ts';
import type { PlacedUse } from '../sources/placed-uses.ts';
import { examineRootfs, type RootfsDependencies } from './added-rootfs.ts';
import { type BaseLines, baseLineOf } from './base-line.ts';
import type { PackagesFrom } from './compare-manifests.ts';
import type { Examination, Seen } from './examination.ts';
import { type ExamineDependencies, examine } from './examine.ts';
import { findNewerTag, type NewerTag, type NewerTagDependencies, type TagWishes } from './newer-tag.ts';
import { PullOrder } from './pull-order.ts';
import { SignatureChecks, type SignatureDependencies } from './signature.ts';

/** What earlier runs know. */
export interface ExaminationsRequest {
  readonly baseLines: BaseLines;
  /** The digests that the state has seen under a reference's tag. Absent: there is no state. */
  readonly seen?: (reference: ImageReference) => readonly Seen[];
}

/** What examining all references of a run needs. */
export interface ExaminationsDependencies
  extends ExamineDependencies,
    NewerTagDependencies,
    RootfsDependencies,
    SignatureDependencies {
  readonly registry: NewerTagDependencies['registry'] & { affordable(registry: string): number | undefined };
  /** Called as images are done; for a progress bar. */
  readonly progress: (done: number, all: number) => void;
}

/** What the rules want looked at for one use. */
export interface LookWishes {
  /** Why it may not be used at all, and so is not asked for. */
  readonly refusal?: string;
  readonly packagesFrom: PackagesFrom;
  readonly tags: TagWishes;
}

/** One examination per reference and set of platforms, however many uses share it. */
export class Examinations {
  readonly #known = new Map<string, Promise<Examination>>();
  readonly #newer = new Map<string, Promise<NewerTag>>();
  readonly #archives = new Map<string, Promise<Examination>>();
  readonly #request: ExaminationsRequest;
  readonly #deps: ExaminationsDependencies;
  /** Who pulls first where pulls are counted. */
  readonly order = new PullOrder();
  /** Who signed what. */
  readonly signatures: SignatureChecks;
  #done = 0;

  constructor(request: ExaminationsRequest, deps: ExaminationsDependencies) {
    this.#request = request;
    this.#deps = deps;
    this.signatures = new SignatureChecks(deps);
  }

  get size(): number {
    return this.#known.size;
  }

  seen(reference: ImageReference): readonly Seen[] {
    return this.#request.seen?.(reference) ?? [];
  }

  /** `instead`: compared with this digest, not with what the tag names now. What is refused is not asked for. */
  of(placed: PlacedUse, { refusal, packagesFrom }: LookWishes, instead?: Digest): Promise<Examination> {
    const { reference } = placed.use;
    if (refusal !== undefined && reference) return Promise.resolve(notAllowed(placed, refusal));
    if (placed.use.kind === 'add') return this.#rootfs(placed);
    if (!reference) return Promise.resolve(skipped(placed));
    // A frontend runs no packages of a distribution; what an older digest lags behind is not asked.
    const wantsLag = placed.use.kind !== 'syntax' && instead === undefined;
    const platforms = placed.platforms.map(formatPlatform).join(',');
    const key = `${formatReference(reference)} ${platforms} ${wantsLag} ${packagesFrom} ${instead ?? ''}`;
    let examination = this.#known.get(key);
    if (!examination) {
      examination = this.#examine(placed, reference, wantsLag, packagesFrom, instead);
      this.#known.set(key, examination);
    }
    return examination;
  }

  #rootfs(placed: PlacedUse): Promise<Examination> {
    const { watched, use } = placed;
    const key = JSON.stringify([watched.tree.name, watched.file, use.written]);
    const known = this.#archives.get(key) ?? examineRootfs(placed, this.#deps);
    this.#archives.set(key, known);
    return known;
  }

  newerTag(placed: PlacedUse, examination: Examination, { refusal, tags }: LookWishes): Promise<NewerTag> {
    const reference = placed.use.reference as ImageReference;
    if (tags.versions === 'none' || refusal !== undefined) return Promise.resolve({ kind: 'none' });
    const key = JSON.stringify([formatReference(reference), examination.pinned, tags]);
    const known = this.#newer.get(key) ?? findNewerTag(reference, examination, placed.platforms, tags, this.#deps);
    this.#newer.set(key, known);
    return known;
  }

  async #examine(
    placed: PlacedUse,
    reference: ImageReference,
    wantsLag: boolean,
    packagesFrom: PackagesFrom,
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
          packagesFrom,
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

function notAllowed({ use }: PlacedUse, why: string): Examination {
  const message = `${use.written} may not be used: ${why}; it was not looked up`;
  const problem: Problem = { code: 'policy', message, subject: `${use.file}:${use.line}` };
  return { resolution: { kind: 'unknown', problem }, pinned: null, platforms: [], notes: [] };
}
