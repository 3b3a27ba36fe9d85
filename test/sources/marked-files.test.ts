import { expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { type DiscoverOptions, discover, fileChoice } from '../../src/sources/discover.ts';
import { temporaryTree } from '../support/fleet.ts';

const marked = '# plimsoll: image=a:1\nA=a:1\n';
const options: DiscoverOptions = { formats, include: [], exclude: [] };

it('a comment makes a script or settings one of the files that are read, and nothing else is told of such files', async () => {
  const large = '#'.repeat(2 * 1024 ** 2);
  const tree = temporaryTree({ 'a.sh': marked, 'b.sh': 'A=a:1\n', 'large.sh': large, 'c.py': marked, 'x.yml': large });
  try {
    const found = await discover(tree.folder, options);
    expect(found.files.map(({ file, format }) => [file, format.name])).toEqual([['a.sh', 'comment']]);
    // What others may know, too, is told as before.
    expect(found.problems.map(({ code, subject }) => [code, subject])).toEqual([['file-too-large', 'x.yml']]);
    const chosen = await discover(tree.folder, { ...options, files: { comment: ['*.py'] } });
    expect(chosen.files.map(({ file }) => file)).toEqual(['c.py']);
    const included = await discover(tree.folder, { ...options, include: ['*.py'] });
    expect(included.files.map(({ file, format }) => [file, format.name])).toEqual([['c.py', 'comment']]);
  } finally {
    tree.remove();
  }
});

it('a forge is asked for such files where they are named, and for others that only a mark would tell it is not', () => {
  const isAsked = (file: string, more: Partial<DiscoverOptions> = {}): boolean | undefined => {
    const found = fileChoice({ ...options, ...more }).candidate(file);
    return found && !found.isMarked;
  };
  expect(isAsked('a.sh')).toBe(false);
  expect(isAsked('a.yml')).toBe(true);
  expect(isAsked('a.py')).toBeUndefined();
  expect(isAsked('a.py', { files: { comment: ['**/*.py'] } })).toBe(true);
  expect(isAsked('a.sh', { include: ['a.sh'] })).toBe(true);
});
