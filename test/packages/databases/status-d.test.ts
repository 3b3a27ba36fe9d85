import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/time/turns.ts';
import { statusD } from '../../../src/packages/databases/status-d.ts';

const control = 'Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\n';

describe('the status.d database', () => {
  it('takes every file for an installed package, and leaves out md5sums', () => {
    const files = new Map([
      ['var/lib/dpkg/status.d/tzdata', Buffer.from(control)],
      [
        'var/lib/dpkg/status.d/tzdata.md5sums',
        Buffer.from('d41d8cd98f00b204e9800998ecf8427e  usr/share/zoneinfo/UTC\n'),
      ],
      [
        'var/lib/dpkg/status.d/libc6',
        Buffer.from('Package: libc6\nSource: glibc\nVersion: 2.36-9\nArchitecture: amd64\n'),
      ],
    ]);
    expect(atOnce(statusD.read(files))).toEqual({
      packages: [
        {
          name: 'tzdata',
          version: '2024a-0+deb12u1',
          architecture: 'all',
          source: { name: 'tzdata', version: '2024a-0+deb12u1' },
        },
        { name: 'libc6', version: '2.36-9', architecture: 'amd64', source: { name: 'glibc', version: '2.36-9' } },
      ],
      problems: [],
    });
  });

  it('reports a file that is no control file and keeps the others', () => {
    const files = new Map([
      ['var/lib/dpkg/status.d/broken', Buffer.from('<html>\n')],
      ['var/lib/dpkg/status.d/tzdata', Buffer.from(control)],
    ]);
    const { packages, problems } = atOnce(statusD.read(files));
    expect(packages.map(({ name }) => name)).toEqual(['tzdata']);
    expect(problems.map(({ code, subject }) => [code, subject])).toEqual([
      ['database-damaged', 'var/lib/dpkg/status.d/broken'],
    ]);
  });

  it('does not report every one of thousands of broken files', () => {
    const files = new Map(Array.from({ length: 3000 }, (_, at) => [`var/lib/dpkg/status.d/${at}`, Buffer.from('x')]));
    const { problems } = atOnce(statusD.read(files));
    expect(problems).toHaveLength(11);
    expect(problems.at(-1)?.message).toContain('2990 more');
  });
});
