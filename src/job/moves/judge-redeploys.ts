import type { Finding, Held } from '../../core/finding.ts';
import type { Digest } from '../../core/image/digest.ts';
import type { ImageConfig } from '../../core/image/image.ts';
import type { ImageReference } from '../../core/image/reference.ts';
import type { Workload } from '../../core/place.ts';
import type { Inspector } from '../../look/inspect.ts';
import { SignatureChecks, type SignatureDependencies } from '../../look/signature.ts';
import type { EngineWorkload, Scope } from '../../sources/source.ts';
import type { DecidedUse } from '../../verdict/decided.ts';
import { mayRedeploy, type RedeployFacts, type RedeployHow, type RedeployVerdict } from '../../verdict/redeploy-law.ts';
import { heldUnsigned } from '../hold-unsigned.ts';

/** A workload that is to be moved, and what was found about it. */
export interface RedeployCandidate {
  /** Identity of the scope of its engine. */
  readonly scope: string;
  readonly workload: Workload;
  /** Identity of its finding. */
  readonly id: string;
  /** What it brings: `security`; empty where a person wants it whatever it brings. */
  readonly class: Finding['class'] | '';
  readonly reference: ImageReference;
  readonly from: Digest | null;
  /** What was judged. */
  readonly to: { readonly root: Digest; readonly manifest: Digest };
  /** What the new image says of itself; absent where that could not be had. */
  readonly newImage?: ImageConfig;
  readonly how: RedeployHow;
}

/** What judging needs of the state, the configuration and the engines. */
export interface RedeployJudging {
  /** Digests that were put back, with where. */
  readonly failed: () => Promise<ReadonlyMap<string, string>>;
  readonly timezone: string;
  /** Why its engine would not move it now; undefined where it would. */
  readonly refusal: (candidate: RedeployCandidate) => Promise<string | undefined>;
}

