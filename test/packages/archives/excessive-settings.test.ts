import { describe, expect, it } from 'vitest';
import { excessiveSettings } from '../../../src/packages/archives/excessive-settings.ts';
import { namedPaths } from '../../../src/packages/wanted-paths.ts';
import { longestStretch } from '../../support/watchdog.ts';

function files(count: number, path: (i: number) => string, content: string): ReadonlyMap<string, Uint8Array> {
  return new Map(Array.from({ length: count }, (_, i) => [path(i), Buffer.from(content)]));
}

const line = 'deb [signed-by=/etc/key.gpg] http://archive.example/debian stable main\n';

describe('the settings of package managers in an image', () => {
  it.each([
    ['many bytes of sources', files(2, (i) => `etc/apt/sources.list.d/${i}.list`, line.repeat(10_000))],
    ['many sources', files(2001, (i) => `etc/apt/sources.list.d/${i}.list`, line)],
    ['many preferences', files(2001, (i) => `etc/apt/preferences.d/${i}`, '')],
    ['many repositories of dnf', files(2001, (i) => `etc/yum.repos.d/${i}.repo`, '')],
    ['many repositories of apk', files(2001, (i) => `lib/apk/repositories.d/${i}.list`, '')],
  ])('are not read by half: %s', (_what, many) => {
    expect(excessiveSettings(many)).toMatchObject({ code: 'settings-too-large' });
    expect(namedPaths(many)).toEqual([]);
  });

  it.each([
    ['keys', files(5000, (i) => `usr/share/distribution-gpg-keys/a/${i}`, line.repeat(100))],
    ['databases', files(50_000, (i) => `var/lib/dpkg/status.d/${i}`, line)],
    ['sources as many as an image has', files(100, (i) => `etc/apt/sources.list.d/${i}.list`, line)],
  ])('are none of these: %s', (_what, others) => {
    expect(excessiveSettings(others)).toBeUndefined();
  });

  it.each([
    ['lines that are none', files(1, () => 'etc/apt/sources.list', 'foo\n'.repeat(260_000))],
    ['stanzas', files(1, () => 'etc/apt/sources.list.d/a.sources', 'A: b\n\n'.repeat(170_000))],
    ['sections', files(1, () => 'etc/yum.repos.d/a.repo', '[r]\n'.repeat(260_000))],
    ['options', files(1, () => 'etc/apt/apt.conf', 'A { B "c"; };\n'.repeat(70_000))],
    ['small files', files(2000, (i) => `etc/apt/sources.list.d/${i}.list`, line.repeat(7))],
  ])('hold nobody up as long as they are read: %s', async (_what, large) => {
    expect(excessiveSettings(large)).toBeUndefined();
    expect(await longestStretch(async () => namedPaths(large))).toBeLessThan(250);
  });
});
