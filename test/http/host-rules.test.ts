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
