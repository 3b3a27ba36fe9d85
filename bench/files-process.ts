import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePlatform } from '../src/core/image/platform.ts';
import { formats } from '../src/formats/index.ts';
import { discover } from '../src/sources/discover.ts';
import { treeScope } from '../src/sources/tree-scope.ts';

/** Reading all of it, and parsing what names images, with nothing else. */
async function bare(folder: string): Promise<void> {
  const { parseAllDocuments } = await import('yaml');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.yaml')) continue;
    const text = readFileSync(path.join(folder, name), 'utf8');
    if (text.includes('image:')) parseAllDocuments(text, { uniqueKeys: false, merge: true });
  }
}

async function ours(folder: string): Promise<void> {
  const discovery = await discover(folder, { formats, include: [], exclude: [] });
  const platform = parsePlatform('linux/amd64');
  const settings = { platforms: { targets: [platform], build: platform }, policy: { rules: [], pin: false } };
  let uses = 0;
  for await (const group of treeScope({ name: folder, discovery, ...settings }).groups()) uses += group.uses.length;
  if (uses === 0) throw new Error('no use was found');
}

const [how, folder = '.'] = process.argv.slice(2);
// Both load the same of the program: what is compared is the reading, not the start.
for (const format of formats) if (format.matches('some.yaml') !== 'no') await format.load();
await (how === 'bare' ? bare(folder) : ours(folder));
