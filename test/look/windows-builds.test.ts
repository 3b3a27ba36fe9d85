import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { findingsOf, pushIndex } from '../support/fleet.ts';
import { type BuiltImage, image, index, layer } from '../support/image-builder.ts';

let registry: FakeRegistry;
beforeEach(async () => {
  registry = await startFakeRegistry();
});
afterEach(() => registry.close());

/** One build of Windows. Which of them is taken is decided by the machine that builds. */
const windows = (osVersion: string, content: string): BuiltImage =>
  image({ platform: { os: 'windows', architecture: 'amd64', osVersion }, layers: [layer({ 'Files/x': content })] });

function put(tag: string, ...images: readonly BuiltImage[]): string {
  return pushIndex(registry, 'app', index(images.map((one) => ({ image: one }))), tag);
}

const classes = async (digest: string): Promise<unknown> => {
  const found = await findingsOf(`FROM --platform=windows/amd64 ${registry.host}/app:1@${digest}\n`);
  return found.map((one) => one.class);
};

it('looks at every build of Windows that an index has for a platform', async () => {
  const first = windows('10.0.17763.1', 'a');
  const before = put('0', first, windows('10.0.20348.1', 'a'));
  put('1', first, windows('10.0.20348.2', 'b'));
  expect(await classes(before)).toEqual(['content']);
});

it('compares a build with itself when another one is not made any more', async () => {
  const second = windows('10.0.20348.1', 'a');
  const before = put('0', windows('10.0.17763.1', 'a'), second);
  put('1', second, windows('10.0.26100.1', 'c'));
  expect(await classes(before)).toEqual(['no-op']);
});

it('says that a build breaks when the manifest of one build of Windows is gone', async () => {
  const [first, second] = [windows('10.0.17763.1', 'a'), windows('10.0.20348.1', 'a')];
  const digest = put('1', first, second);
  registry.deleteManifest('app', second.manifest.digest);
  expect(await classes(digest)).toEqual(['pin-broken']);
});
