import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunRecord } from '../../../src/core/run-record.ts';
import { runTool } from './run-tool.ts';

/** `silent`: the name server is one of the hosts that nobody hears. `refuses`: nobody listens where it should be. */
export type NameServer = 'silent' | 'refuses';

/** Why no network of our own can be made here; undefined: it can. */
export function noSilence(): string | undefined {
  const { status, stderr, error } = spawnSync('unshare', ['-rnm', 'ip', 'link', 'set', 'lo', 'up'], {
    encoding: 'utf8',
  });
  return status === 0
    ? undefined
    : `this machine lets nobody make a network of his own: ${error?.message ?? stderr.trim()}`;
}

/**
 * What a check says of these references in a network of its own, where whatever goes to 10.9.0.0/16 is lost without a word,
 * as behind a firewall that drops: a pair of cables, of which one end has the addresses, asks for no neighbour's, and
 * nobody sits at the other.
 */
export function checkInSilence(folder: string, references: readonly string[], names: NameServer): RunRecord {
  const resolver = path.join(folder, 'resolv.conf');
  writeFileSync(resolver, `nameserver ${names === 'silent' ? '10.9.255.53' : '127.0.0.1'}\n`);
  const script = [
    'set -e',
    'ip link set lo up',
    'ip link add lost type veth peer name nobody',
    'ip link set lost arp off',
    'ip address add 10.9.0.1/16 dev lost',
    'ip link set lost up',
    'ip link set nobody up',
    'mount --bind "$1" /etc/resolv.conf',
    'cd "$2"',
    'exec "$3" "$4" "$5"',
  ].join('\n');
  const inside = path.join(import.meta.dirname, 'in-silence.ts');
  const list = path.join(folder, 'references.json');
  writeFileSync(list, JSON.stringify(references));
  const given = [resolver, folder, process.execPath, inside, list];
  return JSON.parse(runTool('unshare', ['-rnm', 'sh', '-c', script, 'sh', ...given])) as RunRecord;
}
