import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/load.ts';

const env = { URL: 'https://hooks.example/very-secret', TOKEN: 'token-very-secret' };
const load = (entries: string) =>
  parseConfig(`version: 1\nnotify:\n${entries}`, 'plimsoll.yml', 'operator', env) as Config;

describe('the channels of a configuration', () => {
  it('have a name, a filter and a mode, also when nothing is said', () => {
    const { notify } = load('  - { type: slack, url: "${URL}" }\n');
    expect(notify).toMatchObject([{ name: 'slack', type: 'slack', only: {}, mode: 'run' }]);
    expect(notify[0]?.quiet).toBeUndefined();
  });

  it('say when they are quiet, and pass what is urgent', () => {
    const { notify } = load(
      '  - { name: ops, type: discord, url: "${URL}", mode: daily, only: { class: [security], security: true, repository: "acme/*", image: "docker.io/**" }, quiet: { from: "22:00", to: "07:00" } }\n',
    );
    expect(notify[0]).toMatchObject({
      name: 'ops',
      mode: 'daily',
      only: { class: ['security'], security: true, repository: 'acme/*', image: 'docker.io/**' },
      quiet: { from: '22:00', to: '07:00', except: ['pin-broken', 'security'] },
    });
  });

  it('keep their secrets out of anything printed', () => {
    const { notify } = load(
      '  - { type: slack, url: "${URL}" }\n  - { type: telegram, token: "${TOKEN}", chat: "-100" }\n',
    );
    expect(`${inspect(notify, { depth: 9, showHidden: true })}${JSON.stringify(notify)}`).not.toContain('very-secret');
  });

  it.each([
    [
      '  - { type: pager }\n',
      'notify.0.type: expected a type: discord, slack, email, webhook, ntfy, teams, telegram, matrix',
    ],
    [
      '  - { type: slack, url: "https://hooks.example/x" }\n',
      'notify.0.url: a secret is written as ${ENV_NAME} or file:PATH, never as itself',
    ],
    ['  - { type: slack, url: "${NOT_SET}" }\n', 'notify.0.url: the environment variable NOT_SET is not set, or empty'],
    [
      '  - { type: slack, url: "${URL}" }\n  - { type: slack, url: "${URL}" }\n',
      'notify.1.name: slack is the name of channel 1 as well; each needs a name of its own',
    ],
    ['  - { type: slack }\n', 'notify.0: url, or token and channel, is missing'],
    [
      '  - { type: slack, url: "${URL}", token: "${TOKEN}", channel: "#ops" }\n',
      'notify.0: either url or token and channel, not both',
    ],
    ['  - { type: slack, token: "${TOKEN}" }\n', 'notify.0: token and channel go together'],
    [
      '  - { type: slack, url: "${URL}", topic: x }\n',
      'notify.0.topic: unknown key; the keys are type, name, only, mode, quiet, resolved, remind, url, token, channel, api',
    ],
    [
      '  - { type: slack, url: "${URL}", mode: hourly }\n',
      'notify.0.mode: expected "each" or "run" or "daily" or "weekly"',
    ],
    [
      '  - { type: slack, url: "${URL}", quiet: { from: "25:00", to: "07:00" } }\n',
      'notify.0.quiet.from: expected a time of day such as "22:00", in quotes',
    ],
    ['  - { type: email, host: mail.example, from: a@b, to: [] }\n', 'notify.0.to: expected at least one entry'],
    [
      '  - { type: email, host: mail.example, from: a@b, to: ["x\\r\\nBcc: y@z"] }\n',
      'notify.0.to.0: expected an address such as ops@example.com',
    ],
    [
      '  - { type: email, host: mail.example, tls: none, username: u, password: "${TOKEN}", from: a@b, to: [a@b] }\n',
      'notify.0: a password is not sent in plain text: use tls: starttls or implicit',
    ],
    [
      '  - { type: matrix, homeserver: "https://m.example/?a", token: "${TOKEN}", room: "!r:m" }\n',
      'notify.0.homeserver: expected an http(s) address without a query',
    ],
  ])('complain: %s', (entries, complaint) => {
    expect(() => load(entries)).toThrow(complaint);
  });

  it('are the operator’s alone', () => {
    expect(() => parseConfig('version: 1\nnotify: []', 'plimsoll.yml', 'repository', env)).toThrow(
      'only whoever runs Plimsoll may set this',
    );
  });
});
