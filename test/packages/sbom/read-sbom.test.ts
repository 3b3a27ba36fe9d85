import { describe, expect, it } from 'vitest';
import { atOnce, inTurns } from '../../../src/core/time/turns.ts';
import { distroPackage } from '../../../src/packages/sbom/distro-package.ts';
import { parsePurl } from '../../../src/packages/sbom/purl.ts';
import { readSbom, type Sbom } from '../../../src/packages/sbom/read-sbom.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { fc } from '../../support/fast-check.ts';
import { cycloneDx, debPurl, spdx } from '../../support/sbom.ts';
import { longestStretch } from '../../support/watchdog.ts';

const bytes = (json: unknown): Uint8Array => Buffer.from(JSON.stringify(json));

describe('a package URL of a distribution', () => {
  it.each([
    [
      'pkg:deb/debian/libc6@2.36-9%2Bdeb12u9?arch=amd64&distro=debian-12&upstream=glibc',
      {
        database: 'dpkg',
        package: {
          name: 'libc6',
          version: '2.36-9+deb12u9',
          architecture: 'amd64',
          source: { name: 'glibc', version: '2.36-9+deb12u9' },
        },
        os: { id: 'debian', versionId: '12' },
      },
    ],
    [
      'pkg:deb/debian/glibc@2.36-9+deb12u9?os_distro=bookworm&os_name=debian&os_version=12',
      {
        database: 'dpkg',
        package: { name: 'glibc', version: '2.36-9+deb12u9', architecture: '' },
        os: { id: 'debian', versionId: '12' },
      },
    ],
    [
      'pkg:deb/ubuntu/login@1%3A4.13?arch=amd64&distro=ubuntu-24.04&upstream=shadow%404.13-1',
      {
        database: 'dpkg',
        package: {
          name: 'login',
          version: '1:4.13',
          architecture: 'amd64',
          source: { name: 'shadow', version: '4.13-1' },
        },
        os: { id: 'ubuntu', versionId: '24.04' },
      },
    ],
    [
      'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1',
      {
        database: 'apk',
        package: { name: 'musl', version: '1.2.5-r0', architecture: 'x86_64' },
        os: { id: 'alpine', versionId: '3.20.1' },
      },
    ],
    [
      'pkg:rpm/rhel/openssl-libs@3.0.7-27.el9?arch=x86_64&epoch=1&upstream=openssl-3.0.7-27.el9.src.rpm&distro=rhel-9.4',
      {
        database: 'rpm',
        package: {
          name: 'openssl-libs',
          version: '1:3.0.7-27.el9',
          architecture: 'x86_64',
          source: { name: 'openssl', version: '3.0.7-27.el9' },
        },
        os: { id: 'rhel', versionId: '9.4' },
      },
    ],
    [
      'pkg:rpm/opensuse/gpg-pubkey@1-2?epoch=0&distro=opensuse-leap-15.6',
      {
        database: 'rpm',
        package: { name: 'gpg-pubkey', version: '1-2', architecture: '' },
        os: { id: 'opensuse-leap', versionId: '15.6' },
      },
    ],
  ])('%s', (text, wanted) => {
    const purl = parsePurl(text);
    expect(purl && distroPackage(purl)).toEqual(wanted);
  });

  it.each([
    '',
    'pkg:',
    'pkg:deb',
    'pkg:deb/debian/x',
    'http://x',
    'pkg:deb/debian/%zz@1',
    null,
    7,
    `pkg:deb/a@${'1'.repeat(3000)}`,
  ])('is not %j', (text) => {
    expect(parsePurl(text)).toBeUndefined();
  });

  it('of a language is no package of a distribution', () => {
    const purl = parsePurl('pkg:npm/%40angular/core@17.0.0#dist');
    expect(purl).toMatchObject({ type: 'npm', namespace: '@angular', name: 'core', version: '17.0.0' });
    expect(purl && distroPackage(purl)).toBeUndefined();
    expect(
      distroPackage({ type: 'constructor', namespace: '', name: 'x', version: '1', qualifiers: {} }),
    ).toBeUndefined();
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const purl = parsePurl(`pkg:rpm/${a}@1?upstream=${b}&distro=${b}`);
        if (purl) distroPackage(purl);
      }),
    );
  });
});

