import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Digest } from '../../src/core/image/digest.ts';
import { formatReference, parseReference } from '../../src/core/image/reference.ts';
import { formats } from '../../src/formats/index.ts';
import { interpolateCompose } from '../../src/index.ts';
import { discover } from '../../src/sources/discover.ts';
import { fc } from '../support/fast-check.ts';
import { temporaryTree } from '../support/fleet.ts';

/*
 * Held against docker-compose 1.29 for the subset that it knows: services, anchors and merged mappings, fragments, `.env`,
 * and interpolation without replacements (`:+`), which came later.
 */

interface Config {
  readonly services: Readonly<
    Record<string, { readonly image?: string; readonly labels?: Readonly<Record<string, string>> }>
  >;
}

/** What docker-compose makes of a file; undefined where it refuses it. */
function config(files: Readonly<Record<string, string>>): Config | undefined {
  const tree = temporaryTree(files);
  try {
    const { status, stdout } = spawnSync('docker-compose', ['-f', 'compose.yaml', 'config'], {
      cwd: tree.folder,
      encoding: 'utf8',
      // Its project is the folder; nothing of ours is to be in its environment.
      env: { PATH: process.env['PATH'] ?? '', HOME: tree.folder, LANG: 'C.UTF-8' },
    });
    return status === 0 ? (parse(stdout) as Config) : undefined;
  } finally {
    tree.remove();
  }
}

const env: Readonly<Record<string, string>> = { SET: 'one', EMPTY: '', TAG: '1.2', HOST: 'ghcr.io' };
const dotenv = `${Object.entries(env)
  .map(([name, value]) => `${name}=${value}`)
  .join('\n')}\n`;

