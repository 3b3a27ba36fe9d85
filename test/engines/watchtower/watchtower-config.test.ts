import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';
import {
  type Migration,
  type SeenContainer,
  watchtowerConfig,
} from '../../../src/engines/watchtower/watchtower-config.ts';
import { variableOf, watchtowerFlags } from '../../../src/engines/watchtower/watchtower-flags.ts';
import { watchtowerSettings } from '../../../src/engines/watchtower/watchtower-settings.ts';
import {
  watchtowerSecret as canary,
  documentedFlags,
  watchtowerValue as valueOf,
} from '../../support/engine/watchtower.ts';

const others: readonly SeenContainer[] = [
  { name: 'web', labels: { 'com.centurylinklabs.watchtower.enable': 'true' } },
  { name: 'db', labels: {} },
  { name: 'off', labels: { 'com.centurylinklabs.watchtower.enable': 'false' } },
  {
    name: 'shop-api-1',
    labels: {
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'api',
      'com.centurylinklabs.watchtower.scope': 'prod',
      'com.centurylinklabs.watchtower.lifecycle.pre-update': `/bin/sh -c ${canary}`,
      'com.centurylinklabs.watchtower.depends-on': 'db',
      'com.centurylinklabs.watchtower.monitor-only': 'true',
    },
  },
];
const here = { host: 'unix:///var/run/docker.sock', isTls: false };

function migrate(given: {
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  engine?: typeof here;
}): Migration {
  const { args = [], env = {}, engine = here } = given;
  return watchtowerConfig({ name: 'watchtower', labels: {}, args, env: new Map(Object.entries(env)) }, others, engine);
}

const env = new Proxy<Record<string, string>>({}, { get: () => 'https://value.test/x', has: () => true });
const load = ({ yaml }: Migration) => parseConfig(yaml, 'plimsoll.yml', 'operator', env);
const text = ({ yaml, notes }: Migration): string => [yaml, ...notes].join('\n');

describe('every flag of Watchtower', () => {
  const all = Object.keys(watchtowerFlags);
  const asEnv = Object.fromEntries(all.map((flag) => [variableOf(flag), valueOf(flag)]));
  const asArgs = all.map((flag) => `--${flag}=${valueOf(flag)}`);

  it.each([
    ['in the environment', { env: { ...asEnv, TZ: 'Europe/Rome', REPO_USER: 'me', REPO_PASS: canary } }],
    ['on the command line', { args: asArgs }],
  ])('%s gives a configuration that loads, and tells no secret', (_where, given) => {
    const migration = migrate(given);
    expect(() => load(migration)).not.toThrow();
    expect(text(migration)).not.toContain(canary);
    expect(migration.notes.filter((note) => note.includes('not known'))).toEqual([]);
  });

  it.each(all)('--%s alone changes the configuration, or is told to differ', (flag) => {
    const value = flag === 'notifications' ? 'gotify' : valueOf(flag);
    const alone = migrate({ args: [`--${flag}=${value}`] });
    expect(() => load(alone)).not.toThrow();
    expect(text(alone)).not.toContain(canary);
    // What a kind of message is sent with means nothing without that kind.
    if (/^notification-(?:email|slack|msteams|gotify|title)/.test(flag) && watchtowerFlags[flag]?.says === undefined)
      return;
    expect(text(alone)).not.toBe(text(migrate({})));
  });

  it('is known that Watchtower documents, by the variable that it documents', () => {
    expect(Object.fromEntries(all.map((flag) => [flag, variableOf(flag)]))).toEqual(documentedFlags);
  });
});

describe('a command line', () => {
  const read = (...args: string[]) => watchtowerSettings(args, new Map([['WATCHTOWER_SCOPE', 'env']]));

  it('is read as Go reads it', () => {
    expect(read('-ce', '-i', '30', '--schedule', '@daily', 'web', '--debug=false', '-sx', '--', '--cleanup')).toEqual({
      values: new Map([
        ['cleanup', ['true']],
        ['label-enable', ['true']],
        ['interval', ['30']],
        ['schedule', ['x']],
        ['scope', ['env']],
      ]),
      names: ['web', '--cleanup'],
      unknown: [],
      unclear: [],
    });
    expect(read('-i30', '-s=y').values.get('interval')).toEqual(['30']);
    expect(read('-s=y').values.get('schedule')).toEqual(['y']);
  });

  it('counts before the environment', () => {
    expect(read('--scope', 'own').values.get('scope')).toEqual(['own']);
  });

  it('with what nobody knows says so, and repeats no value', () => {
    const found = read(`--secret=${canary}`, '-Z', '--cleanup=perhaps');
    expect([found.unknown, found.unclear]).toEqual([['--secret', '-Z'], ['WATCHTOWER_CLEANUP']]);
    const { notes } = migrate({ env: { WATCHTOWER_MONITOR_ONLY: 'yes' } });
    expect(notes.filter((note) => note.startsWith('WATCHTOWER_MONITOR_ONLY: '))).toEqual([
      expect.stringContaining('neither true nor false'),
    ]);
    expect(text(migrate({ args: [`--se cret=${canary}`] }))).not.toContain(canary);
  });
});

