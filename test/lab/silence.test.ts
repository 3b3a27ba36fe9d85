import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { RunRecord } from '../../src/core/run-record.ts';
import { checkInSilence, type NameServer, noSilence } from './support/silence.ts';

const { folder } = inject('lab');
const refused = noSilence();

const hosts = 50;
const perHost = 12;
const references = (host: (n: number) => string): readonly string[] =>
  Array.from({ length: hosts * perHost }, (_, n) => `${host(n % hosts)}/team/app-${n}:1`);

/** Seconds, by the report's own account. */
function elapsed({ startedAt, finishedAt }: RunRecord): number {
  return (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
}

describe.skipIf(refused !== undefined)(
  `600 references of 50 hosts${refused === undefined ? '' : ` (${refused})`}`,
  () => {
    it.each<[string, (n: number) => string, NameServer, RegExp, number]>([
      // A connection, twice at most before a host counts as down, and all hosts at once.
      ['that drop every packet', (n) => `10.9.1.${n + 1}:5000`, 'silent', /connection within 6 s|did not answer/, 25],
      [
        'with names that nobody resolves',
        (n) => `registry-${n}.example`,
        'silent',
        /no addresses of|did not answer/,
        25,
      ],
      ['with names that are refused', (n) => `registry-${n}.example`, 'refuses', /registry-\d+\.example/, 15],
    ])(
      '%s: each is unknown with its host’s reason, in seconds, and the one that is well is not',
      (name, host, names, why, seconds) => {
        const own = path.join(folder, `silence-${name.replaceAll(' ', '-')}`);
        mkdirSync(own);
        const started = performance.now();
        const record = checkInSilence(own, references(host), names);
        const took = (performance.now() - started) / 1000;
        const unknown = record.findings.filter((one) => one.class === 'unknown');
        expect(unknown).toHaveLength(hosts * perHost);
        expect(
          unknown.filter(({ problem }) => !why.test(problem?.message ?? '')).map(({ problem }) => problem),
        ).toEqual([]);
        expect(record.summary).toMatchObject({
          uses: hosts * perHost + 1,
          unknown: hosts * perHost,
          needsRebuild: null,
        });
        expect(record.findings.filter(({ line }) => line === hosts * perHost + 1)).toEqual([]);
        expect(elapsed(record)).toBeLessThan(seconds);
        // A process that is done ends, whatever the system still looks up.
        expect(took - elapsed(record)).toBeLessThan(20);
        // Hosts that count as down are not asked for each of their images.
        expect(record.cost.requests).toBeLessThan(hosts * (perHost - 1));
      },
    );
  },
);
