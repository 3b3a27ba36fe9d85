import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiPage } from '../scripts/api-page.ts';
import { filesPage } from '../scripts/files-page.ts';
import { limitsPage } from '../scripts/limits-page.ts';
import { limits } from '../src/core/limits/limits.ts';

const root = path.join(import.meta.dirname, '../src');

interface Import {
  /** Path below src without suffix, or a package's name. */
  readonly to: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

const files = new Map(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name.split(path.sep).join('/'), readFileSync(path.join(root, name), 'utf8')]),
);

function importsOf(file: string): Import[] {
  const text = files.get(file) ?? '';
  const statics = [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)].map(
    ([, type, to = '']) => ({ to, typeOnly: type !== undefined, dynamic: false }),
  );
  const dynamics = [...text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, to = '']) => ({
    to,
    typeOnly: false,
    dynamic: true,
  }));
  return [...statics, ...dynamics].map((one) => ({
    ...one,
    to: one.to.startsWith('.') ? path.posix.join(path.posix.dirname(file), one.to) : one.to,
  }));
}

const area = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : file);
const isOurs = ({ to }: Import): boolean => to.endsWith('.ts');
const graph = [...files.keys()].flatMap((from) => importsOf(from).map((one) => ({ from, ...one })));

/** Who may import whom at run time; everybody may use core. docs/architecture.md says why. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  disk: [],
  http: ['disk'],
  cache: ['disk'],
  formats: [],
  packages: ['http', 'cache'],
  state: ['disk'],
  tags: [],
  report: [],
  oci: ['disk', 'http', 'cache'],
  signatures: [],
  advisories: ['disk', 'http', 'packages'],
  local: ['packages', 'oci'],
  config: ['disk', 'engines', 'formats', 'forges', 'notify', 'tags'],
  notify: ['http', 'report', 'state'],
  forges: ['disk'],
  engines: ['disk'],
  sources: ['disk', 'formats'],
  look: ['oci', 'packages', 'report', 'tags'],
  verdict: ['look', 'report', 'sources'],
  targets: ['disk', 'look', 'report', 'sources', 'verdict'],
  job: [
    'advisories',
    'cache',
    'config',
    'engines',
    'forges',
    'formats',
    'http',
    'local',
    'look',
    'notify',
    'oci',
    'packages',
    'report',
    'signatures',
    'sources',
    'targets',
    'verdict',
  ],
  // Many processes make what one run is, with its own pieces.
  workers: ['forges', 'job', 'look', 'sources', 'state', 'verdict'],
  demo: ['forges', 'oci'],
  // Pages and programs ask the state; what differs between two inventories is known to packages, which rule it was to verdict.
  serve: ['config', 'packages', 'report', 'state', 'verdict'],
  'api.ts': ['config', 'job'],
  'index.ts': ['api.ts', 'formats', 'oci', 'packages', 'tags'],
  // And per command one list; never what looks, decides, asks or knows a forge.
  entry: [
    'cache',
    'config',
    'demo',
    'disk',
    'formats',
    'job',
    'local',
    'notify',
    'report',
    'serve',
    'state',
    'workers',
  ],
};

/** What the doors import and should be given by the job. */
const notYet: readonly string[] = [
  'entry/action/main.ts verdict/run-problems.ts',
  'entry/action/mode.ts sources/discover.ts',
  'entry/action/operator-config.ts sources/discover.ts',
  'entry/commands/demo/demo.ts targets/folder-target.ts',
  'entry/commands/doctor.ts sources/discover.ts',
  'entry/commands/doctor.ts sources/placed-uses.ts',
  'entry/commands/doctor.ts verdict/idle-patterns.ts',
  'entry/commands/fleet.ts packages/versions/constraint.ts',
  'entry/commands/fleet.ts packages/versions/index.ts',
  'entry/commands/refs.ts sources/discover.ts',
  'entry/commands/refs.ts sources/placed-uses.ts',
  'entry/commands/run.ts verdict/idle-patterns.ts',
  'entry/commands/run.ts verdict/run-problems.ts',
  'entry/commands/update.ts targets/folder-target.ts',
  'entry/environment.ts http/proxy.ts',
  'entry/environment.ts http/tls-settings.ts',
  'entry/environment.ts oci/quirks/index.ts',
  'entry/exit-codes.ts verdict/run-problems.ts',
  'entry/exit-codes.ts verdict/summarise.ts',
  'entry/run-request.ts sources/discover.ts',
  'entry/run-request.ts tags/ranges.ts',
];

