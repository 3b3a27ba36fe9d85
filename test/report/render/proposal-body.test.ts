import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { type ComparedPlatform, type ProposalPart, proposalBody } from '../../../src/report/render/proposal-body.ts';
import { newerTargetComment } from '../../../src/report/render/proposal-comment.ts';
import { commitText, proposalTitle } from '../../../src/report/render/proposal-text.ts';
import { commandHelp } from '../../../src/targets/proposals/commands.ts';
import { formatFacts, formatMarker, parseFacts, parseMarker } from '../../../src/targets/proposals/marker.ts';
import { aChange, aFinding, oneOfEach } from '../../support/findings.ts';
import { hostileTexts } from '../../support/hostile-texts.ts';

const marker = formatMarker({ key: 'a'.repeat(64), head: 'b'.repeat(40), targets: 'c'.repeat(64) });
const facts = formatFacts({
  class: 'security',
  substance: '0'.repeat(16),
  news: [],
  to: [],
  draft: false,
  withdrawn: false,
});
const compared: ComparedPlatform = {
  platform: 'linux/amd64',
  size: { before: 58_200_000, after: 58_300_000 },
  created: { before: '2026-01-01T00:00:00Z', after: '2026-02-01T00:00:00Z' },
  layers: { before: 3, after: 3 },
  sharedLayers: 1,
};
const body = (parts: readonly ProposalPart[], more: Partial<Parameters<typeof proposalBody>[0]> = {}): string =>
  proposalBody({ marker, facts, parts, draft: false, refused: [], commands: commandHelp, most: 60_000, ...more });
const sentence = (parts: readonly ProposalPart[]): string | undefined => body(parts).split('\n')[1];
const latest = { digest: aFinding('config').reference!.digest!, tag: '12' };
const security = aFinding('security', {
  security: true,
  latest,
  packages: [
    aChange(1, { name: 'openssl', security: true, advisories: ['CVE-2026-1234'], severity: 'high' }),
    aChange(2, { security: false }),
    aChange(3, { security: false }),
  ],
});

describe('the first sentence says what it means', () => {
  it.each([
    [
      'a fix',
      [security],
      '3 packages change, 1 security fix: openssl ([CVE-2026-1234](https://www.cve.org/CVERecord?id=CVE-2026-1234)). Config unchanged.',
    ],
    [
      'no fix',
      [aFinding('packages', { packages: [aChange(1, { security: false })] })],
      '1 package changes, none of them a security fix. Config unchanged.',
    ],
    [
      'nobody knows',
      [aFinding('packages', { packages: [aChange(1)] })],
      '1 package changes; whether one of them is a security fix was not checked. Config unchanged.',
    ],
    [
      'config too',
      [
        aFinding('packages', {
          packages: [aChange(1, { security: false })],
          config: [{ key: 'User', before: 'a', after: 'b' }],
        }),
      ],
      '1 package changes, none of them a security fix. Config changes: User.',
    ],
    [
      'a broken pin',
      [aFinding('pin-broken', { reason: 'The next build will fail: it was deleted.' })],
      'The next build will fail: it was deleted.',
    ],
    ['other content', [aFinding('content', { reason: 'Files differ.' })], 'Files differ.'],
    [
      'another release',
      [{ ...security, os: { before: 'debian 12', after: 'debian 13' } }],
      expect.stringMatching(/^\*\*The distribution changes from debian 12 to debian 13\.\*\* 3 packages/),
    ],
  ])('for %s', (_name, findings, expected) => {
    expect(sentence(findings.map((finding) => ({ finding, platforms: [] })))).toEqual(expected);
  });
});

describe('the reason of a single change', () => {
  const only = (finding: Finding): string => body([{ finding, platforms: [compared] }]);

  it.each(oneOfEach.map((finding) => [finding.class, finding] as const))('is not said twice: %s', (kind, finding) => {
    const text = only(finding);
    expect(text.split(finding.reason).length - 1).toBeLessThanOrEqual(1);
    expect(text).toContain(`**${kind}.** In `);
  });

  it('is said beside a first sentence that says less', () => {
    const pin = aFinding('packages', { subject: 'package', packages: [aChange(1)], reason: 'curl=1 is behind.' });
    expect(only(pin)).toContain('**packages.** curl=1 is behind.');
    const two = [security, aFinding('config', { reason: 'Packages unchanged, config changes (ENV A).' })];
    expect(body(two.map((finding) => ({ finding, platforms: [] })))).toContain('**config.** Packages unchanged');
  });

  it('does not say once more that the distribution changes', () => {
    const os = { before: 'debian 12', after: 'debian 13' };
    const release = 'The distribution changes from debian 12 to debian 13.';
    const finding = aFinding('content', { os, reason: `${release} Files differ.` });
    expect(sentence([{ finding, platforms: [] }])).toBe(`**${release}** Files differ.`);
    expect(only(finding).split('The distribution changes')).toHaveLength(2);
  });
});

