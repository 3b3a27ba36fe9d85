import type { Package, VersionScheme } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import type { Steps } from '../core/time/turns.ts';

/** A kind of database of installed packages. One file per kind, one line in databases/index.ts. */
export interface PackageDatabase {
  /** The `database` of an inventory. */
  readonly name: string;
  /** The order in which its versions are compared. */
  readonly scheme: VersionScheme;
  /**
   * Globs of the files it is made of, as found in a merged root file system: no leading `/`, `*` within one component,
   * `{a,b}`. Every file the reader looks at must be named here, for nothing else is taken out of a layer.
   */
  readonly paths: readonly string[];
  /**
   * Reads the files that match `paths`, at least one, step by step: each is a millisecond or two, whatever the files hold.
   * Never throws: what cannot be read is a problem, the rest is kept.
   */
  read(files: ReadonlyMap<string, Uint8Array>): Steps<DatabaseReading>;
}

/** What a database says is installed. */
export interface DatabaseReading {
  readonly packages: readonly Package[];
  /** Not empty when packages may be missing. */
  readonly problems: readonly Problem[];
}
