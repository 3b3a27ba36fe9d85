import { describe, expect, it } from 'vitest';
import { unitFormats } from '../../../src/formats/units/index.ts';
import { describeFormat } from '../../contract/format.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { editByFormats, readByFormats, wantedDigest, withDigests } from '../../support/formats.ts';

const hub = 'docker.io/library';
const digest = `sha256:${'a'.repeat(64)}`;

const cases: readonly (readonly [name: string, path: string, text: string, expected: readonly string[]])[] = [
  [
    'a container',
    'web.container',
    '[Unit]\nImage=no:1\n[Container]\nImage=nginx:1.27\n',
    ['quadlet', `4:7 ${hub}/nginx:1.27`],
  ],
  [
    'spaces, quotes and a scheme',
    'web.container',
    '  [Container]\n  Image = "docker://quay.io/a/b:2"  \n',
    ['quadlet', '2:12 quay.io/a/b:2'],
  ],
  [
    'of several the last',
    'a.container',
    '[Container]\nImage=a:1\n[Container]\nImage=b:2\n',
    ['quadlet', `4:7 ${hub}/b:2`],
  ],
  [
    'comments, and lines that go on',
    'a.container',
    '[Container]\n# Image=no:1\n; Image=no:2\nExec=x \\\n# Image=no:3\n  Image=no:4\nImage=\\\n  a:1\n',
    ['quadlet', `8:3 ${hub}/a:1`],
  ],
  [
    'mounts of images, and others',
    'a.container',
    '[Container]\nImage=b.build\nMount=type=image,source=a:1,destination=/x\nMount=type=bind,source=no:1,destination=/y\nMount=src=c.image,type=image\n',
    ['quadlet', `3:25 ${hub}/a:1`],
  ],
  [
    'an image unit with its platform',
    'a.image',
    '[Image]\nImage=a:1\nArch=arm\nVariant=v7\n',
    ['quadlet', `2:7 ${hub}/a:1 linux/arm/v7`],
  ],
  ['a volume of an image', 'a.volume', '[Volume]\nDriver=image\nImage=a:1\n', ['quadlet', `3:7 ${hub}/a:1`]],
  ['a volume of something else', 'a.volume', '[Volume]\nDriver=local\nImage=no:1\n', ['nobody']],
  ['a file of another program', 'disk.image', '[Partition]\nImage=no:1\n', ['nobody']],
  ['a drop-in', 'web.container.d/10-image.conf', '[Container]\nImage=a:1\n', ['quadlet', `2:7 ${hub}/a:1`]],
  ['a drop-in of another unit', 'web.service.d/10-image.conf', '[Container]\nImage=a:1\n', ['nobody']],
  ...['a.image', 'a.build', '/srv/root', 'dir:/x', 'oci:/x:1', 'containers-storage:a:1', ''].map(
    (value) => [`no image: '${value}'`, 'a.container', `[Container]\nImage=${value}\n`, ['quadlet']] as const,
  ),
  ['a root file system', 'a.container', '[Container]\nRootfs=/srv/a:1\n', ['quadlet']],
  ['built here', 'a.container', '[Container]\nImage=localhost/a:1\n', ['quadlet', '2:7 output']],
  ...['a:%i', '%i', 'a:${TAG}', '$IMAGE'].map(
    (value) =>
      [
        `what systemd fills in: ${value}`,
        'a.container',
        `[Container]\nImage=${value}\n`,
        ['quadlet', '2:7 template'],
      ] as const,
  ),
  ['what podman follows', 'a.container', '[Container]\nAutoUpdate=registry\nImage=a:1\n', ['quadlet', '3:7 owned']],
  [
    'what podman follows, by its label',
    'a.container',
    '[Container]\nLabel=a=b "io.containers.autoupdate=registry"\nImage=a:1\n',
    ['quadlet', '3:7 owned'],
  ],
  [
    'what podman takes from the machine',
    'a.container',
    '[Container]\nAutoUpdate=local\nImage=a:1\n',
    ['quadlet', `3:7 ${hub}/a:1`],
  ],
  ['no image at all', 'a.container', '[Container]\nImage=a b\n', ['quadlet', '2:7 invalid']],
];

