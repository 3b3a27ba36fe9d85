import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/core/time/turns.ts';
import { dpkg } from '../../src/packages/databases/dpkg.ts';

describe("the machine's own package database", () => {
  it('lists what dpkg-query lists as installed', () => {
    const format = '${db:Status-Status} ${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}\\n';
    const { stdout } = spawnSync('dpkg-query', ['-W', `-f=${format}`], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const expected = stdout
      .split('\n')
      .filter((line) => line !== '' && !/^(?:not-installed|config-files) /.test(line))
      .map((line) => line.slice(line.indexOf(' ') + 1));
    const { packages, problems } = atOnce(
      dpkg.read(new Map([['var/lib/dpkg/status', readFileSync('/var/lib/dpkg/status')]])),
    );
    expect(problems).toEqual([]);
    expect(expected.length).toBeGreaterThan(50);
    const lines = packages.map(({ name, version, architecture, source }) =>
      [name, version, architecture, source?.name, source?.version].join(' '),
    );
    expect(lines.sort()).toEqual(expected.sort());
  });
});
