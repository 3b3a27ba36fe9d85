/*
 * src/demo/
 *
 * What `plimsoll demo` runs on, all in this process and on loopback: a registry (registry.ts) with images that are
 * written on the spot (image-writer.ts), a package archive and advisories (archive.ts), a git repository
 * (repository.ts), whoever builds an image (builder.ts), a mail server that keeps what it gets (mailbox.ts), a daemon that says what it runs (demo-engine.ts), and a small fleet (this file) in which every
 * file shows another answer. The job that runs on it is the real one; the command is entry/commands/demo/demo.ts.
 * Begin with demo-fleet.ts.
 */

import type { Digest } from '../core/image/digest.ts';
import type { DemoArchive } from './archive.ts';
import type { DemoContainer } from './demo-engine.ts';
import { type WrittenImage, writeImage, writeIndex } from './image-writer.ts';
import type { DemoRegistry } from './registry.ts';

/** A small fleet as a team has it; every file shows another answer. */
export interface DemoFleet {
  /** Dockerfiles by path. */
  readonly files: Readonly<Record<string, string>>;
  /** What a machine runs of the same images. */
  readonly containers: readonly DemoContainer[];
  /** Digests whose containers would not be well. */
  readonly sick: readonly Digest[];
  readonly published: DemoPublished;
}

/** An image that was built on what its base's tag named before. */
export interface DemoPublished {
  readonly image: string;
  readonly dockerfile: string;
  /** Builds it on what the tag names now, and pushes it. */
  build(): void;
}

type Versions = Readonly<Record<string, string>>;

/** Where the images say that their packages come from; the demo asks its own archive instead. */
export const archiveOfImages = 'http://deb.example/';

const bookworm: Versions = {
  apt: '2.6.1',
  'base-files': '12.4+deb12u9',
  bash: '5.2.15-2+b7',
  'ca-certificates': '20230311',
  coreutils: '9.1-1',
  dpkg: '1.21.22',
  'libc-bin': '2.36-9+deb12u9',
  libc6: '2.36-9+deb12u9',
  libgnutls30: '3.7.9-2+deb12u3',
  liblzma5: '5.4.1-0.2',
  libssl3: '3.0.15-1~deb12u1',
  libsystemd0: '252.33-1~deb12u1',
  openssl: '3.0.15-1~deb12u1',
  'perl-base': '5.36.0-7+deb12u1',
  tzdata: '2024b-0+deb12u1',
  zlib1g: '1:1.2.13.dfsg-1',
};
const bookwormLater: Versions = {
  ...bookworm,
  'base-files': '12.4+deb12u11',
  'libc-bin': '2.36-9+deb12u10',
  libc6: '2.36-9+deb12u10',
  libgnutls30: '3.7.9-2+deb12u5',
  liblzma5: '5.4.1-1',
  libssl3: '3.0.16-1~deb12u1',
  openssl: '3.0.16-1~deb12u1',
  'perl-base': '5.36.0-7+deb12u2',
  tzdata: '2025b-0+deb12u1',
};
/** Built a week before perl was fixed, and not again since. */
const bookwormBeforePerl: Versions = { ...bookwormLater, 'perl-base': '5.36.0-7+deb12u1' };
const sources: Versions = {
  'libc-bin': 'glibc',
  'exim4-daemon-light': 'exim4',
  libc6: 'glibc',
  libgnutls30: 'gnutls28',
  liblzma5: 'xz-utils',
  libssl3: 'openssl',
  libsystemd0: 'systemd',
  'perl-base': 'perl',
  zlib1g: 'zlib',
};

const alpine: Versions = {
  'alpine-baselayout': '3.6.5-r0',
  'apk-tools': '2.14.4-r1',
  busybox: '1.36.1-r30',
  musl: '1.2.5-r1',
  ssl_client: '1.36.1-r30',
  zlib: '1.3.1-r1',
};

