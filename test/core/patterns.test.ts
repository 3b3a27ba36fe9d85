import { describe, expect, it } from 'vitest';
import { globToRegExp } from '../../src/core/glob.ts';
import { matchesImage } from '../../src/core/image/image-glob.ts';
import { formatReference, parseReference } from '../../src/core/image/reference.ts';
import { fileGlob, type PatternKind, patternComplaint, repositoryGlob } from '../../src/core/patterns.ts';

const images = [
  'debian',
  'debian:12-slim',
  'node:22-alpine',
  'acme/app:1.2',
  'quay.io/debian',
  'quay.io/acme/debian:12',
  'ghcr.io/acme/tools/debian',
  'localhost:5000/debian',
  '127.0.0.1:5870/trial/base:12-slim',
];

describe('a pattern for images', () => {
  it.each<[pattern: string, ...images: string[]]>([
    ['debian', 'debian', 'debian:12-slim'],
    ['debian:12*', 'debian:12-slim'],
    ['node*', 'node:22-alpine'],
    ['{debian,node}', 'debian', 'debian:12-slim', 'node:22-alpine'],
    ['{debian,ghcr.io/**}', 'debian', 'debian:12-slim', 'ghcr.io/acme/tools/debian'],
    ['library/debian', 'debian', 'debian:12-slim'],
    ['docker.io/debian', 'debian', 'debian:12-slim'],
    ['index.docker.io/library/debian', 'debian', 'debian:12-slim'],
    ['acme/app', 'acme/app:1.2'],
    ['acme/*:1.*', 'acme/app:1.2'],
    ['docker.io/**', 'debian', 'debian:12-slim', 'node:22-alpine', 'acme/app:1.2'],
    ['quay.io/debian', 'quay.io/debian'],
    ['localhost:5000/debian', 'localhost:5000/debian'],
    ['127.0.0.1:5870/trial/base', '127.0.0.1:5870/trial/base:12-slim'],
    ['*', ...images],
    ['**', ...images],
    ['*/debian', 'quay.io/debian', 'localhost:5000/debian'],
    [
      '**/debian',
      'debian',
      'debian:12-slim',
      'quay.io/debian',
      'quay.io/acme/debian:12',
      'ghcr.io/acme/tools/debian',
      'localhost:5000/debian',
    ],
    ['debain'],
  ])('%s', (pattern, ...expected) => {
    expect(images.filter((image) => matchesImage(pattern, parseReference(image)))).toEqual(expected);
  });

  it('means at least what its letters match', () => {
    const patterns = [
      ...[
        '**',
        '**/debian',
        '*/debian',
        '*/*/debian',
        'docker.io/*',
        'docker.io/**',
        'docker.io/library/*',
        '**debian',
      ],
      ...[
        '**/debian:12*',
        '**:12-slim',
        '**an',
        '?uay.io/**',
        '{docker,quay}.io/**',
        '{**/,}acme/**',
        'docker.io/acme/app',
      ],
      ...['docker.io/library/debian:latest', 'localhost:5000/*', '[::1]:5000/*', 'ghcr.io/acme/**:*'],
    ];
    for (const pattern of patterns) {
      for (const image of images) {
        const { registry, repository, tag = 'latest' } = parseReference(image);
        const before = [
          { registry, repository },
          { registry, repository, tag },
        ].some((one) => globToRegExp(pattern).test(formatReference(one)));
        if (before)
          expect([pattern, image, matchesImage(pattern, parseReference(image))]).toEqual([pattern, image, true]);
      }
    }
  });
});

describe('a pattern for files', () => {
  it.each<[pattern: string, path: string, matches: boolean]>([
    ['/Dockerfile', 'Dockerfile', true],
    ['./Dockerfile', 'Dockerfile', true],
    ['.//Dockerfile', 'Dockerfile', true],
    ['legacy/', 'legacy/a/Dockerfile', true],
    ['legacy/', 'legacy', false],
    ['/legacy/', 'legacy/Dockerfile', true],
    ['{./a,/b}/x', 'b/x', true],
    ['/', 'a/Dockerfile', true],
    ['./', 'Dockerfile', true],
    ['.github/*', '.github/x', true],
    ['Dockerfile', 'a/Dockerfile', false],
    ['**/Dockerfile', 'a/Dockerfile', true],
  ])('%s: %s: %s', (pattern, path, matches) => {
    expect(fileGlob(pattern).test(path)).toBe(matches);
  });
});

it('a pattern for repositories: * is all', () => {
  expect(repositoryGlob('*').test('acme/app')).toBe(true);
  expect(repositoryGlob('acme/*').test('acme/app')).toBe(true);
  expect(repositoryGlob('acme').test('acme/app')).toBe(false);
});

describe('a pattern without a meaning', () => {
  it.each<[kind: PatternKind, pattern: string, complaint: string]>([
    ['image', '', 'expected text that is not empty'],
    ['file', '  ', 'expected text that is not empty'],
    ['file', '\u200bDockerfile', 'holds an invisible character (U+200B); write "Dockerfile"'],
    ['image', 'debian\ufeff', 'holds an invisible character (U+FEFF); write "debian"'],
    ['image', 'acme\u00a0app', 'holds an invisible character (U+00A0); write "acmeapp"'],
    ['file', 'a\tb', 'holds an invisible character (U+0009); write "ab"'],
    ['file', '[a', 'has a [ without its partner; write ? for one that is part of a name: "?a"'],
    ['image', 'debian}', 'has a } without its partner; write ? for one that is part of a name: "debian?"'],
    ['file', '{a,[b}', 'has a } without its partner; write ? for one that is part of a name: "{a,[b?"'],
    ['image', '{debian,node', 'has a { without its partner; write ? for one that is part of a name: "?debian,node"'],
    ['image', '/^debian:.*$/', 'is an expression between slashes; write a glob such as "debian:*"'],
    ['image', '/debian/', 'is an expression between slashes; write a glob such as "debian"'],
    ['image', '/^(debian|node)$/i', 'is an expression between slashes; write a glob such as "docker.io/library/*"'],
    ['file', '/^legacy\\/.*$/', 'is an expression between slashes; write a glob such as "legacy/*"'],
    ['image', 'https://ghcr.io/acme/app', 'is an address; write "ghcr.io/acme/app"'],
    ['image', 'docker://debian:12', 'is an address; write "debian:12"'],
    ['repository', 'https://github.com/acme/app.git', 'is an address; write "acme/app"'],
  ])('%s %j: %s', (kind, pattern, complaint) => {
    expect(patternComplaint(pattern, kind)).toBe(complaint);
  });

  it.each<[kind: PatternKind, pattern: string]>([
    ['file', '/legacy/'],
    ['file', '/c++/'],
    ['file', 'app/[id]/Dockerfile'],
    ['file', 'a b/Dockerfile'],
    ['file', 'straße/*'],
    ['image', '[::1]:5000/app'],
    ['image', '{debian,{node,ruby}}:*'],
    ['image', '*'],
    ['repository', '*'],
    ['repository', '/srv/git/'],
  ])('but %s %j has one', (kind, pattern) => {
    expect(patternComplaint(pattern, kind)).toBeUndefined();
  });
});
