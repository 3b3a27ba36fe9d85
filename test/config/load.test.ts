import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/config.ts';
import { findConfig } from '../../src/config/find.ts';
import { loadConfig, parseConfig, type Trust } from '../../src/config/load.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { temporaryTree } from '../support/fleet.ts';

const operator = (text: string, env = {}, file = 'plimsoll.yml') => parseConfig(text, file, 'operator', env);
const repository = (text: string) => parseConfig(text, 'plimsoll.yml', 'repository', { DISCORD: 'x' });

/** What is said about a text, a line per complaint. */
function complaints(text: string, trust: Trust = 'operator', env = {}): string[] {
  try {
    parseConfig(text, 'plimsoll.yml', trust, env);
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG' });
    return (error as Error).message.split('\n');
  }
  return [];
}

describe('how a rebuild is asked for', () => {
  const published = (rebuild: string): string =>
    `version: 1\npublished: [{ image: ghcr.io/acme/base:1, file: Dockerfile, rebuild: ${rebuild} }]`;

  it('has a type that needs no word where a workflow is named, and a time', () => {
    const read = (text: string) => operator(published(text), { KEY: 'k' }).published[0]?.rebuild;
    expect(read('{ workflow: build.yml, ref: main }')).toEqual({
      type: 'workflow',
      workflow: 'build.yml',
      ref: 'main',
      inputs: {},
      timeout: 6 * 60 * 60 * 1000,
    });
    expect(read('{ workflow: .github/workflows/build.yml }')?.workflow).toBe('build.yml');
    const webhook = read(
      '{ type: webhook, url: "https://ci.corp/hook?job=1", secret: "${KEY}", inputs: { of: "{image}" }, timeout: 90m }',
    );
    expect(webhook).toMatchObject({ inputs: { of: '{image}' }, timeout: 90 * 60 * 1000 });
    expect(inspect(webhook, { depth: 9 })).not.toContain("'k'");
    expect(webhook?.secret?.reveal()).toBe('k');
  });

  it.each([
    ['{}', 'type workflow needs workflow'],
    ['{ type: gitea }', 'type gitea needs workflow'],
    ['{ type: webhook, secret: "${KEY}" }', 'type webhook needs url'],
    ['{ type: webhook, url: "https://x" }', 'type webhook needs secret: what each post is signed with'],
    ['{ type: webhook, url: "https://me:pw@x", secret: "${KEY}" }', 'expected an http(s) address without a login'],
    ['{ type: webhook, url: "file:///x", secret: "${KEY}" }', 'expected an http(s) address without a login'],
    ['{ type: webhook, url: "https://x", secret: hunter2 }', 'never as itself'],
    ['{ workflow: build }', 'expected the file of a workflow, such as build.yml'],
    ['{ workflow: ../build.yml, ref: "a b" }', 'expected a branch or a tag'],
    [
      '{ workflow: build.yml, url: "https://x" }',
      'url: says nothing to type workflow: it has workflow, ref, inputs, timeout',
    ],
    [
      '{ type: repository-dispatch, ref: main }',
      'ref: says nothing to type repository-dispatch: it has inputs and timeout alone',
    ],
    ['{ type: gitlab, workflow: build.yml }', 'workflow: says nothing to type gitlab'],
    ['{ workflow: build.yml, timeout: soon }', 'expected a time such as 30m, 6h or 3d'],
    ['{ workflow: build.yml, timeout: 0h }', 'nothing is built in no time'],
    ['{ type: jenkins }', 'type'],
    ['{ workflow: build.yml, inputs: { "a b": x } }', 'a name of letters, digits, _ and -'],
  ])('%s is an error that says why', (rebuild, why) => {
    expect(complaints(published(rebuild), 'operator', { KEY: 'k' }).join('\n')).toContain(why);
  });

  it.each([
    ['react: [dispatch]', 'dispatch needs match: { class: [stale] }, and no other'],
    ['match: { class: [stale, lagging] }, react: [dispatch]', 'dispatch needs match: { class: [stale] }, and no other'],
    ['match: { class: [stale], engine: nas }, react: [dispatch]', 'what runs is not rebuilt'],
  ])('a rule { %s } is an error', (rule, why) => {
    expect(complaints(`version: 1\nrules: [{ ${rule} }]`).join('\n')).toContain(why);
  });

  it('is nothing that a repository may say of itself', () => {
    expect(
      complaints('version: 1\nrules: [{ match: { class: [stale] }, react: [dispatch] }]', 'repository').join(),
    ).toContain('rules.0.react.0');
    expect(complaints(published('{ workflow: build.yml }'), 'repository').join()).toContain('published');
  });

  it('has limits, and those for fixes are never below the others', () => {
    expect(operator('version: 1').dispatch).toEqual({ perDay: 10, perImage: 1, security: { perDay: 20, perImage: 2 } });
    expect(operator('version: 1\nlimits: { dispatch: { perDay: 40 } }').dispatch).toEqual({
      perDay: 40,
      perImage: 1,
      security: { perDay: 40, perImage: 2 },
    });
    expect(complaints('version: 1\nlimits: { dispatch: { perDay: -1 } }')).toHaveLength(1);
  });
});