describe('what is looked at', () => {
  const rules = (...args: string[]) =>
    (load(migrate({ args })).rules ?? [])
      .slice(1)
      .filter(({ react }) => !react?.includes('redeploy'))
      .map(({ match, react }) => [match.workload ?? match.engine, react]);

  it('is everything but what a label leaves out', () => {
    expect(rules()).toEqual([['off', ['ignore']]]);
    expect(rules('--disable-containers', 'db')).toEqual([
      ['db', ['ignore']],
      ['off', ['ignore']],
    ]);
  });

  it.each([
    [
      ['web', 'db'],
      ['db', 'web'],
    ],
    [['--label-enable'], ['web']],
    [['--scope', 'prod'], ['shop/api']],
    [
      ['--scope', 'none'],
      ['db', 'web'],
    ],
  ])('with %j is %j', (args, names) => {
    expect(rules(...args)).toEqual([['*', ['ignore']], ...names.map((name) => [name, ['alert']])]);
  });

  it('is a container by its own name where others of its service are not meant', () => {
    const replica = (n: number, labels = {}): SeenContainer => ({
      name: `shop-web-${n}`,
      labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web', ...labels },
    });
    const off = { 'com.centurylinklabs.watchtower.enable': 'false' };
    const named = (args: readonly string[], ...all: readonly SeenContainer[]): unknown =>
      (load(watchtowerConfig({ name: 'w', labels: {}, args, env: new Map() }, all, here)).rules ?? []).flatMap(
        ({ match }) => match.workload ?? [],
      );
    expect(named([], replica(1), replica(2, off))).toEqual(['shop-web-2']);
    expect(named([], replica(1, off), replica(2, off))).toEqual(['shop/web']);
    const args = ['--monitor-only', 'shop-web-1'];
    expect(named(args, replica(1), replica(2))).toEqual(['shop-web-1']);
    expect(named(args, replica(1))).toEqual(['shop/web']);
  });

  it('is said to be nothing where nothing is chosen', () => {
    const nothing = expect.stringContaining('looks at nothing');
    expect(migrate({ args: ['--label-enable', 'db'] }).notes).toContainEqual(nothing);
    expect(migrate({ args: ['--scope', 'elsewhere'] }).notes).toContainEqual(nothing);
    expect(migrate({ args: ['--label-enable', 'web'] }).notes).not.toContainEqual(nothing);
  });

  it('is no name that could not stand in a rule', () => {
    const hostile = [{ name: 'x"], react: [', labels: { 'com.centurylinklabs.watchtower.enable': 'false' } }];
    const migration = watchtowerConfig({ name: 'w"\n', labels: {}, args: [], env: new Map() }, hostile, here);
    expect(load(migration).rules).toHaveLength(2);
    expect(migration.notes.join('\n')).toContain('a container whose name could not stand in a rule was left out');
  });

  it('moves what Watchtower moves, unless it only watches', () => {
    expect(migrate({}).yaml).toContain('    mode: redeploy');
    expect(migrate({}).yaml).toContain('react: [alert, redeploy]');
    expect(migrate({ args: ['--monitor-only'] }).yaml).not.toContain('redeploy');
    expect(migrate({ args: ['--cleanup', '--label-enable'] }).yaml).toMatch(
      /mode: redeploy.*\n {4}adopt: \[watchtower\].*\n {4}cleanup: true/,
    );
  });
});

describe('when', () => {
  const line = (...args: string[]): string | undefined => migrate({ args }).yaml.split('\n')[1];
  const schedule = (...args: string[]) => load(migrate({ args })).serve?.schedule;

  it.each([
    [[], '17 4 * * *'],
    [['--interval', '300'], '*/5 * * * *'],
    [['--interval', '7200'], '17 */2 * * *'],
    [['--interval', '604800'], '17 4 */7 * *'],
    [['--schedule', '0 30 4 * * MON-FRI'], '30 4 * * MON-FRI'],
    [['--schedule', '@every 6h'], '17 */6 * * *'],
    [['--schedule', '@hourly'], '0 * * * *'],
    [['--schedule', '0 0 4 ? * *'], '0 4 * * *'],
  ])('with %j is %s', (args, times) => {
    expect(schedule(...args)).toBe(times);
    expect(line(...args)).toContain(`by cron: ${times} plimsoll run --config FILE`);
  });

  it('is rounded aloud', () => {
    expect(line('--interval', '100')).toContain('*/2 * * * *');
    expect(migrate({ args: ['--interval', '100'] }).notes.join()).toContain('cron knows no such time');
    expect(migrate({ args: ['--schedule', `0 0 4 * * * $(${canary})`] }).notes.join()).toContain(
      'could not be understood',
    );
    expect(line('--run-once')).toBe('# It looks once: plimsoll run --config FILE');
  });
});

