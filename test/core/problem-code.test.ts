import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOfLayer, isRegistryCode, type Meaning, meaningOf, problemCodes } from '../../src/core/problem-code.ts';

const root = path.join(import.meta.dirname, '../../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && path.basename(name) !== 'problem-code.ts')
  .map((name) => readFileSync(path.join(root, name), 'utf8'))
  .join('\n');

const codesOf = (of: Meaning['of']): readonly string[] => problemCodes.filter((code) => meaningOf(code).of === of);

describe('problem codes', () => {
  it('are all said somewhere', () => {
    const made = /^(?:lag|(?:apk|rpm)-repository|reference)-/;
    expect(problemCodes.filter((code) => !made.test(code) && !sources.includes(`'${code}'`))).toEqual([]);
    expect(problemCodes.length).toBeGreaterThan(150);
  });

  it('are of the form that reports have', () => {
    // The one in capitals stands so in a contract.
    expect(problemCodes.filter((code) => !/^[a-z]+(?:-[a-z0-9]+)*$/.test(code))).toEqual(['ENGINE']);
    expect(new Set(problemCodes).size).toBe(problemCodes.length);
  });
});

describe('what a code means', () => {
  it.each<[Meaning['of'], readonly string[]]>([
    ['image', ['archive-not-supported', 'empty-package-database', 'no-package-database', 'no-repositories']],
    ['scope', ['ENGINE', 'owner-unreadable', 'part-failed', 'repository-config', 'repository-unreadable']],
    ['unasked', ['pin-base-unknown', 'pin-not-covered', 'policy']],
    ['waits', ['budget', 'lag-budget']],
    ['path', ['hardlink-target-missing']],
    ['entry', ['layer-entry-unreadable']],
    ['build', ['image-unresolved', 'pin-unresolved', 'rootfs-missing']],
    [
      'remark',
      [
        'advisories-unrated',
        'apt-key-expired',
        'archive-locked',
        'archive-other-suite',
        'archive-rolling',
        'archive-skipped',
        'digest-without-tag',
        'labels-disagree',
        'nodes-unread',
        'published-untold',
        'redeploy-unfinished',
        'registry-mirror-passed-over',
        'repository-empty',
        'rpm-key-expired',
        'running-digest-differs',
        'swarm-unread',
      ],
    ],
  ])('is %s', (of, codes) => {
    expect([...codesOf(of)].sort()).toEqual(codes);
  });

  it('is the same with a reason for files and folders, by which they are counted', () => {
    const reasons = problemCodes.flatMap((code) => {
      const meaning = meaningOf(code);
      return meaning.of === 'unread' ? [`${code} ${meaning.reason}`] : [];
    });
    expect(reasons.sort()).toEqual([
      'binary unparsable',
      'file-encoding unreadable',
      'file-template template',
      'file-too-large too-large',
      'file-too-long too-long',
      'file-unreadable unreadable',
      'files-unasked not-asked',
      'folder-unreadable unreadable',
      'format-failed unparsable',
      'hcl-invalid unparsable',
      'json-invalid unparsable',
      'no-from unparsable',
      'not-recognised not-recognised',
      'yaml-invalid unparsable',
    ]);
  });

  it('is of a layer for what is called so', () => {
    expect(problemCodes.filter(isOfLayer)).toEqual(
      problemCodes.filter((code) => code === 'image-too-large' || code.startsWith('layer-')),
    );
  });

  it('is a doubt where a cache of another version holds a code that is not known', () => {
    expect(meaningOf(JSON.parse('"once-known"'))).toEqual({ of: 'answer' });
    expect(meaningOf(JSON.parse('"constructor"'))).toEqual({ of: 'answer' });
  });
});

it('takes a word of a thrown error for a code only where it is one of registries', () => {
  expect(
    ['budget', 'registry-denied', 'policy', 'lag-budget', 'toString', 7, undefined].filter(isRegistryCode),
  ).toEqual(['budget', 'registry-denied']);
});
