/** A release of a distribution that tags call by its name. */
export interface Codename {
  readonly family: 'debian' | 'ubuntu';
  readonly numbers: readonly string[];
  readonly lts?: boolean;
}

// Oldest first: wiki.debian.org/DebianReleases; wiki.ubuntu.com/Releases, two a year since 14.04 as far as they lived on.
const debianNames = 'jessie stretch buster bullseye bookworm trixie forky duke'.split(' ');
const ubuntuNames =
  'trusty:14.04 xenial:16.04 bionic:18.04 focal:20.04 groovy:20.10 hirsute:21.04 impish:21.10 jammy:22.04 kinetic:22.10 lunar:23.04 mantic:23.10 noble:24.04 oracular:24.10 plucky:25.04 questing:25.10 resolute:26.04';

/** By name. */
export const codenames: ReadonlyMap<string, Codename> = new Map<string, Codename>([
  ...debianNames.map((name, i): [string, Codename] => [name, { family: 'debian', numbers: [String(8 + i)] }]),
  ...ubuntuNames.split(' ').map((entry): [string, Codename] => {
    const [name = '', year = '', month = ''] = entry.split(/[:.]/);
    const lts = Number(year) % 2 === 0 && month === '04';
    return [name, { family: 'ubuntu', numbers: [year, month], lts }];
  }),
]);
