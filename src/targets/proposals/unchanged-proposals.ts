import type { ByteCache } from '../../cache/byte-cache.ts';
import type { ProposalOutcome } from '../../core/proposal.ts';

const quietKind = 'proposals-settled';

/** What came of the same facts before, when nothing had to be written: then nobody needs to be asked again. */
export function recallSettled(key: string, cache: ByteCache): readonly ProposalOutcome[] | undefined {
  const bytes = cache.get(quietKind, key);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as ProposalOutcome[]);
}

/** Keeps what came of facts, by the fingerprint that recallSettled is asked for. */
export function rememberSettled(key: string, outcomes: readonly ProposalOutcome[], cache: ByteCache): void {
  cache.put(quietKind, key, new TextEncoder().encode(JSON.stringify(outcomes)));
}
