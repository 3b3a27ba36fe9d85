import { describe, expect, it } from 'vitest';
import { matchesName } from '../../../src/formats/dockerfile/names.ts';

describe('matchesName', () => {
  it.each([
    'Dockerfile',
    'a/b/Dockerfile',
    'dockerfile',
    'Containerfile',
    'Dockerfile.dev',
    'Dockerfile-dev',
    'Dockerfile.dev.arm64',
    'Containerfile.dev',
    'app.Dockerfile',
    'app.dockerfile',
    'app.Containerfile',
    'app.containerfile',
    'Dockerfile.d/Dockerfile',
  ])('takes %s', (path) => {
    expect(matchesName(path)).toBe('yes');
  });

  it.each([
    'Dockerfile.j2',
    'Dockerfile.tmpl',
    'Dockerfile.tpl',
    'Dockerfile.erb',
    'Dockerfile.in',
    'app.dockerfile.template',
    'Dockerfile-x.j2',
  ])('may take %s', (path) => {
    expect(matchesName(path)).toBe('maybe');
  });

  it.each([
    'README.md',
    'Dockerfile.md',
    'Dockerfile.txt',
    'Dockerfile.orig',
    'Dockerfile.bak',
    'Dockerfile~',
    '.Dockerfile.swp',
    '.dockerignore',
    'Dockerfile.dockerignore',
    'Dockerfiles',
    'MyDockerfile',
    'docker-compose.yml',
    'Dockerfile/main.go',
    'app.dockerfile.go',
    'dockerfile.ts',
    'dockerfile.vim',
    'dockerfile-parser.py',
    'containerfile.go',
    '',
  ])('leaves %s', (path) => {
    expect(matchesName(path)).toBe('no');
  });
});
