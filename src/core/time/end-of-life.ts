import { type DistroRelease, isAlpineEdge } from '../package.ts';

/**
 * The last day with security updates for everybody (paid extensions do not count; Debian's LTS does, since its archive
 * is public). By os-release ID, then release. Looked up on 2026-11-21; every release of Plimsoll brings it up to date.
 * Sources: wiki.debian.org/DebianReleases and /LTS, ubuntu.com/about/release-cycle, alpinelinux.org/releases,
 * access.redhat.com "Product life cycles", wiki.rockylinux.org, wiki.almalinux.org, endoflife.date for the others.
 */
const lastDays: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    '7': '2018-05-31',
    '8': '2020-06-30',
    '9': '2022-06-30',
    '10': '2024-06-30',
    '11': '2026-08-31',
    '12': '2028-06-30',
    '13': '2030-06-30',
  },
  ubuntu: {
    '14.04': '2019-04-25',
    '16.04': '2021-04-30',
    '18.04': '2023-05-31',
    '20.04': '2025-05-31',
    '22.04': '2027-04-30',
    '23.04': '2024-01-25',
    '23.10': '2024-07-11',
    '24.04': '2029-05-31',
    '24.10': '2025-07-10',
    '25.04': '2026-01-15',
    '25.10': '2026-07-31',
    '26.04': '2031-05-31',
  },
  alpine: {
    '3.12': '2022-05-01',
    '3.13': '2022-11-01',
    '3.14': '2023-05-01',
    '3.15': '2023-11-01',
    '3.16': '2024-05-23',
    '3.17': '2024-11-22',
    '3.18': '2025-05-09',
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
    '3.22': '2027-05-01',
    '3.23': '2027-11-01',
  },
  rhel: { '6': '2020-11-30', '7': '2024-06-30', '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  centos: { '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31' },
  'centos-stream': { '8': '2024-05-31', '9': '2027-05-31', '10': '2030-01-01' },
  rocky: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  almalinux: { '8': '2029-03-01', '9': '2032-05-31', '10': '2035-05-31' },
  ol: { '6': '2021-03-31', '7': '2024-12-31', '8': '2029-07-31', '9': '2032-06-30' },
  fedora: { '39': '2024-11-26', '40': '2025-05-13', '41': '2025-12-15', '42': '2026-05-13', '43': '2026-12-09' },
  amzn: { '1': '2023-12-31', '2': '2026-06-30', '2023': '2029-06-30' },
  'opensuse-leap': { '15.3': '2022-12-31', '15.4': '2023-12-07', '15.5': '2024-12-31', '15.6': '2026-04-30' },
  mariner: { '2': '2025-07-31', '2.0': '2025-07-31' },
};

/**
 * The last day (RFC 3339 date) on which a release gets security updates; undefined when that is not known, or when what is
 * there leads to a release that has not come yet.
 */
export function endOfLife(os: DistroRelease): string | undefined {
  const { versionId = '' } = os;
  if (isAlpineEdge(os) || /(?:_alpha|_beta|_rc|~)/.test(versionId)) return undefined;
  const id = productOf(os);
  const releases = Object.hasOwn(lastDays, id) ? lastDays[id] : undefined;
  if (releases === undefined) return undefined;
  const [major = '', minor] = versionId.split('.');
  const keys = [versionId, ...(minor === undefined ? [] : [`${major}.${minor}`]), major];
  const key = keys.find((one) => Object.hasOwn(releases, one));
  return key === undefined ? undefined : releases[key];
}

/** CentOS Linux and CentOS Stream share their ID and their numbers; there has been no CentOS Linux 9. */
function productOf({ id, versionId = '', prettyName = '' }: DistroRelease): string {
  if (id !== 'centos') return id;
  return /stream/i.test(prettyName) || Number.parseInt(versionId, 10) >= 9 ? 'centos-stream' : 'centos';
}
