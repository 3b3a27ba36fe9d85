import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const below = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    path.posix.join(folder, name.split(path.sep).join('/')),
  );
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const ours = ['src', 'test', 'docs', 'scripts', 'bench', 'deploy', '.github'].flatMap(below);
const pages = [...readdirSync(root), ...ours].filter((file) => file.endsWith('.md'));
const areas = readdirSync(path.join(root, 'src'), { withFileTypes: true }).map(({ name }) => name);
const names = new Set(ours.map((file) => path.posix.basename(file)));

/** The part of a path before the first component that stands for many: `<type>`, `NAME`, `…-channel.ts`, `*`. */
function known(written: string): string {
  const parts = written.split('/');
  const end = parts.findIndex((part) => /[<*…]|\b[A-Z]{2,}\b(?!\.md)/.test(part));
  return (end < 0 ? parts : parts.slice(0, end)).join('/');
}

/** Every path that a page names: from the top, in code also from `src/`, by a file's name alone, and as a link. */
function pathsIn(page: string): string[] {
  const text = read(page);
  const plain = text.matchAll(/(?<![\w/~.-])(?:src|test|docs|scripts|bench|deploy)\/[\w./<>*…-]*[\w/>*]/g);
  const inSources = [...text.matchAll(/`([\w-]+(?:\.ts|\/[\w./<>*…-]*))`/g)].flatMap(([, one = '']) =>
    areas.includes(one.split('/')[0] ?? '') && /(\.ts|\/)$/.test(one) ? [`src/${one}`] : [],
  );
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, to = '']) =>
    path.posix.join(path.posix.dirname(page), to),
  );
  return [...[...plain].map(([one]) => one), ...inSources, ...links];
}

describe('what the pages name', () => {
  it.each(pages)('%s: every path is there', (page) => {
    expect(pathsIn(page).filter((one) => !existsSync(path.join(root, known(one))))).toEqual([]);
  });

  it.each(pages)('%s: every source that is named alone is there', (page) => {
    const alone = [...read(page).matchAll(/`([\w-]+(?:\.\w+)*\.ts)`/g)].map(([, name = '']) => name);
    expect(alone.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(pages)('%s: every script of npm is there', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    const called = [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('looks at paths of every kind', () => {
    const all = pages.flatMap(pathsIn);
    expect(all.length).toBeGreaterThan(200);
    expect(all).toEqual(expect.arrayContaining(['src/look/resolve.ts', 'docs/limits.md', 'test/contract/format.ts']));
    expect(known('src/notify/<type>/<type>.ts')).toBe('src/notify');
    expect(known('src/oci/quirks/NAME.ts')).toBe('src/oci/quirks');
    expect(known('docs/README.md')).toBe('docs/README.md');
  });
});

describe('the first comment of a folder', () => {
  const sources = below('src').filter((file) => file.endsWith('.ts'));
  const folders = [...new Set(sources.map((file) => path.posix.dirname(file)))];

  // It is in one file, begins with the folder's path in a line of its own, and says where to begin.
  it.each(folders)('%s: says what lives there and where to begin', (folder) => {
    const inside = sources.filter((file) => path.posix.dirname(file) === folder);
    const doors = inside.filter((file) => read(file).startsWith(`/*\n * ${folder}/\n *\n`));
    expect(doors, `a comment that begins with the line "${folder}/"`).toHaveLength(1);
    const index = inside.find((file) => path.posix.basename(file) === 'index.ts');
    expect(doors).toEqual([index ?? doors[0]]);
    const [door = ''] = read(doors[0] ?? '').split('*/');
    expect(door.split('\n').length).toBeLessThan(18);
    expect(door).toMatch(/\bBegin (?:here|with)\b/);
    const named = [...door.matchAll(/(?<![\w>…-])((?:\.\.\/)?\w[\w./-]*(?:\.ts|\.md|\/(?!\w)))/g)].map(
      ([, one = '']) => one,
    );
    const isThere = (one: string): boolean =>
      names.has(one) || [folder, 'src', '.'].some((from) => existsSync(path.join(root, from, one)));
    expect(named.filter((one) => !isThere(one))).toEqual([]);
  });
});

describe('the comment of an export', () => {
  // Overloads share the comment of the first.
  const exported = /^export (?:async )?(?:function\*?|interface|class) (\w+)/;
  const without = (text: string): string[] => {
    const lines = text.split('\n');
    return lines.flatMap((line, index) => {
      const name = exported.exec(line)?.[1];
      const above = lines[index - 1] ?? '';
      const isSaid = /\*\/$|^\/\//.test(above) || exported.exec(above)?.[1] === name;
      return name === undefined || isSaid ? [] : [name];
    });
  };

  it('is there on every function, interface and class', () => {
    const bare = below('src')
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => without(read(file)).map((name) => `${file} ${name}`));
    expect(bare).toEqual([]);
  });

  it('is missed where it is not', () => {
    expect(without('import a;\n\nexport interface A {}\n/** B. */\nexport class B {}')).toEqual(['A']);
  });
});

describe('decisions', () => {
  const folder = 'docs/decisions';
  const records = readdirSync(path.join(root, folder)).filter((file) => /^\d{4}-/.test(file));
  const list = read(`${folder}/README.md`);

  it.each(records)('%s: has its day and status, and the list has the same', (file) => {
    const [, head = ''] = read(`${folder}/${file}`).split('\n\n');
    const [, day, status = ''] = /^(\d{4}-\d{2}-\d{2}), ((?:accepted|overturned by)\b.*)\.$/.exec(head) ?? [];
    expect(day, `the third line of ${file}: "YYYY-MM-DD, accepted."`).toBeDefined();
    expect(list).toMatch(new RegExp(`^\\| \\[${file.slice(0, 4)}\\]\\(${file}\\) \\| .+ \\| ${day} \\| `, 'm'));
    expect(list).toContain(`| ${day} | ${status} |`);
  });

  it('have numbers of their own', () => {
    const numbers = records.map((file) => file.slice(0, 4));
    expect(numbers).toEqual([...new Set(numbers)]);
  });
});
