import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageGraph } from '../../src/core/image/published.ts';
import { cli } from '../support/cli.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'plimsoll-graph-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.join(cwd, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(cwd, file), text);
  }
}

async function graph(...args: readonly string[]): Promise<{ code: number | null; found: ImageGraph; stderr: string }> {
  const { code, stdout, stderr } = await cli(['graph', '--format', 'json', ...args], { cwd });
  return { code, found: JSON.parse(stdout) as ImageGraph, stderr };
}

const workflow = (steps: string): string => `on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
${steps}`;

describe('plimsoll graph', () => {
  it('reads what is published from workflows, bake, compose, pipelines and the configuration', async () => {
    write({
      'base/Dockerfile': 'FROM debian:12\n',
      'app/Dockerfile': `FROM ghcr.io/acme/base:1@sha256:${'a'.repeat(64)} AS run\nCOPY --from=ghcr.io/acme/tools /t /t\nFROM golang:1 AS other\n`,
      'tools/Dockerfile': 'ARG BASE=debian\nFROM ${BASE}:12\n',
      '.github/workflows/build.yml': workflow(`      - uses: docker/build-push-action@v6
        with:
          context: base
          tags: |
            ghcr.io/acme/base:1
            \${{ github.repository }}:x
`),
      'docker-bake.hcl': 'target "app" {\n  context = "app"\n  target = "run"\n  tags = ["ghcr.io/acme/app:2"]\n}\n',
      'compose.yaml':
        'services:\n  tools:\n    build: { context: tools, args: { BASE: ghcr.io/acme/base } }\n    image: ghcr.io/acme/tools\n',
      '.gitlab-ci.yml':
        'build:\n  script:\n    - docker build -t registry.example/acme/base:ci -f base/Dockerfile base\n',
      'plimsoll.yml': 'version: 1\npublished: [{ image: docker.io/acme/base, file: base/Dockerfile }]\n',
    });
    const { code, found } = await graph();
    expect(code).toBe(0);
    expect(found.nodes.filter(({ published }) => published).map(({ image, file }) => `${image} ${file}`)).toEqual([
      'docker.io/acme/base:latest base/Dockerfile',
      'ghcr.io/acme/app:2 app/Dockerfile',
      'ghcr.io/acme/base:1 base/Dockerfile',
      'ghcr.io/acme/tools:latest tools/Dockerfile',
      'registry.example/acme/base:ci base/Dockerfile',
    ]);
    const ofApp = found.edges.filter(({ child }) => child === 'ghcr.io/acme/app:2');
    expect(ofApp.map(({ base, kind, pinned }) => ({ base, kind, pinned }))).toEqual([
      { base: 'ghcr.io/acme/base:1', kind: 'from', pinned: true },
      { base: 'ghcr.io/acme/tools:latest', kind: 'copy', pinned: false },
    ]);
    // By the argument of the compose file.
    expect(found.edges.find(({ child }) => child === 'ghcr.io/acme/tools:latest')?.base).toBe('ghcr.io/acme/base:12');
    const { stdout } = await cli(['graph'], { cwd });
    expect(stdout).toContain('5 published images, rebuilt in 2 steps');
  });

  it('tells circles without failing, and what could not be read with a failure', async () => {
    write({
      'a/Dockerfile': 'FROM acme/b\n',
      'b/Dockerfile': 'FROM acme/a\n',
      'compose.yaml': 'services:\n  a: { build: a, image: acme/a }\n  b: { build: b, image: acme/b }\n',
    });
    const circle = await graph('.');
    expect(circle.code).toBe(0);
    expect(circle.found.cycles).toEqual([['docker.io/acme/a:latest', 'docker.io/acme/b:latest']]);
    expect(circle.found.order).toEqual([]);
    write({ 'plimsoll.yml': 'version: 1\nrepositories: [{ path: "." }, { path: ./gone }]\n' });
    const { code, stderr } = await graph();
    expect(code).toBe(3);
    expect(stderr).toContain('gone');
  });

  it.each([
    ['published: [{ image: "acme/a@sha256:1", file: Dockerfile }]', 'without a digest'],
    ['published: [{ image: acme/a }]', 'file'],
  ])('%s is an error', async (text, why) => {
    write({ 'plimsoll.yml': `version: 1\n${text}\n` });
    const { code, stderr } = await cli(['graph'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });
});
