import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import * as openpgp from 'openpgp';

/** A Debian archive of one suite on loopback, signed with a key of its own, that keeps a log and misbehaves on demand. */
export interface FakeArchive {
  /** Ends in `/`. */
  readonly uri: string;
  readonly log: { readonly path: string; readonly status: number; readonly headers: http.IncomingHttpHeaders }[];
  /** By path below the address; replaced at will. */
  readonly files: Map<string, Uint8Array>;
  /** Asked first; true when it has answered. */
  intercept: ((request: http.IncomingMessage, response: http.ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

export interface SigningKey {
  readonly privateKey: openpgp.PrivateKey;
  /** In ASCII armor. */
  readonly publicKey: string;
  readonly fingerprint: string;
}

export interface OfferedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  readonly source?: string;
}

export interface SuiteInput {
  readonly suite: string;
  readonly component?: string;
  readonly architecture?: string;
  readonly packages: readonly OfferedPackage[];
  /** Header fields beside or instead of the usual ones. */
  readonly fields?: Readonly<Record<string, string>>;
  /** None: not signed. */
  readonly key?: SigningKey;
  readonly detached?: boolean;
  /** The bytes of each form by suffix, instead of gzip alone. */
  readonly forms?: Readonly<Record<string, Uint8Array>>;
}

/** `seconds`: how long the key is good. */
export async function makeKey(options: { date?: Date; seconds?: number } = {}): Promise<SigningKey> {
  const { privateKey, publicKey } = await openpgp.generateKey({
    userIDs: [{ name: 'Test Archive', email: 'archive@example.org' }],
    format: 'object',
    ...(options.date && { date: options.date }),
    ...(options.seconds !== undefined && { keyExpirationTime: options.seconds }),
  });
  return { privateKey, publicKey: publicKey.armor(), fingerprint: publicKey.getFingerprint().toUpperCase() };
}

export function packagesIndex(packages: readonly OfferedPackage[]): Buffer {
  return Buffer.from(
    packages
      .map(
        ({ name, version, architecture = 'amd64', source }) =>
          `Package: ${name}\n${source === undefined ? '' : `Source: ${source}\n`}Version: ${version}\nArchitecture: ${architecture}\nDescription: of ${name}\n Package: not-${name}\n`,
      )
      .join('\n'),
  );
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Puts a suite into the archive, in the layout of the Debian wiki's DebianRepository/Format. */
export async function publishSuite(archive: FakeArchive, input: SuiteInput): Promise<void> {
  const { suite, component = 'main', architecture = 'amd64' } = input;
  const folder = suite.endsWith('/') ? suite : `dists/${suite}/`;
  const index = suite.endsWith('/') ? 'Packages' : `${component}/binary-${architecture}/Packages`;
  const plain = packagesIndex(input.packages);
  const forms = input.forms ?? { '.gz': gzipSync(plain) };
  const listed = Object.entries(forms).map(([suffix, bytes]) => {
    archive.files.set(`${folder}${index}${suffix}`, bytes);
    const hashFolder = `${folder}${index}`.replace(/Packages$/, 'by-hash/SHA256/');
    if (input.fields?.['Acquire-By-Hash'] === 'yes') archive.files.set(`${hashFolder}${sha256(bytes)}`, bytes);
    return ` ${sha256(bytes)} ${bytes.length} ${index}${suffix}`;
  });
  const fields = {
    Origin: 'Debian',
    Suite: suite,
    Codename: suite,
    Architectures: architecture,
    Components: component,
    ...input.fields,
  };
  const text = [
    ...Object.entries(fields).map(([key, value]) => `${key}: ${value}`),
    'SHA256:',
    ...listed,
    ` ${sha256(plain)} ${plain.length} ${index}`,
    '',
  ].join('\n');
  for (const name of ['InRelease', 'Release', 'Release.gpg']) archive.files.delete(folder + name);
  if (input.key === undefined) archive.files.set(`${folder}Release`, Buffer.from(text));
  else if (input.detached) {
    const message = await openpgp.createMessage({ binary: Buffer.from(text) });
    const signature = await openpgp.sign({ message, signingKeys: input.key.privateKey, detached: true });
    archive.files.set(`${folder}Release`, Buffer.from(text));
    archive.files.set(`${folder}Release.gpg`, Buffer.from(signature as string));
  } else archive.files.set(`${folder}InRelease`, Buffer.from(await clearSign(text, input.key)));
}

export async function clearSign(text: string, { privateKey }: SigningKey, date?: Date): Promise<string> {
  const message = await openpgp.createCleartextMessage({ text });
  return openpgp.sign({ message, signingKeys: privateKey, ...(date && { date }) });
}

export async function startFakeArchive(): Promise<FakeArchive> {
  const files = new Map<string, Uint8Array>();
  const log: FakeArchive['log'] = [];
  const server = http.createServer((request, response) => {
    // As a forward proxy it is every host at once (RFC 9112 §3.2.2).
    const path = (request.url ?? '').replace(/^http:\/\/[^/]+/, '').slice(1);
    response.on('close', () => log.push({ path, status: response.statusCode, headers: request.headers }));
    if (archive.intercept?.(request, response)) return;
    const bytes = files.get(path);
    if (bytes === undefined) return void response.writeHead(404, { 'content-length': '0' }).end();
    const etag = `"${sha256(bytes)}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { 'content-length': String(bytes.length), etag }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const archive: FakeArchive = {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    log,
    files,
    intercept: undefined,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return archive;
}
