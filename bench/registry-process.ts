import { writeImage } from '../src/demo/image-writer.ts';
import { startDemoRegistry } from '../src/demo/registry.ts';

export interface Fleet {
  /** 600, half of them pinned to a digest their tag has left. */
  readonly references: readonly string[];
  /** Every HEAD an unchanged day takes. */
  readonly heads: readonly string[];
}

/* A registry in its own process, as registries are; prints what it holds as one line of JSON. */
const registry = await startDemoRegistry();
const references: string[] = [];
const heads: string[] = [];
for (let i = 0; i < 600; i++) {
  const repository = `team/image-${i}`;
  const status = (version: string): string =>
    Array.from(
      { length: 90 },
      (_, n) =>
        `Package: package-${n}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${n < 9 ? version : 1}-${n}\n`,
    ).join('\n');
  const image = (version: string) =>
    writeImage({
      created: '2025-01-01T00:00:00Z',
      layers: [
        { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n', 'var/lib/dpkg/status': status(version) },
        { [`app-${i}`]: version },
      ],
    });
  registry.putImage(repository, image('2'), '1.0');
  heads.push(`http://${registry.host}/v2/${repository}/manifests/1.0`);
  if (i % 2 === 0) {
    const pin = registry.putImage(repository, image('1'));
    references.push(`${registry.host}/${repository}:1.0@${pin}`);
    heads.push(`http://${registry.host}/v2/${repository}/manifests/${pin}`);
  } else references.push(`${registry.host}/${repository}:1.0`);
}
process.stdout.write(`${JSON.stringify({ references, heads } satisfies Fleet)}\n`);
