import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newsOfStories } from '../../src/core/message.ts';
import type { Channel, NotifierDependencies, Posted } from '../../src/notify/notifier.ts';
import { sampleMessages } from '../../src/report/say/message-samples.ts';
import { newsMessage, troubleMessage } from '../../src/report/say/message-story.ts';
import { certificate } from '../support/certificate.ts';
import { localCertificate, localKey } from '../support/channels/certificate.ts';
import { openChannel } from '../support/channels/channel.ts';
import type { HttpService } from '../support/channels/services.ts';
import { type StandIn, startStandIn } from '../support/channels/stand-in.ts';
import { aStory, hugeStory, manyStories } from '../support/channels/stories.ts';

type Failed = Extract<Posted, { kind: 'failed' }>;

/** What every channel that speaks HTTP must keep, whatever it renders. */
export function describeNotifier({ name, type, manners, options, secrets }: HttpService): void {
  describe(`${name}`, () => {
    let standIn: StandIn;
    let channel: Channel;
    const said: unknown[] = [];
    beforeEach(async () => {
      standIn = await startStandIn(manners());
      channel = await openChannel(type, options(standIn.origin));
    });
    afterEach(async () => {
      await channel.close();
      await standIn.close();
      const all = inspect(said, { depth: 9, showHidden: true, maxStringLength: null });
      for (const secret of secrets) expect(all).not.toContain(secret);
      said.length = 0;
    });

    const post = async (more: { readonly open?: Channel } = {}): Promise<Posted> => {
      const target = more.open ?? channel;
      const [part] = target.render(newsMessage([aStory(1)]));
      const posted = await target.post(part!, undefined);
      said.push(posted, part!.text);
      return posted;
    };
    const failing = async (open?: Channel): Promise<Failed> => {
      const posted = await post(open === undefined ? {} : { open });
      expect(posted.kind).toBe('failed');
      return posted as Failed;
    };
    const reopened = (deps: Partial<NotifierDependencies> & { readonly network?: object }, origin = standIn.origin) =>
      openChannel(type, options(origin), deps);

    it('takes every part of everything there is to say', async () => {
      const messages = [
        newsMessage(manyStories(300)),
        newsMessage([hugeStory]),
        troubleMessage([
          { code: 'channel-refused', message: 'could not post to Slack: it answered 404', subject: 'ops' },
        ]),
        ...sampleMessages(),
      ];
      for (const message of messages) {
        for (const part of channel.render(message)) {
          const posted = await channel.post(part, undefined);
          expect(posted, part.text.slice(0, 300)).toEqual({
            kind: 'accepted',
            ...('receipt' in posted && { receipt: posted.receipt }),
          });
          said.push(part.text, posted);
        }
      }
    });

    it('carries all news, each part its own, in order', () => {
      for (const message of [newsMessage(manyStories(300)), newsMessage([]), ...sampleMessages()]) {
        const parts = channel.render(message);
        expect(parts.length).toBeGreaterThan(0);
        expect(parts.flatMap(({ news }) => news)).toEqual(newsOfStories(message.stories));
      }
    });

    it('stays brief, however much there is: ten posts for 300 stories are many', () => {
      expect(channel.render(newsMessage(manyStories(300))).length).toBeLessThanOrEqual(20);
    });

    it('renders the same twice, without the network', () => {
      const message = newsMessage(manyStories(40));
      expect(channel.render(message)).toEqual(channel.render(message));
      expect(standIn.log).toEqual([]);
    });

    it('says that rows are left out of a story of 2,000 packages', () => {
      if (type === 'webhook')
        return expect(JSON.stringify(channel.render(newsMessage([hugeStory])))).toContain('lib1999');
      const parts = channel.render(newsMessage([hugeStory]));
      expect(parts).toHaveLength(1);
      expect(parts[0]?.text).toMatch(/… and 1,9\d\d more/);
    });

    it.each([
      ['a revoked address', 404, 'channel-refused', true],
      ['a wrong token', 401, 'channel-refused', true],
      ['no right to write', 403, 'channel-refused', true],
      ['a payload it does not like', 400, 'channel-refused', true],
      ['a fault of its own', 500, 'channel-failed', false],
      ['a gateway without a server', 502, 'channel-failed', false],
      ['maintenance', 503, 'channel-failed', false],
    ])('says what %s is', async (_what, status, code, permanent) => {
      standIn.mischief = { kind: 'status', status };
      const failed = await failing();
      expect(failed).toMatchObject({ permanent, problem: { code, subject: 'ops' } });
      expect(failed.problem.message).toContain(String(status));
      expect(failed.problem.message).toMatch(/^could not post to [^.]+; [^.]+$/);
      expect(standIn.log).toHaveLength(1);
    });

    it('hands on how long to wait, and asks once', async () => {
      standIn.mischief = { kind: 'status', status: 429, seconds: 7 };
      const failed = await failing();
      expect(failed).toMatchObject({ permanent: false, problem: { code: 'channel-limited' } });
      expect(failed.retryAfter).toBeGreaterThanOrEqual(7000);
      expect(failed.retryAfter).toBeLessThan(8000);
      expect(standIn.log).toHaveLength(1);
    });

    it('can be over a limit without being told how long', async () => {
      standIn.mischief = { kind: 'status', status: 429 };
      const failed = await failing();
      expect(failed).toMatchObject({ permanent: false, problem: { code: 'channel-limited' } });
      expect(failed.retryAfter ?? 0).toBeLessThan(1000);
    });

    it('does not wait for ever for an answer', async () => {
      standIn.mischief = { kind: 'silence' };
      const open = await reopened({ timeout: 200 });
      const failed = await failing(open);
      expect(failed).toMatchObject({ permanent: false, problem: { code: 'channel-unreachable' } });
      expect(failed.problem.message).toContain('no answer within 0.2 s');
      await open.close();
    });

    it('stops when the run does', async () => {
      standIn.mischief = { kind: 'silence' };
      const controller = new AbortController();
      const open = await reopened({ signal: controller.signal });
      const posted = failing(open);
      await expect.poll(() => standIn.log.length).toBe(1);
      controller.abort();
      expect((await posted).problem.message).toContain('the run was stopped');
      await open.close();
    });

    it('says that nobody is there', async () => {
      await standIn.close();
      expect(await failing()).toMatchObject({
        permanent: false,
        problem: { code: 'channel-unreachable', message: expect.stringContaining('connection refused') },
      });
    });

    it('says that a certificate is not believed', async () => {
      const secure = await startStandIn(manners(), { key: localKey, cert: localCertificate });
      const open = await reopened({ network: { tlsFor: () => ({ ca: [certificate] }) } }, secure.origin);
      expect(await failing(open)).toMatchObject({
        permanent: true,
        problem: { message: expect.stringContaining('certificate') },
      });
      const trusting = await reopened({ network: { tlsFor: () => ({ ca: [localCertificate] }) } }, secure.origin);
      expect((await post({ open: trusting })).kind).toBe('accepted');
      await open.close();
      await trusting.close();
      await secure.close();
    });

    it('follows no redirect with its secrets', async () => {
      standIn.mischief = { kind: 'redirect' };
      expect(await failing()).toMatchObject({ permanent: true });
      expect(standIn.log).toHaveLength(1);
    });

    it('does not take the login page of a network for an answer', async () => {
      if (type === 'webhook') return expect((await post()).kind).toBe('accepted');
      standIn.mischief = { kind: 'page' };
      expect(await failing()).toMatchObject({ permanent: false });
    });

    it('answers what it posted, silently where it says so', async () => {
      const [part] = channel.render(newsMessage([aStory(1)]));
      const posted = await channel.post(part!, undefined);
      const receipt = posted.kind === 'accepted' ? posted.receipt : undefined;
      if (channel.repliesSilently) expect(receipt).toBeDefined();
      expect((await channel.post(part!, receipt)).kind).toBe('accepted');
    });
  });
}
