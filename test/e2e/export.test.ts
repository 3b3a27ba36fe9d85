import {
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { temporaryTree } from '../support/fleet.ts';
import { seededState } from '../support/seeded-state.ts';

let tree: { folder: string; remove: () => void };
beforeEach(() => {
  tree = temporaryTree({});
});
afterEach(() => tree.remove());

describe('plimsoll runs', () => {
  it('says that there are older ones than it lists', async () => {
    for (const [days, many] of [
      [5, 6],
      [130, 100],
    ] as const) {
      const { file, closeStore, remove } = await seededState({ images: 1, uses: 1, days });
      await closeStore();
      const { code, stdout, stderr } = await cli(['runs', '--format', 'json', '--state', file], { cwd: tree.folder });
      expect(code).toBe(0);
      expect((JSON.parse(stdout) as { runs: unknown[] }).runs.length).toBeLessThanOrEqual(many);
      expect(stderr).toBe(days === 5 ? '' : 'the newest 100 runs; older ones by their number\n');
      remove();
    }
  });
});

describe('plimsoll report', () => {
  it('writes the fleet as pages, beside each other and nowhere else', async () => {
    const { file, closeStore, remove } = await seededState({ images: 5, uses: 9, text: '../../../outside' });
    await closeStore();
    const folder = path.join(tree.folder, 'out/report');
    const args = ['report', '--html', 'out/report', '--state', file];
    const env = { PLIMSOLL_NOW: '2026-11-29T12:00:00Z' };
    const first = await cli(args, { cwd: tree.folder, env });
    expect(first).toMatchObject({ code: 0, stdout: '' });
    const names = readdirSync(folder);
    expect(first.stderr).toBe(`${names.length} files in out/report; begin with out/report/index.html\n`);
    expect(readdirSync(tree.folder, { recursive: true }).length).toBe(names.length + 2);
    // What lies there under a name of ours is replaced, and never written through.
    const target = path.join(tree.folder, 'mine.txt');
    writeFileSync(target, 'mine');
    const page = path.join(folder, 'runs.html');
    const was = readFileSync(page, 'utf8');
    rmSync(page);
    symlinkSync(target, page);
    expect((await cli(args, { cwd: tree.folder, env })).code).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect(readFileSync(page, 'utf8')).toBe(was);
    remove();
  });

  it('leaves no page of another day, and whatever is not of a report', async () => {
    const [more, fewer] = [await seededState({ images: 4, uses: 4 }), await seededState({ images: 1, uses: 1 })];
    await more.closeStore();
    await fewer.closeStore();
    const folder = path.join(tree.folder, 'site');
    const pages = (): string[] => readdirSync(folder).filter((name) => name.startsWith('image-'));
    expect((await cli(['report', '--html', 'site', '--state', more.file], { cwd: tree.folder })).code).toBe(0);
    expect(pages()).toHaveLength(4);
    const mine = ['image-mine.html', 'image-mine-0123456789ab.html', 'run-77.html', 'notes.txt'];
    for (const name of mine) writeFileSync(path.join(folder, name), '<title>My own</title>');
    const saved = path.join(folder, 'saved by hand.html');
    writeFileSync(saved, '<title>Images · Plimsoll</title>');
    const second = await cli(['report', '--html', 'site', '--state', fewer.file], { cwd: tree.folder });
    expect(second.code).toBe(0);
    expect(second.stderr).toContain('3 pages of an earlier report removed: nothing leads to them any more\n');
    expect(pages().filter((name) => !mine.includes(name))).toHaveLength(1);
    for (const name of [...mine, path.basename(saved)]) expect(existsSync(path.join(folder, name))).toBe(true);
    const third = await cli(['report', '--html', 'site', '--state', fewer.file], { cwd: tree.folder });
    expect(third.stderr).not.toContain('removed');
    more.remove();
    fewer.remove();
  });

  it('does not write over what people have written', async () => {
    const { file, closeStore, remove } = await seededState({ images: 1, uses: 1 });
    await closeStore();
    mkdirSync(path.join(tree.folder, 'site'));
    writeFileSync(path.join(tree.folder, 'site/index.html'), '<title>My own</title>');
    const { code, stderr } = await cli(['report', '--html', 'site', '--state', file], { cwd: tree.folder });
    expect(code).toBe(2);
    expect(stderr).toContain('site/index.html is no page of Plimsoll; name a folder for the report alone');
    expect(readdirSync(path.join(tree.folder, 'site'))).toEqual(['index.html']);
    remove();
  });

  it.each(['index.html', 'images.html', 'runs.html', 'run-1.html'])(
    'leaves %s alone where somebody else wrote it',
    async (name) => {
      const { file, closeStore, remove } = await seededState({ images: 1, uses: 1 });
      await closeStore();
      const site = path.join(tree.folder, 'site');
      mkdirSync(site);
      const mine = path.join(site, name);
      for (const make of [() => writeFileSync(mine, '<title>My own</title>'), () => mkdirSync(mine)]) {
        make();
        const { code, stderr } = await cli(['report', '--html', 'site', '--state', file], { cwd: tree.folder });
        expect([code, stderr]).toEqual([2, expect.stringContaining(`site/${name} is no page of Plimsoll`)]);
        if (statSync(mine).isFile()) expect(readFileSync(mine, 'utf8')).toBe('<title>My own</title>');
        rmSync(mine, { recursive: true });
      }
      expect(readdirSync(site).filter((one) => one.endsWith('.tmp'))).toEqual([]);
      remove();
    },
  );

  it('says where it cannot write, and why', async () => {
    const { file, closeStore, remove } = await seededState({ images: 1, uses: 1 });
    await closeStore();
    writeFileSync(path.join(tree.folder, 'file'), '');
    symlinkSync('/nowhere/x', path.join(tree.folder, 'dangling'));
    for (const [folder, code, why] of [
      ['', 2, '--html: name a folder for the pages'],
      ['file/x', 3, 'cannot write into file/x: a part of its path is a file'],
      ['dangling', 3, 'cannot write into dangling: no such file or folder'],
      ['x'.repeat(300), 3, 'its name is too long'],
      ['/proc/x', 3, 'cannot write into /proc/x: no such file or folder'],
    ] as const) {
      const answer = await cli(['report', '--html', folder, '--state', file], { cwd: tree.folder });
      expect([answer.code, answer.stderr]).toEqual([code, expect.stringContaining(why)]);
    }
    remove();
  });

  it('needs a state, and a folder', async () => {
    const none = await cli(['report', '--html', 'out', '--state', 'none.db'], { cwd: tree.folder });
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('"plimsoll run" makes one');
    expect(existsSync(path.join(tree.folder, 'out'))).toBe(false);
    expect((await cli(['report'], { cwd: tree.folder })).code).toBe(2);
  });
});
