import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, findingsOf, push, temporaryTree } from '../support/fleet.ts';
import { type BuiltImage, type BuiltLayer, blob, image } from '../support/image-builder.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

const own = (version: string): BuiltLayer => debianImage({ bash: version }).layers[0] as BuiltLayer;
const empty = blob(Buffer.alloc(0), 'application/vnd.oci.image.layer.v1.tar+gzip');
const withEmpty = (version: string): BuiltImage =>
  image({ layers: [own(version), { ...empty, diffId: empty.digest }] });

/** The config of other layers than the manifest has. */
function miscounted(layers: readonly BuiltLayer[], named: readonly BuiltLayer[]): BuiltImage {
  const { config } = image({ layers: named });
  const right = image({ layers });
  const manifest = JSON.parse(Buffer.from(right.manifest.bytes).toString()) as Record<string, unknown>;
  const { mediaType, digest, size } = { ...config, size: config.bytes.length };
  const text = JSON.stringify({ ...manifest, config: { mediaType, digest, size } });
  return { ...right, config, manifest: blob(Buffer.from(text), right.manifest.mediaType) };
}

async function packages(reference: string) {
  const { folder, remove } = temporaryTree({});
  const { code, stdout } = await cli(['packages', reference, '--format', 'json'], { cwd: folder });
  remove();
  return { code, ...(JSON.parse(stdout) as { coverage: string; packages: unknown[]; problems: { code: string }[] }) };
}

describe.each([
  ['an empty layer blob', withEmpty('5'), withEmpty('5'), 'layer-truncated', /0 bytes, which is no archive/],
  [
    'a config of more layers',
    miscounted([own('5')], [own('5'), own('6')]),
    miscounted([own('5')], [own('5'), own('7')]),
    'layer-mismatch',
    /its config has 2 layers and its manifest 1/,
  ],
  [
    'a config of fewer layers',
    miscounted([own('5'), own('6')], [own('5')]),
    miscounted([own('5'), own('7')], [own('5')]),
    'layer-mismatch',
    /its config has 1 layer and its manifest 2/,
  ],
  [
    'a config of no layers',
    miscounted([own('5')], []),
    miscounted([own('6')], []),
    'layer-mismatch',
    /its config has 0 layers and its manifest 1/,
  ],
] as const)('an image with %s', (name, built, next, code, message) => {
  const repository = name.replaceAll(' ', '-');

  it('is never read completely, and says why', async () => {
    push(registry, repository, built, '1');
    const said = await packages(`${registry.host}/${repository}:1`);
    expect(said).toMatchObject({ code: 3, coverage: 'partial' });
    expect(said.problems).toContainEqual({ code, message: expect.stringMatching(message), ...subject(said, code) });
  });

  it('is never the same as another', async () => {
    const pin = push(registry, `${repository}-moved`, image({ layers: [own('5')] }));
    push(registry, `${repository}-moved`, next, '1');
    const [finding] = await findingsOf(`FROM ${registry.host}/${repository}-moved:1@${pin}\n`);
    expect(finding).toMatchObject({ class: 'content' });
    expect(JSON.stringify(finding)).toMatch(message);
  });
});

/** A layer's problem names the layer. */
function subject(
  said: { readonly problems: readonly { readonly code: string; readonly subject?: string }[] },
  code: string,
) {
  const own = said.problems.find((one) => one.code === code)?.subject;
  return own === undefined ? {} : { subject: own };
}
