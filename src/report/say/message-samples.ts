import type { Message, Story } from '../../core/message.ts';
import { type NewsClass, newsClasses } from '../../core/news.ts';
import { leadOf, message } from './message-story.ts';

const [older, newer] = ['1f2e3d4c5b6a', '9a8b7c6d5e4f'];
const whole = `sha256:${newer}${'30211203'.repeat(6)}0a1b`;
const place = {
  repository: 'acme/shop',
  file: 'Dockerfile',
  line: 3,
  url: 'https://github.example/acme/shop/blob/main/Dockerfile#L3',
  stage: 'build',
  final: true,
};

function pull(number: number): Pick<Story, 'proposals' | 'proposalNames'> {
  const url = `https://github.example/acme/shop/pull/${number}`;
  return { proposals: [url], proposalNames: { [url]: `pull request #${number}` } };
}

type Sample = Pick<Story, 'subject' | 'reason'> & Partial<Story>;

/** What a real run would say of each class, most urgent first. */
const samples: Readonly<Record<NewsClass, Sample>> = {
  'pin-broken': {
    subject: 'nginx=1.22.1-9',
    from: '1.22.1-9',
    to: '1.22.1-9+deb12u2',
    reason: 'The next build will fail: nginx 1.22.1-9 is no longer in debian 12; 1.22.1-9+deb12u2 is.',
    write: ['nginx=1.22.1-9+deb12u2'],
    ...pull(41),
    since: '2026-11-20T06:00:00Z',
  },
  security: {
    subject: 'docker.io/library/debian:12-slim',
    security: true,
    from: older,
    to: newer,
    reason: '3 packages change, 2 security fixes (openssl, glibc; CVE-2026-10001, CVE-2026-10002), config unchanged.',
    write: [`FROM debian:12-slim@${whole}`, `FROM debian:12-slim@${whole} AS run`],
    places: [
      place,
      {
        ...place,
        file: 'worker/Dockerfile',
        line: 1,
        stage: 'run',
        url: 'https://github.example/acme/shop/blob/main/worker/Dockerfile#L1',
      },
    ],
    packages: [
      {
        name: 'libssl3',
        kind: 'upgraded',
        before: '3.0.17-1~deb12u2',
        after: '3.0.17-1~deb12u3',
        source: 'openssl',
        security: true,
        advisories: ['DSA-6001-1', 'CVE-2026-10001'],
        severity: 'high',
      },
      {
        name: 'libc6',
        kind: 'upgraded',
        before: '2.36-9+deb12u10',
        after: '2.36-9+deb12u13',
        source: 'glibc',
        security: true,
        advisories: ['CVE-2026-10002'],
      },
      {
        name: 'tzdata',
        kind: 'upgraded',
        before: '2026a-0+deb12u1',
        after: '2026b-0+deb12u1',
        security: false,
        advisories: [],
      },
    ],
    ...pull(42),
    since: '2026-11-21T06:00:00Z',
  },
  packages: {
    subject: 'docker.io/library/alpine:3.22',
    security: false,
    from: older,
    to: newer,
    reason: '1 package changes, no security fix, config unchanged.',
    packages: [
      { name: 'busybox', kind: 'upgraded', before: '1.37.0-r18', after: '1.37.0-r19', security: false, advisories: [] },
    ],
    notes: ['held back (window): this week’s batch has gone out'],
  },
  config: {
    subject: 'docker.io/library/node:22',
    from: older,
    to: newer,
    reason: 'Packages unchanged, config changes (ENV NODE_VERSION).',
    config: [{ key: 'Env.NODE_VERSION', before: '22.11.0', after: '22.12.0' }],
  },
  content: {
    subject: 'gcr.io/distroless/static:latest',
    from: older,
    to: newer,
    reason: 'Files differ although packages and config are the same.',
  },
  unknown: {
    subject: 'ghcr.io/acme/base:1',
    reason: 'Could not be checked: ghcr.io answered 401 three days in a row.',
    since: '2026-11-18T06:00:00Z',
  },
  rebuild: {
    subject: 'docker.io/library/golang:1.26',
    from: older,
    to: newer,
    reason: 'Built again with the same packages, config and files.',
  },
  'no-op': {
    subject: 'docker.io/library/redis:8',
    from: older,
    to: newer,
    reason: 'The digest moved, and nothing you build from did: only attestations or other platforms changed.',
  },
  unpinned: {
    subject: 'docker.io/library/python:3.14',
    reason: 'No digest, so there is nothing to compare with and no pull request is possible; pin it, or give --since.',
  },
  lagging: {
    subject: 'docker.io/library/debian:12-slim and 4 more',
    security: true,
    reason:
      'The tag has nothing newer, yet debian 12 has 1 security fix (xz-utils; CVE-2026-10003); a build that upgrades its packages takes it.',
    packages: [
      {
        name: 'liblzma5',
        kind: 'upgraded',
        before: '5.4.1-1',
        after: '5.4.1-1+deb12u1',
        source: 'xz-utils',
        security: true,
        advisories: ['CVE-2026-10003'],
      },
    ],
    upgradeLine: 'RUN apt-get update && apt-get install -y --only-upgrade liblzma5 && rm -rf /var/lib/apt/lists/*',
  },
  redeployed: {
    subject: 'nas/shop/web was put back',
    reason:
      'It was moved from sha256:1f2e3d4c5b6a to sha256:9a8b7c6d5e4f (security) and put back: it was unhealthy. The digest is tried again after "plimsoll retry nas:web", or when another one comes.',
    places: [],
  },
  dispatch: {
    subject: 'ghcr.io/acme/base:1: the rebuild did not come',
    reason:
      'A rebuild on sha256:9a8b7c6d5e4f was asked for on 2026-11-25 (https://github.com/acme/images/actions/runs/812): the registry has nothing new within 6 hours. It is asked for again after "plimsoll retry ghcr.io/acme/base:1", or when its base brings something else.',
    places: [],
  },
  stale: {
    subject: 'docker.io/library/debian:12-slim',
    security: true,
    from: older,
    to: newer,
    reason:
      'ghcr.io/acme/shop:1 was built on sha256:1f2e3d4c5b6a of its base, and the file names sha256:9a8b7c6d5e4f now; a rebuild brings it: 1 package changes, 1 security fix (openssl; CVE-2026-10001), config unchanged.',
  },
  unwatched: {
    subject: 'acme/shop',
    reason: 'acme/shop is not watched any more since 2026-11-20: it could not be listed (403).',
    places: [],
  },
  unreadable: {
    subject: 'services/api/Dockerfile',
    reason:
      'It was read before, and cannot be read any more: 1,210,044 bytes; files over 1,048,576 bytes are not read.',
  },
  unwritable: {
    subject: 'acme/shop',
    reason: 'Pull requests cannot be opened there: the token may not write contents.',
    places: [],
  },
  unchecked: {
    subject: 'deb.example',
    reason: 'It has not answered since 2026-11-19, so fixes are not known for 14 uses: connection refused.',
    places: [],
  },
  'newer-tag': { subject: 'docker.io/library/postgres:17', reason: 'A newer version is published: 18.', to: '18' },
  'end-of-life': {
    subject: 'docker.io/library/debian:11',
    reason: 'debian 11 gets no more security updates since 2026-08-31; debian 12 and 13 do.',
    since: '2026-09-01T06:00:00Z',
  },
};

/** One message per class, as `notify preview` shows and `doctor --send` sends them. Nothing in them is real. */
export function sampleMessages(): Message[] {
  return newsClasses.map((kind) => {
    const sample = samples[kind];
    const story: Story = {
      class: kind,
      security: null,
      places: [place],
      packages: [],
      config: [],
      notes: [],
      proposals: [],
      news: [`sample-${kind}`],
      ...sample,
    };
    const about = { title: `Sample of ${kind}: nothing has happened`, lead: leadOf([story]), stories: [story] };
    return message('sample', about);
  });
}
