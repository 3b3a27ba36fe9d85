import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/time/turns.ts';
import { apk } from '../../../src/packages/databases/apk.ts';
import type { DatabaseReading } from '../../../src/packages/package-database.ts';

function read(text: string, path = 'lib/apk/db/installed'): DatabaseReading {
  return atOnce(apk.read(new Map([[path, Buffer.from(text)]])));
}

const musl = 'C:Q1xyz=\nP:musl\nV:1.2.5-r9\nA:x86_64\no:musl\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nZ:Q1abc=\n';

describe('the apk database', () => {
  it('reads name, version, architecture and origin', () => {
    const text = `${musl}\nP:ssl_client\nV:1.37.0-r12\nA:x86_64\no:busybox\n\nP:solo\nV:1-r0\nA:noarch\n`;
    expect(read(text)).toEqual({
      packages: [
        { name: 'musl', version: '1.2.5-r9', architecture: 'x86_64', source: { name: 'musl', version: '1.2.5-r9' } },
        {
          name: 'ssl_client',
          version: '1.37.0-r12',
          architecture: 'x86_64',
          source: { name: 'busybox', version: '1.37.0-r12' },
        },
        { name: 'solo', version: '1-r0', architecture: 'noarch', source: { name: 'solo', version: '1-r0' } },
      ],
      problems: [],
    });
  });

  it('leaves out virtual packages', () => {
    expect(read(`P:.build-deps\nV:20240101.123456\nA:noarch\n\n${musl}`)).toMatchObject({
      packages: [{ name: 'musl' }],
      problems: [],
    });
  });

  it('reports records without a name or version and keeps the others', () => {
    const { packages, problems } = read(`P:half\nA:x86_64\n\nV:1\n\n${musl}`);
    expect(packages.map(({ name }) => name)).toEqual(['musl']);
    expect(problems).toEqual([
      {
        code: 'database-damaged',
        message: expect.stringContaining('2 of its records'),
        subject: 'lib/apk/db/installed',
      },
    ]);
  });

  it('is found under usr too, and lib comes first', () => {
    expect(read(musl, 'usr/lib/apk/db/installed').packages).toHaveLength(1);
    const both = new Map([
      ['usr/lib/apk/db/installed', Buffer.from(musl.replace('1.2.5-r9', '1.0-r0'))],
      ['lib/apk/db/installed', Buffer.from(musl)],
    ]);
    expect(atOnce(apk.read(both)).packages.map(({ version }) => version)).toEqual(['1.2.5-r9']);
  });
});
