import { describe, expect, it } from 'vitest';
import { ArchiveTrouble } from '../../../src/packages/archives/archive-error.ts';
import { rowsOf } from '../../../src/packages/archives/package-rows.ts';
import { readPrimary } from '../../../src/packages/rpm/primary.ts';
import { parseRepomd } from '../../../src/packages/rpm/repomd.ts';
import { readUpdateinfo, updatesIn } from '../../../src/packages/rpm/updateinfo.ts';
import { primaryXml, updateinfoXml } from '../../support/fake-rpm.ts';
import { fc } from '../../support/fast-check.ts';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const primary = primaryXml([
  { name: 'ünï', version: '1:2-3', sourceRpm: 'src-2-3.src.rpm' },
  { name: 'b', version: '1-1', sourceRpm: 'b-1-1.src.rpm' },
]);
const updates = updateinfoXml([
  {
    id: 'A-1',
    severity: 'Low',
    cves: ['CVE-2026-1000', 'CVE-x'],
    module: 'm:1',
    packages: [{ name: 'a', version: '1-1' }],
  },
  { id: 'A-2', type: 'bugfix', packages: [{ name: 'a', version: '2-1' }] },
]);

async function readRepomd(all: AsyncIterable<Uint8Array>): Promise<unknown> {
  const parts: Uint8Array[] = [];
  for await (const part of all) parts.push(part);
  return parseRepomd(Buffer.concat(parts), 'x');
}

describe('documents of a repository', () => {
  it.each([1, 3, 64, 100_000])('are read in pieces of %i', async (size) => {
    const table = await readPrimary(pieces(primary, size), 'x');
    expect(rowsOf(table, 'ünï')).toEqual([
      { name: 'ünï', version: '1:2-3', architecture: 'x86_64', source: { name: 'src', version: '1:2-3' } },
    ]);
    expect(rowsOf(table, 'b')).toEqual([{ name: 'b', version: '1-1', architecture: 'x86_64' }]);
    expect(updatesIn(await readUpdateinfo(pieces(updates, size), 'x'))('a')).toEqual([
      {
        version: '1-1',
        architecture: 'x86_64',
        id: 'A-1',
        security: true,
        severity: 'Low',
        cves: ['CVE-2026-1000'],
        stream: 'm:1',
      },
    ]);
  });

  it('say nothing when they are empty', async () => {
    expect(updatesIn(await readUpdateinfo(pieces(Buffer.from('<updates/>'), 5), 'x'))('a')).toEqual([]);
    expect(rowsOf(await readPrimary(pieces(Buffer.from('<metadata packages="0"/>'), 5), 'x'), 'a')).toEqual([]);
  });

  it.each([
    ['primary', primary, readPrimary],
    ['updateinfo', updates, readUpdateinfo],
    ['repomd', primary, readRepomd],
  ] as const)('are trouble at worst, whatever was done to them: %s', async (_, document, read) => {
    const change = fc.tuple(fc.nat(document.length - 1), fc.constantFrom(...'<>&"/=! x\0'), fc.nat(document.length));
    await fc.assert(
      fc.asyncProperty(change, async ([at, character, length]) => {
        const bytes = Buffer.from(document.subarray(0, length));
        if (at < bytes.length) bytes.write(character, at);
        const found = await read(pieces(bytes, 500), 'x').catch((error: unknown) => error);
        if (found instanceof Error) expect(found).toBeInstanceOf(ArchiveTrouble);
      }),
      { numRuns: 300 },
    );
  });
});
