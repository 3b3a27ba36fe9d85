import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportedName } from '../../../src/serve/pages/links.ts';
import { type ExportedFile, exportedFiles } from '../../../src/serve/pages/static-export.ts';
import { openSqliteStore } from '../../../src/state/sqlite/sqlite.ts';
import type { Store } from '../../../src/state/store.ts';
import { aRun, b } from '../../contract/store.ts';
import { temporaryTree } from '../../support/fleet.ts';
import { hostileTexts } from '../../support/hostile-texts.ts';
import { aContext } from '../../support/page-context.ts';
import { seededState } from '../../support/seeded-state.ts';

async function filesOf(options: Parameters<typeof seededState>[0]): Promise<ExportedFile[]> {
  const { store, close } = await seededState(options);
  const files = await exportOf(store);
  await close();
  return files;
}

async function exportOf(store: Store): Promise<ExportedFile[]> {
  const { params: _, query: __, mayAct: ___, ...context } = aContext(store);
  const files: ExportedFile[] = [];
  for await (const file of exportedFiles(context)) files.push(file);
  return files;
}

function linksOf(text: string): string[] {
  return [...text.matchAll(/\b(?:href|action|src)="([^"]*)"/g)].map(([, to = '']) => to);
}

describe('the static export', () => {
  it('has fleet, images, each image, packages, news, runs and each run, and leads to nothing that is not in it', async () => {
    const files = await filesOf({ images: 240, uses: 500, days: 120 });
    const names = new Set(files.map(({ name }) => name));
    expect(names.size).toBe(files.length);
    expect([...names].filter((name) => name.startsWith('image-'))).toHaveLength(240);
    expect([...names]).toEqual(
      expect.arrayContaining(['index.html', 'images.html', 'packages.html', 'news.html', 'runs.html', 'run-100.html']),
    );
    expect([...names].filter((name) => /^images-[0-9a-f]{12}\.html$/.test(name))).toHaveLength(2);
    for (const { name, text } of files) {
      if (!name.endsWith('.html')) continue;
      expect(text, name).not.toMatch(/<script|<form|\sstyle=|http-equiv="refresh"/);
      expect(text, name).toContain('name every repository, folder and engine that was looked at, private ones too');
      for (const link of linksOf(text)) {
        if (/^(#|https:\/\/)/.test(link)) continue;
        expect(names.has(link), `${name}: ${link}`).toBe(true);
      }
    }
  });

  it('has a file for every name, also where file systems cannot tell two apart, and leads to no image that it has not', async () => {
    const names = [
      'docker.io/library/a..b:1',
      'docker.io/library/../../etc:1',
      'r.example/a%2Fb:1',
      'r.example/a/b:1',
      'r.example/a-b:1',
      'r.example/a#b?c d:1',
      'r.example/Team/App:1',
      'r.example/team/app:1',
      'r.example/team/app:A',
      'r.example/team/app:a',
      'con',
      'NUL:1',
      'com1.html',
      'r.example/\u202egnp:1',
      `r.example/${'x'.repeat(300)}:1`,
      `r.example/${'x'.repeat(299)}y:1`,
      '..',
      '/',
    ];
    const tree = temporaryTree({});
    const store = openSqliteStore(path.join(tree.folder, 'state.db'), { readOnly: false });
    await store.recordRun(aRun(1000));
    const place = { scope: '.', repository: '.', file: 'Dockerfile', line: 1, written: 'x' };
    const consumers = names.map((reference) => ({ id: reference, ...place, reference, digest: b, manifests: [] }));
    await store.fleet.record({ consumers, unlooked: [] }, [], aRun(1000));
    await store.recordRun(aRun(2000, { targeted: { references: new Set(['r.example/forgotten:1', 'con']) } }));
    const files = await exportOf(store);
    await store.close();
    tree.remove();
    const written = files.map(({ name }) => name);
    expect(written.filter((name) => name.startsWith('image-'))).toHaveLength(names.length);
    expect(new Set(written.map((name) => name.toLowerCase().normalize('NFKC'))).size).toBe(written.length);
    for (const { name, text } of files) {
      expect(name).toMatch(/^[a-z0-9][a-z0-9.-]{0,120}\.(html|css|svg)$/);
      expect(name).not.toMatch(/^(con|nul|prn|aux|com\d|lpt\d)\b/);
      for (const link of linksOf(text)) {
        if (/^(#|https:\/\/)/.test(link) || !name.endsWith('.html')) continue;
        expect(written, `${name}: ${link}`).toContain(link);
      }
    }
    const run = files.find(({ name }) => name === 'run-2.html')?.text;
    expect(run).toMatch(/<li>r\.example\/forgotten:1<\/li>/);
    expect(run).toMatch(/<li><a href="image-con-/);
  });

  it('of nothing has its pages all the same', async () => {
    const names = (await filesOf({ images: 0, uses: 0 })).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['index.html', 'images.html', 'packages.html', 'news.html', 'runs.html']),
    );
  });

  it.each([...hostileTexts.map(([, text]) => text), '../../etc/passwd', '..', '/', 'a'.repeat(4000), 'CON', 'x\0y'])(
    'gives no name from outside a say in names of files: %j',
    async (text) => {
      if (text === '') return;
      for (const { name } of await filesOf({ images: 3, uses: 6, text })) {
        expect(name).toMatch(/^[a-z0-9][a-z0-9.-]{0,120}\.(html|css|svg)$/);
        expect(name).not.toContain('..');
      }
    },
  );

  it('keeps apart what reads the same', () => {
    const [a, b] = ['/images/a%2Fb', '/images/a-b'].map(exportedName);
    expect(a).not.toBe(b);
    expect(exportedName('/images/a%2Fb')).toBe(
      `image-a-b-${createHash('sha256').update('a/b').digest('hex').slice(0, 12)}.html`,
    );
    for (const path of [
      '/settings',
      '/repositories/x',
      '/packages?name=x',
      '/images?class=security',
      '/images/x?from=y',
    ]) {
      expect(exportedName(path), path).toBeUndefined();
    }
  });
});
