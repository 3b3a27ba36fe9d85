import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { inTurns } from '../../../src/core/time/turns.ts';
import { readApkIndex } from '../../../src/packages/apk/apk-index.ts';
import { PackageTable } from '../../../src/packages/apt/package-table.ts';
import { decode, decodeLimits } from '../../../src/packages/archives/decode.ts';
import { checkSignature } from '../../../src/packages/archives/openpgp-signature.ts';
import { readModules } from '../../../src/packages/rpm/module-index.ts';
import { readPrimary } from '../../../src/packages/rpm/primary.ts';
import { readUpdateinfo } from '../../../src/packages/rpm/updateinfo.ts';
import { clearSign, makeKey } from '../../support/fake-archive.ts';
import { tar } from '../../support/image-builder.ts';
import { streamOf } from '../../support/read-layer.ts';
import { longestStretch } from '../../support/watchdog.ts';

const name = 'an index';

function repeated(text: (i: number) => string, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, i) => text(i)).join(''));
}

/** Numbers in an order that is none. */
const mixed = (i: number): number => (i * 7919) % 1_000_003;

function unpacked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  return decode('.gz', streamOf(bytes), decodeLimits.size, name);
}

async function aptTable(bytes: Uint8Array): Promise<number> {
  const table = new PackageTable();
  for await (const piece of unpacked(bytes)) expect(table.write(piece)).toBe(true);
  return (await inTurns(table.end(name))).length;
}

const indexes: Readonly<Record<string, [() => Uint8Array, (bytes: Uint8Array) => Promise<unknown>]>> = {
  'the Packages of half a million packages': [
    () => gzipSync(repeated((i) => `Package: p${mixed(i)}\nVersion: 1.${i}\nArchitecture: amd64\n\n`, 500_000)),
    aptTable,
  ],
  'an APKINDEX of half a million packages': [
    () => {
      const content = repeated((i) => `P:p${mixed(i)}\nV:1.${i}-r0\nA:x86_64\n\n`, 500_000);
      return gzipSync(tar([{ path: 'APKINDEX', content }]));
    },
    (bytes) => readApkIndex(streamOf(bytes), name),
  ],
  'a primary.xml of 200,000 packages': [
    () => {
      const one = (i: number): string =>
        `<package type="rpm"><name>p${mixed(i)}</name><arch>noarch</arch><version epoch="0" ver="${i}" rel="1"/></package>`;
      return gzipSync(Buffer.concat([Buffer.from('<metadata>'), repeated(one, 200_000), Buffer.from('</metadata>')]));
    },
    (bytes) => readPrimary(unpacked(bytes), name),
  ],
  'a modules.yaml of many streams': [
    () =>
      gzipSync(
        repeated((i) => {
          const builds = Array.from({ length: 100 }, (_, k) => `    - p${k}-${mixed(i)}-0:1-${k}.x86_64\n`).join('');
          return `---\ndocument: modulemd\ndata:\n  name: m${i}\n  stream: "1"\n  artifacts:\n    rpms:\n${builds}...\n`;
        }, 5000),
      ),
    (bytes) => readModules(unpacked(bytes), name),
  ],
};

it.each(Object.entries(indexes))('%s are read in turns', async (_name, [make, read]) => {
  const bytes = make();
  expect(await longestStretch(() => read(bytes))).toBeLessThan(250);
});

it.each([
  [
    'builds of one stream',
    readModules,
    `document: modulemd\ndata:\n  name: m\n  stream: "1"\n  artifacts:\n    rpms:\n${Array.from({ length: 20_001 }, (_, i) => `    - p${i}-0:1-1.x86_64\n`).join('')}`,
  ],
  [
    'packages of one update',
    readUpdateinfo,
    `<updates><update type="security"><id>A-1</id>${'<package name="a" version="1" release="1" arch="noarch"/>'.repeat(20_001)}</update></updates>`,
  ],
  [
    'names that one package replaces',
    readPrimary,
    `<metadata><package type="rpm"><rpm:obsoletes>${'<rpm:entry name="a"/>'.repeat(5001)}</rpm:obsoletes></package></metadata>`,
  ],
])('more %s than there are anywhere are refused: they are looked at together', async (_what, read, text) => {
  await expect(read(streamOf(Buffer.from(text)), name)).rejects.toMatchObject({
    problem: { code: 'archive-index-damaged' },
  });
});

it('a signed text of as many lines as are read is checked in no time, and one of more is not believed', async () => {
  const key = await makeKey();
  const keyrings = [{ path: 'key', bytes: Buffer.from(key.publicKey) }];
  const check = async (text: string): Promise<string> => {
    const bytes = Buffer.from(await clearSign(text, key));
    const signed = { form: 'inline', bytes } as const;
    const ask = (): ReturnType<typeof checkSignature> => checkSignature(signed, keyrings, [], Date.now() + 60_000);
    const answer = await ask();
    expect(await longestStretch(ask)).toBeLessThan(250);
    return answer.kind === 'good' ? 'good' : answer.reason;
  };
  expect(await check(' \n'.repeat(49_000))).toBe('good');
  expect(await check(' \n'.repeat(600_000))).toBe('it has more than 50000 lines');
});