/** What may be moved, and what the findings about what runs say after that. */
export interface JudgedRedeploys {
  readonly decided: readonly DecidedUse[];
  readonly candidates: readonly RedeployCandidate[];
  /** By the identity of a finding: who said no, in a sentence. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Says of everything that runs, and is behind, whether it may be moved. An engine that is only asked moves nothing. */
export async function judgeRedeploys(
  scopes: readonly Scope[],
  decided: readonly DecidedUse[],
  judging: RedeployJudging,
  deps: SignatureDependencies & { readonly inspector: Pick<Inspector, 'head'>; readonly now: number },
): Promise<JudgedRedeploys> {
  const uses = new Map(decided.map((one) => [one.examined.use.key, one]));
  const failed = await judging.failed();
  const { inspector, now } = deps;
  const checks = new SignatureChecks(deps);
  const tagsOf = tagsByDigest(decided);
  const candidates: RedeployCandidate[] = [];
  const held = new Map<string, Held>();
  const refused = new Map<string, string>();
  for (const { id: scope, name, policy, engine } of scopes) {
    const settings = engine?.redeploy;
    for (const workload of settings === undefined ? [] : (engine?.workloads ?? [])) {
      const use = uses.get(workload.key ?? '');
      const move = use && moveOf(use, workload);
      if (use === undefined || move === undefined || workload.reference === undefined) continue;
      const { finding, from, to } = move;
      const images = await configsOf(workload.reference, move.manifests, inspector);
      const tags = { before: tagsOf(from), after: tagsOf(to.root) };
      const rest = { failed, images, tags, now, timezone: judging.timezone };
      const facts: RedeployFacts = { workload, settings, policy, seen: use.examined.seen ?? [], ...rest };
      const verdict = mayRedeploy(finding, facts);
      const { reference } = workload;
      const candidate = {
        scope,
        workload: described(name, workload),
        id: finding.id,
        class: finding.class,
        reference,
        from,
        to,
        ...(images.after && { newImage: images.after }),
      };
      const unsigned = verdict.is === 'yes' ? await heldUnsigned(finding, candidate, policy, checks) : undefined;
      const judged = unsigned === undefined ? verdict : ({ is: 'held', held: unsigned } as const);
      const known = await settled(judged, candidate, judging);
      if (known.is === 'yes') candidates.push({ ...candidate, how: known.how });
      else if (known.is === 'held') held.set(finding.id, known.held);
      else refused.set(finding.id, `${words[known.by]}: ${known.reason}`);
    }
  }
  // What is beyond what one run moves waits for the next.
  const limited = beyondLimit(candidates, scopes);
  for (const { id } of limited)
    held.set(id, { reason: 'limit', detail: 'one run moves no more workloads on its engine' });
  for (const one of limited) candidates.splice(candidates.indexOf(one), 1);
  // What one replica waits for holds nothing back where another may be moved.
  for (const { id } of candidates) held.delete(id);
  return { decided: decided.map((one) => withHeld(one, held)), candidates, refused };
}

const words = { engine: 'the engine says no', rules: 'the rules say no', workload: 'the workload says no' } as const;

/** The engine has the last word: it knows what is stopped, paused, or not to be touched. */
async function settled(
  verdict: RedeployVerdict,
  candidate: Omit<RedeployCandidate, 'how'>,
  { refusal }: RedeployJudging,
): Promise<RedeployVerdict> {
  if (verdict.is !== 'yes') return verdict;
  const detail = await refusal({ ...candidate, how: verdict.how });
  return detail === undefined ? verdict : { is: 'held', held: { reason: 'workload', detail } };
}

function beyondLimit(candidates: readonly RedeployCandidate[], scopes: readonly Scope[]): readonly RedeployCandidate[] {
  return scopes.flatMap(({ id, engine }) =>
    candidates.filter(({ scope }) => scope === id).slice(engine?.redeploy?.perRun ?? 0),
  );
}

/** From one image to another. */
export interface Move {
  readonly finding: Finding;
  readonly from: Digest | null;
  readonly to: RedeployCandidate['to'];
  readonly manifests: { readonly before: Digest | undefined; readonly after: Digest };
}

/** What was found of a move from what runs to what its tag names; undefined: there is nothing to run. */
export function moveOf({ findings }: DecidedUse, { image }: EngineWorkload): Move | undefined {
  const finding = findings.find(({ class: kind }) => moves.has(kind));
  const root = finding?.latest?.digest;
  if (finding === undefined || root === undefined) return undefined;
  const [platform] = finding.perPlatform ?? [];
  const after = platform?.latest ?? root;
  const from = image.is === 'known' ? image.running.root : (finding.current?.digest ?? null);
  return {
    finding,
    from,
    to: { root, manifest: after },
    manifests: { before: platform?.current ?? finding.current?.digest, after },
  };
}

const moves: ReadonlySet<Finding['class']> = new Set(['security', 'packages', 'config', 'content']);

/** What the images say of themselves; comparing them has read it, so it is at hand. */
export async function configsOf(
  reference: ImageReference,
  { before, after }: Move['manifests'],
  inspector: Pick<Inspector, 'head'>,
): Promise<{ readonly before: ImageConfig | undefined; readonly after: ImageConfig | undefined }> {
  const read = async (digest: Digest | undefined): Promise<ImageConfig | undefined> => {
    if (digest === undefined) return undefined;
    try {
      return (await inspector.head(reference, digest)).config;
    } catch {
      // What cannot be had says nothing; that it cannot has been said.
      return undefined;
    }
  };
  const [one, other] = await Promise.all([read(before), read(after)]);
  return { before: one, after: other };
}

/** The tags that this run saw naming a digest, of any use. */
function tagsByDigest(decided: readonly DecidedUse[]): (digest: Digest | null) => readonly string[] {
  const known = new Map<Digest, Set<string>>();
  for (const { examined } of decided) {
    const { reference, has } = examined.use;
    const { resolution } = examined.examination;
    const named =
      resolution.kind === 'moved' ? resolution.after : resolution.kind === 'current' ? resolution.digest : undefined;
    if (reference?.tag === undefined) continue;
    const add = (digest: Digest | undefined): void => {
      if (digest !== undefined) known.set(digest, (known.get(digest) ?? new Set()).add(reference.tag ?? ''));
    };
    add(named);
    if (has?.by === 'text') add(has.digest);
  }
  return (digest) => [...(digest === null ? [] : (known.get(digest) ?? []))];
}

function withHeld(one: DecidedUse, held: ReadonlyMap<string, Held>): DecidedUse {
  const findings = one.findings.map((finding) => {
    const why = moves.has(finding.class) ? held.get(finding.id) : undefined;
    return why === undefined || finding.held !== undefined ? finding : { ...finding, held: why };
  });
  return { ...one, findings };
}

/** A workload as findings have it. */
export function described(engine: string, { kind, name, compose }: EngineWorkload): Workload {
  return { engine, kind, name, ...(compose && { compose }) };
}