it('interpolates like it', () => {
  const name = fc.constantFrom('SET', 'EMPTY', 'TAG', 'UNSET', '_x9');
  const plain = fc.constantFrom('a', ':', '-', '/', '.', 'b c', '$$', '');
  // It leaves defaults as they are, where a later compose expands them too.
  const inner = fc.array(plain, { maxLength: 3 }).map((all) => all.join('').replaceAll('$', ''));
  const braced = fc.tuple(name, fc.constantFrom(':-', '-', ''), inner).map(([one, operator, word]) => {
    return `\${${one}${operator}${operator === '' ? '' : word}}`;
  });
  const template = fc
    .array(
      fc.oneof(
        plain,
        braced,
        name.map((one) => `$${one} `),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((all) => all.join(''));
  fc.assert(
    fc.property(fc.array(template, { minLength: 40, maxLength: 40 }), (templates) => {
      const labels = Object.fromEntries(templates.map((one, index) => [`l${index}`, `<${one}>`]));
      const text = JSON.stringify({ version: '3.7', services: { a: { image: 'a', labels } } });
      const known = config({ 'compose.yaml': text, '.env': dotenv })?.services['a']?.labels;
      expect(known).toBeDefined();
      for (const [key, one] of Object.entries(labels)) {
        // It prints what can be read back, so a dollar is doubled.
        expect(interpolateCompose(one, env), one).toBe(known?.[key]?.replaceAll('$$', '$'));
      }
    }),
    { numRuns: process.env['LAB_LONG'] ? 50 : 5 },
  );
});

it.each(['${', '${}', '${A', '$', '${ A}', '${UNSET:?no}', '${EMPTY:?no}', '${UNSET?no}', 'a$'])(
  'refuses what it refuses: %s',
  (template) => {
    const text = JSON.stringify({ version: '3.7', services: { a: { image: 'a', labels: { x: template } } } });
    expect(config({ 'compose.yaml': text, '.env': dotenv })).toBeUndefined();
    expect(() => interpolateCompose(template, env)).toThrow();
  },
);

it('finds the images that it would start', async () => {
  const image = fc.constantFrom(
    (n: number) => `app${n}:1`,
    (n: number) => `"app${n}:1.2-slim"`,
    (n: number) => `'ghcr.io/x/app${n}'`,
    (n: number) => `app${n}:\${TAG}`,
    (n: number) => `\${HOST:-quay.io}/x/app${n}:\${OTHER:-2}`,
    (n: number) => `\${NOBODY:-app${n}:3}`,
    (n: number) => `app${n}@sha256:${'a'.repeat(64)}`,
  );
  const shape = fc.constantFrom(
    (n: number, one: string) => `  s${n}:\n    image: ${one}\n`,
    (n: number, one: string) => `  s${n}: {image: ${one.includes('$') ? JSON.stringify(one) : one}}\n`,
    (n: number, one: string) => `  s${n}: &s${n}\n    command: x # why\n    image: ${one}   # here\n`,
    (n: number, one: string) => `  s${n}:\n    <<: *common\n    image: ${one}\n`,
    (n: number) => `  s${n}:\n    <<: *common\n`,
  );
  const service = fc.tuple(shape, image);
  await fc.assert(
    fc.asyncProperty(fc.array(service, { minLength: 10, maxLength: 30 }), async (all) => {
      const services = all.map(([write, name], n) => write(n, name(n))).join('');
      const text = `version: "3.7"\nx-common: &common\n  image: shared:9\n  environment:\n    image: no:1\nservices:\n${services}`;
      const files = { 'compose.yaml': text, '.env': dotenv };
      const known = config(files);
      expect(known).toBeDefined();
      const started = new Set(
        Object.values(known?.services ?? {}).map(({ image: one = '' }) => formatReference(parseReference(one))),
      );
      const tree = temporaryTree(files);
      const found = await discover(tree.folder, { formats, include: [], exclude: [] });
      tree.remove();
      const [watched] = found.files.filter(({ file }) => file === path.posix.join('compose.yaml'));
      const { uses = [] } = watched?.format.read(watched.text, watched.file, watched) ?? {};
      const ours = new Set(uses.flatMap(({ reference }) => (reference ? [formatReference(reference)] : [])));
      expect(ours).toEqual(started);
    }),
    { numRuns: process.env['LAB_LONG'] ? 50 : 6 },
  );
});

it('would start what was wanted after a change of a .env, and nothing else', async () => {
  const [old, now] = ['a', 'b'].map((one) => `sha256:${one.repeat(64)}`) as [string, string];
  /** How an image is written here and in the `.env`, by a number. */
  const image = fc.constantFrom<(n: number) => readonly [image: string, value: string]>(
    (n) => [`app${n}:\${V${n}}`, '1.2'],
    (n) => [`app${n}:$V${n}`, `1.2@${old}`],
    (n) => [`"\${V${n}}"`, `ghcr.io/x/app${n}:1.2-slim@${old}`],
    (n) => [`'app${n}:1.2@\${V${n}}'`, old],
    (n) => [`\${V${n}:-no:1}`, `app${n}`],
    (n) => [`app${n}:\${V${n}-9}`, '1.2'],
    (n) => [`app${n}:1.2`, 'used-by-nobody'],
  );
  const line = fc.constantFrom<(name: string, value: string) => string>(
    (name, value) => `${name}=${value}`,
    (name, value) => `${name}="${value}"`,
    (name, value) => `${name}='${value}'`,
    (name, value) => `${name}=${value} # why`,
    (name, value) => `# ${name}=no\n\n${name}=${value}\nOTHER_${name}=${value}`,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(image, line, fc.boolean()), { minLength: 5, maxLength: 20 }), async (all) => {
      const written = all.map(([write], n) => write(n));
      const services = written.map(([one], n) => `  s${n}:\n    labels: { n: "${n}" }\n    image: ${one}\n`).join('');
      const compose = `version: "3.7"\nservices:\n${services}`;
      const before = `${all.map(([, write], n) => write(`V${n}`, written[n]?.[1] ?? '')).join('\n')}\nPASSWORD=x y\n`;
      const reader = await formats.find(({ name }) => name === 'compose')?.load();
      const document = reader?.read(compose, 'compose.yaml', { beside: { text: before } });
      const uses = document?.uses ?? [];
      expect(uses).toHaveLength(all.length);
      const wanted = uses.filter((_, n) => all[n]?.[2]).map((use) => ({ use, digest: now as Digest }));
      const result = document?.edit(wanted);
      expect(result?.refused).toEqual([]);
      const started = config({ 'compose.yaml': compose, '.env': before });
      const after = config({ 'compose.yaml': result?.text ?? '', '.env': result?.beside ?? before });
      const expected = Object.entries(started?.services ?? {}).map(([name, one]) => {
        const isWanted = all[Number(name.slice(1))]?.[2];
        return [name, isWanted ? { ...one, image: `${one.image?.replace(/@.*/, '')}@${now}` } : one];
      });
      expect(after?.services).toEqual(Object.fromEntries(expected));
    }),
    { numRuns: process.env['LAB_LONG'] ? 100 : 8 },
  );
});
