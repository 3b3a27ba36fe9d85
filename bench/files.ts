import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { alternate, ratioLine } from './alternate.ts';

/** A tenth of the YAML of a repository names images; the rest is data of every kind. */
function writeTree(folder: string, count: number): void {
  for (let n = 0; n < count; n++) {
    const inner = path.join(folder, `d${n % 50}`);
    mkdirSync(inner, { recursive: true });
    const manifest = `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-${n}\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: ghcr.io/acme/app-${n % 40}:1.${n}\n          env:\n            - { name: A, value: "${n}" }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: app-${n} }\n`;
    const data = `title: Page ${n}\nitems:\n${Array.from({ length: 20 }, (_, i) => `  - name: item ${i}\n    value: ${i * n}\n`).join('')}`;
    writeFileSync(path.join(inner, `${n}.yaml`), n % 10 === 0 ? manifest : data);
  }
}

/** Reading and parsing a tree of YAML against reading all of it and parsing what names images; and twice of it against once. */
export async function files(): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  try {
    const [half, whole] = [path.join(folder, 'half'), path.join(folder, 'whole')];
    writeTree(half, 2500);
    writeTree(whole, 5000);
    const script = path.join(import.meta.dirname, 'files-process.ts');
    const read = (how: string, tree: string) => ({ args: [script, how, tree] });
    const ratio = await alternate(read('ours', whole), read('bare', whole));
    const growth = await alternate(read('ours', whole), read('ours', half));
    return [ratioLine('5,000 YAML files, 500 with images', ratio, 1.3), ratioLine('twice as many files', growth, 2.1)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
