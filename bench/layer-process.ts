import { writeImage } from '../src/demo/image-writer.ts';
import { startDemoRegistry } from '../src/demo/registry.ts';
import { plausible } from './inspecting.ts';

/* A registry in its own process with one image: 9,000 files that make a layer of about 58 MB. */
const registry = await startDemoRegistry();
const text = plausible(135_000_000).toString('latin1');
const files: Record<string, string> = { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' };
for (let i = 0; i < 9000; i++) files[`usr/share/part-${i % 90}/file-${i}`] = text.slice(i * 15_000, (i + 1) * 15_000);
files['var/lib/dpkg/status'] = Array.from(
  { length: 400 },
  (_, n) => `Package: package-${n}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.${n}\n`,
).join('\n');
const image = writeImage({ created: '2025-01-01T00:00:00Z', layers: [files] });
registry.putImage('library/large', image, '1');
const [, layer] = image.blobs;
const url = `http://${registry.host}/v2/library/large/blobs/${layer?.digest}`;
process.stdout.write(
  `${JSON.stringify({ reference: `${registry.host}/library/large:1`, layer: url, megabytes: Math.round((layer?.bytes.length ?? 0) / 1e6) })}\n`,
);
