import type { DistroRelease, Package } from '../../core/package.ts';
import type { Purl } from './purl.ts';

/** A package of a distribution, as an SBOM names it. */
export interface DistroPackage {
  readonly database: 'dpkg' | 'apk' | 'rpm';
  readonly package: Package;
  readonly os?: DistroRelease;
}

const databases: Readonly<Record<string, DistroPackage['database']>> = { deb: 'dpkg', apk: 'apk', rpm: 'rpm' };

/**
 * The package that a package URL of type deb, apk or rpm means; undefined for the other types. Sources: purl-spec,
 * PURL-TYPES.rst (`arch`, `epoch`); the qualifiers `distro` and `upstream` as Syft and Trivy write them, `os_name` and
 * `os_version` as Docker Scout does.
 */
export function distroPackage({ type, name, version, qualifiers }: Purl): DistroPackage | undefined {
  const database = Object.hasOwn(databases, type) ? databases[type] : undefined;
  if (database === undefined) return undefined;
  const { arch = '', epoch = '', upstream } = qualifiers;
  // rpm writes no epoch of 0; the epoch of a deb stands in its version, or, by some generators, in a qualifier.
  const full = /^[1-9]\d*$/.test(epoch) && !version.includes(':') ? `${epoch}:${version}` : version;
  const source = upstream === undefined ? undefined : sourceOf(upstream, database, full);
  const os = releaseOf(qualifiers);
  return {
    database,
    package: { name, version: full, architecture: arch, ...(source && { source }) },
    ...(os && { os }),
  };
}

/** `glibc@2.36-9`, or a name alone where the version is the same; of rpm the file of the source package. */
function sourceOf(
  upstream: string,
  database: DistroPackage['database'],
  version: string,
): { readonly name: string; readonly version: string } | undefined {
  if (database === 'rpm') {
    // name-version-release.src.rpm
    const parts = upstream.endsWith('.src.rpm') ? upstream.slice(0, -'.src.rpm'.length).split('-') : [];
    const name = parts.slice(0, -2).join('-');
    return name === '' ? undefined : { name, version: parts.slice(-2).join('-') };
  }
  const at = upstream.indexOf('@');
  return at < 0 ? { name: upstream, version } : { name: upstream.slice(0, at), version: upstream.slice(at + 1) };
}

/** `debian-12`, `opensuse-leap-15.6`, `wolfi-20230201`. */
function releaseOf({ distro, os_name: name, os_version: versionId }: Purl['qualifiers']): DistroRelease | undefined {
  if (name !== undefined && name !== '') return { id: name.toLowerCase(), ...(versionId && { versionId }) };
  const { id, version } =
    /^(?<id>[a-z][a-z0-9_]*(?:-[a-z][a-z0-9_]*)*)(?:-(?<version>\d[\w.]*))?/.exec(distro ?? '')?.groups ?? {};
  return id === undefined ? undefined : { id, ...(version !== undefined && { versionId: version }) };
}
