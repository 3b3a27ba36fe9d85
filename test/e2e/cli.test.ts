import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/run-record.ts';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import { applyPatch } from '../support/apply-patch.ts';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';

let registry: FakeRegistry;
let pin: string;
let now: string;
let tree: { folder: string; remove: () => void };
let line: string;

beforeAll(async () => {
  registry = await startFakeRegistry();
  pin = push(registry, 'library/debian', debianImage({ libc6: '2.36-9+deb12u9', bash: '5.2' }));
  now = push(registry, 'library/debian', debianImage({ libc6: '2.36-9+deb12u10', bash: '5.2' }), '12');
  line = `FROM ${registry.host}/library/debian:12@${pin}\n`;
});
afterAll(() => registry.close());
beforeEach(() => {
  tree = temporaryTree({ Dockerfile: `${line}RUN apt-get install -y curl\n` });
});
afterEach(() => tree.remove());

const entry = path.join(import.meta.dirname, '../../src/entry/cli.ts');
const run = (...args: string[]) => cli(args, { cwd: tree.folder });
const file = (name: string): string => path.join(tree.folder, name);

describe('check', () => {
  it('prints the document and nothing else with --format json', async () => {
    const { stdout, stderr, code } = await run('check', '--format', 'json');
    const record = JSON.parse(stdout) as RunRecord;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(record).toMatchObject({
      schema: 2,
      platforms: ['linux/amd64'],
      summary: { files: 1, uses: 1, pins: 1, images: 1, findings: { packages: 1 }, needsRebuild: true },
      findings: [
        {
          subject: 'image',
          class: 'packages',
          file: 'Dockerfile',
          line: 1,
          column: 6,
          kind: 'from',
          stage: '0',
          final: true,
          written: line.slice(5, -1),
          current: { digest: pin },
          latest: { digest: now, tag: '12' },
          proposed: line.slice(5, -1).replace(pin, now),
          edits: [{ file: 'Dockerfile', line: 1, before: line.trimEnd(), after: line.trimEnd().replace(pin, now) }],
          packages: [
            {
              name: 'libc6',
              kind: 'upgraded',
              before: '2.36-9+deb12u9',
              after: '2.36-9+deb12u10',
              security: null,
              advisories: [],
            },
          ],
        },
      ],
      problems: [],
    });
    expect(record.cost.requests).toBe(record.cost.registry.requests);
  });

  it('costs only HEADs the second time, with the same answer', async () => {
    const first = JSON.parse((await run('check', '--format', 'json')).stdout) as RunRecord;
    const before = registry.log.length;
    const second = JSON.parse((await run('check', '--format', 'json')).stdout) as RunRecord;
    expect(registry.log.slice(before).map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
    expect(second.cost).toMatchObject({ requests: 2, countedPulls: 0, bytes: 0 });
    expect(second.findings).toEqual(first.findings);
  });

  it.each([
    [['--fail-on', 'packages'], 1],
    [['--fail-on', 'security,pin-broken'], 0],
    [['--fail-on', 'nonsense'], 2],
    [['--platform', 'pdp/11/x/y'], 2],
    [['--format', 'yaml'], 2],
    [['--no-such-option'], 2],
    [['no/such/folder'], 2],
    [['--config', 'absent.yml'], 2],
    [['--state', 'absent.db'], 3],
    [['--since', 'Not A Reference'], 2],
  ])('exits %j with %i', async (args, expected) => {
    const { code, stderr } = await run('check', ...args);
    expect(code).toBe(expected);
    if (expected >= 2) expect(stderr).toMatch(/\S/);
  });

  it('exits 3 when no image at all could be looked up, and with --fail-on when one could not', async () => {
    writeFileSync(file('Dockerfile'), 'FROM localhost:1/nobody/home:1\n');
    expect((await run('check')).code).toBe(3);
    writeFileSync(file('second.Dockerfile'), line);
    expect((await run('check')).code).toBe(0);
    expect((await run('check', '--fail-on', 'security')).code).toBe(3);
    expect((await run('check', '--fail-on', 'security', '--allow-unknown')).code).toBe(0);
    expect((await run('check', '--fail-on', 'packages')).code).toBe(1);
  });

  it('goes on past files that cannot be read, and names them', async () => {
    writeFileSync(file('binary.Dockerfile'), Buffer.from([0, 1, 2, 255]));
    writeFileSync(file('empty.Dockerfile'), '');
    writeFileSync(file('large.Dockerfile'), Buffer.alloc(10 * 1024 * 1024, 'x'));
    writeFileSync(file('latin1.Dockerfile'), Buffer.concat([Buffer.from([0x23, 0x20, 0xe9, 0x0a]), Buffer.from(line)]));
    mkdirSync(file('node_modules/x'), { recursive: true });
    writeFileSync(file('node_modules/x/Dockerfile'), 'FROM nobody/asks:1\n');
    symlinkSync(file('Dockerfile'), file('link.Dockerfile'));
    const { stdout, code } = await run('check', '--format', 'json');
    const { findings, problems, summary } = JSON.parse(stdout) as RunRecord;
    expect(code).toBe(0);
    expect(findings.map(({ file: name, line: at }) => `${name}:${at}`)).toEqual([
      'Dockerfile:1',
      'latin1.Dockerfile:2',
    ]);
    expect(problems.map(({ subject }) => subject?.split(':')[0]).sort()).toEqual([
      'binary.Dockerfile',
      'empty.Dockerfile',
      'large.Dockerfile',
    ]);
    // The folder of other people, and the link.
    expect(summary.excluded).toBe(2);
  });

  it('reads a named file whatever it is called', async () => {
    writeFileSync(file('build.txt'), line);
    const { findings } = JSON.parse((await run('check', 'build.txt', '--format', 'json')).stdout) as RunRecord;
    expect(findings).toMatchObject([{ file: 'build.txt', class: 'packages' }]);
  });

  it('leaves out what git ignores and does not track, unless told otherwise', async () => {
    const git = (...words: string[]) => execFileSync('git', ['-C', tree.folder, ...words], { stdio: 'pipe' });
    git('init', '-q');
    writeFileSync(file('.gitignore'), 'copy.Dockerfile\n');
    writeFileSync(file('copy.Dockerfile'), line);
    git('add', '.');
    const summary = async (...args: string[]) =>
      (JSON.parse((await run('check', '--format', 'json', ...args)).stdout) as RunRecord).summary;
    expect(await summary()).toMatchObject({ files: 1, excluded: 1 });
    expect((await run('check')).stdout).toContain('in 1 file (1 path left out)');
    expect(await summary('--no-ignore')).toMatchObject({ files: 2, excluded: 0 });
    expect(await summary('copy.Dockerfile')).toMatchObject({ files: 1 });
  });

  it('refuses a named file that is of no kind it reads, before any request, and says which those are', async () => {
    writeFileSync(file('notes.txt'), 'the image of the day\n');
    const before = registry.log.length;
    for (const command of ['check', 'update', 'refs']) {
      const { code, stderr } = await run(command, 'notes.txt');
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^plimsoll: notes\.txt: not read, as it is none of what is: Dockerfiles \(.*, compose files \(/,
      );
    }
    expect(registry.log).toHaveLength(before);
  });

  it('counts what include names and no format knows, and reads what one does', async () => {
    mkdirSync(file('build'));
    writeFileSync(file('build/base.txt'), `ARG TAG=12\nFROM ${registry.host}/library/debian:$TAG\n`);
    writeFileSync(file('build/notes.py'), 'from x import y\n');
    writeFileSync(file('.plimsoll.yml'), 'version: 1\ninclude: ["./build/"]\n');
    const { stdout, code } = await run('check', '--format', 'json');
    const { summary, problems } = JSON.parse(stdout) as RunRecord;
    expect(code).toBe(0);
    expect(summary).toMatchObject({ files: 1, uses: 1, unread: { 'not-recognised': 1 } });
    expect(problems).toMatchObject([{ code: 'not-recognised', subject: 'build/notes.py' }]);
  });

  it('reads a repository’s configuration without its patterns that mean nothing, and says so', async () => {
    writeFileSync(file('base.Dockerfile'), line);
    writeFileSync(
      file('.plimsoll.yml'),
      'version: 1\nexclude: ["[a", "/base.Dockerfile"]\nrules:\n  - match: { image: "https://docker.io/debian" }\n    react: [ignore]\n',
    );
    const { stdout, code } = await run('check', '--format', 'json');
    const { summary, findings, problems } = JSON.parse(stdout) as RunRecord;
    expect([code, summary.files]).toEqual([0, 1]);
    expect(findings).toMatchObject([{ class: 'packages', reaction: { react: ['propose', 'alert'] } }]);
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'pattern-unusable',
        subject: '.plimsoll.yml:2',
        message:
          'exclude.0: has a [ without its partner; write ? for one that is part of a name: "?a"; the file is read without it',
      }),
      expect.objectContaining({
        subject: '.plimsoll.yml:4',
        message: 'rules.0.match.image: is an address; write "docker.io/debian"; the file is read without this rule',
      }),
    ]);
  });

  it('obeys the repository’s own configuration, and only as far as it may go', async () => {
    writeFileSync(file('.plimsoll.yml'), 'version: 1\nrules:\n  - match: { class: [packages] }\n    react: [ignore]\n');
    const { summary } = JSON.parse((await run('check', '--format', 'json')).stdout) as RunRecord;
    expect(summary.needsRebuild).toBe(false);
    expect((await run('check', '--fail-on', 'packages')).code).toBe(0);
    writeFileSync(file('.plimsoll.yml'), 'version: 1\nregistries: { ghcr.io: { username: a, password: "${HOME}" } }\n');
    const refused = await run('check');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('.plimsoll.yml:2: registries: only whoever runs Plimsoll may set this');
  });

  it('has rules for what an image is to the file, and counts what "files" leaves out', async () => {
    writeFileSync(file('compose.yaml'), `services: { a: { image: '${line.slice(5, -1)}' } }\n`);
    const places = async (config: string) => {
      writeFileSync(file('.plimsoll.yml'), `version: 1\n${config}`);
      const { findings, summary } = JSON.parse((await run('check', '--format', 'json')).stdout) as RunRecord;
      return { uses: findings.map(({ role, reaction }) => [role, reaction?.react]), unread: summary.unread };
    };
    expect(await places('rules:\n  - match: { role: [runs] }\n    react: [ignore]\n')).toEqual({
      uses: [
        ['base', ['propose', 'alert']],
        ['runs', ['ignore']],
      ],
      unread: {},
    });
    const off = { uses: [['base', ['propose', 'alert']]], unread: { 'compose (switched off)': 1 } };
    expect(await places('files: { compose: false }\n')).toEqual(off);
    expect((await run('check')).stdout).toContain('not read: 1 compose (switched off)');
  });

  it('reads and edits files of a kind that the configuration describes, and goes on without a description of no use', async () => {
    const config = (match: string) => `version: 1\npatterns:\n  - files: ['*.mk']\n    match: '${match}'\n`;
    writeFileSync(file('images.mk'), `IMAGE=${line.slice(5)}OTHER=none:1\n`);
    writeFileSync(file('.plimsoll.yml'), config('IMAGE=(?<reference>\\\\S+)').replaceAll('\\\\', '\\'));
    const { findings, problems } = JSON.parse((await run('check', '--format', 'json')).stdout) as RunRecord;
    expect(findings.map((one) => [one.file, one.format])).toContainEqual(['images.mk', 'pattern']);
    expect(problems).toEqual([]);
    expect((await run('update')).code).toBe(0);
    expect(readFileSync(file('images.mk'), 'utf8')).toBe(`IMAGE=${line.slice(5).replace(pin, now)}OTHER=none:1\n`);

    writeFileSync(file('.plimsoll.yml'), config('IMAGE=(?=x)(?<reference>y)'));
    const told = JSON.parse((await run('check', '--format', 'json')).stdout) as RunRecord;
    expect(told.problems).toMatchObject([
      { code: 'pattern-unusable', message: expect.stringContaining('no looking around'), subject: '.plimsoll.yml:4' },
    ]);
    const operator = await run('run', '--dry-run', '--config', '.plimsoll.yml');
    expect([operator.code, operator.stderr]).toEqual([
      2,
      expect.stringContaining('.plimsoll.yml:4: patterns.0.match: '),
    ]);
  });

  it('goes on without a cache that cannot be written', async () => {
    writeFileSync(file('not-a-folder'), '');
    const { code, stdout, stderr } = await run('check', '--cache', file('not-a-folder/cache'));
    expect(code).toBe(0);
    expect(stdout).toContain('libc6');
    expect(stderr.match(/the cache cannot be written/g)).toHaveLength(1);
  });

  it('ends quietly when nobody reads on', async () => {
    const script = `"${process.execPath}" "${entry}" check --format json | head -c 1; exit \${PIPESTATUS[0]}`;
    const child = spawn('bash', ['-c', script], { cwd: tree.folder, env: { ...process.env, HOME: tree.folder } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(output).toBe('{');
  });

  it.runIf(existsSync('/dev/full'))('says that there is no room for the result', async () => {
    const script = `"${process.execPath}" "${entry}" check --format json > /dev/full`;
    const child = spawn('bash', ['-c', script], { cwd: tree.folder, env: { ...process.env, HOME: tree.folder } });
    let output = '';
    child.stderr.on('data', (chunk) => (output += chunk));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(3);
    expect(output).toMatch(/^plimsoll: cannot write the result: no space left on the disk\n$/);
  });
});

