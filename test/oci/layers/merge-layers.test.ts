import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/time/turns.ts';
import { type MergedLayers, mergeLayers } from '../../../src/oci/layers/merge-layers.ts';
import { readInventory } from '../../../src/packages/inventory.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { layer, type TarInput, type TarInputs } from '../../support/image-builder.ts';
import { readBytes, readEntries, texts } from '../../support/read-layer.ts';

const status = 'var/lib/dpkg/status';
const apk = 'lib/apk/db/installed';
const usrApk = 'usr/lib/apk/db/installed';

async function merge(...layers: readonly TarInputs[]): Promise<MergedLayers> {
  return atOnce(mergeLayers(await Promise.all(layers.map(readEntries))));
}

function link(path: string, target: string): TarInput {
  return { path, type: 'symlink', link: target };
}

function file(path: string, content: string): TarInput {
  return { path, content };
}

const directory = (path: string): TarInput => ({ path, type: 'directory' });

/** Layers from the base up, and the files that are there in the end. */
const cases: readonly (readonly [string, readonly TarInputs[], Readonly<Record<string, string>>])[] = [
  ['an upper file replaces a lower one', [{ [status]: '1' }, { [status]: '2' }], { [status]: '2' }],
  [
    'files of different layers add up',
    [{ [status]: '1' }, { 'etc/os-release': 'x' }],
    { [status]: '1', 'etc/os-release': 'x' },
  ],
  ['a whiteout deletes a file', [{ [status]: '1' }, { 'var/lib/dpkg/.wh.status': '' }], {}],
  ['a whiteout deletes a subtree', [{ [status]: '1', [apk]: '2' }, { '.wh.var': '' }], { [apk]: '2' }],
  ['a whiteout spares names that only begin alike', [{ [status]: '1' }, { 'var/lib/.wh.dpk': '' }], { [status]: '1' }],
  [
    'a whiteout acts on lower layers only, before or after its own sibling',
    [{ [status]: '1' }, [file(status, '2'), file('var/lib/dpkg/.wh.status', '')]],
    { [status]: '2' },
  ],
  [
    'a deleted directory can be filled again in the same layer',
    [
      { [status]: '1', 'var/lib/dpkg/status.d/a': 'a' },
      [file('var/lib/.wh.dpkg', ''), file('var/lib/dpkg/status.d/b', 'b')],
    ],
    { 'var/lib/dpkg/status.d/b': 'b' },
  ],
  [
    'a whiteout does not reach layers above',
    [{ [status]: '1' }, { 'var/lib/.wh.dpkg': '' }, { [status]: '3' }],
    { [status]: '3' },
  ],
  [
    'an opaque directory hides lower children, not its own',
    [
      { 'var/lib/dpkg/status.d/a': 'a', [status]: '1' },
      [file('var/lib/dpkg/status.d/b', 'b'), file('var/lib/dpkg/status.d/.wh..wh..opq', '')],
    ],
    { [status]: '1', 'var/lib/dpkg/status.d/b': 'b' },
  ],
  ['an opaque root hides everything', [{ [status]: '1' }, { '.wh..wh..opq': '', [apk]: '2' }], { [apk]: '2' }],
  [
    'malformed and foreign markers erase nothing',
    [{ [status]: '1' }, { 'var/lib/dpkg/.wh.': '', 'var/lib/dpkg/.wh..wh..opqX': '', 'var/.wh..wh.aufs': '' }],
    { [status]: '1' },
  ],
  ['a file at the place of a directory hides what was below', [{ [status]: '1' }, { 'var/lib': 'x' }], {}],
  [
    'a symlink at the place of a directory hides what was below',
    [{ [status]: '1' }, [link('var/lib/dpkg', '/elsewhere')]],
    {},
  ],
  ['a directory at the place of a file replaces it', [{ [status]: '1' }, [directory(status)]], {}],
  ['a device at the place of a file replaces it', [{ [status]: '1' }, [{ path: status, type: 'character' }]], {}],
  [
    'paths below a symlinked directory are where the symlink leads',
    [[link('lib', 'usr/lib'), file(usrApk, '1')], { [apk]: '2' }],
    { [usrApk]: '2' },
  ],
  [
    'whiteouts below a symlinked directory too',
    [[link('lib', 'usr/lib'), file(usrApk, '1')], { 'lib/apk/db/.wh.installed': '' }],
    {},
  ],
  ['a symlink and files through it in one layer', [[link('lib', 'usr/lib'), file(apk, '1')]], { [usrApk]: '1' }],
  ['the same, the other way round', [[file(apk, '1'), link('lib', 'usr/lib')]], { [usrApk]: '1' }],
  [
    "rpm's folder behind a symlink",
    [[link('var/lib/rpm', '../../usr/lib/sysimage/rpm')], { 'var/lib/rpm/rpmdb.sqlite': 'x' }],
    { 'usr/lib/sysimage/rpm/rpmdb.sqlite': 'x' },
  ],
  [
    'a directory replaces a symlink of lower layers',
    [
      [link('var/lib/rpm', '../../usr/lib/sysimage/rpm'), file('usr/lib/sysimage/rpm/rpmdb.sqlite', '1')],
      [directory('var/lib/rpm'), file('var/lib/rpm/rpmdb.sqlite', '2')],
    ],
    { 'usr/lib/sysimage/rpm/rpmdb.sqlite': '1', 'var/lib/rpm/rpmdb.sqlite': '2' },
  ],
  [
    'a symlink that was deleted leads nowhere',
    [
      [link('lib', 'usr/lib'), file(usrApk, '1')],
      [file('.wh.lib', ''), file(apk, '2')],
    ],
    { [usrApk]: '1', [apk]: '2' },
  ],
  [
    'a wanted file that is a symlink has the content of its target',
    [[link('etc/os-release', '../usr/lib/os-release'), file('usr/lib/os-release', 'ID=x')]],
    { 'usr/lib/os-release': 'ID=x', 'etc/os-release': 'ID=x' },
  ],
  [
    'its target may be in another layer, and absolute',
    [[link('etc/os-release', '/usr/lib/os-release')], { 'usr/lib/os-release': '1' }, { 'usr/lib/os-release': '2' }],
    { 'usr/lib/os-release': '2', 'etc/os-release': '2' },
  ],
  [
    'a symlink replaces a lower file',
    [{ 'etc/os-release': 'old' }, [link('etc/os-release', '/usr/lib/os-release')]],
    {},
  ],
  [
    'symlinks stay inside the image',
    [[link('etc/os-release', '../../../../usr/lib/os-release'), file('usr/lib/os-release', 'x')]],
    { 'usr/lib/os-release': 'x', 'etc/os-release': 'x' },
  ],
  [
    'symlinks in a circle lead nowhere',
    [[link('lib', 'lib'), link('etc', '/etc/etc'), file(status, '1')]],
    { [status]: '1' },
  ],
  [
    'hard links have the content of their own layer',
    [{ [status]: '1' }, [file('etc/os-release', '2'), { path: status, type: 'hardlink', link: 'etc/os-release' }]],
    { 'etc/os-release': '2', [status]: '2' },
  ],
];

