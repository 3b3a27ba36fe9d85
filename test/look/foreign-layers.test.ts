import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, findingsOf, push, temporaryTree } from '../support/fleet.ts';
import { type BuiltImage, type BuiltLayer, image, layer } from '../support/image-builder.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

/** Windows' own layers stand in manifests, and not in registries. */
const foreign: BuiltLayer = {
  ...layer({ 'Files/Windows/System32/ntdll.dll': 'x' }),
  mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
};

function pushWithoutForeign(repository: string, built: BuiltImage, tag?: string): string {
  registry.putBlob(built.config.bytes);
  for (const one of built.layers) if (one !== foreign) registry.putBlob(one.bytes);
  return registry.putManifest(repository, built.manifest, tag);
}

async function packages(reference: string, ...more: readonly string[]) {
  const { folder, remove } = temporaryTree({});
  const { code, stdout } = await cli(['packages', reference, ...more, '--format', 'json'], { cwd: folder });
  remove();
  return { code, ...(JSON.parse(stdout) as { coverage: string; packages: unknown[]; problems: { code: string }[] }) };
}

describe('a layer that is not in the registry because nobody may copy it', () => {
  it('leaves the other layers read, and the coverage partial', async () => {
    const [own] = debianImage({ bash: '5' }).layers;
    pushWithoutForeign('mixed', image({ layers: [foreign, own as BuiltLayer] }), '1');
    expect(await packages(`${registry.host}/mixed:1`)).toMatchObject({
      code: 3,
      coverage: 'partial',
      packages: [{ name: 'bash' }],
      problems: [{ code: 'layer-foreign', message: expect.stringContaining('may not be copied') }],
    });
  });

  it('says nothing of packages for Windows', async () => {
    const platform = { os: 'windows', architecture: 'amd64', osVersion: '10.0.20348.1' };
    pushWithoutForeign('windows', image({ layers: [foreign, layer({ 'Files/app.exe': 'x' })], platform }), '1');
    const platforms = ['--platform', 'windows/amd64'];
    expect(await packages(`${registry.host}/windows:1`, ...platforms)).toMatchObject({
      code: 3,
      coverage: 'none',
      packages: [],
      problems: [{ code: 'layer-foreign' }],
    });
  });

  it('never makes two images equal', async () => {
    const of = (text: string) => image({ layers: [foreign, layer({ 'Files/app.exe': text })] });
    const pin = pushWithoutForeign('moved', of('one'));
    pushWithoutForeign('moved', of('two'), '1');
    expect(await findingsOf(`FROM ${registry.host}/moved:1@${pin}\n`)).toMatchObject([
      { class: 'content', security: null },
    ]);
  });

  it('is read where the registry has it', async () => {
    const [own] = debianImage({ bash: '5' }).layers;
    push(registry, 'whole', image({ layers: [foreign, own as BuiltLayer] }), '1');
    expect(await packages(`${registry.host}/whole:1`)).toMatchObject({ code: 0, coverage: 'complete', problems: [] });
  });

  it('is no excuse for a layer that anybody may copy', async () => {
    const built = debianImage({ lost: '5' });
    registry.putBlob(built.config.bytes);
    registry.putManifest('lost', built.manifest, '1');
    const { folder, remove } = temporaryTree({});
    const { code, stderr } = await cli(['packages', `${registry.host}/lost:1`], { cwd: folder });
    remove();
    expect(code).toBe(3);
    expect(stderr).toContain('BLOB_UNKNOWN');
  });
});
