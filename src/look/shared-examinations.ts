import type { Digest } from '../core/image/digest.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { formatReference, type ImageReference, isLocal } from '../core/image/reference.ts';
import { placeText } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import type { Use } from '../sources/use.ts';
import { examineRootfs, type RootfsDependencies } from './added-rootfs.ts';
import { type BaseLines, baseLineOf } from './base-line.ts';
import type { PackagesFrom } from './compare-manifests.ts';
import type { Examination, Seen } from './examination.ts';
import { type ExamineDependencies, examine } from './examine.ts';
import { findNewerTag, type NewerTag, type NewerTagDependencies, type TagWishes } from './newer-tag.ts';
import { type Phase, PullOrder } from './pull-order.ts';
import type { Resolution } from './resolve.ts';
import { SignatureChecks, type SignatureDependencies } from './signature.ts';

/** What earlier runs know. */
export interface ExaminationsRequest {
  readonly baseLines: BaseLines;
  /** The digests that the state has seen under a reference's tag. Absent: there is no state. */
  readonly seen?: (reference: ImageReference) => Promise<readonly Seen[]>;
  /** What another process learnt in the same run, by {@link lookName}: it is not asked for again. */
  readonly known?: ReadonlyMap<string, KnownLook>;
  /** What registries said in the same run about references that are still to be looked into, by {@link lookName}. */
  readonly resolved?: ReadonlyMap<string, Resolution>;
}

/** Everything that was learnt of one reference. Plain data. */
export interface KnownLook {
  readonly examination: Examination;
  readonly newer: NewerTag;
  /** The digests that the state had seen under its tag. */
  readonly seen: readonly Seen[];
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

/** What is asked of registries for a use; equal for uses that share a look. Undefined: nobody is asked. Pure. */
export function lookName(use: Use, { refusal, packagesFrom, tags }: LookWishes): string | undefined {
  if (refusal !== undefined || use.archive || !use.reference || isLocal(use.reference)) return undefined;
  return `${examinationName(use, use.reference, packagesFrom)} ${tags.versions === 'none' ? '' : JSON.stringify(tags)}`;
}

function examinationName(use: Use, reference: ImageReference, packagesFrom: PackagesFrom, instead?: Digest): string {
  const platforms = use.platforms.map(formatPlatform).join(',');
  const running = runningDigest(use) ?? '';
  return `${formatReference(reference)} ${running} ${platforms} ${wantsLag(use, instead)} ${packagesFrom} ${instead ?? ''}`;
}

/** A frontend runs no packages of a distribution; what an older digest lags behind is not asked. */
function wantsLag({ role }: Use, instead: Digest | undefined): boolean {
  return role !== 'frontend' && instead === undefined;
}

/** One examination per reference and set of platforms, however many uses share it. */
export class Examinations {
  readonly #known = new Map<string, Promise<Examination>>();
  readonly #newer = new Map<string, Promise<NewerTag>>();
  readonly #archives = new Map<string, Promise<Examination>>();
  readonly #seen = new Map<string, readonly Seen[]>();
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

  /** Of all that were examined, whatever they were compared with: each look has another. */
  get names(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** Of a reference that was examined: the digests that the state has seen under its tag. */
  seen(reference: ImageReference): readonly Seen[] {
    return this.#seen.get(formatReference(reference)) ?? [];
  }

  /** `instead`: compared with this digest, not with what the tag names now. What is refused is not asked for. */
  of(use: Use, wishes: LookWishes, instead?: Digest): Promise<Examination> {
    const { reference } = use;
    const { refusal, packagesFrom } = wishes;
    if (refusal !== undefined && reference) return Promise.resolve(notAllowed(use, refusal));
    if (use.archive) return this.#rootfs(use);
    if (!reference) return Promise.resolve(skipped(use));
    const key = examinationName(use, reference, packagesFrom, instead);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const told = instead === undefined ? this.#request.known?.get(lookName(use, wishes) ?? '') : undefined;
    if (told) this.#seen.set(formatReference(reference), told.seen);
    const examination = told ? Promise.resolve(told.examination) : this.#examine(use, reference, wishes, instead);
    this.#known.set(key, examination);
    return examination;
  }

  #rootfs(use: Use): Promise<Examination> {
    const key = JSON.stringify([use.archive, use.written]);
    const known = this.#archives.get(key) ?? examineRootfs(use, this.#deps);
    this.#archives.set(key, known);
    return known;
  }

