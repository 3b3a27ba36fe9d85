import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/run-record.ts';
import { cli } from '../support/cli.ts';
import { temporaryTree } from '../support/fleet.ts';

const repository = 'version: 1\nplatforms: [linux/arm64]\nexclude: [b/**]\n';
const operator = 'version: 1\nplatforms: [linux/386]\nexclude: [a/**]\n';

/** Checks a tree of three Dockerfiles without images. */
async function check(files: Record<string, string>, ...args: string[]) {
  const own = Object.fromEntries(
    ['Dockerfile', 'a/Dockerfile', 'b/Dockerfile'].map((name) => [`tree/${name}`, 'FROM scratch\n']),
  );
  const tree = temporaryTree({ ...own, ...files });
  const { stdout, stderr, code } = await cli(['check', 'tree', '--format', 'json', ...args], { cwd: tree.folder });
  tree.remove();
  return { stdout, stderr, code };
}

describe('what is said later holds: the defaults, the operator, the repository, the command line', () => {
  it.each([
    ['nobody', {}, [], ['linux/amd64'], 3],
    ['the operator', { 'op.yml': operator }, ['--config', 'op.yml'], ['linux/386'], 2],
    ['the repository', { 'tree/plimsoll.yml': repository }, [], ['linux/arm64'], 2],
    ['both', { 'op.yml': operator, 'tree/plimsoll.yml': repository }, ['--config', 'op.yml'], ['linux/arm64'], 1],
    ['the command line', { 'tree/plimsoll.yml': repository }, ['--platform', 'linux/s390x'], ['linux/s390x'], 2],
  ] as const)('%s', async (_who, files, args, platforms, number) => {
    const { stdout } = await check(files, ...args);
    const record = JSON.parse(stdout) as RunRecord;
    expect(record.platforms).toEqual(platforms);
    // Lists of what to leave out add up.
    expect(record.summary.files).toBe(number);
  });

  it('a repository that says more than it may stops the check of it, before any request', async () => {
    const { code, stdout, stderr } = await check({ 'tree/.plimsoll.yml': 'version: 1\nstate: /tmp/x\n' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('tree/.plimsoll.yml:2: state: only whoever runs Plimsoll may set this');
  });
});