describe('who imports whom', () => {
  it.each([...files.keys()])('%s', (file) => {
    const own = area(file);
    const reached = importsOf(file)
      .filter((one) => isOurs(one) && !one.typeOnly && !notYet.includes(`${file} ${one.to}`))
      .map(({ to }) => area(to))
      .filter((to) => to !== own && to !== 'core');
    expect(reached.filter((to) => !allowed[own]?.includes(to))).toEqual([]);
  });

  it('core knows nobody, not even as a type', () => {
    expect(
      graph.filter(({ from, to }) => area(from) === 'core' && isOurs({ to } as Import) && area(to) !== 'core'),
    ).toEqual([]);
  });

  it('what looks does not know what is decided, and what is decided waits for nobody', () => {
    expect(graph.filter(({ from, to }) => area(from) === 'look' && /^(verdict|targets|job)\//.test(to))).toEqual([]);
    const waits = [...files].filter(
      ([file, text]) => file.startsWith('verdict/') && /\b(async|await|Promise)\b/.test(text),
    );
    expect(waits.map(([file]) => file)).toEqual([]);
  });

  it('what the doors are to be rid of is still there: take away what is gone, and add nothing', () => {
    const imports = new Set(graph.filter((one) => !one.typeOnly).map(({ from, to }) => `${from} ${to}`));
    expect(notYet.filter((one) => !imports.has(one))).toEqual([]);
  });

  it('every file has a name of its own, but for doors and commands', () => {
    const names = [...files.keys()].filter((file) => !file.endsWith('index.ts') && !file.startsWith('entry/commands/'));
    const known = names.map((file) => path.posix.basename(file));
    expect(known.filter((name, i) => known.indexOf(name) !== i)).toEqual([]);
  });

  it('no folder has more than 25 files side by side, but for lists of entries', () => {
    const counts = new Map<string, number>();
    for (const file of files.keys())
      counts.set(path.posix.dirname(file), (counts.get(path.posix.dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 25)).toEqual([]);
  });

  it('has no cycles, not even of types', () => {
    const statics = new Map(
      [...files.keys()].map((file) => [
        file,
        importsOf(file)
          .filter((one) => isOurs(one) && !one.dynamic)
          .map(({ to }) => to),
      ]),
    );
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]): void => {
      expect(trail, `cycle: ${[...trail, file].join(' → ')}`).not.toContain(file);
      if (done.has(file)) return;
      for (const next of statics.get(file) ?? []) visit(next, [...trail, file]);
      done.add(file);
    };
    for (const file of files.keys()) visit(file, []);
  });
});

describe('forbidden outside their place', () => {
  it.each([
    ['process.argv, process.exit', /process\.(argv|exit)\b/, /^entry\//],
    ['process.env', /process\.env\b/, /^entry\//],
    ['console', /\bconsole\./, /^$/],
    ['node-fetch', /from 'node-fetch'/, /^http\//],
    ['a global fetch', /(?<![.\w#])fetch\(/, /^(http\/|oci\/registry\/registry-client)/],
    ['the clock', /\bDate\.now\(|new Date\(\)/, /^(core\/time\/clock|entry\/output)/],
    [
      'a time of its own',
      /\bclock\b.*\bnow\(/,
      /^(core\/|http\/|oci\/credentials\/token|cache\/|notify\/|entry\/|job\/run|job\/moves\/|serve\/|workers\/finish-part)/,
    ],
    ['sigstore', /(from |import\()'@?sigstore\b/, /^signatures\//],
    ['pg', /from 'pg(?:-connection-string)?'/, /^state\/postgres\//],
    ['pg-boss', /from 'pg-boss'/, /^workers\/queue/],
    ['node:sqlite', /from 'node:sqlite'/, /^state\//],
    ['Octokit', /(from |import\()'@octokit\//, /^forges\/github\//],
    ['zod', /from 'zod'/, /^(config|forges|notify|serve)\//],
    ['yaml', /from 'yaml'/, /^(config|forges|notify|formats\/yaml|engines\/kubernetes)\//],
    ['jsonc-parser', /from 'jsonc-parser'/, /^formats\/jsonc\//],
    ['re2js', /'re2js'/, /^formats\/pattern\//],
    ['default exports', /^export default/m, /^$/],
    [
      'host tools',
      /(from |import\()'node:child_process'/,
      /^(oci\/credentials\/credential-helper|forges\/local\/git|engines\/connection\/ssh-agent|serve\/(supervisor|worker-keeper))/,
    ],
  ])('%s', (_name, pattern, place) => {
    const found = [...files].filter(([file, text]) => pattern.test(text) && !place.test(file)).map(([file]) => file);
    expect(found).toEqual([]);
  });
});

describe('bounds', () => {
  it('have their numbers in core/limits alone', () => {
    const bound =
      /^\s*(?:export )?const ((?:most|max|largest|longest|deepest|shortest)\w*|\w+Timeout)(?:: [\w<>]+)? = [-(\d].*$/gm;
    const found = [...files].flatMap(([file, text]) =>
      file.startsWith('core/limits') ? [] : [...text.matchAll(bound)].map(([, name]) => `${file} ${name}`),
    );
    expect(found.sort()).toEqual([
      // The least that is hidden in a log, not the most that is read.
      'entry/action/secrets.ts shortestSecret',
      // What formats prescribe.
      'oci/layers/decompress.ts longestMagic',
      'packages/databases/rpm/sqlite-pages.ts mostColumns',
    ]);
  });

  it('are all in use', () => {
    const code = [...files].flatMap(([file, text]) => (file.startsWith('core/limits') ? [] : [text])).join('\n');
    const names = Object.entries(limits).flatMap(([group, all]) => Object.keys(all).map((key) => `${group}.${key}`));
    expect(names.filter((name) => !code.includes(`limits.${name}.most`))).toEqual([]);
    expect(names.length).toBeGreaterThan(200);
  });

  it('are in the documentation as they are in the code', () => {
    const page = readFileSync(path.join(root, '../docs/limits.md'), 'utf8');
    expect(page).toBe(limitsPage());
  });

  it('every kind of file is in the documentation', () => {
    expect(readFileSync(path.join(root, '../docs/files.md'), 'utf8')).toBe(filesPage());
  });

  it('every route of the API is in the documentation', () => {
    expect(readFileSync(path.join(root, '../docs/api.md'), 'utf8')).toBe(apiPage());
  });
});

it('explains itself in the first comment when a file is longer than 400 lines', () => {
  const long = [...files]
    .filter(([, text]) => text.split('\n').length > 400 && !/^(\/\*|\/\/)/.test(text))
    .map(([file]) => file);
  expect(long).toEqual([]);
});

it('no test judges by the clock on the wall, which runs on while the machine does something else', () => {
  // The lab has the machine to itself. Processor time, counts and the order of events judge the rest: support/cpu-time.ts.
  const judges =
    /\bperformance\s*\.\s*now\b|\bhrtime\b|\bDate\.now\(\)\s*-|-\s*Date\.now\(\)|expect\([^;]*\bDate\.now\b/;
  const found = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.endsWith('.ts') && !name.startsWith('lab/') && name !== 'architecture.test.ts')
    .filter((name) => judges.test(readFileSync(path.join(import.meta.dirname, name), 'utf8')));
  expect(found).toEqual([]);
});
