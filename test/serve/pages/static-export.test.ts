import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exportedName } from '../../../src/serve/pages/links.ts';
import { type ExportedFile, exportedFiles } from '../../../src/serve/pages/static-export.ts';
import { hostileTexts } from '../../support/hostile-texts.ts';
import { aContext } from '../../support/page-context.ts';
import { seededState } from '../../support/seeded-state.ts';

async function filesOf(options: Parameters<typeof seededState>[0]): Promise<ExportedFile[]> {
  const { store, close } = await seededState(options);
  const { params: _, query: __, mayAct: ___, ...context } = aContext(store);
  const files: ExportedFile[] = [];
  for await (const file of exportedFiles(context)) files.push(file);
  await close();
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