describe('a complaint names file, line, key and what is allowed', () => {
  const operatorKeys =
    'version, include, exclude, platforms, buildPlatform, pin, files, patterns, rules, commit, timezone, repositories, engines, published, serve, keep, limits, registries, archives, advisories, allowEmpty, policy, snooze, heartbeat, dashboard, state, cache, notify';
  it.each([
    ['', 'plimsoll.yml:1: version: missing; expected 1'],
    ['pin: true', 'plimsoll.yml:1: version: missing; expected 1'],
    ['version: 2', 'plimsoll.yml:1: version: expected 1'],
    [
      'version: 1\narchives: { maxAge: soon }',
      'plimsoll.yml:2: archives.maxAge: expected a time such as 30m, 6h or 3d',
    ],
    [
      'version: 1\narchives: { mirrors: { debian: mirror.corp } }',
      'plimsoll.yml:2: archives.mirrors.debian: expected an http(s) address',
    ],
    ['version: "1"', 'plimsoll.yml:1: version: expected 1'],
    [
      'version: 1\nrepositories: [{ pth: . }]',
      'plimsoll.yml:2: repositories.0: expected { path, name }, { github, topics, languages, archived, fork, template, branches }, { gitlab, url, token, topics, archived, fork, branches }, { gitea, url, token, login, topics, languages, archived, fork, template, branches }, { forgejo, url, token, login, topics, languages, archived, fork, template, branches } or { git, branches }; did you mean "path"?',
    ],
    [
      'version: 1\nrepositories: [{ github: "o/*", forks: true }]',
      'plimsoll.yml:2: repositories.0.forks: unknown key; the keys are github, topics, languages, archived, fork, template, branches; did you mean "fork"?',
    ],
    ['[1, 2]', 'plimsoll.yml:1: the file: expected keys with values'],
    ['some text', 'plimsoll.yml:1: the file: expected keys with values'],
    [
      'version: 1\n\npins: true',
      `plimsoll.yml:3: pins: unknown key; the keys are ${operatorKeys}; did you mean "pin"?`,
    ],
    [
      'version: 1\nschedule: "0 4 * * *"\n',
      `plimsoll.yml:2: schedule: unknown key; the keys are ${operatorKeys}; schedule is a key of serve`,
    ],
    ['version: 1\npolicy: { react: [propose] }\n', /policy\.react: unknown key; .*; react is a key of rules\[\]$/],
    ['version: 1\nnotifies:\n  - a\n', `plimsoll.yml:2: notifies: unknown key; the keys are ${operatorKeys}`],
    [
      'version: 1\npin: yes',
      'plimsoll.yml:2: pin: expected true or false, or kinds of files such as { dockerfile: true, compose: true }',
    ],
    [
      'version: 1\npin:',
      'plimsoll.yml:2: pin: expected true or false, or kinds of files such as { dockerfile: true, compose: true }',
    ],
    ['version: 1\nplatforms: linux/amd64', 'plimsoll.yml:2: platforms: expected a list'],
    ['version: 1\nplatforms: []', 'plimsoll.yml:2: platforms: expected at least one entry'],
    [
      'version: 1\nplatforms:\n  - linux/amd64\n  - a/b/c/d\n',
      'plimsoll.yml:4: platforms.1: expected a platform such as linux/amd64 or linux/arm64/v8',
    ],
    ['version: 1\ninclude: [5]', 'plimsoll.yml:2: include.0: expected text'],
    ['version: 1\ninclude: [""]', 'plimsoll.yml:2: include.0: expected text that is not empty'],
    [
      'version: 1\nexclude: ["\\u200bDockerfile"]',
      'plimsoll.yml:2: exclude.0: holds an invisible character (U+200B); write "Dockerfile"',
    ],
    [
      'version: 1\npolicy:\n  block: ["https://quay.io/acme/**"]\n',
      'plimsoll.yml:3: policy.block.0: is an address; write "quay.io/acme/**"',
    ],
    [
      'version: 1\nrules:\n  - match: { file: "/^legacy/" }\n',
      'plimsoll.yml:3: rules.0.match.file: is an expression between slashes; write a glob such as "legacy"',
    ],
    [
      'version: 1\nsnooze: [{ image: "[a", until: 2030-01-01 }]\n',
      'plimsoll.yml:2: snooze.0.image: has a [ without its partner; write ? for one that is part of a name: "?a"',
    ],
    [
      `version: 1\nexclude: ["${'{a,b}'.repeat(9)}"]`,
      'plimsoll.yml:2: exclude.0: cannot be used: a glob with more than 256 choices in its braces',
    ],
    [
      'version: 1\nrules:\n  - match: { class: [sekurity] }\n',
      /^plimsoll\.yml:3: rules\.0\.match\.class\.0: expected "pin-broken" or "security" or .* or "end-of-life"; did you mean "security"\?$/,
    ],
    ...(
      [
        ['notify: [{ type: slak, url: x }]', 'notify.0.type', 'slack'],
        ['notify: [{ type: Email }]', 'notify.0.type', 'email'],
        ['notify: [{ type: discord, url: "${X}", mode: dayly }]', 'notify.0.mode', 'daily'],
        ['serve: { auth: { type: tokn } }', 'serve.auth.type', 'token'],
        ['serve: { auth: { type: prxy } }', 'serve.auth.type', 'proxy'],
        ['engines: [{ mode: redploy }]', 'engines.0.mode', 'redeploy'],
        ['engines: [{ adopt: [watchtwer] }]', 'engines.0.adopt.0', 'watchtower'],
        ['repositories: [{ githb: a/b }]', 'repositories.0', 'github'],
        ['repositories: [{ forgeyo: a/b, url: https://x }]', 'repositories.0', 'forgejo'],
        ['published: [{ image: a/b, file: f, rebuild: { type: gitlb } }]', 'published.0.rebuild.type', 'gitlab'],
        ['rules: [{ match: { role: [bas] } }]', 'rules.0.match.role.0', 'base'],
        ['rules: [{ react: [propse] }]', 'rules.0.react.0', 'propose'],
        ['rules: [{ versions: mior }]', 'rules.0.versions', 'minor'],
        ['pin: { composee: true }', 'pin.composee', 'compose'],
        ['files: { dockerfle: false }', 'files.dockerfle', 'dockerfile'],
      ] as const
    ).map(([text, key, word]): [string, RegExp] => [
      `version: 1\n${text}\n`,
      new RegExp(`^plimsoll\\.yml:2: ${key.replaceAll('.', '\\.')}: .*; did you mean "${word}"\\?$`, 'm'),
    ]),
    [
      'version: 1\nrules:\n  - react: [shout]\n',
      'plimsoll.yml:3: rules.0.react.0: expected "propose" or "alert" or "record" or "ignore" or "redeploy" or "dispatch"',
    ],
    [
      'version: 1\nrules:\n  - when: monthly\n',
      'plimsoll.yml:3: rules.0.when: expected now, weekly, or the five fields of a cron expression such as "0 6 * * 1" that comes to pass',
    ],
    [
      'version: 1\nrules:\n  - match:\n      images: "*"\n',
      'plimsoll.yml:4: rules.0.match.images: unknown key; the keys are image, file, class, security, final, role, repository, engine, workload; did you mean "image"?',
    ],
    [
      'version: 1\nrules:\n  - versions: newest\n',
      'plimsoll.yml:3: rules.0.versions: "newest" is neither none, patch, minor or major nor a semver range such as ^22 or ">=18 <23"',
    ],
    [
      'version: 1\nrules:\n  - versions: 22\n',
      'plimsoll.yml:3: rules.0.versions: expected none, patch, minor, major, or a semver range in quotes such as "^22" or ">=18 <23"',
    ],
    ['version: 1\nrules:\n  a: b\n', 'plimsoll.yml:2: rules: expected a list'],
    [
      'version: 1\ntimezone: Mars/Olympus',
      'plimsoll.yml:2: timezone: expected an IANA time zone such as Europe/Berlin',
    ],
    [
      'version: 1\nregistries:\n  ghcr.io: { user: x }\n',
      'plimsoll.yml:3: registries.ghcr.io.user: unknown key; the keys are username, password, insecure, concurrency, rps, mirror, ca, cert, key; did you mean "username"?',
    ],
    [
      'version: 1\nregistries:\n  https://ghcr.io: {}\n',
      'plimsoll.yml:3: registries.https://ghcr.io: expected a registry host such as ghcr.io or localhost:5000',
    ],
    [
      'version: 1\nregistries:\n  ghcr.io: { concurrency: 0 }\n',
      'plimsoll.yml:3: registries.ghcr.io.concurrency: expected at least 1',
    ],
    [
      'version: 1\nregistries:\n  ghcr.io: { concurrency: 65 }\n',
      'plimsoll.yml:3: registries.ghcr.io.concurrency: expected at most 64',
    ],
    [
      'version: 1\ncache:\n  max: 2 gigs\n',
      'plimsoll.yml:3: cache.max: expected a size such as 2GiB or 500MB, or a number of bytes',
    ],
    [
      'version: 1\narchives:\n  mirrors:\n    debian: "http://bob:hush@mirror.corp/debian"\n',
      /^plimsoll\.yml:4: archives\.mirrors\.debian: an address without a login: (?!.*hush)/,
    ],
    [
      'version: 1\nadvisories: "https://token@osv.corp/"\n',
      /^plimsoll\.yml:2: advisories: an address without a login: /,
    ],
    ['version: 1\npin: true\nversion: 1\n', 'plimsoll.yml:3: version: given twice, first on line 1'],
    [
      'version: 1\nregistries:\n  ghcr.io: {}\n  ghcr.io: {}\n',
      'plimsoll.yml:4: registries.ghcr.io: given twice, first on line 3',
    ],
    ['version: 1\npin: [true\n', /^plimsoll\.yml:\d: not valid YAML: \S/],
    ['version: 1\n\tpin: true\n', /^plimsoll\.yml:2: not valid YAML: \S/],
    ['version: 1\n---\nversion: 1\n', /^plimsoll\.yml:2: not valid YAML: .*several documents/],
    ['version: 1\ninclude: !secret [a]\n', 'plimsoll.yml:2: not valid YAML: Unresolved tag: !secret'],
    ['version: 1\ninclude: &a [x]\nexclude: *a\n', 'plimsoll.yml: aliases (*name) are not supported'],
    ['version: 1\n<<: { pin: true }\n', /^plimsoll\.yml:2: <<: unknown key/],
    ['version: 1\n__proto__: { pin: true }\n', /^plimsoll\.yml:2: __proto__: unknown key/],
    ['version: 1\n? [a, b]\n: c\n', /^plimsoll\.yml:1: \[ a, b \]: unknown key/],
    ['version: 1\n5: a\n', /^plimsoll\.yml:2: 5: unknown key/],
    ['version: 1\n"\\e[31mred\\nx\\u202e": 1', /^plimsoll\.yml:2: \\u\{1b\}\[31mred\\u\{a\}x\\u\{202e\}: unknown key/],
  ])('%j', (text, complaint) => {
    const said = complaints(text);
    expect(said).toHaveLength(1);
    if (typeof complaint === 'string') expect(said[0]).toBe(complaint);
    else expect(said[0]).toMatch(complaint);
  });

  it('for globs without measure', () => {
    expect(complaints(`version: 1\nexclude:\n  - ${'a'.repeat(1001)}\n`)).toEqual([
      'plimsoll.yml:3: exclude.0: expected at most 1000 characters',
    ]);
  });

  it('for every mistake, twenty at most', () => {
    expect(complaints('a: 1\npin: 5\nb: 2\n').map((line) => line.split(':').slice(1, 3).join(':'))).toEqual([
      '1: version',
      '2: pin',
      '1: a',
      '3: b',
    ]);
    const many = Array.from({ length: 100 }, (_, i) => `k${i}: 1\n`).join('');
    expect(complaints(`version: 1\n${many}`)).toHaveLength(21);
    expect(complaints(`version: 1\n${many}`).at(-1)).toBe('plimsoll.yml: and 80 more');
  });
});

describe('hostile text', () => {
  it.each([
    [
      'aliases of aliases',
      `version: 1\na: &a [x,x]\n${Array.from({ length: 26 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1 < 0 ? '' : i - 1},`.repeat(9)}]`).join('\n')}`,
    ],
    ['brackets', `version: 1\ninclude: ${'['.repeat(200_000)}`],
    ['closed brackets', `version: 1\ninclude: ${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['dashes', `version: 1\ninclude:\n${'- '.repeat(100_000)}x`],
    ['keys', Array.from({ length: 60_000 }, (_, i) => `key${i}: 1`).join('\n')],
    ['the same key', 'key: 1\n'.repeat(60_000)],
    ['wrong entries', `version: 1\ninclude: [${'5,'.repeat(60_000)}]`],
    ['tabs', '\t- a\n'.repeat(20_000)],
  ])('made of %s is refused in time', async (_name, text) => {
    const time = await cpuTime(() => expect(complaints(text, 'repository')).not.toEqual([]));
    expect(time).toBeLessThan(5000);
  });

  it('is not even parsed when it is too large', () => {
    expect(complaints(`version: 1\n#${'x'.repeat(1024 * 1024)}`)).toEqual(['plimsoll.yml: larger than 1048576 bytes']);
  });
});