describe('the body', () => {
  it('begins with the marker, ends with the facts, and reads both again', () => {
    const text = body([{ finding: security, platforms: [compared] }]);
    expect(parseMarker(text)).toBeDefined();
    expect(parseFacts(text)).toBeDefined();
    expect(text.split('\n')[0]).toBe(marker);
    expect(text.trimEnd().split('\n').at(-1)).toBe(facts);
  });

  it('is the same for the same facts', () => {
    const parts = oneOfEach.map((finding) => ({ finding, platforms: [compared] }));
    expect(body(parts)).toBe(body(structuredClone(parts)));
  });

  it('shows size, dates and layers of each platform', () => {
    expect(body([{ finding: security, platforms: [compared] }])).toContain(
      '| `linux/amd64` | 58.2 MB → 58.3 MB | `2026-01-01` → `2026-02-01` | 3, 1 of them as before |',
    );
  });

  it.each([
    ['https://github.com/o/r', 'https://github.com/o/r/compare/abcdef1...abcdef2'],
    ['https://github.com/o/r.git', 'https://github.com/o/r/compare/abcdef1...abcdef2'],
    ['https://gitlab.com/o/r', 'https://gitlab.com/o/r/-/compare/abcdef1...abcdef2'],
    ['https://evil.example/o/r', undefined],
    ['https://github.com.evil.example/o/r', undefined],
    ['javascript:alert(1)', undefined],
    ['https://github.com/o/r)](x', undefined],
  ])('links the comparison of a source %s', (url, link) => {
    const text = body([
      { finding: security, platforms: [{ ...compared, source: { url, before: 'abcdef1', after: 'abcdef2' } }] },
    ]);
    if (link === undefined) expect(text).not.toContain('compare/');
    else expect(text).toContain(`(${link})`);
  });

  it('says once what many places share', () => {
    const parts = Array.from({ length: 30 }, (_, i) => ({
      finding: { ...security, file: `a${i}/Dockerfile` },
      platforms: [],
    }));
    const text = body(parts);
    expect(text.match(/### /g)).toHaveLength(1);
    expect(text).toContain('and 10 more places');
  });

  it('says what was not done, and that a draft is one', () => {
    const text = body([{ finding: security, platforms: [] }], {
      draft: true,
      refused: ['Dockerfile:3: it is in a variable'],
    });
    expect(text).toContain('This is a draft');
    expect(text).toContain('- Dockerfile:3: it is in a variable');
  });

  it('counts what it leaves out of any list', () => {
    const some = (number: number): string[] => Array.from({ length: number }, (_, n) => `thing ${n}`);
    const config = some(63).map((key) => ({ key, before: 'x'.repeat(600), after: null }));
    const finding = aFinding('config', { config, notes: some(24) });
    const text = body([{ finding, platforms: [] }], { refused: some(22) });
    const [lists = '', refused = ''] = text.split('Not changed:');
    expect(lists.match(/^\| `thing/gm)).toHaveLength(60);
    expect(lists).toContain('\nand 3 more\n');
    expect(lists).toMatch(/^> and \d+ more$/m);
    expect(lists).toContain('x…');
    expect(refused).toContain('- thing 19\n- and 2 more\n');
    const comment = newerTargetComment('why', some(22), 'mark');
    expect(comment).toContain('- `thing 19`\n- and 2 more\n');
  });

  it.each([
    ['one place with 5,000 packages', 1, 5000],
    ['400 places with 300 packages', 400, 300],
  ])('is cut with a pointer: %s', (_name, places, packages) => {
    const rows = Array.from({ length: packages }, (_, n) => aChange(n, { name: `package-with-a-long-name-${n}` }));
    const parts = Array.from({ length: places }, (_, n) => ({
      finding: aFinding('packages', { packages: rows, reason: `place ${n}` }),
      platforms: [],
    }));
    const text = body(parts);
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(/and [\d,]+ more packages|[\d,]+ more places are too long/);
    expect(parseFacts(text)).toBeDefined();
    expect(text.match(/```/g)?.length ?? 0).toSatisfy((fences: number) => fences % 2 === 0);
  });

  it.each(hostileTexts)('makes no markup or mention of %s', (_name, hostile) => {
    const finding = aFinding('packages', {
      file: hostile,
      written: hostile,
      reason: hostile,
      notes: [hostile],
      problem: { code: 'registry-denied', message: hostile },
      packages: [
        aChange(1, {
          name: hostile,
          before: hostile,
          after: hostile,
          foreign: hostile,
          advisories: [hostile],
          security: true,
        }),
      ],
      config: [{ key: hostile, before: hostile, after: hostile }],
      edits: [{ file: hostile, line: 1, before: hostile, after: hostile }],
      platforms: [hostile],
    });
    const text = body([{ finding, platforms: [] }], { refused: [hostile] });
    const plain = withoutCode(text);
    expect(plain).not.toMatch(/(?<![\w\\])@[a-z]/i);
    expect(plain).not.toMatch(/(?<!\\)<(?!!-- plimsoll|\/?(details|summary)>)[a-z!/]/i);
    expect(plain).not.toMatch(/(?<!\\)\]\((?!https:\/\/www\.cve\.org)/);
    expect(parseMarker(text)?.key).toBe('a'.repeat(64));
    expect(parseFacts(text)?.class).toBe('security');
    for (const one of [
      proposalTitle([finding], 200),
      commitText('x', { reasons: [hostile], targetList: [hostile] }, []).body,
    ]) {
      expect(one).not.toMatch(/@[a-z]|#\d/i);
      expect(one).not.toMatch(/[\u202e\u0007]/);
    }
    expect(proposalTitle([finding], 200)).not.toContain('\n');
  });
});

/** What a reader of Markdown would take for text: fences and code spans taken out, by their own lengths. */
function withoutCode(text: string): string {
  return text.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, '').replace(/(?<![`\\])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}

describe('the message of a commit', () => {
  it('says why, then what, then what is for programs', () => {
    const { subject, body } = commitText(
      'Move a',
      { reasons: ['A fix.', 'A fix.', 'Signed-off-by: x\nSigned-off-by: y'], targetList: ['Dockerfile: a → b'] },
      ['Signed-off-by: Me <me@example.com>'],
    );
    expect(subject).toBe('Move a');
    expect(body.split('\n\n')).toEqual([
      expect.stringMatching(/^A fix\.\nSigned-off-by: x.*Signed-off-by: y$/),
      '- Dockerfile: a → b',
      'Signed-off-by: Me <me@example.com>',
    ]);
    const many = Array.from({ length: 9 }, (_, n) => `reason ${n}`);
    expect(commitText('x', { reasons: many, targetList: [] }, []).body).toMatch(
      /reason 4\nAnd 4 more, which the proposal lists\.$/,
    );
  });
});

describe('the title', () => {
  it.each([
    [
      'a digest',
      [aFinding('security', { current: { digest: latest.digest }, latest })],
      /^Move debian:12 from [0-9a-f]{12} to [0-9a-f]{12} \(security\)$/,
    ],
    [
      'a new pin',
      [aFinding('unpinned', { reference: { registry: 'docker.io', repository: 'library/debian' }, latest })],
      /^Pin debian to [0-9a-f]{12} \(unpinned\)$/,
    ],
    [
      'a newer tag',
      [aFinding('newer-tag', { latest: { ...latest, tag: '13' } })],
      /^Move debian:12 to 13 \(newer-tag\)$/,
    ],
    [
      'a package',
      [
        aFinding('packages', {
          subject: 'package',
          pin: { manager: 'apt', name: 'nginx', operator: '=', version: '1' },
          latest: { version: '2' },
        }),
      ],
      /^Move nginx from 1 to 2 \(packages\)$/,
    ],
    [
      'an image and the pins on it',
      [
        aFinding('security', { latest, current: { digest: latest.digest } }),
        aFinding('packages', {
          subject: 'package',
          pin: { manager: 'apt', name: 'nginx', operator: '=', version: '1' },
          latest: { version: '2' },
        }),
      ],
      /^Move debian:12 from [0-9a-f]{12} to [0-9a-f]{12} and nginx \(security\)$/,
    ],
    [
      'several images',
      [
        aFinding('security', { latest, current: { digest: latest.digest } }),
        aFinding('newer-tag', { latest: { ...latest, tag: '13' } }),
      ],
      /^Move 2 images \(security\)$/,
    ],
    [
      'newer tags of images without a digest',
      ['debian', 'alpine'].map((name) =>
        aFinding('newer-tag', {
          reference: { registry: 'docker.io', repository: `library/${name}`, tag: '12' },
          latest: { ...latest, tag: '13' },
        }),
      ),
      /^Move 2 images \(newer-tag\)$/,
    ],
  ])('of %s', (_name, findings, expected) => {
    expect(proposalTitle(findings, 200)).toMatch(expected);
  });

  it('is never longer than a forge shows', () => {
    expect(
      proposalTitle(
        [
          aFinding('packages', {
            subject: 'package',
            pin: { manager: 'apt', name: 'n'.repeat(500), operator: '=', version: '1' },
          }),
        ],
        200,
      ).length,
    ).toBeLessThanOrEqual(200);
  });
});
