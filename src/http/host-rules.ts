import { BlockList, isIP } from 'node:net';

/**
 * How close to home an address is. Content that we did not write may not steer a request inwards:
 * a public registry that redirects to a private address would make us its hands inside the network.
 */
export type AddressClass = 'public' | 'private' | 'loopback' | 'forbidden';

const order: readonly AddressClass[] = ['public', 'private', 'loopback', 'forbidden'];

// Cloud metadata services hand out credentials to whoever asks: AWS, Azure, GCP, Oracle (169.254.169.254 is link-local),
// AWS over IPv6, Alibaba Cloud, Azure's wire server.
const metadata = blockList(['100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::254/128']);
/**
 * No address of a server that anybody may be sent to: by the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890),
 * link-local, unspecified, multicast, reserved, discard-only, and tunnels whose end is somewhere else (Teredo). Addresses for
 * documentation are public: nothing inside is found at one, and sealed networks give them to gateways that stand for hosts
 * outside.
 */
const forbidden = blockList([
  '169.254.0.0/16',
  'fe80::/10',
  '0.0.0.0/8',
  '::/128',
  '224.0.0.0/4',
  'ff00::/8',
  '240.0.0.0/4',
  '100::/64',
  '100:0:0:1::/64',
  '2001::/32',
]);
const loopback = blockList(['127.0.0.0/8', '::1/128']);
/**
 * What is routed inside a network only: RFC 1918, RFC 6598 (carrier-grade NAT), RFC 4193 and its predecessor, the protocol
 * assignments and benchmarks of RFC 6890 (some networks answer every name with 198.18.0.0/15), segment routing, and the
 * NAT64 prefix of a network's own (RFC 8215).
 */
const privateRanges = blockList([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  'fc00::/7',
  'fec0::/10',
  '64:ff9b:1::/48',
  '2001:2::/48',
  '5f00::/16',
]);

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** Classifies an IP address in text form; IPv4 written inside IPv6 counts as the IPv4 address it reaches. */
export function classifyAddress(address: string): AddressClass {
  // A zone (`fe80::1%eth0`) is a matter of this machine.
  const plain = address.replace(/%.*$/, '');
  const inner = embedded(plain) ?? plain;
  const family = isIP(inner) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(inner) === 0 || metadata.check(inner, family) || forbidden.check(inner, family)) return 'forbidden';
  if (loopback.check(inner, family)) return 'loopback';
  return privateRanges.check(inner, family) ? 'private' : 'public';
}

/** So many groups before the IPv4 address inside, and what they are. */
const embeddings: readonly (readonly number[])[] = [
  // IPv4-mapped (RFC 4291 §2.5.5.2), IPv4-compatible (§2.5.5.1), IPv4-translated (RFC 2765), NAT64 (RFC 6052), 6to4 (RFC 3056).
  [0, 0, 0, 0, 0, 0xffff],
  [0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0xffff, 0],
  [0x64, 0xff9b, 0, 0, 0, 0],
  [0x2002],
];

/** The IPv4 address that an IPv6 address stands for; undefined for one of its own, `::` and `::1` among them. */
function embedded(address: string): string | undefined {
  const groups = groupsOf(address);
  if (groups === undefined || (groups.slice(0, 7).every((one) => one === 0) && (groups[7] ?? 0) < 2)) return undefined;
  const prefix = embeddings.find((one) => one.every((group, i) => groups[i] === group));
  if (prefix === undefined) return undefined;
  const [high = 0, low = 0] = groups.slice(prefix.length);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups of an IPv6 address (RFC 4291 §2.2); undefined for what is none. */
function groupsOf(address: string): readonly number[] | undefined {
  if (isIP(address) !== 6) return undefined;
  // A dotted end is two groups.
  const hexadecimal = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [head = '', tail] = hexadecimal.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return read(head);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** May a request that is allowed as far in as `reach` connect to an address of this class? Link-local and metadata never. */
export function mayReach(reach: AddressClass, target: AddressClass): boolean {
  return target !== 'forbidden' && order.indexOf(target) <= order.indexOf(reach);
}

/** The one of two that lets less in. */
export function narrower(one: AddressClass, other: AddressClass): AddressClass {
  return mayReach(one, other) ? other : one;
}

/** The host of a URL as an IP address, or undefined when it is a name. */
export function literalAddress(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? undefined : host;
}

/** Does this registry host (with or without port) mean this machine? Docker tries such hosts over HTTPS, then HTTP. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name);
}