/** Fills the registry with what the files pin and what their tags name now. */
export function seedFleet(registry: DemoRegistry, archive: DemoArchive): DemoFleet {
  seedArchive(archive);
  const { host } = registry;
  const debianBefore = debian(bookworm, '2025-03-17T00:00:00Z');
  const debianNow = debian(bookwormLater, '2025-06-09T00:00:00Z');
  const debianPin = registry.putImage('library/debian', debianBefore);
  registry.putImage('library/debian', debianNow, '12-slim');

  const nodeBefore = node('22.3.0', '2025-05-20T00:00:00Z');
  const nodePin = registry.putImage('library/node', nodeBefore);
  const nodeNow = registry.putImage('library/node', node('22.4.0', '2025-06-01T00:00:00Z'), '22');

  const churnPin = registry.putImage('library/alpine', apk('2025-05-01T00:00:00Z', 'one'));
  registry.putImage('library/alpine', apk('2025-06-01T00:00:00Z', 'two'), '3.22');

  const [amd64, arm64] = [apk('2025-06-01T00:00:00Z', 'go'), apk('2025-06-01T00:00:00Z', 'go', 'arm64')];
  const indexPin = registry.putIndex(
    'library/golang',
    writeIndex([amd64, arm64], 'monday'),
    [amd64, arm64],
    '1.23-alpine',
  );
  registry.putIndex('library/golang', writeIndex([amd64, arm64], 'tuesday'), [amd64, arm64], '1.23-alpine');

  const gonePin = registry.putImage('library/nginx', debian(bookworm, '2025-01-01T00:00:00Z'));
  registry.putImage('library/nginx', debianNow, '1.27');
  registry.deleteManifest('library/nginx', gonePin);

  const lagging = debian(bookwormBeforePerl, '2025-06-02T00:00:00Z');
  const current = registry.putImage('library/redis', lagging, '7');
  registry.putImage('library/postgres', debianNow, '16');

  const image = `${host}/acme/shop:1`;
  registry.putImage('acme/shop', shop(bookworm, debianPin, '2025-03-20T00:00:00Z'), '1');

  const api = { image: `${host}/library/debian:12-slim`, pulled: debianPin, compose: ['shop', 'api'] } as const;
  return {
    containers: [
      { name: 'shop-api-1', ...api },
      { name: 'shop-api-2', ...api },
      { name: 'runner', image: `${host}/library/node:22`, pulled: nodePin },
      { name: 'cache', image: `${host}/library/redis:7`, pulled: current },
      { name: 'billing', image: 'billing:latest' },
    ],
    sick: [nodeNow],
    published: {
      image,
      dockerfile: `FROM ${host}/library/debian:12-slim\nCOPY shop /srv/shop\n`,
      build: () => {
        const built = shop(bookwormLater, debianNow.manifest.digest, '2025-06-10T00:00:00Z');
        registry.putImage('acme/shop', built, '1');
      },
    },
    files: {
      'api/Dockerfile': `FROM ${host}/library/node:22@${nodePin} AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n\nFROM ${host}/library/debian:12-slim@${debianPin}\nCOPY --from=build /app/dist /srv\nCMD ["/srv/api"]\n`,
      'worker/Dockerfile': `ARG GO=1.23-alpine\nFROM ${host}/library/golang:\${GO}@${indexPin} AS build\nRUN go build -o /worker .\n\nFROM ${host}/library/alpine:3.22@${churnPin}\nCOPY --from=build /worker /worker\n`,
      'proxy/Dockerfile': `FROM ${host}/library/nginx:1.27@${gonePin}\nCOPY nginx.conf /etc/nginx/nginx.conf\n`,
      'mail/Dockerfile': `FROM ${host}/library/debian:12-slim\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends exim4-daemon-light=4.96-15+deb12u5 ca-certificates\n`,
      'data/Dockerfile': `FROM ${host}/library/redis:7@${current}\n`,
      'data/postgres.Dockerfile': `FROM ${host}/library/postgres:16\n`,
      'data/compose.yaml': `services:\n  backup:\n    image: ${host}/library/debian:12-slim@${debianPin}\n    environment:\n      TOKEN: not for reports\n  db:\n    image: ${host}/library/postgres:\${PG:-16}\n`,
      '.github/workflows/ci.yml': `on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    container: ${host}/library/node:22@${nodePin}\n    steps:\n      - uses: actions/checkout@v4\n`,
      'deploy/worker.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: worker }\nspec:\n  template:\n    spec:\n      containers:\n        - name: worker\n          image: ${host}/library/alpine:3.22@${churnPin}\n`,
    },
  };
}

