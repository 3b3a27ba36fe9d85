import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/load.ts';

const env = { PING: 'https://ping.example/very-secret' };
const load = (text: string): Config => parseConfig(`version: 1\n${text}`, 'plimsoll.yml', 'operator', env) as Config;
const digest = `sha256:${'a'.repeat(64)}`;
const key = 'b'.repeat(64);

describe('snooze', () => {
  it('takes an image, a digest or a news key, and a date', () => {
    const { snooze } = load(`snooze:
  - { image: "docker.io/library/*", until: 2026-12-24, reason: frozen }
  - { digest: "${digest}", until: "2026-12-24T08:00:00Z" }
  - { news: ${key}, until: 2026-12-25 }
`);
    expect(snooze).toEqual([
      { kind: 'image', value: 'docker.io/library/*', until: Date.UTC(2026, 11, 24) },
      { kind: 'digest', value: digest, until: Date.UTC(2026, 11, 24, 8) },
      { kind: 'news', value: key, until: Date.UTC(2026, 11, 25) },
    ]);
  });

  it.each([
    ['{ image: a, digest: x, until: 2026-12-24 }', /expected sha256:/],
    [`{ image: a, news: ${key}, until: 2026-12-24 }`, /expected one of image, digest and news/],
    ['{ until: 2026-12-24 }', /expected one of image, digest and news/],
    ['{ image: a, until: tomorrow }', /expected a date/],
    ['{ image: a, until: 2026-13-24 }', /expected a date/],
    ['{ image: a, until: 2027-02-30 }', /expected a date/],
    ['{ image: a, until: 2027-02-30T08:00:00Z }', /expected a date/],
    ['{ image: a }', /until: missing; expected text/],
  ])('complains about %s', (entry, words) => {
    expect(() => load(`snooze:\n  - ${entry}\n`)).toThrow(words);
    expect(() => load(`snooze:\n  - ${entry}\n`)).toThrow(/plimsoll\.yml:3/);
  });

  it('is nothing that a repository may say for itself', () => {
    const text = 'version: 1\nsnooze: [{ image: a, until: 2026-12-24 }]\n';
    expect(() => parseConfig(text, 'plimsoll.yml', 'repository', env)).toThrow(/only whoever runs Plimsoll/);
  });
});

describe('heartbeat', () => {
  it('is a secret', () => {
    const { heartbeat } = load('heartbeat: "${PING}"\n');
    expect(heartbeat?.reveal()).toBe(env.PING);
    expect(JSON.stringify(heartbeat)).not.toContain('secret');
    expect(load('').heartbeat).toBeNull();
  });

  it.each(['https://ping.example/x', '${NOT_SET}'])('is not written as itself, nor empty: %s', (text) => {
    expect(() => load(`heartbeat: "${text}"\n`)).toThrow(/plimsoll\.yml:2: heartbeat/);
  });
});