  newerTag(use: Use, examination: Examination, wishes: LookWishes): Promise<NewerTag> {
    const { reference } = use;
    const { refusal, tags } = wishes;
    if (tags.versions === 'none' || refusal !== undefined || !reference) return Promise.resolve({ kind: 'none' });
    const key = JSON.stringify([formatReference(reference), examination.pinned, tags]);
    const told = this.#request.known?.get(lookName(use, wishes) ?? '')?.newer;
    if (told) return Promise.resolve(told);
    const known = this.#newer.get(key) ?? findNewerTag(reference, examination, use.platforms, tags, this.#deps);
    this.#newer.set(key, known);
    return known;
  }

  async #examine(
    use: Use,
    reference: ImageReference,
    wishes: LookWishes,
    instead: Digest | undefined,
  ): Promise<Examination> {
    const { order } = this;
    const { packagesFrom } = wishes;
    const asksLag = wantsLag(use, instead);
    const resolution = instead === undefined ? this.#request.resolved?.get(lookName(use, wishes) ?? '') : undefined;
    const phase = use.installs ? 'package pins' : use.has ? 'lagging pins' : 'lagging tags';
    order.announce('moved');
    let isAnnounced = true;
    const endMoved = (): void => {
      if (isAnnounced) order.done('moved');
      isAnnounced = false;
    };
    if (asksLag) order.announce(phase);
    try {
      const [baseLine, seen] = await Promise.all([
        comparedWith(use, reference, this.#request.baseLines),
        this.#request.seen?.(reference),
      ]);
      this.#seen.set(formatReference(reference), seen ?? []);
      const known = await examine(
        {
          reference,
          platforms: use.platforms,
          wantsLag: asksLag,
          packagesFrom,
          ...(resolution && { resolution }),
          ...(instead && { instead }),
          ...(baseLine && { baseLine }),
        },
        this.#deps,
      );
      endMoved();
      const examination = 'withLag' in known ? await this.#inOrder(reference, phase, known.withLag) : known.examination;
      if (instead === undefined) this.#deps.progress(++this.#done, this.#known.size);
      return examination;
    } finally {
      endMoved();
      if (asksLag) order.done(phase);
    }
  }

  /** Pulls for what only lags come after those for what moved, where pulls are counted; where nobody counts, nobody waits. */
  async #inOrder<T>({ registry }: ImageReference, phase: Phase, work: () => Promise<T>): Promise<T> {
    if (this.#deps.registry.affordable(registry) !== undefined) await this.order.turnOf(phase);
    return work();
  }
}

/** What the tag of a use without a digest in its text is compared with; undefined: nothing is known. */
export async function comparedWith(
  use: Use,
  reference: ImageReference,
  baseLines: BaseLines,
): Promise<Digest | undefined> {
  return runningDigest(use) ?? baseLineOf(reference, baseLines);
}

/** What runs is what the tag is compared with, whatever it named when somebody looked last. */
function runningDigest({ has }: Use): Digest | undefined {
  return has?.by === 'running' ? has.digest : undefined;
}

/** A use whose name could not be read is unknown, not up to date. */
function skipped({ written, place, skipped: why }: Use): Examination {
  const message = `${written} cannot be read as an image reference`;
  return unknown(why ?? { code: 'reference-invalid', message, subject: placeText(place) });
}

function notAllowed({ written, place }: Use, why: string): Examination {
  const message = `${written} may not be used: ${why}; it was not looked up`;
  return unknown({ code: 'policy', message, subject: placeText(place) });
}

function unknown(problem: Problem): Examination {
  return { resolution: { kind: 'unknown', problem }, pinned: null, platforms: [], notes: [] };
}
