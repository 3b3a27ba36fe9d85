import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PluginContext, rolldown } from 'rolldown';
import { jsonSchema } from '../src/config/schema.ts';
import { repositoryOf } from '../src/entry/origin.ts';
import { apiDescription, apiPage } from './api-page.ts';
import { filesPage } from './files-page.ts';
import { limitsPage } from './limits-page.ts';

/*
 * npm run build             writes dist/, docs/plimsoll.schema.json, docs/openapi.json and the pages that are made
 * npm run build -- --verify builds beside them and fails when they are not what the sources make
 */

const root = path.join(import.meta.dirname, '..');
const { version, repository } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
  repository?: string | { url: string };
};
const from = repositoryOf(typeof repository === 'string' ? repository : (repository?.url ?? ''));

interface Built {
  /** Contents by path below the root. */
  readonly files: ReadonlyMap<string, string>;
}

/** Natives that packages use when they happen to be installed: never, so that every machine builds and runs the same. */
const natives = /\.node$|^(?:zlib-sync|bufferutil|utf-8-validate|erlpack|cpu-features|@discordjs\/(?:voice|opus))$/;
const absent = {
  name: 'absent',
  resolveId: (id: string) => (natives.test(id) ? `\0absent:${id}` : null),
  load: (id: string) =>
    id.startsWith('\0absent:')
      ? `throw Object.assign(new Error('absent: ${id.slice('\0absent:'.length)}'), { code: 'MODULE_NOT_FOUND' });`
      : null,
};

/** What the sources load at first use and cannot wait for is a file beside the others, which is not read before. */
const required = {
  name: 'required',
  transform(this: PluginContext, code: string, id: string) {
    if (!id.startsWith(path.join(root, 'src/'))) return null;
    return code.replaceAll(/(?<=createRequire\(import\.meta\.url\)\()'([^']+)'\)/g, (_, name: string) => {
      this.emitFile({ type: 'chunk', id: `\0when:${name}`, name: `when-${name}`, fileName: `chunks/when-${name}.js` });
      return `'./when-${name}.js').default`;
    });
  },
  resolveId: (id: string) => (id.startsWith('\0when:') ? id : null),
  load: (id: string) =>
    id.startsWith('\0when:') ? `module.exports = require('${id.slice('\0when:'.length)}');` : null,
};

/**
 * To import http from an ES module reads all that it has, the client for `fetch` of the platform among it, which takes half as long
 * to load as Node.js to start; to ask for it by name reads nothing.
 */
const ofFetch = new Set(['WebSocket', 'CloseEvent', 'MessageEvent']);
const lean = {
  name: 'lean',
  resolveId: (id: string, _from: string | undefined, { kind }: { readonly kind: string }) => {
    const [, name] = /^(?:node:)?(https?)$/.exec(id) ?? [];
    return name !== undefined && kind === 'import-statement' ? `\0lean:${name}` : null;
  },
  load: (id: string) => {
    const [, name] = /^\0lean:(\w+)$/.exec(id) ?? [];
    if (name === undefined) return null;
    const names = Object.keys(process.getBuiltinModule(`node:${name}`) ?? {}).filter((one) => !ofFetch.has(one));
    return `const all = process.getBuiltinModule('node:${name}'); export default all; export const { ${names.join(', ')} } = all;`;
  },
};

const command = (name: string): string => path.join(root, `src/entry/commands/${name}.ts`);
/** What looks at images, and what looks at none itself. */
const looking = command('check');
const besides = ['acknowledge', 'healthcheck', 'migrate', 'refs', 'report', 'serve', 'shared/runs', 'state'].map(
  command,
);
/** By module of ours, the chunk it belongs to: what every command loads, what others share with a look, what it has alone. */
const chunkOf = new Map<string, 'core' | 'shared' | 'look'>();
/** Left to the bundler, a look begins with some eighty files, and reading them takes as long as Node.js takes to start. */
const few = {
  name: 'few',
  buildEnd(this: PluginContext) {
    const reached = (from: readonly string[]): Set<string> => {
      const found = new Set(from);
      for (const id of found) for (const next of this.getModuleInfo(id)?.importedIds ?? []) found.add(next);
      return found;
    };
    const [always, elsewhere] = [reached([path.join(root, 'src/entry/program.ts')]), reached(besides)];
    for (const id of reached([looking])) {
      if (id.startsWith(path.join(root, 'src/')))
        chunkOf.set(id, always.has(id) ? 'core' : elsewhere.has(id) ? 'shared' : 'look');
    }
  },
};

