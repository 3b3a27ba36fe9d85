/*
 * src/packages/archives/
 *
 * What the families of package archives (../apt, ../apk, ../rpm) have in common. archive-family.ts is the interface
 * that the rest knows; archive-families.ts lists the families and loads each with its first image. Then tools: one file
 * of an archive within reach and bounds (archive-fetch.ts, download.ts, resume.ts, decode.ts), one that changes in
 * place (revalidated.ts), who signed it (openpgp-signature.ts), a table of packages that is looked up by bisection
 * (package-rows.ts), mirrors and offline folders (mirrors.ts), and what ends the reading of one repository and no other
 * (archive-error.ts).
 * How to add a family: docs/adding-an-archive.md. Begin here.
 */

import type { Platform } from '../../core/image/platform.ts';
import type { DistroRelease, Package, VersionScheme } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import type { Steps } from '../../core/time/turns.ts';

/**
 * One kind of package archive (apt, apk, dnf): which repositories an image enables, what they offer today, and what the
 * image's package manager would make of it. The extension point for another distro family: docs/adding-an-archive.md.
 */
export interface ArchiveFamily {
  /** Names of the package databases (Inventory.database) whose images it serves. */
  readonly databases: readonly string[];
  /** Names of the package managers (PackagePin.manager) that install from it. */
  readonly managers: readonly string[];
  readonly scheme: VersionScheme;
  /** Asks the repositories. Expected trouble is in the answer; rejects only when the run is stopped. */
  read(request: ArchivesRequest): Promise<ArchivesReading>;
}

/** An image, as far as it says where packages come from. */
export interface ArchivesRequest {
  readonly os: DistroRelease | undefined;
  readonly packages: readonly Package[];
  /** What the image says it runs on; absent: it does not say. */
  readonly platform?: Platform;
  /** The image's wanted files (see wanted-paths.ts), paths without a leading `/`: sources, keys, pins, variables. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Packages to learn about besides the installed ones: those that a Dockerfile installs. */
  readonly names: ReadonlySet<string>;
}

/** One enabled repository, and how its reading ended. */
export interface RepositoryReading {
  readonly uri: string;
  /** A suite (`bookworm-security`), an apk branch (`v3.22/main`), a repository id (`ubi-9-baseos-rpms`). */
  readonly suite: string;
  /**
   * `refused`: it may not be believed and was not used. `unread`: it could not be had. `skipped`: the operator wants it
   * left alone, so what it offers is not covered.
   */
  readonly trust: 'verified' | 'unverified' | 'refused' | 'unread' | 'skipped';
  /** Why, for people. */
  readonly detail: string;
}

/** Said of a repository that the operator wants left alone. */
export function skippedRemark(address: string): Problem {
  const host = URL.parse(address)?.host ?? address;
  return { code: 'archive-skipped', message: `not covered: ${host} (archives.skip)`, subject: host };
}

/** One version of one package, as the enabled repositories offer it. */
export interface Offer {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** What it was built from; equal to name and version when absent. */
  readonly source?: { readonly name: string; readonly version: string };
  /** rpm: its Vendor; absent: it has none. */
  readonly maker?: string;
  /** Of the repository that offers it; one with security fixes before others. */
  readonly suite: string;
}

/** An installed package that an upgrade in the image would move. */
export interface Candidate {
  readonly name: string;
  readonly architecture: string;
  readonly installed: string;
  readonly candidate: string;
  /** The package that takes its place, of which `candidate` is the version; absent: it keeps its name. */
  readonly replacedBy?: string;
  readonly installedSource?: { readonly name: string; readonly version: string };
  readonly candidateSource?: { readonly name: string; readonly version: string };
  readonly suite: string;
  /** By what the archive itself says (a security suite, updateinfo); null: it could not tell. */
  readonly security: boolean | null;
  readonly advisories: readonly string[];
  /** An upgrade leaves it as it is until someone lifts the hold. */
  readonly held?: true;
}

/** One package that moves from one version to another. */
export interface Move {
  readonly name: string;
  readonly architecture?: string;
  readonly before: string;
  readonly after: string;
  /** The name that it has after, where that is another: then the two versions are not of one order. */
  readonly replacedBy?: string;
}

/** What the archive itself says about a move. */
export interface ArchiveVerdict {
  /** True: it offers or lists a fix v with before < v ≤ after. False: it was read, knows, and has none. */
  readonly security: boolean | null;
  readonly advisories: readonly string[];
  /** How many there are beside these; absent: none. */
  readonly unlisted?: number;
  readonly severity?: string;
}

/** What the repositories of one image say today; everything is answered from memory. */
export interface ArchivesReading {
  readonly repositories: readonly RepositoryReading[];
  /** Every enabled repository was read to its end: what is not offered is not there. */
  readonly complete: boolean;
  /** What makes it incomplete, but for repositories that the operator wants left alone. */
  readonly problems: readonly Problem[];
  /** Worth saying, and the reading is complete all the same: an expired key, a locked release, a snapshot. */
  readonly remarks: readonly Problem[];
  /** Changes whenever any answer below could: a hash over what the repositories said. */
  readonly state: string;
  /** What the manager may install of this name today, after pins and excludes; what it takes by itself first. */
  offers(name: string): readonly Offer[];
  /** The upgradable packages: `apt list --upgradable`, `apk version -l '<'`, `dnf check-update`. Sorted by name. A step per package. */
  candidates(): Steps<readonly Candidate[]>;
  verdict(move: Move): ArchiveVerdict;
  /**
   * Where a package comes from when that is not the distro; null: from the distro, or nothing could be read that tells.
   * `versions` are those of a move, the one before first; without, the package's own. Silence is foreign: what the distro
   * could have offered and does not is somebody else's.
   */
  foreign(one: Package, versions?: readonly string[]): string | null;
}
