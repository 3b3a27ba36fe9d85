import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as openpgp from 'openpgp';
import type { FakeArchive, SigningKey } from './fake-archive.ts';

export interface RpmInput {
  readonly name: string;
  /** `[epoch:]version-release` */
  readonly version: string;
  readonly architecture?: string;
  readonly sourceRpm?: string;
  readonly vendor?: string;
  /** `old`, `old LT [epoch:]version[-release]` */
  readonly obsoletes?: readonly string[];
}

export interface UpdateInput {
  readonly id: string;
  readonly type?: string;
  readonly severity?: string;
  readonly cves?: readonly string[];
  /** `name:stream` */
  readonly module?: string;
  readonly packages: readonly RpmInput[];
}

export interface RpmRepositoryInput {
  readonly packages: readonly RpmInput[];
  /** None: no updateinfo. */
  readonly updates?: readonly UpdateInput[];
  /** A modules.yaml. */
  readonly modules?: string;
  readonly compress?: (bytes: Buffer) => Buffer;
  readonly algorithm?: 'sha256' | 'sha512' | 'sha1';
  readonly key?: SigningKey;
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

function parts({ version }: RpmInput): { epoch: string; version: string; release: string } {
  const [, epoch = '0', ver = '', release = ''] = /^(?:(\d+):)?(.*)-([^-]*)$/.exec(version) ?? [];
  return { epoch, version: ver, release };
}

function obsoletesXml({ obsoletes = [] }: RpmInput): string {
  const entries = obsoletes.map((text) => {
    const [name = '', flags, limit = ''] = text.split(' ');
    const [, epoch = '0', ver = '', , rel] = /^(?:(\d+):)?([^-]*)(-(.*))?$/.exec(limit) ?? [];
    const range = flags === undefined ? '' : ` flags="${flags}" epoch="${epoch}" ver="${ver}"`;
    return `<rpm:entry name="${attribute(name)}"${range}${rel === undefined ? '' : ` rel="${rel}"`}/>`;
  });
  return entries.length === 0 ? '' : `<rpm:obsoletes>${entries.join('')}</rpm:obsoletes>`;
}

/** As createrepo_c writes it, with parts that nobody reads. */
export function primaryXml(packages: readonly RpmInput[]): Buffer {
  const rows = packages.map((one) => {
    const { epoch, version, release } = parts(one);
    return `<package type="rpm">
  <name>${attribute(one.name)}</name>
  <arch>${one.architecture ?? 'x86_64'}</arch>
  <version epoch="${epoch}" ver="${attribute(version)}" rel="${attribute(release)}"/>
  <checksum type="sha256" pkgid="YES">00</checksum>
  <summary>not &lt;name&gt;</summary>
  <format>
    <rpm:license>MIT</rpm:license>
    ${one.vendor ? `<rpm:vendor>${attribute(one.vendor)}</rpm:vendor>` : '<rpm:vendor/>'}
    ${one.sourceRpm ? `<rpm:sourcerpm>${attribute(one.sourceRpm)}</rpm:sourcerpm>` : '<rpm:sourcerpm/>'}
    <rpm:provides><rpm:entry name="not-a-package" flags="EQ" epoch="9" ver="9" rel="9"/></rpm:provides>
    <rpm:conflicts><rpm:entry name="base"/></rpm:conflicts>
    ${obsoletesXml(one)}<file>/usr/bin/x</file>
  </format>
</package>`;
  });
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${packages.length}">\n${rows.join('\n')}\n</metadata>\n`,
  );
}

export function updateinfoXml(updates: readonly UpdateInput[]): Buffer {
  const rows = updates.map(({ id, type = 'security', severity, cves = [], module, packages }) => {
    const [name, stream] = (module ?? '').split(':');
    const list = packages.map((one) => {
      const { epoch, version, release } = parts(one);
      return `<package name="${one.name}" epoch="${epoch}" version="${attribute(version)}" release="${attribute(release)}" arch="${one.architecture ?? 'x86_64'}" src="s"><filename>f</filename></package>`;
    });
    const references = cves.map(
      (cve) => `<reference href="https://example.org" id="${cve}" type="cve" title="${cve}"/>`,
    );
    return `<update from="a@example.org" status="final" type="${type}" version="1"><id>${id}</id><title>t</title>${severity ? `<severity>${severity}</severity>` : ''}<issued date="2026-01-01 00:00:00"/><references>${references.join('')}</references><description>more
    than one line</description><pkglist><collection short="c"><name>c</name>${module ? `<module name="${name}" stream="${stream}" version="1" context="c" arch="x86_64"/>` : ''}${list.join('')}</collection></pkglist></update>`;
  });
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<updates>\n${rows.join('\n')}\n</updates>\n`);
}

/** Puts a repository below a folder (which ends in `/`, or is empty), and returns its repomd.xml. */
export async function publishRpms(archive: FakeArchive, folder: string, input: RpmRepositoryInput): Promise<Buffer> {
  const { packages, updates, modules, compress = gzipSync, algorithm = 'sha256', key } = input;
  const contents = {
    primary: primaryXml(packages),
    ...(updates && { updateinfo: updateinfoXml(updates) }),
    ...(modules !== undefined && { modules: Buffer.from(modules) }),
  };
  const data = Object.entries(contents).map(([type, plain]) => {
    const bytes = compress(plain);
    const hash = createHash(algorithm).update(bytes).digest('hex');
    const href = `repodata/${hash.slice(0, 16)}-${type}.xml`;
    archive.files.set(`${folder}${href}`, bytes);
    return `<data type="${type}"><checksum type="${algorithm === 'sha1' ? 'sha' : algorithm}">${hash}</checksum><open-checksum type="sha256">00</open-checksum><location href="${href}"/><timestamp>1</timestamp><size>${bytes.length}</size><open-size>${plain.length}</open-size></data>`;
  });
  const repomd = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>1</revision>${data.join('\n')}</repomd>\n`,
  );
  archive.files.set(`${folder}repodata/repomd.xml`, repomd);
  archive.files.delete(`${folder}repodata/repomd.xml.asc`);
  if (key) {
    const message = await openpgp.createMessage({ binary: repomd });
    const signature = await openpgp.sign({ message, signingKeys: key.privateKey, detached: true });
    archive.files.set(`${folder}repodata/repomd.xml.asc`, Buffer.from(signature as string));
  }
  return repomd;
}

/** Fedora's kind of list of mirrors. */
export function metalink(repomd: Uint8Array, folders: readonly string[], others: readonly Uint8Array[] = []): Buffer {
  const hash = (bytes: Uint8Array): string =>
    `<verification><hash type="md5">0</hash><hash type="sha256">${createHash('sha256').update(bytes).digest('hex')}</hash></verification>`;
  const urls = folders.map(
    (folder, at) =>
      `<url protocol="${folder.split(':')[0]}" type="http" location="DE" preference="${100 - at}">${folder}repodata/repomd.xml</url>`,
  );
  const alternates = others.map((bytes) => `<mm0:alternate>${hash(bytes)}</mm0:alternate>`);
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?>\n<metalink version="3.0" xmlns="http://www.metalinker.org/" xmlns:mm0="http://fedorahosted.org/mirrormanager"><files><file name="repomd.xml">${hash(repomd)}<mm0:alternates>${alternates.join('')}</mm0:alternates><resources maxconnections="1"><url protocol="rsync">rsync://x/repodata/repomd.xml</url>${urls.join('')}</resources></file></files></metalink>`,
  );
}
