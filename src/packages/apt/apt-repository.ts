/** One suite at one address, as the image enables it. */
export interface AptRepository {
  /** http or https, ends in `/`, no user information. */
  readonly uri: string;
  /** As written: `bookworm-security`; a flat repository's ends in `/` and is a folder below the address. */
  readonly suite: string;
  /** Empty for a flat repository. */
  readonly components: readonly string[];
  /** Debian's names; undefined: whatever the image uses. */
  readonly architectures?: readonly string[];
  readonly trust: SourceTrust;
  /** False: `Check-Valid-Until: no`, an old Release is taken all the same. */
  readonly checksValidUntil: boolean;
  /** `etc/apt/sources.list:3` */
  readonly place: string;
}

/** Whose signature a source accepts. */
export interface SourceTrust {
  /** `trusted=yes` takes anything, `trusted=no` nothing; undefined: a good signature is needed. */
  readonly trusted?: boolean;
  /** Words of Signed-By: absolute paths of keyrings, or fingerprints of keys in them; none: all trusted keyrings. */
  readonly signedBy: readonly string[];
  /** A key written into the source itself, in ASCII armor. */
  readonly armoredKey?: string;
}

/**
 * The words of Signed-By: keyrings, as paths without a leading `/`, and fingerprints of keys, the `!` behind one left
 * there. Source: sources.list(5).
 */
export function namedKeys({ signedBy }: Pick<SourceTrust, 'signedBy'>): {
  readonly paths: readonly string[];
  readonly fingerprints: readonly string[];
} {
  const isFingerprint = (word: string): boolean => /^[0-9a-f]{16,64}!?$/i.test(word);
  return {
    paths: signedBy.filter((word) => !isFingerprint(word)),
    fingerprints: signedBy.filter(isFingerprint),
  };
}

/** One package as one repository offers it. */
export interface AptOffer {
  readonly name: string;
  readonly version: string;
  /** Debian's name, or `all`. */
  readonly architecture: string;
  readonly component: string;
  /** What it was built from; absent when that has its name and version. */
  readonly source?: { readonly name: string; readonly version: string };
}

/** What a Release says about its repository, for pins and reports; header fields as written. */
export interface AptRelease {
  readonly origin?: string;
  readonly label?: string;
  readonly suite?: string;
  readonly codename?: string;
  readonly version?: string;
  /** apt then installs from it only when asked to (priority 1). */
  readonly notAutomatic: boolean;
  /** With `notAutomatic`: what came from it is upgraded from it (priority 100). */
  readonly butAutomaticUpgrades: boolean;
}

/** A repository whose offers are known. */
export interface AptArchive {
  readonly repository: AptRepository;
  readonly release: AptRelease;
  readonly offers: readonly AptOffer[];
  /** False when some index of it could not be read. */
  readonly complete: boolean;
  /** Of its Release: another sum, other offers. */
  readonly sum: string;
}
