import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeImage } from '../src/demo/image-writer.ts';
import { startDemoRegistry } from '../src/demo/registry.ts';
import { xzStream } from '../src/packages/archives/xz.ts';
import { clearSign, makeKey, startFakeArchive } from '../test/support/fake-archive.ts';

/*
 * The archive and the registry of the candidates benchmark in their own process: Debian's whole main index, as this
 * machine's apt gets it, under a Release made on the spot, and an image of 96 of its packages. Prints one line of JSON
 * and serves until killed.
 */

export interface Served {
  readonly reference: string;
  /** The index itself. */
  readonly index: string;
  readonly packages: number;
  readonly megabytes: number;
}

const release = 'bookworm';

/** Fetched once per machine. */
function fullIndex(): Buffer {
  const kept = path.join(tmpdir(), `plimsoll-bench-${release}-Packages.xz`);
  if (!existsSync(kept)) {
    const sources = [
      '/etc/apt/sources.list',
      ...readdirSync('/etc/apt/sources.list.d').map((name) => `/etc/apt/sources.list.d/${name}`),
    ];
    const texts = sources.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
    // The first that names the release is where Debian itself is: others name suites of their own.
    const uri = texts
      .map(
        (text) =>
          /^URIs:\s*(\S+)\n(?:.*\n)*?Suites:.*\bbookworm\b/m.exec(text)?.[1] ??
          /^deb\s+(?:\[.*?\]\s+)?(\S+)\s+bookworm\s/m.exec(text)?.[1],
      )
      .find((found) => found !== undefined);
    if (uri === undefined) throw new Error(`the apt sources of this machine name no ${release}`);
    const partial = path.join(mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-')), 'Packages.xz');
    const from = `${uri.replace(/\/$/, '')}/dists/${release}/main/binary-amd64/Packages.xz`;
    execFileSync('/usr/lib/apt/apt-helper', ['-oAPT::Sandbox::User=root', 'download-file', from, partial], {
      stdio: 'ignore',
    });
    renameSync(partial, kept);
  }
  return readFileSync(kept);
}

const packed = fullIndex();
const pieces: Uint8Array[] = [];
for await (const piece of xzStream(once(packed))) pieces.push(piece);
const plain = Buffer.concat(pieces);
const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const stanzas = plain.toString('utf8').split('\n\n');
const chosen = stanzas.filter((stanza) => /^Priority: (?:required|important|standard)$/m.test(stanza)).slice(0, 96);
const status = chosen.map((stanza, at) => {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
  // Every fifth is behind.
  const version = at % 5 === 0 ? `0~${field('Version').replace(/^\d+:/, '')}` : field('Version');
  return `Package: ${field('Package')}\nStatus: install ok installed\nArchitecture: ${field('Architecture')}\nVersion: ${version}\n`;
});

const [archive, registry, key] = await Promise.all([startFakeArchive(), startDemoRegistry(), makeKey()]);
const index = `main/binary-amd64/Packages`;
const text = [
  'Origin: Debian',
  `Suite: ${release}`,
  `Codename: ${release}`,
  'Architectures: amd64',
  'Components: main',
  'SHA256:',
  ` ${sum(packed)} ${packed.length} ${index}.xz`,
  ` ${sum(plain)} ${plain.length} ${index}`,
  '',
].join('\n');
archive.files.set(`dists/${release}/InRelease`, Buffer.from(await clearSign(text, key)));
archive.files.set(`dists/${release}/${index}.xz`, packed);

const image = writeImage({
  created: '2025-01-01T00:00:00Z',
  layers: [
    {
      'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
      'etc/apt/sources.list': `deb [signed-by=/usr/share/keyrings/bench.asc] ${archive.uri} ${release} main\n`,
      'usr/share/keyrings/bench.asc': key.publicKey,
      'var/lib/dpkg/status': status.join('\n'),
    },
  ],
});
registry.putImage('library/debian', image, '12');
process.stdout.write(
  `${JSON.stringify({
    reference: `${registry.host}/library/debian:12`,
    index: `${archive.uri}dists/${release}/${index}.xz`,
    packages: stanzas.length,
    megabytes: Math.round(plain.length / 1e6),
  } satisfies Served)}\n`,
);

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
