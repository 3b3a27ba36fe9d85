import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A package archive and a server of advisories inside this process, on loopback. */
export interface DemoArchive {
  /** Ends in `/`: a Debian archive below `debian/`. */
  readonly address: string;
  /** The address of a server with OSV's API. */
  readonly advisories: string;
  /** Versions by package, with the sources of those that are named otherwise. */
  putSuite(
    suite: string,
    label: string,
    versions: Readonly<Record<string, string>>,
    sources: Readonly<Record<string, string>>,
  ): void;
  /** What OSV knows of a version and no longer of those after it. */
  putAdvisory(id: string, source: string, version: string, record: object): void;
  close(): Promise<void>;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Starts it on a free port of loopback; whoever starts it closes it. */
export async function startDemoArchive(): Promise<DemoArchive> {
  const files = new Map<string, Buffer>();
  const ids = new Map<string, string[]>();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isBatch = request.url === '/v1/querybatch';
      const body = isBatch ? answer(Buffer.concat(chunks).toString(), ids) : files.get(request.url ?? '');
      response.writeHead(body ? 200 : 404).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    address,
    advisories: address,
    putSuite: (suite, label, versions, sources) => {
      const index = Object.entries(versions).map(
        ([name, version]) =>
          `Package: ${name}\nSource: ${sources[name] ?? name}\nVersion: ${version}\nArchitecture: amd64\n`,
      );
      const bytes = gzipSync(index.join('\n'));
      const path = 'main/binary-amd64/Packages.gz';
      files.set(`/debian/dists/${suite}/${path}`, bytes);
      const fields = `Origin: Debian\nLabel: ${label}\nSuite: ${suite}\nCodename: ${suite}\nArchitectures: amd64\nComponents: main\n`;
      files.set(
        `/debian/dists/${suite}/Release`,
        Buffer.from(`${fields}SHA256:\n ${sha256(bytes)} ${bytes.length} ${path}\n`),
      );
    },
    putAdvisory: (id, source, version, record) => {
      const key = `${source} ${version}`;
      ids.set(key, [...(ids.get(key) ?? []), id]);
      files.set(`/v1/vulns/${id}`, Buffer.from(JSON.stringify({ id, ...record })));
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Source: google.github.io/osv.dev, "POST /v1/querybatch". */
function answer(body: string, ids: ReadonlyMap<string, readonly string[]>): Buffer {
  const { queries } = JSON.parse(body) as { queries: readonly { package: { name: string }; version: string }[] };
  const results = queries.map(({ package: { name }, version }) => {
    const vulns = ids.get(`${name} ${version}`)?.map((id) => ({ id, modified: '2025-06-01T00:00:00Z' }));
    return vulns ? { vulns } : {};
  });
  return Buffer.from(JSON.stringify({ results }));
}
