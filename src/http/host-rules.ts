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
const forbidden = blockList([
  '169.254.0.0/16',
  'fe80::/10',
  '0.0.0.0/8',
  '::/128',
  '224.0.0.0/4',
  'ff00::/8',
  '240.0.0.0/4',
]);
const loopback = blockList(['127.0.0.0/8', '::1/128']);
// RFC 1918, RFC 6598 (carrier-grade NAT), RFC 4193.
const privateRanges = blockList([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fec0::/10',
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
  const inner =
    /^(?:::ffff:(?:0:)?|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? unmapped(address) ?? address;
  const family = isIP(inner) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(inner) === 0 || metadata.check(inner, family) || forbidden.check(inner, family)) return 'forbidden';
  if (loopback.check(inner, family)) return 'loopback';
  return privateRanges.check(inner, family) ? 'private' : 'public';
}

/** `::ffff:7f00:1` is 127.0.0.1: the URL parser writes mapped addresses in hexadecimal. */
function unmapped(address: string): string | undefined {
  const match = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (!match) return undefined;
  const [high, low] = [Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** May a request that is allowed as far in as `reach` connect to an address of this class? Link-local and metadata never. */
export function mayReach(reach: AddressClass, target: AddressClass): boolean {
  return target !== 'forbidden' && order.indexOf(target) <= order.indexOf(reach);
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
