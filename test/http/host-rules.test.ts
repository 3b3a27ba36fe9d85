import { describe, expect, it } from 'vitest';
import { classifyAddress, isLoopbackHost, mayReach } from '../../src/http/host-rules.ts';

describe('classifyAddress', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:10.0.0.1', 'private'],
    ['169.254.169.254', 'forbidden'],
    ['::ffff:a9fe:a9fe', 'forbidden'],
    ['fe80::1', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['168.63.129.16', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['0.0.0.0', 'forbidden'],
    ['::', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['not an address', 'forbidden'],
    // IPv4 inside IPv6, in every form there is.
    ['::10.0.0.1', 'private'],
    ['::a00:1', 'private'],
    ['::127.0.0.1', 'loopback'],
    ['::ffff:0:10.0.0.1', 'private'],
    ['::ffff:0:7f00:1', 'loopback'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::a9fe:a9fe', 'forbidden'],
    ['0:0:0:0:0:ffff:0a00:0001', 'private'],
    ['2002:0a00:0001::1', 'private'],
    ['2002:a9fe:a9fe::', 'forbidden'],
    ['2002:808:808::1', 'public'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['::8.8.8.8', 'public'],
    ['64:ff9b:1::a00:1', 'private'],
    ['64:ff9b:1:1::8.8.8.8', 'private'],
    ['fe80::1%eth0', 'forbidden'],
    // The special-purpose registries of IANA.
    ['192.0.0.1', 'private'],
    ['192.0.0.255', 'private'],
    ['192.0.1.1', 'public'],
    ['198.18.0.1', 'private'],
    ['198.19.255.255', 'private'],
    ['198.20.0.1', 'public'],
    ['192.88.99.1', 'private'],
    ['192.0.2.1', 'public'],
    ['198.51.100.7', 'public'],
    ['203.0.113.7', 'public'],
    ['255.255.255.255', 'forbidden'],
    ['2001:db8::1', 'public'],
    ['3fff:1::1', 'public'],
    ['100::1', 'forbidden'],
    ['2001:0:53aa::1', 'forbidden'],
    ['2001:2::1', 'private'],
    ['5f00::1', 'private'],
    ['2001:4860:4860::8888', 'public'],
  ])('%s is %s', (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });
});

describe('mayReach', () => {
  it.each([
    ['public', 'public', true],
    ['public', 'private', false],
    ['private', 'loopback', false],
    ['loopback', 'private', true],
    ['loopback', 'forbidden', false],
  ] as const)('from %s to %s: %s', (reach, target, answer) => {
    expect(mayReach(reach, target)).toBe(answer);
  });
});

it.each([
  ['localhost:5000', true],
  ['127.0.0.2', true],
  ['[::1]:443', true],
  ['127.0.0.1.example.com', false],
  ['docker.io', false],
])('%s on loopback: %s', (host, answer) => {
  expect(isLoopbackHost(host)).toBe(answer);
});
