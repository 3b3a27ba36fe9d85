import { describe, expect, it } from 'vitest';
import { newsClasses } from '../../../src/core/news.ts';
import type { Problem } from '../../../src/core/problem.ts';
import { sampleMessages } from '../../../src/report/say/message-samples.ts';
import {
  baselineMessage,
  closedMessage,
  newsMessage,
  reminderMessage,
  troubleMessage,
} from '../../../src/report/say/message-story.ts';
import { aStory, manyStories } from '../../support/channels/stories.ts';

const pin = aStory(1, { class: 'pin-broken', security: null, subject: 'nginx=1.22.1-9', packages: [], news: ['pin'] });
const fix = aStory(2, { subject: 'docker.io/library/debian:12-slim' });

describe('a message', () => {
  it('says in its title what has happened', () => {
    expect(newsMessage([fix]).title).toBe('1 security fix for debian:12-slim');
    expect(newsMessage([pin, fix]).title).toBe('Broken pin: nginx=1.22.1-9, 1 security fix for debian:12-slim');
    expect(newsMessage([pin, pin, fix, aStory(3)]).title).toBe('2 broken pins, 2 security fixes for 2 images');
    expect(closedMessage([fix]).title).toBe('Resolved: 1 security fix for debian:12-slim');
    expect(reminderMessage([pin], '2026-W47').title).toBe('Still open: broken pin: nginx=1.22.1-9');
  });

  it('counts everything in one line', () => {
    const { lead, title } = newsMessage(manyStories(300));
    expect(lead).toMatch(/^300 things to know: 16 pin-broken, 16 security, .*; used in 300 places of 300 files\.$/);
    expect(title).toBe('16 broken pins, 16 security fixes for 16 images, 16 redeploys, and 252 other things');
  });

  it('counts a fix once, whoever uses it', () => {
    const [one] = fix.packages;
    const both = [fix, { ...aStory(3), packages: [one!] }];
    expect(newsMessage(both).title).toBe('1 security fix for 2 images');
  });

  it('has one id for the same news, in whatever order, and another for other news', () => {
    const id = newsMessage([pin, fix]).id;
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(newsMessage([fix, { ...pin, reason: 'worded otherwise', places: [] }]).id).toBe(id);
    expect(newsMessage([fix]).id).not.toBe(id);
    expect(closedMessage([pin, fix]).id).not.toBe(id);
    expect(reminderMessage([pin], '2026-W47').id).not.toBe(reminderMessage([pin], '2026-W48').id);
  });

  it('is one line, however its subject reads', () => {
    const { title } = newsMessage([{ ...fix, subject: `a\r\nb\u202e% # ${'x'.repeat(500)}` }]);
    expect(title).not.toMatch(/[\r\n\u202e]/);
    expect(title.length).toBeLessThanOrEqual(160);
  });

  it('begins with what is watched, and names the urgent only', () => {
    const rest = aStory(4, { class: 'packages', security: null });
    const baseline = baselineMessage([pin, fix, rest], { images: 14, files: 6, behind: 3 });
    expect(baseline).toMatchObject({
      kind: 'baseline',
      title: 'Watching 14 images in 6 files, 3 behind',
      stories: [pin, fix],
      more: 1,
    });
    expect(baseline.lead).toContain('Most urgent: broken pin: nginx=1.22.1-9, 1 security fix for debian:12-slim.');
    expect(baseline.id).not.toBe(baselineMessage([pin, fix], { images: 14, files: 6, behind: 2 }).id);
    expect(baselineMessage([], { images: 1, files: 1, behind: 0 })).toMatchObject({
      title: 'Watching 1 image in 1 file, none known to be behind',
      lead: expect.stringContaining('Nothing is known to be behind.'),
    });
  });

  it('says since when the oldest is open', () => {
    const old = { ...fix, since: '2026-11-01T00:00:00Z' };
    expect(reminderMessage([pin, old], 'w').lead).toContain('The oldest is open since 2026-11-01.');
  });

  it('is about what needs help when something is in trouble', () => {
    const problems: Problem[] = [
      { code: 'channel-refused', subject: 'ops', message: 'could not post' },
      { code: 'registry-denied', message: 'y' },
    ];
    expect(troubleMessage(problems)).toMatchObject({
      kind: 'trouble',
      title: 'Trouble with ops and 1 other',
      problems,
      stories: [],
    });
  });

  it('has a sample of every class', () => {
    const samples = sampleMessages();
    expect(samples.map(({ stories }) => stories[0]?.class)).toEqual(newsClasses);
    expect(new Set(samples.map(({ id }) => id)).size).toBe(newsClasses.length);
  });
});
