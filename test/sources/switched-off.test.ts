import { expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { type DiscoverOptions, discover } from '../../src/sources/discover.ts';
import { temporaryTree } from '../support/fleet.ts';

const options: DiscoverOptions = { formats, include: [], exclude: ['old/**'] };
const compose = 'services: { a: { image: a:1 } }\n';
const tree = {
  Dockerfile: 'FROM a:1\n',
  'compose.yaml': compose,
  'old/compose.yaml': compose,
  'ops/compose.yaml': compose,
  'x.container': '[Container]\nImage=a:1\n',
  'notes.yaml': 'a: b\n',
};

it('files of a kind that is switched off are counted by their names, and those that are not wanted of a kind', async () => {
  const { folder, remove } = temporaryTree(tree);
  const read = async (files: NonNullable<DiscoverOptions['files']>) => {
    const found = await discover(folder, { ...options, files });
    return { files: found.files.map(({ file }) => file), unwanted: Object.fromEntries(found.unwanted ?? []) };
  };
  try {
    const all = ['Dockerfile', 'compose.yaml', 'ops/compose.yaml', 'x.container'];
    expect(await read({})).toEqual({ files: all, unwanted: {} });
    expect(await read({ compose: false, quadlet: false })).toEqual({
      files: ['Dockerfile'],
      unwanted: { compose: 2, quadlet: 1 },
    });
    expect(await read({ compose: ['ops/*.yaml'] })).toEqual({
      files: ['Dockerfile', 'ops/compose.yaml', 'x.container'],
      unwanted: { compose: 1 },
    });
  } finally {
    remove();
  }
});
