import { describe, expect, it } from 'vitest';
import { buildLines } from '../../../src/formats/yaml/docker-build-lines.ts';

describe('builds among lines of shell', () => {
  it.each<readonly [string, readonly Partial<ReturnType<typeof buildLines>[number]>[]]>([
    ['docker build -t acme/app:1 .', [{ context: '.', images: ['acme/app:1'] }]],
    [
      'docker build --pull --tag=acme/app:1 -t "acme/app:2" -f docker/Dockerfile app',
      [{ context: 'app', dockerfile: 'docker/Dockerfile', images: ['acme/app:1', 'acme/app:2'] }],
    ],
    [
      'DOCKER_BUILDKIT=1 docker buildx build --push --platform linux/amd64,linux/arm64 --target run -t a/b .',
      [{ target: 'run', images: ['a/b'] }],
    ],
    ['docker build \\\n  --build-arg VERSION=1 \\\n  -t a/b .', [{ args: new Map([['VERSION', '1']]) }]],
    ['docker build -t a/b . && docker push a/b', [{ images: ['a/b'] }]],
    ['podman build -t a/b .\nbuildah bud -t c/d e', [{ images: ['a/b'] }, { images: ['c/d'], context: 'e' }]],
    ['cd app\ndocker build -t a/b .', []],
    ['docker build -t a/b - < Dockerfile', []],
    ['docker build -t $(cat name) .', []],
    ['docker push a/b\necho docker build -t a/b .', []],
    ['docker build', []],
  ])('%j', (script, expected) => {
    const found = buildLines(script);
    expect(found).toHaveLength(expected.length);
    expect(found).toMatchObject(expected);
  });
});
