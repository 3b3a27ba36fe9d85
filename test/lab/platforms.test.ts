import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { type BuiltImage, type BuiltIndex, blob, image, index, layer } from '../support/image-builder.ts';
import { workplace } from './support/plimsoll.ts';
import { debianImage, publish } from './support/publish.ts';
import { requestsOf } from './support/registry-server.ts';

const { folder, older, newer, http } = inject('lab');
const unknown = { os: 'unknown', architecture: 'unknown' };

const amd64 = debianImage(older);
const arm64 = (text: string): BuiltImage =>
  image({
    layers: [layer({ 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n', 'usr/share/made-up': text })],
    platform: { os: 'linux', architecture: 'arm64' },
  });

/** What BuildKit adds beside the images: docs/attestations/attestation-storage.md of moby/buildkit. */
const attestation = (of: BuiltImage, builder: string): BuiltImage => {
  const statement = blob(
    Buffer.from(JSON.stringify({ _type: 'https://in-toto.io/Statement/v0.1', predicate: { builder } })),
    'application/vnd.in-toto+json',
  );
  return image({
    layers: [{ ...statement, diffId: statement.digest }],
    platform: unknown,
    created: of.manifest.digest,
  });
};

const twoPlatforms = (first: BuiltImage, second: BuiltImage, builder = 'one'): BuiltIndex =>
  index([
    { image: first },
    { image: second },
    {
      image: attestation(first, builder),
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': first.manifest.digest,
      },
    },
  ]);

const both = ['--platform', 'linux/amd64,linux/arm64'];
const start = twoPlatforms(amd64, arm64('one'));
const moves = [
  {
    moved: 'the other platform',
    repository: 'arm64',
    after: twoPlatforms(amd64, arm64('two')),
    amd64: 'no-op',
    both: 'content',
  },
  {
    moved: 'an attestation',
    repository: 'attestation',
    after: twoPlatforms(amd64, arm64('one'), 'two'),
    amd64: 'no-op',
    both: 'no-op',
  },
  {
    moved: 'this platform',
    repository: 'amd64',
    after: twoPlatforms(debianImage(newer), arm64('one')),
    amd64: 'security',
    both: 'security',
  },
];

describe.each(moves)('an index in which $moved moved', ({ repository, after, ...expected }) => {
  const reference = `${http.host}/platforms/${repository}:12`;
  const before = publish(start, reference, folder);
  publish(after, reference, folder);
  const text = `FROM ${reference}@${before}\n`;

  it(`is ${expected.amd64} for linux/amd64`, () => {
    const { record } = workplace(folder, text).check('--platform', 'linux/amd64');
    expect(record.findings.map((finding) => finding.class)).toEqual([expected.amd64]);
    expect(record.findings[0]).toMatchObject({ pinned: 'index', platforms: ['linux/amd64'] });
  });

  it(`is ${expected.both} for both`, () => {
    const { record } = workplace(folder, text).check(...both);
    expect(record.findings.map((finding) => finding.class)).toEqual([expected.both]);
    expect(record.findings[0]?.perPlatform?.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
  });

  it('is left alone by update when nothing that is built from moved, and written with --all', () => {
    const place = workplace(folder, text);
    place.run('update', '--platform', 'linux/amd64');
    const moved = text.replace(before, after.digest);
    expect(readFileSync(place.dockerfile, 'utf8')).toBe(expected.amd64 === 'no-op' ? text : moved);
    place.run('update', '--all', '--platform', 'linux/amd64');
    expect(readFileSync(place.dockerfile, 'utf8')).toBe(moved);
  });

  it('costs one HEAD per tag, per pin its tag left, and per consumed child on an unchanged day', () => {
    const place = workplace(folder, text);
    place.check(...both);
    const begin = requestsOf(http).length;
    const { record } = place.check(...both);
    const targets = ['12', before, ...start.images.slice(0, 2).map(({ manifest }) => manifest.digest)];
    expect(requestsOf(http).slice(begin).toSorted()).toEqual(
      targets.map((target) => `HEAD /v2/platforms/${repository}/manifests/${target} 200`).toSorted(),
    );
    expect(record.cost).toMatchObject({ requests: 4, countedPulls: 0 });
  });
});
