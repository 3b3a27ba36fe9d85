import type { Digest } from '../core/image/digest.ts';
import type { Platform } from '../core/image/platform.ts';
import type { ImageReference } from '../core/image/reference.ts';
import type { Role } from '../core/parsed-file.ts';
import type { Place } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';

/** A digest that a use has today, and who says so: its text, or the engine that runs it. */
export interface OwnDigest {
  readonly digest: Digest;
  readonly by: 'text' | 'running';
}

/** One place of a scope that names an image. */
export interface Use {
  readonly place: Place;
  readonly role: Role;
  /** The image as its owner wrote it. */
  readonly written: string;
  /** Absent when `skipped`, and for an archive on disk. */
  readonly reference?: ImageReference;
  readonly has?: OwnDigest;
  /** The platforms it is taken for. */
  readonly platforms: readonly Platform[];
  /** Its identity, that of every finding about it: it outlives runs, lines and digests. */
  readonly key: string;
  /** How many that run are this one: replicas. Default: 1. */
  readonly count?: number;
  /** Why it was passed over. */
  readonly skipped?: Problem;
  /** Variables without a value that were taken as empty. */
  readonly unset?: readonly string[];
  /** What whoever changes it should know. */
  readonly note?: string;
  /** `written` is no image but an archive that a stage is made from. It may lie in each of `contexts`, and never outside `root`. */
  readonly archive?: { readonly root?: string; readonly contexts?: readonly string[] };
  /** The manager by which its stage, or one built on it, takes every upgrade there is. */
  readonly upgrades?: string;
  /** Does its stage, or one built on it, install packages? */
  readonly installs?: true;
}
