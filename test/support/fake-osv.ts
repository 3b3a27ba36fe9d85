import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OsvRecord } from '../../src/advisories/osv-record.ts';

/** OSV's API on loopback with recorded answers, that keeps a log and misbehaves on demand. */
export interface FakeOsv {
  /** Without `/v1`. */
  readonly base: string;
  /** Bodies of `querybatch`, and paths of everything else. */
  readonly log: { readonly path: string; readonly body: string }[];
  /** Ids by `ECOSYSTEM NAME VERSION`. */
  readonly answers: Map<string, readonly string[]>;
  readonly records: Map<string, OsvRecord>;
  /** Ids per page; all at once unless set. */
  pageSize: number;
  /** Asked first; true when it has answered. */
  intercept: ((request: http.IncomingMessage, response: http.ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

interface Query {
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly version: string;
  readonly page_token?: string;
}

export async function startFakeOsv(): Promise<FakeOsv> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const path = request.url ?? '';
      osv.log.push({ path, body });
      if (osv.intercept?.(request, response)) return;
      const answer = path === '/v1/querybatch' ? batch(body) : osv.records.get(path.replace('/v1/vulns/', ''));
      const text = answer === undefined ? '{"code":5}' : JSON.stringify(answer);
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(text);
    });
  });
  const batch = (body: string): unknown => {
    const { queries } = JSON.parse(body) as { queries: readonly Query[] };
    if (queries.length > 1000) return undefined;
    return {
      results: queries.map(({ package: { ecosystem, name }, version, page_token = '0' }) => {
        const ids = osv.answers.get(`${ecosystem} ${name} ${version}`) ?? [];
        const start = Number(page_token);
        const end = start + osv.pageSize;
        return {
          ...(ids.length > 0 && {
            vulns: ids.slice(start, end).map((id) => ({ id, modified: '2026-01-01T00:00:00Z' })),
          }),
          ...(end < ids.length && { next_page_token: String(end) }),
        };
      }),
    };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const osv: FakeOsv = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log: [],
    answers: new Map(),
    records: new Map(),
    pageSize: Number.POSITIVE_INFINITY,
    intercept: undefined,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return osv;
}
