import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { parseConfig } from '../../src/config/load.ts';
import { jsonSchema } from '../../src/config/schema.ts';

const committed = path.join(import.meta.dirname, '../../docs/plimsoll.schema.json');

describe('the JSON schema', () => {
  it('is the one under docs, which `npm run build` writes', () => {
    expect(readFileSync(committed, 'utf8')).toBe(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  });

  const editor = z.fromJSONSchema(jsonSchema() as never);
  it.each([
    ['version: 1', true],
    ['version: 2', false],
    ['pin: true', false],
    ['version: 1\npin: yes', false],
    ['version: 1\npins: true', false],
    ['version: 1\nplatforms: []', false],
    ['version: 1\nplatforms: [linux/arm64]', true],
    ['version: 1\ninclude: [5]', false],
    ['version: 1\nrules: [{ match: { class: [security] }, react: [alert], when: weekly }]', true],
    ['version: 1\nrules: [{ match: { class: [sekurity] } }]', false],
    ['version: 1\nrules: [{ match: { images: x } }]', false],
    ['version: 1\nrules: [{ versions: ">=18 <23" }, { versions: minor }]', true],
    ['version: 1\nrules: [{ versions: 22 }]', false],
    ['version: 1\nrules: [{ react: [] }]', false],
    ['version: 1\nregistries: { ghcr.io: { username: u, password: "${X}" } }', true],
    ['version: 1\nregistries: { ghcr.io: { username: u, password: hunter2 } }', false],
    ['version: 1\nregistries: { "https://ghcr.io/": {} }', false],
    ['version: 1\nregistries: { ghcr.io: { concurrency: 100 } }', false],
    ['version: 1\nstate: null\ncache: { dir: null, max: 500MB }', true],
    ['version: 1\ncache: { max: 500 }', true],
    ['version: 1\ncache: { max: lots }', false],
  ])('judges %j as the loader does: %j', (text, valid) => {
    const loads = (): unknown => parseConfig(text, 'plimsoll.yml', 'operator', { X: 'x' });
    if (valid) expect(loads).not.toThrow();
    else expect(loads).toThrow(expect.objectContaining({ code: 'CONFIG' }));
    expect(editor.safeParse(parse(text)).success).toBe(valid);
  });
});
