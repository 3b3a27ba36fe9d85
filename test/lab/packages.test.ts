import { describe, expect, inject, it } from 'vitest';
import { dockerManifest, ociManifest } from '../../src/core/image/media-types.ts';
import { dpkgQuery } from './support/dpkg-query.ts';
import { workplace } from './support/plimsoll.ts';
import { debianImage, publish, publishDocker, publishZstd } from './support/publish.ts';

const { folder, older, newer, http } = inject('lab');

describe('the packages of a real Debian', () => {
  it.each([
    { age: 'older', rootfs: older },
    { age: 'newer', rootfs: newer },
  ])('are those that dpkg-query lists: $age', ({ age, rootfs }) => {
    const target = `${http.host}/packages/${age}:12`;
    publish(debianImage(rootfs), target, folder);
    const { packages, ...rest } = workplace(folder).packages(target);
    const rows = packages.map(({ name, version, architecture }) => ({ name, version, architecture }));
    expect(rows).toEqual(dpkgQuery(rootfs));
    expect(rows.length).toBeGreaterThan(50);
    expect(rest).toMatchObject({ coverage: 'complete', database: 'dpkg', problems: [], os: { id: 'debian' } });
  });

  it.each([
    {
      how: 'compressed with zstd',
      name: 'zstd',
      push: publishZstd,
      type: 'application/vnd.oci.image.layer.v1.tar+zstd',
    },
    {
      how: "in Docker's media types",
      name: 'docker',
      push: publishDocker,
      type: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    },
  ])('are the same when skopeo has pushed them $how', async ({ name, push, type }) => {
    const built = debianImage(newer);
    const [plain, other] = [`${http.host}/forms/plain:12`, `${http.host}/forms/${name}:12`];
    publish(built, plain, folder);
    const digest = push(built, other, folder);
    const answer = await fetch(`http://${http.host}/v2/forms/${name}/manifests/${digest}`, {
      headers: { accept: `${ociManifest}, ${dockerManifest}` },
    });
    expect(await answer.json()).toMatchObject({ layers: [{ mediaType: type }] });
    const { packages } = workplace(folder).packages(other);
    expect(packages.length).toBeGreaterThan(50);
    expect(packages).toEqual(workplace(folder).packages(plain).packages);
  });
});
