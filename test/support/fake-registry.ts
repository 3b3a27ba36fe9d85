import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
}

const indexType = 'application/vnd.oci.image.index.v1+json';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => boolean;

/** A registry on loopback that speaks the distribution-spec's pull side, keeps a log, and misbehaves on demand. */
export interface FakeRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly log: LoggedRequest[];
  /** Stores a manifest or index under its digest, and under a tag when given; returns the digest. */
  putManifest(repository: string, document: { bytes: Uint8Array; mediaType: string }, tag?: string): string;
  putBlob(bytes: Uint8Array): string;
  deleteManifest(repository: string, target: string): void;
  /** Asked before the registry itself; return true when it has answered. */
  intercept: Handler | undefined;
  /** Milliseconds after which it answers. */
  delay: number;
  /** When set, every request needs a bearer token from `/token` (scope per repository); with `basic`, tokens need these credentials. */
  auth: { basic?: string; realm?: string } | undefined;
  /** Leave the Docker-Content-Digest header away, as ECR and static hosts do. */
  digestHeader: boolean;
  /** Answer the referrers API, as distribution-spec 1.1 has it; false: 404, as before. */
  referrersApi: boolean;
  /** How many referrers stand on one page. */
  referrersPage: number;
  close(): Promise<void>;
}

export async function startFakeRegistry(): Promise<FakeRegistry> {
  const manifests = new Map<string, { bytes: Uint8Array; mediaType: string }>();
  const tags = new Map<string, string>();
  const blobs = new Map<string, Uint8Array>();
  const log: LoggedRequest[] = [];

  const server = http.createServer((request, response) => {
    response.on('close', () => {
      log.push({
        method: request.method ?? '',
        path: request.url ?? '',
        status: response.statusCode,
        headers: request.headers,
      });
    });
    if (registry.intercept?.(request, response)) return;
    if (registry.delay === 0) answer(request, response);
    else setTimeout(() => answer(request, response), registry.delay);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? '/', `http://${host}`);
    if (registry.auth !== undefined && url.pathname === '/token') return token(request, response, url);
    const match = /^\/v2\/(?<repository>.+?)\/(?<kind>manifests|blobs|tags|referrers)\/(?<target>.+)$/.exec(
      url.pathname,
    )?.groups;
    if (!match?.['repository'] || !match['target']) return fail(response, 404, 'NAME_UNKNOWN');
    const { repository, kind, target } = match;
    if (registry.auth !== undefined && !lets(request.headers.authorization, `repository:${repository}:pull`)) {
      const realm = registry.auth.realm ?? `http://${host}/token`;
      response.setHeader(
        'www-authenticate',
        `Bearer realm="${realm}",service="fake",scope="repository:${repository}:pull"`,
      );
      return fail(response, 401, 'UNAUTHORIZED');
    }
    if (kind === 'tags') {
      const names = [...tags.keys()].filter((k) => k.startsWith(`${repository} `)).map((k) => k.split(' ')[1]);
      return send(response, Buffer.from(JSON.stringify({ name: repository, tags: names })), 'application/json');
    }
    if (kind === 'referrers') return referrers(response, repository, target, url.searchParams);
    if (kind === 'blobs') {
      const blob = blobs.get(target);
      return blob ? send(response, blob, 'application/octet-stream') : fail(response, 404, 'BLOB_UNKNOWN');
    }
    const digest = tags.get(`${repository} ${target}`) ?? target;
    const manifest = manifests.get(`${repository} ${digest}`);
    if (!manifest) return fail(response, 404, 'MANIFEST_UNKNOWN');
    if (registry.digestHeader) response.setHeader('docker-content-digest', digest);
    send(response, manifest.bytes, manifest.mediaType);
  }

  function referrers(response: http.ServerResponse, repository: string, subject: string, query: URLSearchParams): void {
    if (!registry.referrersApi) return fail(response, 404, 'UNSUPPORTED');
    const type = query.get('artifactType');
    const from = Number(query.get('from') ?? '0');
    const all = [...manifests].flatMap(([key, { bytes, mediaType }]) => {
      const [owner, digest] = key.split(' ');
      const json = JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
      if (owner !== repository || (json['subject'] as { digest?: string } | undefined)?.digest !== subject) return [];
      const { artifactType, annotations } = json;
      return type === null || type === artifactType
        ? [{ mediaType, digest, size: bytes.length, artifactType, annotations }]
        : [];
    });
    const next = from + registry.referrersPage;
    if (type !== null) response.setHeader('oci-filters-applied', 'artifactType');
    if (next < all.length) {
      const more = new URLSearchParams({ ...(type !== null && { artifactType: type }), from: String(next) });
      response.setHeader('link', `</v2/${repository}/referrers/${subject}?${more}>; rel="next"`);
    }
    const index = { schemaVersion: 2, mediaType: indexType, manifests: all.slice(from, next) };
    send(response, Buffer.from(JSON.stringify(index)), indexType);
  }

  function token(request: http.IncomingMessage, response: http.ServerResponse, url: URL): void {
    const { basic } = registry.auth ?? {};
    if (basic !== undefined && request.headers.authorization !== `Basic ${Buffer.from(basic).toString('base64')}`) {
      return fail(response, 401, 'UNAUTHORIZED');
    }
    const scopes = url.searchParams.getAll('scope');
    const body = JSON.stringify({ token: `token-for-${scopes.join(',')}`, expires_in: 300 });
    send(response, Buffer.from(body), 'application/json');
  }

  function lets(authorization: string | undefined, scope: string): boolean {
    const token = authorization?.replace(/^Bearer token-for-/, '') ?? '';
    return token.split(',').includes(scope);
  }

  function send(response: http.ServerResponse, bytes: Uint8Array, type: string): void {
    response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
    response.end(response.req.method === 'HEAD' ? undefined : bytes);
  }

  function fail(response: http.ServerResponse, status: number, code: string): void {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      response.req.method === 'HEAD' ? undefined : JSON.stringify({ errors: [{ code, message: 'as asked' }] }),
    );
  }

  const registry: FakeRegistry = {
    host,
    log,
    putManifest(repository, document, tag) {
      const digest = digestOfBytes(document.bytes);
      manifests.set(`${repository} ${digest}`, document);
      if (tag !== undefined) tags.set(`${repository} ${tag}`, digest);
      return digest;
    },
    putBlob(bytes) {
      const digest = digestOfBytes(bytes);
      blobs.set(digest, bytes);
      return digest;
    },
    deleteManifest(repository, target) {
      const digest = tags.get(`${repository} ${target}`) ?? target;
      if (tags.delete(`${repository} ${target}`)) return;
      manifests.delete(`${repository} ${digest}`);
    },
    delay: 0,
    intercept: undefined,
    auth: undefined,
    digestHeader: true,
    referrersApi: true,
    referrersPage: 100,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return registry;
}

function digestOfBytes(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
