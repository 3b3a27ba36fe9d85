import { expect, it } from 'vitest';
import { endsWithContainer } from '../../src/entry/lasting.ts';

const hex = 'c0ffee'.repeat(11).slice(0, 64);
const overlay = '600 500 0:50 / / ro,relatime master:1 - overlay overlay rw,lowerdir=/l';
const lines: Readonly<Record<string, string>> = {
  named: '610 600 8:1 /var/lib/docker/volumes/plimsoll/_data /state rw,relatime master:2 - ext4 /dev/sda1 rw',
  anonymous: `611 600 8:1 /var/lib/docker/volumes/${hex}/_data /state rw,relatime master:2 - ext4 /dev/sda1 rw`,
  podman: `612 600 8:1 /containers/storage/volumes/${hex}/_data /state rw - xfs /dev/sda1 rw`,
  bind: '613 600 8:1 /srv/plimsoll\\040state /state rw,relatime - ext4 /dev/sda1 rw',
  memory: '614 600 0:60 / /state rw - tmpfs tmpfs rw,size=64k',
  emptyDir: '615 600 8:1 /var/lib/kubelet/pods/1-2/volumes/kubernetes.io~empty-dir/state /state rw - ext4 /dev/sda1 rw',
  claim: '616 600 8:16 / /state rw,relatime - ext4 /dev/sdb rw',
  elsewhere: '617 600 8:1 /srv /stateful rw - ext4 /dev/sda1 rw',
  spaced: '618 600 8:1 /srv /my\\040state rw - ext4 /dev/sda1 rw',
  // Storage driver vfs: the root is a folder of the host's own file system.
  vfs: `600 500 8:1 /docker/vfs/dir/${hex} / ro,relatime - ext4 /dev/sda1 rw`,
};

it.each([
  [[], true],
  [['named'], false],
  [['anonymous'], true],
  [['podman'], true],
  [['bind'], false],
  [['memory'], true],
  [['emptyDir'], true],
  [['claim'], false],
  [['elsewhere'], true],
  // What is mounted last lies on top.
  [['anonymous', 'named'], false],
  [['named', 'memory'], true],
])('with %j of mounts, /state ends with the container: %s', (names, expected) => {
  for (const first of [overlay, lines['vfs']]) {
    const mountinfo = `${[first, ...names.map((name) => lines[name])].join('\n')}\n`;
    expect(endsWithContainer('/state/plimsoll', mountinfo)).toBe(expected);
    expect(endsWithContainer('/state', mountinfo)).toBe(expected);
  }
});

it('reads mount points with blanks, and believes nothing where nothing can be read', () => {
  expect(endsWithContainer('/my state/x', `${overlay}\n${lines['spaced']}\n`)).toBe(false);
  expect(endsWithContainer('/state', '')).toBe(false);
});
