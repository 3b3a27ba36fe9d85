import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ByteCache } from '../../src/cache/byte-cache.ts';
import { defaultConfig } from '../../src/config/config.ts';
import type { ArchiveSettings } from '../../src/config/settings.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import { parsePlatform } from '../../src/core/image/platform.ts';
import type { ImageReference } from '../../src/core/image/reference.ts';
import type { Format } from '../../src/formats/format.ts';
import { formats } from '../../src/formats/index.ts';
import type { Network } from '../../src/http/agents.ts';
import { type RunResult, run } from '../../src/job/run.ts';
import type { BaseLines } from '../../src/look/base-line.ts';
import type { Seen } from '../../src/look/examination.ts';
import type { Snooze } from '../../src/state/snoozes.ts';
import type { Policy } from '../../src/verdict/policy.ts';
import type { FakeRegistry } from './fake-registry.ts';
import { type BuiltImage, type BuiltIndex, type ImageInput, image, layer, type TarInputs } from './image-builder.ts';
import { testApp } from './test-app.ts';

/** A temporary folder with these files in it; call `remove` when done. */
export function temporaryTree(files: Readonly<Record<string, string | Uint8Array>>): {
  folder: string;
  remove: () => void;
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-test-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Puts an image with everything it needs into a registry; returns its manifest digest. */
export function push(registry: FakeRegistry, repository: string, built: BuiltImage, tag?: string): Digest {
  registry.putBlob(built.config.bytes);
  for (const one of built.layers) registry.putBlob(one.bytes);
  return registry.putManifest(repository, built.manifest, tag) as Digest;
}

export function pushIndex(registry: FakeRegistry, repository: string, built: BuiltIndex, tag?: string): Digest {
  for (const one of built.images) push(registry, repository, one);
  return registry.putManifest(repository, built, tag) as Digest;
}

/** A Debian image with these packages, and these files in a second layer. */
export function debianImage(
  packages: Readonly<Record<string, string>>,
  more: Omit<ImageInput, 'layers'> & { files?: TarInputs } = {},
): BuiltImage {
  const status = Object.entries(packages).map(
    ([name, version]) => `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
  );
  const { files, ...input } = more;
  return image({
    ...input,
    layers: [
      layer({ 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n', 'var/lib/dpkg/status': status.join('\n') }),
      ...(files ? [layer(files)] : []),
    ],
  });
}

export interface TestRun {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly platforms?: readonly string[];
  readonly policy?: Policy;
  readonly baseLines?: BaseLines;
  readonly cacheFolder?: string;
  readonly cache?: ByteCache;
  /** The address of a server with OSV's API; none: off. */
  readonly advisories?: string | undefined;
  /** The digests that a state has seen under a reference. */
  readonly seen?: (reference: ImageReference) => Promise<readonly Seen[]>;
  readonly archives?: Partial<ArchiveSettings>;
  readonly network?: Network;
  readonly formats?: readonly Format[];
  readonly snoozes?: readonly Snooze[];
  /** Milliseconds; what was signed just now is from the future for everybody before. */
  readonly now?: number;
}

/** The real pipeline over a temporary tree. */
export async function runOn({
  files,
  platforms = ['linux/amd64'],
  policy,
  baseLines,
  cacheFolder,
  advisories,
  seen,
  archives,
  network,
  formats: read = formats,
  snoozes,
  now = Date.parse('2026-01-05T12:00:00Z'),
}: TestRun): Promise<RunResult> {
  const tree = temporaryTree(files);
  const app = testApp({
    clock: { now: () => now },
    now,
    cacheFolder: cacheFolder ?? null,
    archives: { ...defaultConfig.archives, ...archives },
    ...(network && { network }),
    advisories: advisories === undefined ? { kind: 'off' } : { kind: 'osv', base: advisories },
  });
  try {
    const settings = {
      discovery: { formats: read, include: [], exclude: [] },
      platforms: { targets: platforms.map(parsePlatform), build: parsePlatform('linux/amd64') },
      policy: policy ?? { rules: [], pin: false },
    };
    return await run(
      {
        trees: [{ path: tree.folder, ...settings }],
        baseLines: baseLines ?? [],
        ...(seen && { seen }),
        ...(snoozes && { snoozes: async () => snoozes }),
      },
      app.run,
    );
  } finally {
    app.close();
    tree.remove();
  }
}

/** The findings of a run over one Dockerfile. */
export async function findingsOf(dockerfile: string, more: Omit<TestRun, 'files'> = {}): Promise<readonly Finding[]> {
  return (await runOn({ ...more, files: { Dockerfile: dockerfile } })).record.findings;
}