describe('the operator', () => {
  it('needs to say nothing but the version', () => {
    expect(operator('version: 1')).toEqual(defaultConfig);
    expect(operator('\ufeffversion: 1\r\n')).toEqual(defaultConfig);
  });

  it('may say everything', () => {
    const text = `
version: 1
timezone: Europe/Berlin
repositories: [{ path: . }, { path: ../other }, { path: /srv/app }]
include: ["**/*.Dockerfile"]
exclude: [vendor/**]
platforms: [linux/amd64, linux/arm64]
buildPlatform: linux/arm64
pin: true
rules:
  - match: { image: "docker.io/library/*", file: "**", class: [packages], security: false, final: true, role: [base] }
    react: [propose, alert]
    when: weekly
  - react: [ignore]
registries:
  ghcr.io: { username: u, password: "\${X}", insecure: false, concurrency: 4 }
  "localhost:5000": { insecure: true }
state: plimsoll.db
cache: { dir: cache, max: 500MB }
`;
    const config = operator(text, { X: 's3cret' }, 'ops/plimsoll.yml');
    expect(config).toMatchObject({
      timezone: 'Europe/Berlin',
      repositories: ['ops', 'other', '/srv/app'],
      include: ['**/*.Dockerfile'],
      exclude: ['vendor/**'],
      platforms: ['linux/amd64', 'linux/arm64'],
      buildPlatform: 'linux/arm64',
      pin: true,
      rules: [
        {
          match: {
            image: 'docker.io/library/*',
            file: '**',
            class: ['packages'],
            security: false,
            final: true,
            role: ['base'],
          },
          react: ['propose', 'alert'],
          when: 'weekly',
        },
        { match: {}, react: ['ignore'] },
      ],
      registries: {
        'ghcr.io': { username: 'u', insecure: false, concurrency: 4 },
        'localhost:5000': { insecure: true },
      },
      state: 'ops/plimsoll.db',
      cache: { dir: 'ops/cache', max: 500_000_000 },
    });
    expect(`${inspect(config, { depth: 9 })}${JSON.stringify(config)}`).not.toContain('s3cret');
    expect(JSON.stringify(config)).toContain('"password":"***"');
    expect(config.registries?.['ghcr.io']?.password?.reveal()).toBe('s3cret');
  });

  it.each([
    ['.github/plimsoll.yml', ['.', 'sub']],
    ['plimsoll.yml', ['.', 'sub']],
    ['/etc/plimsoll/x.yml', ['/etc/plimsoll', '/etc/plimsoll/sub']],
  ])('means folders from where %s belongs', (file, expected) => {
    const text = 'version: 1\nrepositories: [{ path: . }, { path: sub }]\n';
    expect(operator(text, {}, file).repositories).toEqual(expected);
  });

  it.each([
    ['state: null', { state: null }],
    ['cache: {}', { cache: defaultConfig.cache }],
    ['cache: { dir: none }', { cache: { dir: 'none', max: defaultConfig.cache.max } }],
    ['timezone: Etc/UTC', { timezone: 'Etc/UTC' }],
  ])('may say %s', (line, expected) => {
    expect(operator(`version: 1\n${line}`)).toMatchObject(expected);
  });

  it.each([
    ['2GiB', 2 * 1024 ** 3],
    ['500MB', 500e6],
    ['500 MB', 500e6],
    ['1.5KiB', 1536],
    ['10kB', 10_000],
    ['3TB', 3e12],
    ['7B', 7],
    ['123', 123],
    ['0', 0],
  ])('means by a cache of %s %i bytes', (size, expected) => {
    expect(operator(`version: 1\ncache: { max: ${size} }`).cache?.max).toBe(expected);
  });
});

