import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** The cache service of GitHub Actions on loopback, as @actions/cache asks its second version: Twirp, and blobs as Azure has them. */
export interface ActionsCache {
  /** What a runner sets. */
  readonly env: Readonly<Record<string, string>>;
  /** Archives by key, the oldest first. */
  readonly entries: Map<string, { readonly version: string; readonly archive: Buffer }>;
  /** Answers everything with this status instead. */
  broken: number | undefined;
  close(): Promise<void>;
}

export async function startActionsCache(): Promise<ActionsCache> {
  const versions = new Map<string, string>();
  const blocks = new Map<string, Buffer>();
  const blobs = new Map<string, Buffer>();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { status, body } = answer(request, Buffer.concat(chunks));
      response.writeHead(status, {
        'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json',
        'x-ms-request-id': '1',
        'x-ms-version': '2025-01-05',
        etag: '"1"',
        'last-modified': new Date(0).toUTCString(),
      });
      response.end(Buffer.isBuffer(body) || body === undefined ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cache: ActionsCache = {
    env: { ACTIONS_CACHE_SERVICE_V2: 'true', ACTIONS_RESULTS_URL: `${url}/`, ACTIONS_RUNTIME_TOKEN: jobToken() },
    entries: new Map(),
    broken: undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  function answer(request: http.IncomingMessage, bytes: Buffer): { status: number; body?: unknown } {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    if (cache.broken !== undefined) return { status: cache.broken, body: { msg: 'broken' } };
    if (pathname.startsWith('/blob/')) return blob(request.method ?? 'GET', pathname.slice(6), searchParams, bytes);
    const asked = JSON.parse(bytes.toString()) as { key: string; restore_keys?: string[]; version: string };
    switch (pathname.split('/').at(-1)) {
      case 'GetCacheEntryDownloadURL': {
        const prefixes = [asked.key, ...(asked.restore_keys ?? [])];
        const found = [...cache.entries]
          .reverse()
          .find(([key, { version }]) => version === asked.version && prefixes.some((one) => key.startsWith(one)));
        if (found === undefined) return { status: 200, body: { ok: false } };
        blobs.set(found[0], found[1].archive);
        return {
          status: 200,
          body: { ok: true, signed_download_url: `${url}/blob/${found[0]}`, matched_key: found[0] },
        };
      }
      case 'CreateCacheEntry':
        if (cache.entries.has(asked.key)) return { status: 409, body: { code: 'already_exists', msg: 'there' } };
        versions.set(asked.key, asked.version);
        return { status: 200, body: { ok: true, signed_upload_url: `${url}/blob/${asked.key}` } };
      case 'FinalizeCacheEntryUpload': {
        const archive = blobs.get(asked.key);
        if (archive === undefined) return { status: 404, body: { msg: 'nothing was uploaded' } };
        cache.entries.set(asked.key, { version: versions.get(asked.key) ?? '', archive });
        return { status: 200, body: { ok: true, entry_id: String(cache.entries.size) } };
      }
      default:
        return { status: 404, body: { msg: 'unknown' } };
    }
  }

  /** Put Blob, Put Block, Put Block List and Get Blob. */
  function blob(
    method: string,
    name: string,
    query: URLSearchParams,
    bytes: Buffer,
  ): { status: number; body?: unknown } {
    if (method === 'GET') return { status: 200, body: blobs.get(name) ?? Buffer.alloc(0) };
    if (query.get('comp') === 'block') blocks.set(`${name} ${query.get('blockid')}`, bytes);
    else if (query.get('comp') === 'blocklist') {
      const ids = [...bytes.toString().matchAll(/<Latest>([^<]+)</g)].map(([, id]) => id);
      blobs.set(name, Buffer.concat(ids.flatMap((id) => blocks.get(`${name} ${id}`) ?? [])));
    } else blobs.set(name, bytes);
    return { status: 201 };
  }
  return cache;
}

/** A token as the service gives a job; only its claim of scopes is read. */
function jobToken(): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:1:2' })}.x`;
}
