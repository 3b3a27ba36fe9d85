import type { Digest } from '../core/image/digest.ts';
import type { LegacyMaterial } from './statement.ts';

/** Is one signature the wanted one, and of this digest? */
export type Checked = { readonly by: string } | { readonly why: string };

/** A signature as cosign keeps it in the layers under `sha256-….sig`. */
export interface LegacySignature {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** Absent for one that was made with a key. */
  readonly material?: LegacyMaterial;
}

/** Checks signatures against one wish. A signature that is not the wanted one is an answer; rejects when there is none. */
export interface SignatureChecker {
  legacy(signature: LegacySignature, digest: Digest): Promise<Checked>;
  /** `manifest`: the bytes behind the digest, which a bundle may sign themselves. */
  bundle(json: unknown, digest: Digest, manifest: () => Promise<Uint8Array>): Promise<Checked>;
}
