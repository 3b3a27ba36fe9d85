import { describe, expect, it } from 'vitest';
import { readAptConfig } from '../../../src/packages/apt/apt-config.ts';
import { snapshotRemarks } from '../../../src/packages/apt/apt-family.ts';
import { readAptSources } from '../../../src/packages/apt/apt-sources.ts';

const configOf = (files: Readonly<Record<string, string>>) =>
  readAptConfig(new Map(Object.entries(files).map(([name, text]) => [`etc/apt/${name}`, Buffer.from(text)])));

describe('apt.conf', () => {
  it.each<[string, object]>([
    ['', { checksValidUntil: true }],
    ['APT::Default-Release "bookworm";', { defaultRelease: 'bookworm', checksValidUntil: true }],
    ['apt::default-release bookworm;', { defaultRelease: 'bookworm', checksValidUntil: true }],
    ['APT { Get { Assume-Yes "true"; }; Default-Release "stable"; };', { defaultRelease: 'stable' }],
    ['APT\n{\n  Default-Release\n    "stable";\n};', { defaultRelease: 'stable' }],
    ['Acquire::Check-Valid-Until "false";', { checksValidUntil: false }],
    ['Acquire { Check-Valid-Until no; }', { checksValidUntil: false }],
    ['// APT::Default-Release "a";\n# APT::Default-Release "b";\n/* APT::Default-Release "c"; */', {}],
    ['APT::Default-Release "a//b";', { defaultRelease: 'a//b' }],
    ['APT::Default-Release "stable"', { checksValidUntil: true }],
    ['Dir::Cache { "x"; };\nAPT::Default-Release "stable";', { defaultRelease: 'stable' }],
    ['}}}};;;;{{{"', { checksValidUntil: true }],
    ['/* never closed APT::Default-Release "a";', { checksValidUntil: true }],
  ])('%j', (text, expected) => {
    expect(configOf({ 'apt.conf': text })).toMatchObject(expected);
  });

  it('is read in the order of apt, the main file last, other files not at all', () => {
    const release = (name: string): string => `APT::Default-Release "${name}";`;
    const fragments = { 'apt.conf.d/10a': release('ten'), 'apt.conf.d/9b.conf': release('nine') };
    expect(configOf(fragments).defaultRelease).toBe('nine');
    expect(configOf({ ...fragments, 'apt.conf.d/99x.disabled': release('x') }).defaultRelease).toBe('nine');
    expect(configOf({ ...fragments, 'apt.conf': release('main') }).defaultRelease).toBe('main');
  });

  it('takes no longer than a file of its size deserves', () => {
    expect(configOf({ 'apt.conf': '{'.repeat(200_000) })).toEqual({ checksValidUntil: true });
    expect(configOf({ 'apt.conf': '/*'.repeat(100_000) })).toEqual({ checksValidUntil: true });
  });
});

const sourcesOf = (files: Readonly<Record<string, string>>) =>
  readAptSources(new Map(Object.entries(files).map(([name, text]) => [`etc/apt/${name}`, Buffer.from(text)])), 'amd64');

describe('Check-Valid-Until', () => {
  it.each<[string, string, boolean]>([
    ['deb http://a.example stable main', 'Acquire::Check-Valid-Until "false";', false],
    ['deb [check-valid-until=yes] http://a.example stable main', 'Acquire::Check-Valid-Until "false";', true],
    ['deb [check-valid-until=no] http://a.example stable main', '', false],
  ])('%s with %j', (line, config, expected) => {
    const { repositories } = sourcesOf({ 'sources.list': line, 'apt.conf.d/x': config });
    expect(repositories[0]?.checksValidUntil).toBe(expected);
  });
});

describe('a snapshot', () => {
  it('in an address is said once', () => {
    const { repositories } = sourcesOf({
      'sources.list':
        'deb http://snapshot.example/archive/debian/20260101T000000Z/ bookworm main\ndeb http://snapshot.example/archive/debian-security/20260102T000000Z bookworm-security main\n',
    });
    expect(snapshotRemarks(repositories)).toEqual([
      {
        code: 'archive-locked',
        message: 'the image is locked to the snapshot 20260101T000000Z; a rebuild changes nothing until the base moves',
      },
    ]);
    expect(snapshotRemarks(sourcesOf({ 'sources.list': 'deb http://a.example stable main' }).repositories)).toEqual([]);
  });

  it.each([
    { 'sources.list': 'deb [snapshot=20260101T000000Z] http://a.example stable main' },
    {
      'sources.list.d/a.sources':
        'Types: deb\nURIs: http://a.example\nSuites: stable\nComponents: main\nSnapshot: 20260101T000000Z\n',
    },
  ])('by an option is a source that is not known, never one with nothing newer: %j', (files) => {
    const { repositories, problems } = sourcesOf(files as Readonly<Record<string, string>>);
    expect(repositories).toEqual([]);
    expect(problems).toMatchObject([{ code: 'apt-source-snapshot' }]);
    expect(problems[0]?.message).toContain('nothing newer than that day comes from it');
  });

  it.each(['no', 'enable'])('that is merely allowed changes nothing: %s', (value) => {
    const { repositories } = sourcesOf({ 'sources.list': `deb [snapshot=${value}] http://a.example stable main` });
    expect(repositories).toHaveLength(1);
  });
});