async function build(): Promise<Built> {
  const bundle = await rolldown({
    input: {
      cli: path.join(root, 'src/entry/cli.ts'),
      action: path.join(root, 'src/entry/action.ts'),
      index: path.join(root, 'src/index.ts'),
    },
    cwd: root,
    platform: 'node',
    // What `lean` takes is for it.
    external: [/^node:(?!https?$)/],
    // The order of what is written follows the paths: those of a linked node_modules are to be the same.
    // jsonc-parser's main file asks for its parts in a way that no bundler sees.
    resolve: { symlinks: false, alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
    transform: {
      target: 'node24',
      define: { PLIMSOLL_VERSION: JSON.stringify(version), ...(from && { PLIMSOLL_REPOSITORY: JSON.stringify(from) }) },
    },
    logLevel: 'warn',
    plugins: [absent, required, lean, few],
    // discord.js has a shell for bots, which nothing here opens.
    onLog: (level, log, handle) => {
      if (log.code !== 'EVAL') handle(level, log);
    },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    codeSplitting: {
      groups: [
        // A group takes along whatever it needs that no earlier one has taken. Else semver would land with the first of the packages
        // that need it, and whoever asks for it would load that one.
        { name: 'semver', test: /node_modules\/semver\//, priority: 5 },
        { name: 'http', test: /^\0lean:/, priority: 5 },
        { name: packageOf, test: /node_modules/, debugName: 'packages', priority: 4 },
        // Half of all files otherwise: each door would load dozens of a few lines.
        { name: 'core', test: (id) => id.includes('/src/core/') || chunkOf.get(id) === 'core', priority: 3 },
        { name: 'shared', test: (id) => chunkOf.get(id) === 'shared', priority: 2 },
        { name: 'look', test: (id) => chunkOf.get(id) === 'look', priority: 1 },
      ],
    },
  });
  await bundle.close();
  const files = new Map<string, string>();
  const packages = new Set<string>();
  for (const chunk of output) {
    if (chunk.type !== 'chunk') throw new Error(`unexpected asset ${chunk.fileName}`);
    // Their path is as seen from a chunk.
    if (chunk.isEntry && !chunk.fileName.startsWith('chunks/') && chunk.code.includes('./when-'))
      throw new Error(`${chunk.fileName} asks for a chunk that is not beside it`);
    files.set(`dist/${chunk.fileName}`, chunk.code.endsWith('\n') ? chunk.code : `${chunk.code}\n`);
    for (const id of chunk.moduleIds) {
      const name = packageOf(id);
      if (name !== undefined) packages.add(name);
    }
  }
  files.set('dist/package.json', '{"type":"module"}\n');
  files.set('dist/NOTICE.txt', notice([...packages].sort()));
  for (const [name, text] of declarations()) files.set(`dist/${name}`, text);
  files.set('docs/plimsoll.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`);
  files.set('docs/limits.md', limitsPage());
  files.set('docs/files.md', filesPage());
  files.set('docs/api.md', apiPage());
  files.set('docs/openapi.json', apiDescription(version));
  return { files };
}

/** The package a bundled module comes from; undefined for our own. */
function packageOf(id: string): string | undefined {
  const inside = id.split('/node_modules/').at(-1);
  if (inside === undefined || inside === id) return undefined;
  return inside
    .split('/')
    .slice(0, inside.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The licences of everything that is bundled; a build stops when one is not there. */
function notice(packages: readonly string[]): string {
  const parts = packages.map((name) => {
    const folder = path.join(root, 'node_modules', name);
    const about = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      version: string;
      license?: string;
      author?: string;
    };
    const text = licenceText(folder, about);
    if (text === undefined) throw new Error(`${name} comes without a licence text`);
    return `${name} ${about.version} (${about.license ?? 'see below'})\n\n${text}\n`;
  });
  return `Plimsoll contains the following software.\n\n${parts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}

/** A licence file, the section of the README that some packages have instead, or what package.json says in the licence's own words. */
function licenceText(
  folder: string,
  about: { name?: string; license?: string; author?: string | { name: string } },
): string | undefined {
  const names = readdirSync(folder);
  const file = names.find((name) => /^(licen[cs]e|copying)/i.test(name));
  if (file !== undefined) return readFileSync(path.join(folder, file), 'utf8').trim();
  const readme = names.find((name) => /^readme/i.test(name));
  const text = readme && readFileSync(path.join(folder, readme), 'utf8');
  const section = text && /^(?:#+ *)?licen[cs]e *\n[-=]*\n*([\s\S]+)/im.exec(text)?.[1]?.trim();
  // One repository, many packages, and the text in some of them.
  if (!section && about.name?.startsWith('@sigstore/')) {
    return readFileSync(path.join(root, 'node_modules/@sigstore/bundle/LICENSE'), 'utf8').trim();
  }
  if (section || about.license !== 'MIT' || !about.author) return section;
  const author = typeof about.author === 'string' ? about.author : about.author.name;
  const [, terms] = readFileSync(path.join(root, 'LICENSE'), 'utf8').split(/^Copyright.*$/m);
  return `MIT License\n\nCopyright (c) ${author}\n${terms?.trimEnd()}`;
}

/** Declarations of the library: what tsc emits for src/index.ts and what it imports. */
function declarations(): Map<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-types-'));
  try {
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const config = path.join(import.meta.dirname, 'tsconfig.types.json');
    execFileSync(process.execPath, [tsc, '-p', config, '--outDir', folder], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const wanted = new Map<string, string>();
    const waiting = ['index.d.ts'];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (wanted.has(`types/${name}`)) continue;
      const text = readFileSync(path.join(folder, name), 'utf8').replace(
        /(from '|import\(")(\.[^'"]+)\.ts(?=['"])/g,
        '$1$2.js',
      );
      wanted.set(`types/${name}`, text);
      for (const [, from] of text.matchAll(/(?:from '|import\(")(\.[^'"]+)\.js(?=['"])/g)) {
        waiting.push(path.posix.join(path.posix.dirname(name), `${from}.d.ts`));
      }
    }
    wanted.set('index.d.ts', "export * from './types/index.js';\n");
    return wanted;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function verify({ files }: Built): void {
  const stale = [...files]
    .filter(
      ([name, text]) => !existsSync(path.join(root, name)) || readFileSync(path.join(root, name), 'utf8') !== text,
    )
    .map(([name]) => name);
  const left = existsSync(path.join(root, 'dist'))
    ? readdirSync(path.join(root, 'dist'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
        .filter((name) => !files.has(name))
    : [];
  if (stale.length + left.length > 0) {
    process.stderr.write(
      `not what the sources make (npm run build):\n${[...stale, ...left].map((name) => `  ${name}\n`).join('')}`,
    );
    process.exitCode = 1;
    return;
  }
  const hash = createHash('sha256')
    .update([...files.values()].join('\0'))
    .digest('hex')
    .slice(0, 12);
  process.stdout.write(`dist/ is what the sources make (${files.size} files, ${hash})\n`);
}

function write({ files }: Built): void {
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  for (const [name, text] of files) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: name === 'dist/cli.js' ? 0o755 : 0o644 });
  }
  const size = [...files].filter(([name]) => name.endsWith('.js')).reduce((sum, [, text]) => sum + text.length, 0);
  process.stdout.write(`${files.size} files, ${Math.round(size / 1000)} kB of code\n`);
}

const built = await build();
if (process.argv.includes('--verify')) verify(built);
else write(built);
