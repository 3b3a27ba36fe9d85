import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/time/turns.ts';
import { dpkg } from '../../../src/packages/databases/dpkg.ts';
import type { DatabaseReading } from '../../../src/packages/package-database.ts';

function read(text: string, path = 'var/lib/dpkg/status'): DatabaseReading {
  return atOnce(dpkg.read(new Map([[path, Buffer.from(text)]])));
}

function paragraph(fields: Readonly<Record<string, string>>): string {
  const all = { Package: 'a', Status: 'install ok installed', Architecture: 'amd64', Version: '1', ...fields };
  return Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

describe('the dpkg database', () => {
  it('reads name, version, architecture and source', () => {
    const text = [
      paragraph({ Package: 'libacl1', Version: '2.3.2-2+b1', Source: 'acl (2.3.2-2)' }),
      paragraph({ Package: 'bash', Version: '5.2-1' }),
      paragraph({ Package: 'libc6', Version: '2.41-12', Source: 'glibc' }),
    ].join('\n');
    expect(read(text)).toEqual({
      packages: [
        { name: 'libacl1', version: '2.3.2-2+b1', architecture: 'amd64', source: { name: 'acl', version: '2.3.2-2' } },
        { name: 'bash', version: '5.2-1', architecture: 'amd64', source: { name: 'bash', version: '5.2-1' } },
        { name: 'libc6', version: '2.41-12', architecture: 'amd64', source: { name: 'glibc', version: '2.41-12' } },
      ],
      problems: [],
    });
  });

  it.each([
    ['install ok installed', true],
    ['hold ok installed', true],
    ['install ok triggers-pending', true],
    ['install ok triggers-awaited', true],
    ['install  reinstreq   installed', true],
    ['deinstall ok config-files', false],
    ['install ok half-installed', true],
    ['install ok unpacked', true],
    ['install ok half-configured', true],
    ['hold reinstreq half-installed', true],
    ['unknown ok not-installed', false],
    ['purge ok not-installed', false],
  ])('Status "%s": installed is %s', (status, isInstalled) => {
    expect(read(paragraph({ Status: status }))).toMatchObject({
      packages: { length: isInstalled ? 1 : 0 },
      problems: [],
    });
  });

  it('marks what is held, and nothing else', () => {
    const held = paragraph({ Package: 'b', Status: 'hold ok installed' });
    expect(read([paragraph({}), held].join('\n')).packages.map(({ name, held }) => [name, held])).toEqual([
      ['a', undefined],
      ['b', true],
    ]);
  });

  it('accepts any case of field names, CRLF, continuation lines, several blank lines and no newline at the end', () => {
    const text =
      '\n\nPACKAGE: a\r\nstatus: install ok installed\r\nversion: 1\r\narchitecture: all\r\nDescription: x\r\n .\r\n\tVersion: 9\r\n\r\n \r\n' +
      paragraph({ Package: 'b' }).trimEnd();
    const { packages, problems } = read(text);
    expect(packages.map(({ name, version }) => [name, version])).toEqual([
      ['a', '1'],
      ['b', '1'],
    ]);
    expect(problems).toEqual([]);
  });

  it('keeps one name in several architectures, and the last paragraph of the same name and architecture', () => {
    const text = [
      paragraph({ Version: '1' }),
      paragraph({ Version: '2', Architecture: 'i386' }),
      paragraph({ Version: '3' }),
    ].join('\n');
    expect(read(text).packages.map(({ version, architecture }) => [version, architecture])).toEqual([
      ['3', 'amd64'],
      ['2', 'i386'],
    ]);
  });

  it.each([
    ['no Package', paragraph({ Package: '' }), 'no Package field'],
    ['no Version', paragraph({ Version: '' }), 'no Version field'],
    ['no Status', paragraph({ Status: '' }), 'no Status field'],
    ['an unknown state', paragraph({ Status: 'install ok fine' }), 'unknown Status'],
    ['a line that is no field', `${paragraph({})}garbage\n`, 'line 5: neither a field'],
    ['a continuation of nothing', ` x\n${paragraph({})}`, 'line 1: neither a field'],
  ])('reports a paragraph with %s and keeps the others', (_, broken, reason) => {
    const { packages, problems } = read(`${broken}\n${paragraph({ Package: 'good' })}`);
    expect(packages.map(({ name }) => name)).toEqual(['good']);
    expect(problems).toEqual([
      { code: 'database-damaged', message: expect.stringContaining(reason), subject: 'var/lib/dpkg/status' },
    ]);
  });

  it.each(['deinstall ok not-installed', 'install reinstreq half-installed'])(
    'does not ask for a version of what is not installed: %s',
    (status) => {
      const text = paragraph({ Status: status, Version: '' });
      expect(read(text)).toEqual({ packages: [], problems: [] });
    },
  );

  it('says how many paragraphs are broken in one short message', () => {
    const { problems } = read(Array.from({ length: 5000 }, () => 'garbage\n\n').join(''));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('5000 of its paragraphs');
    expect(problems[0]?.message).toContain('4997 more');
    expect(problems[0]?.message.length).toBeLessThan(500);
  });

  it('keeps a paragraph of more than 128 KiB', () => {
    const conffiles = ` /etc/file ${'0'.repeat(32)}\n`.repeat(5000);
    const { packages } = read(
      `${paragraph({})}Conffiles:\n${conffiles}Description: x\n\n${paragraph({ Package: 'b' })}`,
    );
    expect(packages).toHaveLength(2);
  });

  it.each(['usr/lib/dpkg/status', 'lib/dpkg/status'])('is found at %s too', (path) => {
    expect(read(paragraph({}), path).packages).toHaveLength(1);
  });

  it('stops at a number of packages that no system has', () => {
    const text = Array.from({ length: 100_010 }, (_, at) => paragraph({ Package: `p${at}` })).join('\n');
    const { packages, problems } = read(text);
    expect(packages).toHaveLength(100_000);
    expect(problems.map(({ code }) => code)).toEqual(['database-too-large']);
  });

  it('reads the first 100 MiB of a larger file and says so', () => {
    const filler = Buffer.alloc(100 * 1024 * 1024, 'x');
    const head = Buffer.from(`${paragraph({})}\n${paragraph({ Package: 'cut' })}Description: `);
    const { packages, problems } = atOnce(dpkg.read(new Map([['var/lib/dpkg/status', Buffer.concat([head, filler])]])));
    expect(packages.map(({ name }) => name)).toEqual(['a']);
    expect(problems.map(({ code }) => code)).toEqual(['database-too-large']);
  });
});
