import { type DistroRelease, isAlpineEdge } from '../../core/package.ts';

const codenames: Readonly<Record<string, string>> = { '11': 'bullseye', '12': 'bookworm', '13': 'trixie' };

/**
 * The sources that the operator's mirrors stand for, for images that bring none (distroless, cleaned up): `debian` and
 * `debian-security`, `ubuntu`, `alpine`, each to an address. The text of the distro's own sources file, by its path.
 */
export function suppliedSources(
  os: DistroRelease | undefined,
  mirrors: Readonly<Record<string, string>>,
): readonly [path: string, text: Uint8Array] | undefined {
  const lines = os ? linesFor(os, mirrors) : [];
  if (!os || lines.length === 0) return undefined;
  return [os.id === 'alpine' ? 'etc/apk/repositories' : 'etc/apt/sources.list', Buffer.from(`${lines.join('\n')}\n`)];
}

function linesFor(os: DistroRelease, mirrors: Readonly<Record<string, string>>): readonly string[] {
  const { id, versionId = '' } = os;
  const code = os.codename ?? codenames[versionId];
  const main = mirrors[id];
  switch (id) {
    case 'debian': {
      const security = mirrors['debian-security'];
      if (code === undefined) return [];
      return [
        ...(main === undefined ? [] : [`deb ${main} ${code} main`, `deb ${main} ${code}-updates main`]),
        ...(security === undefined ? [] : [`deb ${security} ${code}-security main`]),
      ];
    }
    case 'ubuntu':
      if (code === undefined || main === undefined) return [];
      return ['', '-updates', '-security'].map((pocket) => `deb ${main} ${code}${pocket} main universe`);
    case 'alpine': {
      if (main === undefined) return [];
      const branch = isAlpineEdge(os) ? 'edge' : `v${versionId.split('.').slice(0, 2).join('.')}`;
      return ['main', 'community'].map((name) => `${main.replace(/\/*$/, '')}/${branch}/${name}`);
    }
    default:
      return [];
  }
}
