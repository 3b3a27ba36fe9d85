import type { Story } from '../../../src/core/message.ts';
import { type NewsClass, newsClasses } from '../../../src/core/news.ts';
import { aChange } from '../findings.ts';

/** A story of a pinned `debian:N`, changed as a test wants it; `n` numbers it. */
export function aStory(n: number, more: Partial<Story> = {}): Story {
  return {
    class: 'security',
    security: true,
    subject: `docker.io/library/debian:${n}`,
    from: '1f2e3d4c5b6a',
    to: '9a8b7c6d5e4f',
    reason: `${n} packages change, 1 security fix (openssl; CVE-2026-${10_000 + n}), config unchanged.`,
    places: [
      {
        repository: 'acme/shop',
        file: `service-${n}/Dockerfile`,
        line: n + 1,
        url: `https://github.example/acme/shop/blob/main/service-${n}/Dockerfile#L${n + 1}`,
      },
    ],
    packages: [aChange(n, { security: true, advisories: [`CVE-2026-${10_000 + n}`] })],
    config: [],
    notes: [],
    proposals: [],
    news: [`news-${n}`],
    ...more,
  };
}

/** So many stories, most urgent first, of all classes. */
export function manyStories(number: number): Story[] {
  const kinds = Array.from({ length: number }, (_, n) => newsClasses[n % newsClasses.length] as NewsClass);
  return kinds
    .map((kind, n) => aStory(n, { class: kind }))
    .sort((a, b) => newsClasses.indexOf(a.class) - newsClasses.indexOf(b.class));
}

/** One story that holds a whole distribution. */
export const hugeStory: Story = aStory(0, { packages: Array.from({ length: 2000 }, (_, n) => aChange(n)) });
