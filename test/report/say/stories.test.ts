import { describe, expect, it } from 'vitest';
import { findingClasses } from '../../../src/core/finding.ts';
import { digestOf } from '../../../src/core/image/digest.ts';
import { newsClasses } from '../../../src/core/news.ts';
import { storiesOf } from '../../../src/report/say/stories.ts';
import { densities, storyText } from '../../../src/report/say/story-text.ts';
import { fc } from '../../support/fast-check.ts';
import { aFinding } from '../../support/findings.ts';

const repository = {
  forge: 'github',
  id: '1',
  name: 'acme/shop',
  branch: 'main',
  commit: 'abc',
  url: 'https://github.example/acme/shop',
  lines: 'https://github.example/acme/shop/blob/abc/{file}#L{line}',
};

describe('stories', () => {
  it('join findings that tell the same, with every place', () => {
    const same = ['a/Dockerfile', 'b/Dockerfile'].map((file, i) =>
      aFinding('security', { id: file, file, line: i + 1, news: ['n2', 'n1'], repository }),
    );
    const other = aFinding('security', { id: 'c', news: ['n3'] });
    const stories = storiesOf([...same, other]);
    expect(stories).toHaveLength(2);
    expect(stories[0]).toMatchObject({
      subject: 'docker.io/library/debian:12',
      news: ['n2', 'n1'],
      places: [
        {
          repository: 'acme/shop',
          file: 'a/Dockerfile',
          line: 1,
          url: 'https://github.example/acme/shop/blob/abc/a/Dockerfile#L1',
        },
        { file: 'b/Dockerfile', line: 2 },
      ],
    });
  });

  it('keep apart what is moved to different digests', () => {
    const moved = ['x', 'y'].map((text) => aFinding('content', { news: ['n'], latest: { digest: digestOf(text) } }));
    expect(storiesOf(moved)).toHaveLength(2);
  });

  it('tell once of a fix that several images lack', () => {
    const lagging = ['debian', 'node', 'python'].map((name) =>
      aFinding('lagging', {
        id: name,
        file: name,
        news: ['fix'],
        security: true,
        reference: { registry: 'docker.io', repository: `library/${name}`, tag: '1' },
      }),
    );
    const [story, ...rest] = storiesOf(lagging);
    expect(rest).toEqual([]);
    expect(story).toMatchObject({
      subject: 'docker.io/library/debian:1 and 2 more',
      notes: [expect.stringContaining('docker.io/library/python:1')],
    });
    expect(story?.places.map(({ file }) => file)).toEqual(['debian', 'node', 'python']);
  });

  it('say where another remedy than the first brings a fix', () => {
    const remedies = ['newer-base', 'upgrade-line', 'newer-base', 'rebuild', ...Array(5).fill('rebuild')] as const;
    const line = 'RUN apt-get upgrade';
    const lagging = remedies.map((remedy, index) =>
      aFinding('lagging', {
        id: `${index}`,
        file: `${index}/Dockerfile`,
        news: ['fix'],
        remedy,
        ...(remedy === 'upgrade-line' && { upgradeLine: line }),
      }),
    );
    const [story, ...rest] = storiesOf(lagging);
    expect(rest).toEqual([]);
    expect(story).toMatchObject({
      upgradeLine: line,
      notes: [
        'add the upgrade line at 1/Dockerfile:11',
        'rebuild without cache at 3/Dockerfile:11, 4/Dockerfile:11, 5/Dockerfile:11 and 3 more places',
      ],
    });
    expect(storiesOf(lagging.slice(0, 1))[0]?.notes).toEqual([]);
  });

  it('say since when, and which pull requests are open', () => {
    const url = 'https://x.example/-/merge_requests/1';
    const proposal = { url, state: 'open', name: 'merge request !1' } as const;
    const finding = aFinding('packages', { proposal });
    const [story] = storiesOf([finding], () => ({ since: '2026-11-20T00:00:00Z' }));
    expect(story).toMatchObject({ since: '2026-11-20T00:00:00Z', proposals: [url] });
    expect(storyText(story!, densities[0]).links).toMatchObject([{ text: 'merge request !1' }]);
    const [closed] = storiesOf([{ ...finding, proposal: { ...proposal, state: 'closed' } }]);
    expect(closed?.proposals).toEqual([]);
  });

  it('name a package pin as it is written, with its versions', () => {
    const pin = aFinding('pin-broken', {
      subject: 'package',
      written: 'nginx=1.22.1-9',
      current: { version: '1.22.1-9' },
      latest: { version: '1.22.1-10' },
    });
    expect(storiesOf([pin])).toMatchObject([{ subject: 'nginx=1.22.1-9', from: '1.22.1-9', to: '1.22.1-10' }]);
  });

  it('do not depend on the order of findings in what they tell, and put the urgent first', () => {
    const kinds = fc.array(
      fc.tuple(fc.constantFrom(...findingClasses), fc.constantFrom(true, false, null), fc.nat(5)),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(kinds, (wanted) => {
        const findings = wanted.map(([kind, security, n], i) =>
          aFinding(kind, { id: String(i), file: `f${i}`, security, news: [`${kind}${security}${n}`] }),
        );
        const stories = storiesOf(findings);
        const ranks = stories.map((story) => newsClasses.indexOf(story.class));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        expect(new Set(stories.flatMap(({ news }) => news))).toEqual(new Set(findings.flatMap(({ news }) => news)));
        expect(stories.flatMap(({ places }) => places)).toHaveLength(findings.length);
        const turned = storiesOf([...findings].reverse());
        expect(turned.map(({ news }) => news).sort()).toEqual(stories.map(({ news }) => news).sort());
      }),
    );
  });
});