describe('an SBOM', () => {
  const purls = [debPurl('zlib1g', '1'), debPurl('bash', '5'), debPurl('bash', '5'), 'pkg:npm/a@1'];
  const inventory: Sbom['inventory'] = {
    os: { id: 'debian', versionId: '12' },
    coverage: 'complete',
    database: 'dpkg',
    packages: [
      { name: 'bash', version: '5', architecture: 'amd64' },
      { name: 'zlib1g', version: '1', architecture: 'amd64' },
    ],
    problems: [],
  };

  it('as SPDX lists each package once, by name, and names its generators without versions', () => {
    expect(atOnce(readSbom(bytes(spdx(purls)), 'none'))).toEqual({
      format: 'SPDX',
      generator: 'buildkit, syft',
      inventory,
    });
  });

  it('as CycloneDX, with nested components, and tools as a list or an object', () => {
    expect(atOnce(readSbom(bytes(cycloneDx(purls)), 'none'))).toEqual({
      format: 'CycloneDX',
      generator: 'trivy',
      inventory,
    });
    const nested = {
      bomFormat: 'CycloneDX',
      metadata: { tools: [{ vendor: 'v', name: 'old-tool', version: '1' }] },
      components: [{ components: [{ purl: purls[0], components: [{ purl: purls[1] }] }] }],
    };
    expect(atOnce(readSbom(bytes(nested), 'none'))).toEqual({ format: 'CycloneDX', generator: 'old-tool', inventory });
  });

  it('is not compared with another when it names more programs than are read, or longer ones', () => {
    const by = (names: readonly string[]): unknown => ({
      ...(cycloneDx(purls) as object),
      metadata: { tools: names.map((name) => ({ name })) },
    });
    const names = Array.from({ length: 101 }, (_, index) => `tool${index}`);
    const read = (names: readonly string[]): unknown => atOnce(readSbom(bytes(by(names)), 'none'));
    expect(read(names.slice(1))).toMatchObject({ inventory });
    const refusal = {
      code: 'sbom-unreadable',
      message: 'it names more programs that made it, or longer ones, than are read',
    };
    expect(read(names)).toMatchObject(refusal);
    expect(read(['t'.repeat(100)])).toMatchObject({ inventory });
    expect(read([`${'t'.repeat(100)}-other`])).toMatchObject(refusal);
  });

  it('is not read with a package left out for the length of its URL', () => {
    const long = `pkg:deb/debian/${'a'.repeat(2000)}@1?arch=amd64&distro=debian-12`;
    expect(atOnce(readSbom(bytes(cycloneDx([...purls, long])), 'none'))).toMatchObject({
      code: 'sbom-unreadable',
      message: 'it has a longer package URL than is read',
    });
    expect(atOnce(readSbom(bytes(cycloneDx([...purls, `https://${'a'.repeat(2000)}`])), 'none'))).toMatchObject({
      inventory,
    });
  });

  const digest = `sha256:${'a'.repeat(64)}`;
  const statement = { subject: [{ digest: { sha256: 'a'.repeat(64) } }], predicate: spdx(purls) };
  const envelope = { payload: Buffer.from(JSON.stringify(statement)).toString('base64') };

  it.each([
    ['statement', statement],
    ['envelope', envelope],
    ['bundle', { dsseEnvelope: envelope }],
  ] as const)('is taken out of a %s, which must be about the image', (wrapping, json) => {
    expect(atOnce(readSbom(bytes(json), wrapping, digest))).toMatchObject({ inventory });
    expect(atOnce(readSbom(bytes(json), wrapping))).toMatchObject({ inventory });
    expect(atOnce(readSbom(bytes(json), wrapping, `sha256:${'b'.repeat(64)}`))).toMatchObject({
      code: 'sbom-unreadable',
      message: 'it is about another image',
    });
  });

  it('of a mixed image is that of the family with the most packages', () => {
    const mixed = [...purls, 'pkg:rpm/x/a@1-1?distro=fedora-40'];
    expect(atOnce(readSbom(bytes(spdx(mixed)), 'none'))).toMatchObject({ inventory });
  });

  it.each<[string, Uint8Array | string | object, string]>([
    ['no JSON', '{', 'it is not JSON'],
    ['no UTF-8', Uint8Array.of(0xff), 'it is not JSON'],
    ['null', 'null', 'it is neither SPDX 2 nor CycloneDX as JSON'],
    [
      'SPDX 3',
      { '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld' },
      'it is neither SPDX 2 nor CycloneDX as JSON',
    ],
    ['an SBOM without packages of a distribution', spdx(['pkg:npm/a@1']), 'it lists no package of a distribution'],
    ['an SBOM without packages', spdx([]), 'it lists no package of a distribution'],
    ['an SBOM without a distribution', spdx(['pkg:deb/x@1']), 'it does not say which distribution it is of'],
    ['an SBOM by nobody', spdx(purls, []), 'it does not say which program made it'],
    [
      'packages that are a number',
      { spdxVersion: 'SPDX-2.3', creationInfo: { creators: ['Tool: a'] }, packages: 7 },
      'it lists no package of a distribution',
    ],
    [
      'packages that are null',
      { spdxVersion: 'SPDX-2.3', creationInfo: { creators: ['Tool: a'] }, packages: [null, 1] },
      'it lists no package of a distribution',
    ],
  ])('that is %s is a problem', (_name, content, message) => {
    const text = typeof content === 'string' || content instanceof Uint8Array ? Buffer.from(content) : bytes(content);
    expect(atOnce(readSbom(text, 'none'))).toEqual({ code: 'sbom-unreadable', message });
  });

  it('survives any JSON in any wrapping', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('none', 'statement', 'envelope', 'bundle'), (json, wrapping) => {
        expect(atOnce(readSbom(bytes(json), wrapping, digest))).toMatchObject({ code: 'sbom-unreadable' });
      }),
    );
  });

  it('that lists more than are read is none, for what is missing would look gone', () => {
    const [name, version] = ['a', '1'];
    const many = Array.from({ length: 200_001 }, () => debPurl(name, version));
    for (const document of [spdx(many), cycloneDx(many)]) {
      expect(atOnce(readSbom(bytes(document), 'none'))).toMatchObject({
        code: 'sbom-unreadable',
        message: expect.stringContaining('more packages than are read'),
      });
    }
    expect(atOnce(readSbom(bytes(cycloneDx(many.slice(2))), 'none'))).toMatchObject({
      inventory: { coverage: 'complete' },
    });
  });

  it('of 100,000 packages, nested 2,000 deep, or with hostile names is read in seconds', async () => {
    const many = Array.from({ length: 100_000 }, (_, at) => debPurl(`p${at}`, '1'));
    const deep = `${'{"components":['.repeat(2000)}${']}'.repeat(2000)}`;
    const nested = Buffer.from(`{"bomFormat":"CycloneDX","components":[${deep}]}`);
    const hostile = `pkg:rpm/x@1?upstream=${'-'.repeat(1900)}`;
    const odd = bytes(
      spdx(
        Array.from({ length: 2000 }, () => hostile),
        Array.from({ length: 2000 }, () => `-${'1'.repeat(5000)} `),
      ),
    );
    const large = bytes(spdx(many));
    const time = await cpuTime(() => {
      expect(atOnce(readSbom(large, 'none'))).toMatchObject({ inventory: { coverage: 'complete' } });
      atOnce(readSbom(nested, 'none'));
      atOnce(readSbom(odd, 'none'));
    });
    expect(time).toBeLessThan(10_000);
  });

  it.each([
    ['as it is', 'none'],
    ['in an envelope', 'envelope'],
  ] as const)('of as many packages as are read is read in turns, %s', async (_what, wrapping) => {
    const sbom = spdx(Array.from({ length: 200_000 }, (_, at) => debPurl(`p${at}`, '1')));
    const payload = Buffer.from(JSON.stringify({ predicate: sbom })).toString('base64');
    const text = bytes(wrapping === 'none' ? sbom : { payload });
    expect(await longestStretch(() => inTurns(readSbom(text, wrapping)))).toBeLessThan(250);
  });
});
