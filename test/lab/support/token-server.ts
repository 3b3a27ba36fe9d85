import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { runTool } from './run-tool.ts';

export interface TokenServer {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** What docker-registry needs to know of it, reached under that address. */
  readonly auth: (realm: string) => Readonly<Record<string, unknown>>;
  /** `METHOD who scope,scope` of every request. */
  readonly log: string[];
  /** Everything it was sent, for searches. */
  readonly received: string[];
  /** Seconds for which tokens really work, whatever they say of themselves. */
  lifetime: number;
  close(): Promise<void>;
}

// distribution, registry/auth/token: expired tokens are taken for another minute.
const leeway = 60;

/** A stand-in for a registry's token server, whose tokens a real docker-registry believes (spec/auth/jwt). */
export async function startTokenServer(
  folder: string,
  login: { readonly user: string; readonly password: string; readonly refresh: string },
): Promise<TokenServer> {
  mkdirSync(folder, { recursive: true });
  const [certificate, key] = [path.join(folder, 'token.pem'), path.join(folder, 'token.key')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  runTool('openssl', ['req', '-x509', ...curve, '-subj', '/CN=lab tokens', '-keyout', key, '-out', certificate]);
  const privateKey = createPrivateKey(readFileSync(key));
  const x5c = [new X509Certificate(readFileSync(certificate)).raw.toString('base64')];
  const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');
  const make = (scopes: readonly string[]): string => {
    const now = Math.floor(Date.now() / 1000);
    const access = scopes.map((scope) => {
      const [type, name, actions = ''] = scope.split(':');
      return { type, name, actions: actions.split(',') };
    });
    const claims = { iss: 'lab', sub: '', aud: 'lab', nbf: now - 10, iat: now, jti: `${now}`, access };
    const exp = now - leeway + server.lifetime;
    const signed = `${part({ typ: 'JWT', alg: 'ES256', x5c })}.${part({ ...claims, exp })}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const basic = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const listener = http.createServer(async (request, response) => {
    const body = await text(request);
    server.received.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
    const form = new URLSearchParams(body);
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    const scopes = request.method === 'POST' ? (form.get('scope') ?? '').split(' ') : query.getAll('scope');
    const { authorization } = request.headers;
    const who =
      form.get('refresh_token') === login.refresh || authorization === basic
        ? login.user
        : authorization === undefined && !form.has('refresh_token')
          ? 'nobody'
          : 'stranger';
    server.log.push(`${request.method} ${who} ${scopes.join(',')}`);
    if (who === 'stranger') return void response.writeHead(401).end();
    // Without a login only what is public: like Docker Hub, the rest is left out without a word.
    const granted = who === 'nobody' ? scopes.filter((scope) => scope.startsWith('repository:public/')) : scopes;
    response.end(JSON.stringify({ token: make(granted), access_token: make(granted), expires_in: 300 }));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const server: TokenServer = {
    host: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    auth: (realm) => ({ token: { realm, service: 'lab', issuer: 'lab', rootcertbundle: certificate } }),
    log: [],
    received: [],
    lifetime: 300,
    close: () => {
      listener.closeAllConnections();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
  return server;
}
