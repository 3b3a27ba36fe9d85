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
    'dockerfile.dev',
    'dockerfile-dev',
    'dockerfile_gpu',
    'Dockerfile_gpu',
    'docker/Dockerfile_base',
    'Dockerfile-foo',
    'DOCKERFILE',
    'DockerFile.prod',
    'containerfile.prod',
    'app-Dockerfile',
    'app_dockerfile',
    'Dockerfile.go',
    'dockerfile.arm64.v8',
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
    'dockerfile.prod.tmpl',
    'dockerfile.ts',
    'dockerfile.vim',
    'dockerfile-parser.py',
    'dockerfile_test.go',
    'Dockerfile_test.go',
    'containerfile.go',
    'app.dockerfile.go',
    'app.Dockerfile.dev',
    'Dockerfile2',
    'DockerfileGPU',
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
    'dockerfile.md',
    'dockerfilelint.yml',
    '.dockerfile',
    '',
  ])('leaves %s', (path) => {
    expect(matchesName(path)).toBe('no');
  });
});
