import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import type { SourceTrust } from './apt-repository.ts';

/** What all sources for one address and suite must have in common. */
export interface Agreed {
  readonly place: string;
  readonly trust: SourceTrust;
  /** Undefined: it does not say. */
  readonly checksValidUntil: boolean | undefined;
}

/**
 * Holds a source against those before it. apt reads no source at all when two of them differ in these options, also one
 * that is for source packages only: that problem is returned. Just a Signed-By that comes after none is taken for both.
 * Source: apt, debReleaseIndex::SetSignedBy and its neighbours; sources.list(5), Signed-By.
 */
export function agree(key: string, one: Agreed, agreed: Map<string, Agreed>): Problem | undefined {
  const known = agreed.get(key);
  if (known === undefined) {
    if (agreed.size < limits.settings.sourcesAgreed.most) agreed.set(key, one);
    return undefined;
  }
  const option = difference(known, one);
  if (option === undefined) {
    if (!isSigned(known)) agreed.set(key, one);
    return undefined;
  }
  const message = `apt in the image refuses all its sources, so nothing can be installed or upgraded: ${known.place} and ${one.place} give ${key} different values of ${option}; make them the same`;
  return { code: 'apt-sources-conflict', message, subject: one.place };
}

function difference(known: Agreed, one: Agreed): string | undefined {
  if (known.trust.trusted !== one.trust.trusted) return 'Trusted';
  if (known.checksValidUntil !== one.checksValidUntil) return 'Check-Valid-Until';
  return isSigned(known) && keysOf(known) !== keysOf(one) ? 'Signed-By' : undefined;
}

function isSigned({ trust: { signedBy, armoredKey } }: Agreed): boolean {
  return signedBy.length > 0 || armoredKey !== undefined;
}

function keysOf({ trust: { signedBy, armoredKey } }: Agreed): string {
  return JSON.stringify([signedBy, armoredKey]);
}