describe('whom it tells', () => {
  const notify = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
    (load(migrate({ args, env: variables })).notify ?? []).map(({ name, type }) => `${name} ${type}`);

  it('is each address, by a name of its own', () => {
    const urls = valueOf('notification-url')
      .split(' ')
      .flatMap((url) => ['--notification-url', url]);
    expect(notify(urls)).toEqual([
      'discord discord',
      'slack slack',
      'slack-2 slack',
      'teams teams',
      'telegram telegram',
      'telegram-2 telegram',
      'email email',
      'ntfy ntfy',
      'matrix matrix',
      'webhook webhook',
    ]);
  });

  it('is a mail server with the encryption that the address names, in whichever case', () => {
    const mailOf = (query: string) =>
      migrate({ env: { WATCHTOWER_NOTIFICATION_URL: `smtp://u:p@mail.example.com:2465/?${query}` } });
    const { yaml: implicit } = mailOf('FromAddress=a@b.c&toaddresses=d@e.f&Encryption=ImplicitTLS');
    for (const line of ['port: 2465', 'tls: "implicit"', 'from: "a@b.c"', 'to: ["d@e.f"]'])
      expect(implicit).toContain(line);
    for (const plain of ['encryption=None', 'useStartTLS=No'])
      expect(mailOf(`from=a@b.c&to=d@e.f&${plain}`).notes).toContainEqual(
        expect.stringContaining('it sends without encryption'),
      );
  });

  it('is every room of Matrix, and says which it could not be', () => {
    const url = 'matrix://me:secret@matrix.example.com/?rooms=!abc:example.com,%23ops:example.com,!def:example.com';
    const migration = migrate({ env: { WATCHTOWER_NOTIFICATION_URL: url } });
    expect(migration.yaml.match(/room: .*/g)).toEqual(['room: "!abc:example.com"', 'room: "!def:example.com"']);
    expect(load(migration).notify).toHaveLength(2);
    expect(migration.notes).toContainEqual(expect.stringContaining('a room without its id'));
  });

  it('is nobody by an address that Watchtower could not read', () => {
    for (const url of [
      `smtp://me%:${canary}@mail.example.com/?from=a@b.c&to=d@e.f`,
      `smtp://%:%@%/?%`,
      '%',
      ':',
      'smtp:',
    ]) {
      const migration = migrate({ env: { WATCHTOWER_NOTIFICATION_URL: url } });
      expect(load(migration).notify ?? [], url).toEqual([]);
      expect(migration.notes.join('\n'), url).toContain('--notification-url (number 1)');
      expect(text(migration)).not.toContain(canary);
    }
  });

  it('is Discord where Slack’s webhook is one of Discord', () => {
    const url = 'https://discord.com/api/webhooks/1/x/slack';
    expect(notify(['--notifications', 'slack', `--notification-slack-hook-url=${url}`])).toEqual(['discord discord']);
  });

  it('keeps secrets in Watchtower’s own variables, or in its files', () => {
    const flags = ['--notifications', 'slack'];
    expect(migrate({ args: [...flags, '--notification-slack-hook-url=https://x.test'] }).yaml).toContain(
      'url: "${WATCHTOWER_NOTIFICATION_SLACK_HOOK_URL}"',
    );
    expect(migrate({ args: [...flags, '--notification-slack-hook-url=/run/secrets/hook'] }).yaml).toContain(
      'url: "file:/run/secrets/hook"',
    );
  });

  it('is nobody: the run prints', () => {
    expect(migrate({}).yaml).toContain('# Watchtower tells nobody');
  });
});

describe('an engine elsewhere', () => {
  it('is named so that the configuration loads', () => {
    const engine = { host: 'tcp://nas:2375', isTls: false };
    expect(load(migrate({ engine })).engines).toMatchObject([{ host: 'tcp://nas:2375' }]);
    expect(load(migrate({ engine: { host: 'tcp://nas:2376', isTls: true } })).engines).toMatchObject([{ tls: {} }]);
    expect(
      load(migrate({ engine: { host: 'podman+unix:///run/podman/podman.sock', isTls: false } })).engines,
    ).toMatchObject([{ type: 'podman' }]);
  });
});
