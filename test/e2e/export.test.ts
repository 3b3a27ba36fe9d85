import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

  it('needs a state, and a folder', async () => {
    const none = await cli(['report', '--html', 'out', '--state', 'none.db'], { cwd: tree.folder });
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('"plimsoll run" makes one');
    expect(existsSync(path.join(tree.folder, 'out'))).toBe(false);
    expect((await cli(['report'], { cwd: tree.folder })).code).toBe(2);
  });
});
