/** Mounts that hold nothing beyond the container: layers over an image, memory. */
const passing = new Set(['overlay', 'aufs', 'fuse.fuse-overlayfs', 'tmpfs', 'ramfs']);

/**
 * Will what is written into a folder be gone when this container is? So it is for its own root, for memory, and for volumes that nobody named:
 * Docker's and Podman's are 64 hexadecimal digits, Kubernetes' an `empty-dir`. `mountinfo` is /proc/self/mountinfo (proc(5)).
 * Only to be asked in a container: elsewhere the root is a disk.
 */
export function endsWithContainer(folder: string, mountinfo: string): boolean {
  const mounts = mountinfo.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = left.split(' ').map(unescaped);
    const isAbove = point === '/' || folder === point || folder.startsWith(`${point}/`);
    return point !== '' && isAbove ? [{ root, point, type: right.split(' ')[0] ?? '' }] : [];
  });
  // The deepest; of equals the last, which lies on top.
  const mount = mounts.reduce<(typeof mounts)[number] | undefined>(
    (best, one) => (best !== undefined && best.point.length > one.point.length ? best : one),
    undefined,
  );
  if (mount === undefined) return false;
  return (
    mount.point === '/' ||
    passing.has(mount.type) ||
    /\/(?:[0-9a-f]{64}|kubernetes\.io~empty-dir)(?:\/|$)/.test(mount.root)
  );
}

/** Blanks and the like are written as octal numbers. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