describe('in the log of a CI job', () => {
  const evil = '##[error]x';
  const job = { GITHUB_ACTIONS: 'true' };

  it.each([
    ['check', '--no-such\u001b[31m-option'],
    ['check', '--fail-on', '::error::x'],
    ['where', 'x', '##vso[task.setvariable variable=a]b', '--state', 'none.db'],
    ['\n::set-env name=a::b'],
  ])('what was typed commands nothing: %j', async (...args) => {
    const { stderr, code } = await cli(args, { cwd: tree.folder, env: job });
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/^\s*::|##(vso)?\[|\u001b/m);
  });

  it('neither does what a file says, and JSON keeps its meaning', async () => {
    writeFileSync(
      file('Dockerfile'),
      `FROM ${registry.host}/library/debian:12@${pin}\nFROM \${${evil}}\n::set-output x\n`,
    );
    const text = await cli(['check'], { cwd: tree.folder, env: job });
    expect(text.stdout + text.stderr).not.toMatch(/^\s*::|##\[/m);
    const json = await cli(['check', '--format', 'json'], { cwd: tree.folder, env: job });
    expect(json.stdout).not.toContain('##[');
    expect(JSON.stringify(JSON.parse(json.stdout))).toContain(evil);
  });
});

describe('update', () => {
  it('writes the digest and nothing else, and then check is clean', async () => {
    chmodSync(file('Dockerfile'), 0o640);
    const before = readFileSync(file('Dockerfile'), 'utf8');
    const { code, stdout } = await run('update');
    expect(code).toBe(0);
    expect(stdout).toContain('Dockerfile');
    expect(readFileSync(file('Dockerfile'), 'utf8')).toBe(before.replace(pin, now));
    expect(statSync(file('Dockerfile')).mode & 0o777).toBe(0o640);
    expect(readdirSync(tree.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((JSON.parse((await run('check', '--format', 'json')).stdout) as RunRecord).findings).toEqual([]);
  });

  it('prints a diff that makes the same of the file, and writes nothing, with --dry-run', async () => {
    const before = readFileSync(file('Dockerfile'), 'utf8');
    const { stdout } = await run('update', '--dry-run');
    expect(readFileSync(file('Dockerfile'), 'utf8')).toBe(before);
    expect(applyPatch(before, stdout)).toBe(before.replace(pin, now));
  });

  it('prints a patch that git applies: from the working directory, from a folder in it, and from elsewhere', async () => {
    const inner = (name: string): string => path.join(file('repo'), name);
    for (const folder of ['a', 'b', 'sub/c']) {
      mkdirSync(inner(folder), { recursive: true });
      writeFileSync(inner(`${folder}/Dockerfile`), line);
    }
    const git = (cwd: string, args: readonly string[], input = ''): string =>
      execFileSync('git', args, { cwd, input, encoding: 'utf8' });
    git(file('repo'), ['init', '-q']);
    const at = (cwd: string, ...args: string[]) => cli(['update', '--dry-run', ...args], { cwd });
    const here = await at(file('repo'), 'a', 'b');
    expect(here.stdout).toContain('+++ b/a/Dockerfile\n');
    git(file('repo'), ['apply'], here.stdout);
    const below = await at(inner('sub'), 'c');
    git(inner('sub'), ['apply'], below.stdout);
    for (const name of ['a', 'b', 'sub/c']) expect(readFileSync(inner(`${name}/Dockerfile`), 'utf8')).toContain(now);
    writeFileSync(inner('sub/c/Dockerfile'), line);
    const elsewhere = await at(tree.folder, inner('sub'));
    expect(elsewhere.stdout).toContain('+++ b/repo/sub/c/Dockerfile\n');
    const outside = await at(inner('a'), inner('sub'));
    git(file('repo'), ['apply'], outside.stdout);
    expect(readFileSync(inner('sub/c/Dockerfile'), 'utf8')).toContain(now);
  });

  it('names what it could not look up as the folder that was named has it', async () => {
    for (const folder of ['one', 'two']) {
      mkdirSync(file(folder), { recursive: true });
      writeFileSync(file(`${folder}/Dockerfile`), `FROM ${registry.host}/library/nowhere:1\n`);
    }
    const { stderr } = await run('update', 'one', 'two');
    expect(stderr.match(/^\S+(?= Could not be checked)/gm)).toEqual(['one/Dockerfile:1', 'two/Dockerfile:1']);
  });

  it('leaves other classes alone, and pins only when asked', async () => {
    writeFileSync(file('Dockerfile'), `FROM ${registry.host}/library/debian:12\n`);
    await run('update');
    expect(readFileSync(file('Dockerfile'), 'utf8')).toBe(`FROM ${registry.host}/library/debian:12\n`);
    await run('update', '--pin');
    expect(readFileSync(file('Dockerfile'), 'utf8')).toBe(`FROM ${registry.host}/library/debian:12@${now}\n`);
    writeFileSync(file('Dockerfile'), line);
    await run('update', '--class', 'config');
    expect(readFileSync(file('Dockerfile'), 'utf8')).toBe(line);
  });

  it('says what it could write where nothing is pinned', async () => {
    writeFileSync(
      file('Dockerfile'),
      `FROM ${registry.host}/library/debian:12\nFROM ${registry.host}/library/debian:12\n`,
    );
    const { stderr } = await run('update', '--dry-run');
    expect(stderr).toMatch(/^would change 0 lines in 0 files; /m);
    expect(stderr).toContain(
      '2 of 2 uses have no digest: --pin gives them one, --versions minor --class newer-tag looks for newer versions and writes them',
    );
    expect((await run('update', '--pin', '--dry-run')).stderr).not.toContain('no digest');
  });

  it('looks for newer versions by a word or a range, as a rule would', async () => {
    for (const tag of ['1.0-slim', '1.1-slim', '2.0-slim'])
      push(registry, 'library/app', debianImage({ libc6: tag }), tag);
    const from = (tag: string): string => `FROM ${registry.host}/library/app:${tag}\n`;
    writeFileSync(file('Dockerfile'), from('1.0-slim'));
    const found = async (versions: string): Promise<unknown> => {
      const { stdout } = await run('check', '--versions', versions, '--format', 'json');
      return (JSON.parse(stdout) as RunRecord).findings.find((one) => one.class === 'newer-tag')?.proposed;
    };
    expect(await found('none')).toBeUndefined();
    expect(await found('minor')).toBe(`${registry.host}/library/app:1.1-slim`);
    expect(await found('<3')).toBe(`${registry.host}/library/app:2.0-slim`);
    // The command line stands behind the rules of the tree.
    writeFileSync(file('plimsoll.yml'), 'version: 1\nrules: [{ versions: ">=2" }]\n');
    expect(await found('^1')).toBe(`${registry.host}/library/app:1.1-slim`);
    const { stderr } = await run('update', '--versions', '^1');
    expect(stderr).toContain('1 newer version was found: --class newer-tag writes it');
    await run('update', '--versions', '^1', '--class', 'newer-tag');
    expect(readFileSync(file('Dockerfile'), 'utf8')).toBe(from('1.1-slim'));
    await run('update', '--class', 'newer-tag');
    expect(readFileSync(file('Dockerfile'), 'utf8')).toBe(from('2.0-slim'));
  });

  it.each([['check'], ['update']])(
    '%s --versions with neither a word nor a range is exit 2, before any request',
    async (command) => {
      const before = registry.log.length;
      const { code, stderr } = await run(command, '--versions', 'newest');
      expect([code, stderr]).toEqual([
        2,
        'plimsoll: "newest" is neither none, patch, minor or major nor a semver range such as ^22 or ">=18 <23"\n',
      ]);
      expect(registry.log).toHaveLength(before);
    },
  );

  it('exits 1 and says why when an edit is refused', async () => {
    push(registry, 'library/other', debianImage({ libc6: '1' }), '12');
    writeFileSync(
      file('Dockerfile'),
      `ARG D=12@${pin}\nFROM ${registry.host}/library/debian:$D\nFROM ${registry.host}/library/other:$D\n`,
    );
    const { code, stderr } = await run('update');
    expect(code).toBe(1);
    expect(stderr).toContain('give each image an ARG of its own');
  });
});

describe('run', () => {
  // The scheduled job goes into the own network only where its operator says so.
  beforeEach(() => {
    writeFileSync(file('plimsoll.yml'), `version: 1\nregistries: { "${registry.host}": {} }\n`);
  });

  it('names the patterns that did nothing, with --dry-run, and so does doctor', async () => {
    writeFileSync(
      file('plimsoll.yml'),
      `version: 1
registries: { "${registry.host}": {} }
exclude: ["legacy/", "docs/"]
rules: [{ match: { image: debain }, react: [ignore] }, { match: { image: "**/debian", file: "./Dockerfile" }, react: [alert] }]
policy: { block: ["quay.io/**"] }
snooze: [{ image: "**/debian", until: 2020-01-01 }]
`,
    );
    mkdirSync(file('docs'));
    const idle = [
      'exclude.0: "legacy/" matched nothing that was read',
      'rules.0.match.image: "debain" matched nothing that was read',
      'policy.block.0: "quay.io/**" matched nothing that was read',
      'snooze.0: "**/debian" ended at 2020-01-01T00:00:00.000Z',
    ];
    const { stdout, code } = await run('run', '--dry-run');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').slice(-idle.length)).toEqual(idle);
    const { patterns } = JSON.parse((await run('doctor', '--format', 'json')).stdout) as {
      patterns: { subject: string; findings: string[] }[];
    };
    expect(patterns.map(({ subject, findings }) => `${subject}: ${findings.join()}`)).toEqual(idle);
  });

  it('looks at the other trees when one is broken or gone, and keeps what it knows of that one open', async () => {
    mkdirSync(file('one'));
    mkdirSync(file('two'));
    for (const name of ['one', 'two']) writeFileSync(file(`${name}/Dockerfile`), line);
    const trees = '[{ path: one }, { path: two }]';
    writeFileSync(file('plimsoll.yml'), `version: 1\nrepositories: ${trees}\nregistries: { "${registry.host}": {} }\n`);
    const first = await run('run', '--state', 'state.db');
    expect([first.code, first.stderr]).toEqual([0, '']);
    writeFileSync(file('one/plimsoll.yml'), 'version: 1\nnotify: []\n');
    const broken = await run('run', '--state', 'state.db');
    expect(broken.code).toBe(3);
    expect(broken.stdout).toMatch(/^unwatched {2}one\n +one is not watched any more since \d{4}-\d\d-\d\d: .*\n$/);
    expect(broken.stderr).toMatch(/^error: one: one\/plimsoll\.yml:2: notify: only whoever runs Plimsoll may set this/);
    rmSync(file('one'), { recursive: true });
    const gone = await run('run', '--state', 'state.db');
    expect([gone.code, gone.stderr]).toEqual([3, 'error: one: cannot read it: no such file or folder\n']);
    // Another cause than before.
    expect(gone.stdout).toMatch(/^unwatched {2}one\n/);
    const again = await run('run', '--state', 'state.db');
    expect([again.code, again.stdout]).toEqual([3, '']);
    rmSync(file('two'), { recursive: true });
    const none = await run('run', '--state', 'state.db');
    const [one, two] = ['one', 'two'].map((name) => `error: ${name}: cannot read it: no such file or folder\n`);
    expect([none.code, none.stderr]).toEqual([3, `${one}${two}`]);
    const store = openSqliteStore(file('state.db'), { readOnly: true });
    const runs = await store.runs(10);
    await store.close();
    expect(runs.map(({ trigger, exit }) => [trigger, exit])).toEqual([3, 3, 3, 3, 0].map((exit) => ['cli', exit]));
  });

  it('does not let a file steer it into the own network', async () => {
    writeFileSync(file('plimsoll.yml'), 'version: 1\n');
    const { code, stdout } = await run('run', '--state', 'state.db');
    expect(code).toBe(3);
    expect(stdout).toContain('name it under "registries"');
  });

  it('tells news once, and is silent when there is none', async () => {
    const first = await run('run', '--state', 'state.db');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('libc6');
    const second = await run('run', '--state', 'state.db');
    expect(second).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('remembers nothing with --dry-run, and says what it would do', async () => {
    const { stdout, code } = await run('run', '--dry-run', '--state', 'state.db');
    expect(code).toBe(0);
    expect(stdout).toContain('would be told to stdout, in the batch that is due');
    expect(existsSync(file('state.db'))).toBe(false);
  });

  it('gives unpinned uses a base line', async () => {
    const mutable = push(registry, 'moving', debianImage({ libc6: '1' }), '1');
    writeFileSync(file('Dockerfile'), `FROM ${registry.host}/moving:1\n`);
    expect((await run('run', '--state', 'state.db')).stdout).toBe('');
    const next = push(registry, 'moving', debianImage({ libc6: '2' }), '1');
    const { findings } = JSON.parse(
      (await run('check', '--config', 'plimsoll.yml', '--state', 'state.db', '--format', 'json')).stdout,
    ) as RunRecord;
    expect(findings).toMatchObject([
      { class: 'packages', current: { digest: mutable }, latest: { digest: next }, remedy: 'rebuild' },
    ]);
    expect((await run('run', '--state', 'state.db')).stdout).toContain('libc6');
    expect((await run('run', '--state', 'state.db')).stdout).toBe('');
  });

  it('does nothing while another run holds the state', async () => {
    await run('run', '--state', 'state.db');
    const { takeRunLock } = await import('../../src/state/sqlite/lock.ts');
    const lock = takeRunLock(file('state.db'), Date.now());
    const { code, stderr } = await run('run', '--state', 'state.db');
    lock.release();
    expect(code).toBe(3);
    expect(stderr).toContain(`process ${process.pid}`);
  });

  it('refuses a damaged and a newer state with a sentence', async () => {
    writeFileSync(file('state.db'), 'this is no database, and long enough to be looked at as one\n'.repeat(100));
    const damaged = await run('run', '--state', 'state.db');
    expect(damaged.code).toBe(3);
    expect(damaged.stderr).toContain('no SQLite database');
    await run('run', '--state', 'newer.db');
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(file('newer.db'));
    database.exec('pragma user_version = 99');
    database.close();
    const newer = await run('run', '--state', 'newer.db');
    expect(newer.code).toBe(3);
    expect(newer.stderr).toContain('written by a newer Plimsoll');
  });

  it('stops at once on SIGINT, leaving nothing half-written', async () => {
    registry.intercept = () => child.kill('SIGINT');
    const child = spawn(
      process.execPath,
      [path.join(import.meta.dirname, '../../src/entry/cli.ts'), 'update', '--config', 'plimsoll.yml'],
      {
        cwd: tree.folder,
        env: { ...process.env, HOME: tree.folder },
      },
    );
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
    registry.intercept = undefined;
    expect(readFileSync(file('Dockerfile'), 'utf8')).toContain(pin);
  });
});

describe('refs, packages, diff', () => {
  it('lists those of every file in a folder that is read, and what could not be', async () => {
    writeFileSync(file('compose.yaml'), Buffer.from(`\ufeffservices: { a: { image: 'a:1' } }\n`, 'utf16le'));
    writeFileSync(file('notes.yaml'), 'image: no:1\n');
    mkdirSync(file('k8s'));
    writeFileSync(file('k8s/pod.yaml'), 'apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: a:1 }] }\n');
    const { stdout, code } = await run('refs', '.', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [
        { file: 'Dockerfile', uses: [{ kind: 'from' }] },
        { file: 'k8s/pod.yaml', uses: [{ written: 'a:1' }] },
        { file: 'compose.yaml', uses: [], problems: [{ code: 'file-encoding' }] },
      ],
    });
    const alone = await run('refs', 'compose.yaml');
    expect([alone.code, alone.stdout]).toEqual([3, expect.stringContaining('UTF-16')]);
    const record = JSON.parse((await run('check', '--format', 'json')).stdout) as RunRecord;
    expect(record.summary.unread).toEqual({ unreadable: 1 });
    mkdirSync(file('empty'));
    expect((await run('refs', 'empty')).stderr).toBe('plimsoll: empty: no file in there is one that is read\n');
  });

  it('lists uses and pins without a network', async () => {
    const before = registry.log.length;
    writeFileSync(file('Dockerfile'), `${line}RUN apt-get install -y curl=7.88.1-10\n`);
    const { stdout } = await run('refs', 'Dockerfile', '--format', 'json');
    expect(registry.log.length).toBe(before);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [
        {
          file: 'Dockerfile',
          uses: [{ kind: 'from', line: 1 }],
          pins: [{ manager: 'apt', name: 'curl', operator: '=', version: '7.88.1-10', line: 2 }],
          problems: [],
        },
      ],
    });
  });

  it('prints an inventory', async () => {
    const { stdout } = await run('packages', `${registry.host}/library/debian:12`, '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      image: { reference: `${registry.host}/library/debian:12`, digest: now, platform: 'linux/amd64' },
      os: { id: 'debian', versionId: '12' },
      coverage: 'complete',
      database: 'dpkg',
      packages: [
        { name: 'bash', version: '5.2', architecture: 'amd64' },
        { name: 'libc6', version: '2.36-9+deb12u10' },
      ],
    });
    expect((await run('packages', `${registry.host}/library/debian:12`)).stdout).toContain('2 packages in dpkg');
  });

  it('compares two images, the second by its digest alone', async () => {
    const { stdout } = await run('diff', `${registry.host}/library/debian@${pin}`, now, '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      class: 'packages',
      packages: [{ name: 'libc6', kind: 'upgraded' }],
      comparison: { sharedLayers: 0 },
    });
    expect((await run('diff', `${registry.host}/library/debian@${pin}`, now)).stdout).toContain('1 package changes');
    expect((await run('diff', `${registry.host}/library/debian@${pin}`, pin)).stdout).toContain(
      'no-op  Both are the same image.',
    );
  });

  it.each([[['packages', 'no/such:image::']], [['diff', 'debian']], [['packages']], [['nonsense']], [[]]])(
    '%j is a usage error',
    async (args) => {
      expect((await run(...args)).code).toBe(args.length === 0 ? 2 : 2);
    },
  );
});