describe('secrets', () => {
  const withPassword = (password: string): string =>
    `version: 1\nregistries:\n  ghcr.io:\n    username: u\n    password: ${JSON.stringify(password)}\n`;

  it.each(['hunter2', '', '${A}${B}', 'x${A}', '${A-B}', '$A', 'file:'])('are never written as %j', (password) => {
    expect(complaints(withPassword(password), 'operator', { A: 'a', B: 'b' })).toEqual([
      'plimsoll.yml:5: registries.ghcr.io.password: a secret is written as ${ENV_NAME} or file:PATH, never as itself',
    ]);
  });

  it('must be there', () => {
    const where = 'plimsoll.yml:5: registries.ghcr.io.password:';
    const unset = [`${where} the environment variable GHCR is not set, or empty`];
    expect(complaints(withPassword('${GHCR}'))).toEqual(unset);
    expect(complaints(withPassword('${GHCR}'), 'operator', { GHCR: '' })).toEqual(unset);
    expect(complaints(withPassword('file:absent'))[0]).toMatch(
      /^plimsoll\.yml:5: .*: cannot read the secret absent: no such file or folder/,
    );
  });

  it('go with a name', () => {
    const text = 'version: 1\nregistries:\n  ghcr.io:\n    password: ${X}\n';
    expect(complaints(text, 'operator', { X: 'x' })).toEqual([
      'plimsoll.yml:3: registries.ghcr.io: username and password go together',
    ]);
  });

  it('come from a file beside the configuration, without its last line end', () => {
    const tree = temporaryTree({ 'ops/token': 's3cret\n', 'ops/empty': '\n', 'ops/p.yml': withPassword('file:token') });
    const file = path.join(tree.folder, 'ops/p.yml');
    expect(loadConfig(file, 'operator', {}).registries['ghcr.io']?.password?.reveal()).toBe('s3cret');
    writeFileSync(file, withPassword('file:empty'));
    expect(() => loadConfig(file, 'operator', {})).toThrow(`${file}:5: registries.ghcr.io.password: empty is empty`);
    tree.remove();
  });

  it('may be part of a user name', () => {
    const text = 'version: 1\nregistries: { ghcr.io: { username: "robot-${NAME}", password: "${X}" } }\n';
    expect(operator(text, { NAME: 'a', X: 'x' }).registries?.['ghcr.io']?.username).toBe('robot-a');
  });
});