/** What the distribution offers today, and which of it is a fix. */
function seedArchive(archive: DemoArchive): void {
  const { 'perl-base': perl = '', ...others } = bookwormLater;
  archive.putSuite('bookworm', 'Debian', { ...bookworm, ...others, 'perl-base': '5.36.0-7+deb12u1' }, sources);
  archive.putSuite(
    'bookworm-security',
    'Debian-Security',
    {
      'perl-base': perl,
      'exim4-daemon-light': '4.96-15+deb12u7',
    },
    sources,
  );
  archive.putAdvisory('DEBIAN-CVE-2024-13176', 'openssl', '3.0.15-1~deb12u1', {
    severity: [cvss('AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:N/A:N')],
  });
  archive.putAdvisory('DEBIAN-CVE-2024-12243', 'gnutls28', '3.7.9-2+deb12u3', {
    severity: [cvss('AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L')],
  });
  archive.putAdvisory('DSA-5867-1', 'gnutls28', '3.7.9-2+deb12u3', { upstream: ['CVE-2024-12243'] });
  archive.putAdvisory('DEBIAN-CVE-2024-56406', 'perl', '5.36.0-7+deb12u1', {
    severity: [cvss('AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H')],
  });
  archive.putAdvisory('DSA-5900-1', 'perl', '5.36.0-7+deb12u1', { upstream: ['CVE-2024-56406'] });
}

function cvss(metrics: string): { type: string; score: string } {
  return { type: 'CVSS_V3', score: `CVSS:3.1/${metrics}` };
}

function debian(versions: Versions, created: string): WrittenImage {
  return writeImage({ created, layers: [debianFiles(versions)], config: { Cmd: ['bash'] } });
}

/** As a build on a Debian makes one that says what it was built on. */
function shop(versions: Versions, base: Digest, created: string): WrittenImage {
  return writeImage({
    created,
    layers: [debianFiles(versions), { 'srv/shop': 'shop' }],
    config: { Cmd: ['/srv/shop'], Labels: { 'org.opencontainers.image.base.digest': base } },
  });
}

function node(version: string, created: string): WrittenImage {
  return writeImage({
    created,
    layers: [debianFiles(bookwormLater), { 'usr/local/bin/node': `node ${version}` }],
    config: { Env: ['PATH=/usr/local/bin:/usr/bin:/bin', `NODE_VERSION=${version}`], Cmd: ['node'] },
  });
}

function debianFiles(versions: Versions): Record<string, string> {
  const status = Object.entries(versions).map(([name, version]) => {
    const source = sources[name] === undefined ? '' : `Source: ${sources[name]}\n`;
    return `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\n${source}Version: ${version}\n`;
  });
  return {
    'etc/os-release':
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
    'var/lib/dpkg/status': status.join('\n'),
    'etc/apt/sources.list': ['bookworm', 'bookworm-security']
      .map((suite) => `deb [trusted=yes] ${archiveOfImages}debian ${suite} main\n`)
      .join(''),
  };
}

function apk(created: string, cache: string, architecture = 'amd64'): WrittenImage {
  const installed = Object.entries(alpine).map(([name, version]) => `P:${name}\nV:${version}\nA:x86_64\no:${name}\n`);
  return writeImage({
    created,
    architecture,
    layers: [
      {
        'etc/os-release': 'PRETTY_NAME="Alpine Linux v3.22"\nID=alpine\nVERSION_ID=3.22.2\n',
        'lib/apk/db/installed': `${installed.join('\n')}\n`,
        // What churns in real images, and means nothing: caches, logs, compiled files.
        'var/cache/misc/timestamp': cache,
      },
    ],
  });
}