describe('mergeLayers', () => {
  it.each(cases)('%s', async (_, layers, files) => {
    const merged = await merge(...layers);
    expect(texts(merged.files)).toEqual(files);
    expect(merged.complete).toBe(true);
  });

  it('gives readInventory what it needs', async () => {
    const merged = await merge(
      [
        link('lib', 'usr/lib'),
        link('etc/os-release', '../usr/lib/os-release'),
        file('usr/lib/os-release', 'ID=alpine'),
      ],
      { [apk]: 'P:musl\nV:1-r0\nA:x86_64\n' },
    );
    expect(atOnce(readInventory(merged.files, merged))).toMatchObject({
      os: { id: 'alpine' },
      coverage: 'complete',
      packages: [{ name: 'musl' }],
    });
  });

  it('does not fall back to a lower file when the upper one could not be kept', async () => {
    const lower = await readEntries({ [status]: 'old' });
    const upper = await readBytes(layer({ [status]: 'x'.repeat(2000) }).bytes, { fileSize: 1000 });
    const merged = atOnce(mergeLayers([lower, upper]));
    expect(merged).toMatchObject({ complete: false, problems: [{ code: 'file-too-large' }] });
    expect(merged.files.size).toBe(0);
  });

  it('reports a hard link whose file was not read', async () => {
    const merged = await merge({ [status]: 'old' }, [
      file('opt/x', '1'),
      { path: status, type: 'hardlink', link: 'opt/x' },
      { path: apk, type: 'hardlink', link: apk },
    ]);
    expect(merged.complete).toBe(false);
    expect(merged.problems.map(({ code, subject }) => [code, subject])).toEqual([
      ['hardlink-target-missing', status],
      ['hardlink-target-missing', apk],
    ]);
    expect(merged.files.size).toBe(0);
  });

  it('is incomplete when a layer was cut short', async () => {
    const bytes = layer(
      { [status]: 'Package: a\nStatus: install ok installed\nVersion: 1\n' },
      { compression: 'none' },
    ).bytes;
    const whole = await readBytes(bytes);
    const cut = await readBytes(bytes.subarray(0, 530));
    const merged = atOnce(mergeLayers([whole, cut]));
    expect(merged).toMatchObject({ complete: false, problems: [{ code: 'layer-truncated' }] });
    expect(atOnce(readInventory(merged.files, merged)).coverage).toBe('none');
    const above = atOnce(mergeLayers([cut, whole]));
    expect(atOnce(readInventory(above.files, above)).coverage).toBe('partial');
  });

  it('takes time in proportion to what there is', async () => {
    const many = await readEntries(
      Array.from({ length: 20_000 }, (_, at): TarInput => file(`var/lib/dpkg/status.d/p${at}`, 'x')),
    );
    const gone = await readEntries(
      Array.from({ length: 20_000 }, (_, at): TarInput => file(`var/lib/dpkg/status.d/.wh.q${at}`, '')),
    );
    const loops = await readEntries(
      Array.from({ length: 200 }, (_, at) => link(`var/lib/pacman/local/${at}`, `${at + 1}/${'../local/'.repeat(50)}`)),
    );
    const time = await cpuTime(() => {
      expect(atOnce(mergeLayers([many, loops, gone, many, gone])).files.size).toBe(20_000);
    });
    expect(time).toBeLessThan(3000);
  });
});