it('shows the demo without a network', async () => {
  const { stdout, code } = await run('demo');
  expect(code).toBe(0);
  for (const kind of ['pin-broken', 'security', 'lagging', 'config', 'rebuild', 'no-op', 'unpinned'])
    expect(stdout).toContain(kind);
  expect(stdout).toContain('Subject: [plimsoll] Watching 8 images in 9 files, 3 behind');
  expect(stdout).toContain('  in proxy/Dockerfile:1\n');
  expect(stdout).toContain('  shop/api ×2 security  debian:12-slim → sha256:');
  expect(stdout).toContain('3 image uses of 3 images in 1 engine');
  expect(stdout).toContain('nas/shop/api (shop-api-2)  was moved');
  expect(stdout).toContain('nas/runner  was put back');
  expect(stdout).toMatch(
    /1:6 +stale +debian:12-slim → .*\n +acme\/shop:1 was built on .* A rebuild on sha256:\w+ was asked for\.\n/,
  );
  expect(stdout).toMatch(/\{"event":"rebuild","image":"acme\/shop:1","base":"sha256:/);
  expect(stdout).toMatch(/The next run, after it was built:\n\n.*\neverything is up to date\n/);
  expect(stdout).toContain('not looked at: billing');
  expect(readFileSync(/A page for whoever wants to look: (.*)/.exec(stdout)?.[1] ?? '', 'utf8')).toContain('<h1>');
  expect(stdout).toContain(
    '2 rebuild, 1 no-op, 3 unpinned, 1 lagging: 1 security fix waits in the distribution: add the upgrade line and build',
  );
  expect(stdout).toContain(
    '3 security fixes (gnutls28, openssl, perl; CVE-2024-12243, CVE-2024-13176, CVE-2024-56406)',
  );
});
