import type { DistroRelease } from '../core/package.ts';

/** The `-release` files of etc are often symlinks to each other, so all of them are wanted. */
export const fallbackReleasePaths: readonly string[] = [
  'etc/*-release',
  'etc/debian_version',
  'etc/system-release-cpe',
];

type Read = (path: string) => string | undefined;
type ParseAssignments = (text: string) => ReadonlyMap<string, string>;

/** First words of etc/redhat-release and its siblings → os-release ID. The longest match stands first. */
const redhatNames: readonly (readonly [start: string, id: string])[] = [
  ['Red Hat Enterprise Linux', 'rhel'],
  ['CentOS', 'centos'],
  ['Fedora', 'fedora'],
  ['Rocky Linux', 'rocky'],
  ['AlmaLinux', 'almalinux'],
  ['Oracle Linux', 'ol'],
  ['Amazon Linux', 'amzn'],
];

/** `vendor:product` of a CPE → os-release ID. */
const cpeProducts: Readonly<Record<string, string>> = {
  'redhat:enterprise_linux': 'rhel',
  'centos:centos': 'centos',
  'centos:linux': 'centos',
  'fedoraproject:fedora': 'fedora',
  'rocky:rocky': 'rocky',
  'almalinux:almalinux': 'almalinux',
  'oracle:linux': 'ol',
  'amazon:amazon_linux': 'amzn',
  'amazon:linux': 'amzn',
};

/** The distro as told by the files that were there before os-release. lsb-release first, since Ubuntu has a debian_version too. */
export function fallbackRelease(read: Read, parse: ParseAssignments): DistroRelease | undefined {
  return (
    fromLsbRelease(parse(read('etc/lsb-release') ?? '')) ??
    fromAlpineRelease(firstLine(read('etc/alpine-release'))) ??
    fromRedhatRelease(firstLine(read('etc/redhat-release') ?? read('etc/system-release'))) ??
    fromCpe(firstLine(read('etc/system-release-cpe'))) ??
    fromDebianVersion(firstLine(read('etc/debian_version')))
  );
}

function fromLsbRelease(values: ReadonlyMap<string, string>): DistroRelease | undefined {
  const id = values.get('DISTRIB_ID')?.toLowerCase().replaceAll(' ', '-');
  if (!id) return undefined;
  const versionId = values.get('DISTRIB_RELEASE');
  const codename = values.get('DISTRIB_CODENAME');
  const prettyName = values.get('DISTRIB_DESCRIPTION');
  return { id, ...(versionId && { versionId }), ...(codename && { codename }), ...(prettyName && { prettyName }) };
}

function fromAlpineRelease(line: string): DistroRelease | undefined {
  return line === '' ? undefined : { id: 'alpine', versionId: line };
}

/** `12.5` is release 12; `trixie/sid` is what becomes trixie. */
function fromDebianVersion(line: string): DistroRelease | undefined {
  const number = /^[0-9]+/.exec(line)?.[0];
  if (number !== undefined) return { id: 'debian', versionId: number };
  const codename = /^[a-z]+/.exec(line)?.[0];
  return codename === undefined ? undefined : { id: 'debian', codename };
}

/** `CentOS Linux release 7.9.2009 (Core)` */
function fromRedhatRelease(line: string): DistroRelease | undefined {
  const id = redhatNames.find(([start]) => line.startsWith(start))?.[1];
  if (id === undefined) return undefined;
  const versionId = /release ([0-9][0-9.]*)/.exec(line)?.[1];
  return { id, ...(versionId && { versionId }), prettyName: line };
}

/** `cpe:/o:redhat:enterprise_linux:8::baseos` or `cpe:2.3:o:amazon:amazon_linux:2` */
function fromCpe(line: string): DistroRelease | undefined {
  const match = /^cpe:(?:\/|2\.3:)o:(?<vendor>[^:]*):(?<product>[^:]*):(?<version>[^:]*)/.exec(line);
  const id = cpeProducts[`${match?.groups?.['vendor']}:${match?.groups?.['product']}`];
  if (id === undefined) return undefined;
  const versionId = match?.groups?.['version'];
  return { id, ...(versionId && { versionId }) };
}

function firstLine(text: string | undefined): string {
  return (text ?? '').split('\n', 1)[0]?.trim() ?? '';
}