describe('Quadlet units', () => {
  it.each(cases)('%s', async (_, path, text, expected) => {
    expect(await readByFormats(unitFormats, path, text)).toEqual(expected);
    expect(await readByFormats(unitFormats, path, text.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(await readByFormats(unitFormats, path, `\ufeff${text}`)).toEqual(expected);
  });

  it.each([
    ['a tag', '[Container]\nImage = a:1  \n', '[Container]\nImage = a:1@NEW  \n'],
    ['a digest', '[Container]\nImage="docker://a:1@OLD"\n', '[Container]\nImage="docker://a:1@NEW"\n'],
    ['a mount', '[Container]\nMount=type=image,src=a,dst=/x\n', '[Container]\nMount=type=image,src=a@NEW,dst=/x\n'],
    ['only the last', '[Container]\nImage=a:1\nImage=a:1\n', '[Container]\nImage=a:1\nImage=a:1@NEW\n'],
  ])('are edited in the value: %s', async (_, before, after) => {
    expect(await editByFormats(unitFormats, 'a.container', before)).toEqual({ text: withDigests(after), refused: [] });
  });

  it('that podman follows are never changed', async () => {
    const text = '[Container]\nImage=a:1\nAutoUpdate=registry\n';
    const reader = await unitFormats[0]?.load();
    const document = reader?.read(text);
    const [use] = document?.uses ?? [];
    expect(use?.problem).toMatch(/podman itself follows this tag/);
    expect(document?.edit(use ? [{ use, digest: wantedDigest }] : [])).toMatchObject({ text, done: [] });
  });

  it('that a person would not write cost little', async () => {
    const reader = await unitFormats[0]?.load();
    for (const text of [
      '[Container]\nImage=a\\\n'.repeat(50_000),
      `[Container]\nMount=${','.repeat(1_000_000)}`,
      `[Container]\nImage=${'"'.repeat(1_000_000)}`,
      `${'['.repeat(1_000_000)}`,
      `[Container]\n${'\\\n'.repeat(500_000)}`,
      `[Container]\nImage=${' '.repeat(1_000_000)}x`,
      '\0'.repeat(1_000_000),
      Buffer.from('[Container]\nImage=a:1\n'.repeat(20_000), 'utf16le').toString('latin1'),
    ]) {
      const spent = await cpuTime(() => {
        reader?.recognises(text);
        reader?.read(text, 'a.container');
      });
      expect(spent, JSON.stringify(text.slice(0, 40))).toBeLessThan(1500);
    }
  });
});

for (const format of unitFormats) {
  await describeFormat(format, {
    paths: {
      yes: ['a.container', 'x/b.image', 'c.volume', 'a.container.d/x.conf'],
      no: ['a.service', '.container', 'container', 'x.conf', 'a.kube'],
    },
    files: {
      container: `[Unit]\n# one\nDescription=x\n[Container]\nImage=docker.io/a:1\nMount=type=image,source=b@${digest},dst=/x\n`,
      image: '[Image]\nImage = "a:1"\nArch=arm64\n',
    },
    vocabulary: [
      ...['\n', '\n', '\n', '\r\n', '\ufeff', '\0', ' ', '\t', '\\\n', '#', ';', '"', "'", '=', ',', '%', '$', '😀'],
      ...['[Container]\n', '[Image]\n', '[Volume]\nDriver=image\n', '[', ']', 'AutoUpdate=registry\n', 'Arch=arm\n'],
      ...['Image=', 'Image = ', 'Mount=type=image,source=', ',src=', 'a:1', `b:2@${digest}`, 'docker://', 'localhost/'],
    ],
  });
}