describe('a repository', () => {
  it('may say how it is read, and gives only what it says', () => {
    expect(repository('version: 1')).toEqual({});
    const text =
      'version: 1\ninclude: [a]\nexclude: [b]\nplatforms: [linux/arm64]\nbuildPlatform: linux/arm64\npin: true\nrules: [{ react: [ignore] }]\n';
    expect(repository(text)).toEqual({
      include: ['a'],
      exclude: ['b'],
      platforms: ['linux/arm64'],
      buildPlatform: 'linux/arm64',
      pin: true,
      rules: [{ match: {}, react: ['ignore'] }],
    });
  });

  it.each([
    'timezone: UTC',
    'repositories: [{ path: / }]',
    'registries: { ghcr.io: { username: "${DISCORD}", password: "${DISCORD}" } }',
    'registries: { ghcr.io: { username: x, password: "file:/etc/passwd" } }',
    'state: /tmp/x',
    'cache: { dir: / }',
  ])('may not say %s', (line) => {
    expect(complaints(`version: 1\n${line}\n`, 'repository', { DISCORD: 'x' })).toEqual([
      `plimsoll.yml:2: ${line.split(':')[0]}: only whoever runs Plimsoll may set this: if that is you, name the file with --config; in a repository the keys are version, include, exclude, platforms, buildPlatform, pin, files, patterns, rules, commit`,
    ]);
  });

  it('is told its own keys after a mistake', () => {
    expect(complaints('version: 1\npins: true\n', 'repository')).toEqual([
      'plimsoll.yml:2: pins: unknown key; the keys are version, include, exclude, platforms, buildPlatform, pin, files, patterns, rules, commit; did you mean "pin"?',
    ]);
  });

  it('has nothing expanded', () => {
    expect(repository('version: 1\ninclude: ["${DISCORD}", "file:/etc/passwd"]\n')).toEqual({
      include: ['${DISCORD}', 'file:/etc/passwd'],
    });
  });
});

