import { describe, expect, it } from 'vitest';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import type { Package } from '../../src/core/package.ts';
import { atOnce } from '../../src/core/time/turns.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import type { ArchiveFamily, ArchivesReading } from '../../src/packages/archives/archive-family.ts';
import type { ArchiveDependencies } from '../../src/packages/archives/archive-fetch.ts';
import { compareVersions } from '../../src/packages/versions/index.ts';

/** An archive on loopback that offers `base` in a version newer than `installed`, and what an image that uses it holds. */
export interface ArchiveFixture {
  /** Enables one repository whose address leads to the archive. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The same with one more repository, which nobody serves. */
  readonly halfDead: ReadonlyMap<string, Uint8Array>;
  /** Enables one repository at the address of a cloud's metadata service. */
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  /** An older `base`. */
  readonly installed: Package;
  /** Requests so far. */
  requests(): number;
}

/** What every {@link ArchiveFamily} must keep, whatever it reads. */
export function describeArchiveFamily(
  name: string,
  create: (deps: ArchiveDependencies) => ArchiveFamily,
  fixture: () => ArchiveFixture,
): void {
  async function read(
    files: ReadonlyMap<string, Uint8Array>,
    packages: readonly Package[],
    names: ReadonlySet<string> = new Set(),
  ): Promise<ArchivesReading> {
    const http = new HttpClient({ userAgent: 'test', sleep: () => Promise.resolve() });
    const now = Date.now() + 600_000;
    const deps = { http, cache: memoryCache(), now, reach: 'loopback', maxAge: 3_600_000, fileTime: 60_000 } as const;
    try {
      return await create(deps).read({ os: undefined, packages, files, names });
    } finally {
      http.close();
    }
  }

  describe(`the ${name} archives`, () => {
    it('say what is newer, by the order of their own versions', async () => {
      const { files, installed } = fixture();
      const { scheme } = create({} as ArchiveDependencies);
      const reading = await read(files, [installed]);
      expect(reading).toMatchObject({ complete: true, problems: [] });
      expect(reading.repositories.map(({ trust }) => trust)).toEqual(['verified']);
      const [candidate] = atOnce(reading.candidates());
      expect(candidate).toMatchObject({ name: 'base', installed: installed.version });
      expect(compareVersions(scheme, candidate?.candidate ?? '', installed.version)).toBe(1);
      const versions = reading.offers('base').map(({ version }) => version);
      expect(versions[0]).toBe(candidate?.candidate);
    });

    it('offer what is not installed when its name was asked for, and nothing that is not there', async () => {
      const { files, installed } = fixture();
      const reading = await read(files, [{ ...installed, name: 'unheard-of' }], new Set(['base', 'nobody']));
      expect(atOnce(reading.candidates())).toEqual([]);
      expect(reading.offers('base').length).toBeGreaterThan(0);
      expect(reading.offers('nobody')).toEqual([]);
    });

    it('are not complete when one repository is not there, and use the others', async () => {
      const { halfDead, installed } = fixture();
      const reading = await read(halfDead, [installed]);
      expect(reading.complete).toBe(false);
      expect(reading.problems.length).toBeGreaterThan(0);
      expect(reading.repositories.map(({ trust }) => trust).sort()).toEqual(['unread', 'verified']);
      expect(atOnce(reading.candidates())).toHaveLength(1);
      expect(reading.foreign({ ...installed, name: 'unheard-of' })).toBeNull();
    });

    it('never ask a metadata service, nor anybody when nothing is enabled', async () => {
      const { metadata, installed, requests } = fixture();
      const before = requests();
      for (const files of [metadata, new Map<string, Uint8Array>()]) {
        const reading = await read(files, [installed]);
        expect(reading.complete).toBe(false);
        expect(reading.problems.length).toBeGreaterThan(0);
        expect(atOnce(reading.candidates())).toEqual([]);
        expect(reading.offers('base').filter(({ suite }) => suite !== 'installed')).toEqual([]);
      }
      expect(requests()).toBe(before);
    });

    it('have a state that is the same for the same answers and another for others', async () => {
      const { files, halfDead, installed } = fixture();
      const [first, second, other] = [
        await read(files, [installed]),
        await read(files, [installed]),
        await read(halfDead, [installed]),
      ];
      expect(first.state).toBe(second.state);
      expect(first.state).not.toBe(other.state);
    });

    it('answer the same, sorted, however often they are asked', async () => {
      const { files, installed } = fixture();
      const reading = await read(files, [installed]);
      expect(atOnce(reading.candidates())).toEqual(atOnce(reading.candidates()));
      const move = { name: 'base', before: installed.version, after: atOnce(reading.candidates())[0]?.candidate ?? '' };
      expect(reading.verdict(move)).toEqual(reading.verdict(move));
      expect(reading.verdict({ name: 'nobody', before: '1', after: '2' }).security).not.toBe(true);
    });

    it('have problems for people: a stable word and one sentence', async () => {
      const { halfDead, installed } = fixture();
      for (const { code, message } of (await read(halfDead, [installed])).problems) {
        expect(code).toMatch(/^[a-z]+(?:-[a-z0-9]+)+$/);
        expect(message).toMatch(/^(?!.*\n).{20,600}(?<![.\s])$/);
      }
    });
  });
}
