import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createFolderFeed, isAffected } from '../../src/advisories/folder.ts';
import { temporaryTree } from '../support/fleet.ts';

let remove: (() => void) | undefined;
afterEach(() => remove?.());

function feedOf(files: Readonly<Record<string, unknown>>) {
  const tree = temporaryTree(
    Object.fromEntries(
      Object.entries(files).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
  );
  remove = tree.remove;
  return createFolderFeed(tree.folder);
}

const debian = { id: 'debian', versionId: '12' };
const openssl = { source: 'openssl', name: 'libssl3', before: '3.0.15-1', after: '3.0.16-1' };
const range = (introduced: string, fixed?: string): object => ({
  type: 'ECOSYSTEM',
  events: [{ introduced }, ...(fixed === undefined ? [] : [{ fixed }])],
});
const osv = (id: string, ranges: readonly object[], more: object = {}): object => ({
  id,
  affected: [{ package: { ecosystem: 'Debian:12', name: 'openssl' }, ranges }],
  ...more,
});

describe('a folder of advisories', () => {
  it('tells what OSV records say was fixed and introduced', async () => {
    const feed = feedOf({
      'debian/a.json': osv('DEBIAN-CVE-2026-1', [range('0', '3.0.16-1')]),
      'debian/b.json': osv('DEBIAN-CVE-2026-2', [range('0')]),
      'debian/c.json': osv('DEBIAN-CVE-2026-3', [range('3.0.16-1')]),
      'debian/d.json': osv('DSA-1', [range('0', '3.0.16-1')], { upstream: ['CVE-2026-1'] }),
      'debian/e.json': osv('DEBIAN-CVE-2026-4', [range('0', '3.0.16-1')], { withdrawn: '2026-01-01T00:00:00Z' }),
    });
    expect(await feed.compare(debian, [openssl])).toEqual({
      verdicts: [
        { fixed: [{ id: 'CVE-2026-1', notices: ['DSA-1'] }], introduced: [{ id: 'CVE-2026-3', notices: [] }] },
      ],
      problems: [],
    });
  });

  it('takes what Debian shrugs off for nothing', async () => {
    const record = {
      id: 'DEBIAN-CVE-2026-5',
      affected: [
        {
          package: { ecosystem: 'Debian:12', name: 'openssl' },
          ranges: [range('0', '3.0.16-1')],
          ecosystem_specific: { urgency: 'unimportant' },
        },
      ],
    };
    const feed = feedOf({ 'a.json': record });
    expect((await feed.compare(debian, [openssl])).verdicts).toEqual([{ fixed: [], introduced: [] }]);
  });

  it('reads secdb files by branch', async () => {
    const feed = feedOf({
      'main.json': {
        distroversion: 'edge',
        reponame: 'main',
        packages: [
          {
            pkg: {
              name: 'openssl',
              secfixes: { '0': ['CVE-1'], '3.5.1-r0': ['CVE-2026-7 GHSA-x'], '3.6.0-r0': ['CVE-2026-8'] },
            },
          },
          { pkg: { name: 'nothing', secfixes: null } },
        ],
      },
    });
    const move = { source: 'openssl', name: 'libssl3', before: '3.5.0-r0', after: '3.5.1-r0' };
    const edge = { id: 'alpine', versionId: '3.23_alpha20250612' };
    expect((await feed.compare(edge, [move])).verdicts).toEqual([
      { fixed: [{ id: 'CVE-2026-7', notices: [] }], introduced: [] },
    ]);
    expect(await feed.compare({ id: 'alpine', versionId: '3.22.1' }, [move])).toMatchObject({
      verdicts: [null],
      problems: [{ code: 'advisories-missing' }],
    });
  });

  it('goes on past what cannot be read, and says so', async () => {
    const feed = feedOf({ 'a.json': '{', 'b.json': osv('DEBIAN-CVE-2026-1', [range('0', '3.0.16-1')]), 'c.txt': 'x' });
    expect(await feed.compare(debian, [openssl])).toMatchObject({
      verdicts: [{ fixed: [{ id: 'CVE-2026-1' }] }],
      problems: [{ code: 'advisories-unread', subject: expect.stringContaining('a.json') }],
    });
    const endless = temporaryTree({});
    symlinkSync('/dev/zero', path.join(endless.folder, 'a.json'));
    expect(await createFolderFeed(endless.folder).compare(debian, [openssl])).toMatchObject({
      problems: [{ code: 'advisories-unread', message: expect.stringMatching(/larger than \d+ bytes/) }, {}],
    });
    endless.remove();
    const gone = createFolderFeed('/nonexistent/advisories');
    expect(await gone.compare(debian, [openssl])).toMatchObject({ verdicts: [null], problems: [{}, {}] });
  });
});

describe('a range of OSV', () => {
  it.each<[readonly object[], string, boolean]>([
    [[{ introduced: '0' }, { fixed: '2' }], '1', true],
    [[{ introduced: '0' }, { fixed: '2' }], '2', false],
    [[{ fixed: '2' }, { introduced: '0' }], '1', true],
    [[{ introduced: '3' }, { last_affected: '4' }], '4', true],
    [[{ introduced: '3' }, { last_affected: '4' }], '5', false],
    [[{ introduced: '0' }, { fixed: '2' }, { introduced: '4' }], '3', false],
    [[{ introduced: '0' }, { fixed: '2' }, { introduced: '4' }], '4', true],
    [[], '1', false],
  ])('%j holds for %s: %s', (events, version, expected) => {
    expect(isAffected({ ranges: [{ type: 'ECOSYSTEM', events }] }, version, 'dpkg')).toBe(expected);
  });

  it('counts listed versions, and no ranges of commits', () => {
    expect(isAffected({ versions: ['1-1'] }, '1-1', 'dpkg')).toBe(true);
    expect(isAffected({ ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] }, '1', 'dpkg')).toBe(false);
  });
});