describe('files', () => {
  let tree: { folder: string; remove: () => void };
  beforeEach(() => {
    tree = temporaryTree({ 'other.yml': 'version: 1', 'large.yml': ' '.repeat(1024 * 1024 + 1) });
  });
  afterEach(() => tree.remove());
  const file = (name: string): string => path.join(tree.folder, name);

  it.each(['.github/plimsoll.yml', '.gitlab/plimsoll.yml', '.forgejo/plimsoll.yml', '.plimsoll.yml', 'plimsoll.yml'])(
    'are found as %s',
    (name) => {
      const other = temporaryTree({ [name]: 'version: 1' });
      expect(findConfig(other.folder)).toBe(path.join(other.folder, name));
      other.remove();
    },
  );

  it('are told of where a folder has their name', () => {
    mkdirSync(file('.plimsoll.yml'));
    expect(() => loadConfig(findConfig(tree.folder) ?? '', 'repository', {})).toThrow(
      /\.plimsoll\.yml: it is a folder$/,
    );
  });

  it('need not be there, and are not two', () => {
    expect(findConfig(tree.folder)).toBeUndefined();
    writeFileSync(file('plimsoll.yml'), '');
    writeFileSync(file('.plimsoll.yml'), '');
    expect(() => findConfig(tree.folder)).toThrow(
      expect.objectContaining({
        code: 'CONFIG',
        message: `there are 2 configurations: ${file('.plimsoll.yml')} and ${file('plimsoll.yml')}; keep one of them`,
      }),
    );
  });

  it.each([
    ['absent.yml', /^cannot read the configuration .*absent\.yml: no such file$/],
    ['.', /^cannot read the configuration .*: it is a folder$/],
    ['large.yml', /large\.yml: larger than 1048576 bytes$/],
  ])('that cannot be read are named: %s', (name, message) => {
    expect(() => loadConfig(file(name), 'operator', {})).toThrow(
      expect.objectContaining({ code: 'CONFIG', message: expect.stringMatching(message) }),
    );
  });

  it('are as they were after reading', () => {
    loadConfig(file('other.yml'), 'operator', {});
    expect(readFileSync(file('other.yml'), 'utf8')).toBe('version: 1');
  });
});
