import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const folder = path.join(import.meta.dirname, '../.github');
const workflows = readdirSync(path.join(folder, 'workflows')).map((name) => {
  const text = readFileSync(path.join(folder, 'workflows', name), 'utf8');
  return { name, text, content: parse(text) as Workflow };
});

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly 'timeout-minutes'?: number }>>;
}

describe.each(workflows)('the workflow $name', ({ text, content }) => {
  it('names every action by a full commit, with its version beside it', () => {
    const uses = [...text.matchAll(/uses: (.+)/g)].map(([, one]) => one);
    const ours = uses.filter((one) => one !== './');
    expect(ours.length + uses.length).toBeGreaterThan(0);
    for (const one of ours) expect(one).toMatch(/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('gives no more than reading unless a job asks for it, and ends in time', () => {
    expect([{}, { contents: 'read' }]).toContainEqual(content.permissions);
    for (const job of Object.values(content.jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(40);
  });

  it('runs no text of an event in a shell', () => {
    const scripts = [...text.matchAll(/^ *- ?run: (.*(?:\n {10,}.*)*)/gm)].map(([, script]) => script);
    for (const script of scripts) expect(script).not.toContain('${{ github.event');
  });
});

it('has the same names for the inputs and outputs of the Action in action.yml and in the code', () => {
  const action = parse(readFileSync(path.join(folder, '../action.yml'), 'utf8')) as {
    readonly inputs: object;
    readonly outputs: object;
    readonly runs: object;
  };
  const inputs = readFileSync(path.join(folder, '../src/entry/action/inputs.ts'), 'utf8');
  const read = [...inputs.matchAll(/(?:text|list)\('([a-z-]+)'\)/g)].map(([, name]) => name);
  expect(Object.keys(action.inputs).sort()).toEqual([...new Set(read)].sort());
  const results = ['src/report/render/job-outputs.ts', 'src/entry/action/job-result.ts']
    .map((name) => readFileSync(path.join(folder, '..', name), 'utf8'))
    .join();
  for (const name of Object.keys(action.outputs)) expect(results).toMatch(new RegExp(`'?${name}'?[:,]`));
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/action.js' });
});
