import { limits } from '../../core/limits/limits.ts';
import type { Message } from '../../core/message.ts';
import type { Secret } from '../../core/secret.ts';
import { clip } from '../../report/safe/clip.ts';
import type { Channel, NotifierDependencies, Part, Posted } from '../notifier.ts';
import { blocksOf, inGroups, introOf, newsOf, numbered } from '../pack.ts';
import { plainBody, plainStory } from '../plain-text.ts';
import { isFailed, notItself, refused, request } from '../request.ts';

/*
 * Source of the limits: https://docs.ntfy.sh/publish/#limitations. A message of more than 4,096 bytes silently becomes
 * an attachment, which is deleted after hours and cannot be read in a notification.
 */
export const ntfyLimits = { message: 4096, title: 250 } as const;
/** "60 requests bucket, refilled at a rate of one request per 5 seconds" (the same page): a message's parts are far fewer. */
const pace = 1000;

interface Options {
  readonly url: Secret;
  readonly token?: Secret | undefined;
}

/** Posts as JSON to the server's root: in headers, a title would need an encoding of its own. */
export async function openNtfy({ url, token }: Options, deps: NotifierDependencies): Promise<Channel> {
  const [, server, topic] = /^(https?:\/\/[^\s?#@]+)\/([\w-]{1,64})\/?$/.exec(url.reveal().trim()) ?? [];
  const post = async (part: Part): Promise<Posted> => {
    if (server === undefined || topic === undefined) {
      const message = `could not post to ntfy: ${noTopic}`;
      return { kind: 'failed', problem: { code: 'channel-refused', message, subject: deps.name }, permanent: true };
    }
    const headers = token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` };
    const body = JSON.stringify({ topic, ...(part.payload as object) });
    const answer = await request('ntfy', deps, { method: 'POST', url: server, headers, body });
    if (isFailed(answer)) return answer;
    const { id, code } = (answer.json ?? {}) as { id?: unknown; code?: unknown };
    if (answer.status === 200) {
      const isOurs = typeof id === 'string' && id.length < 100;
      return isOurs ? { kind: 'accepted', receipt: id } : refused('ntfy', deps, answer, notItself);
    }
    return refused('ntfy', deps, answer, typeof code === 'number' ? { detail: `(code ${code})` } : {});
  };
  return { pace, render: ntfyParts, post, ...(topic === undefined && { doubt: noTopic }), close: async () => {} };
}

const noTopic = 'the url is not a server and a topic (https://ntfy.sh/TOPIC)';

/** Plain text: a phone shows the first lines, so the urgent comes first. */
function ntfyParts(message: Message): Part[] {
  const blocks = blocksOf(
    message.stories,
    plainStory,
    (text) => Buffer.byteLength(text) <= limits.message.ntfyStory.most,
  );
  const textOf = (group: typeof blocks, index: number): string => {
    const head = index === 0 ? headOf(message) : '';
    return [head, plainBody(group)].filter((text) => text !== '').join('\n\n');
  };
  const groups = inGroups(blocks, (group, index) => Buffer.byteLength(textOf([...group], index)) <= ntfyLimits.message);
  return groups.map((group, index) => {
    const title = clip(numbered(message.title, index, groups.length), ntfyLimits.title);
    const isUrgent = group.some(({ story }) => story.class === 'pin-broken' || story.security === true);
    const text = textOf(group, index);
    const payload = {
      title,
      message: text,
      priority: isUrgent ? 4 : 3,
      tags: [isUrgent ? 'rotating_light' : 'package'],
    };
    return { news: newsOf(group), payload, text: `${title}\n${text}` };
  });
}

/** Lines that do not fit any more are left out: beside stories there is only the one that counts them. */
function headOf(message: Message): string {
  const most = message.stories.length > 0 ? limits.message.ntfyHead.most : ntfyLimits.message;
  let head = '';
  for (const line of introOf(message)) {
    const next = `${head}${head === '' ? '' : '\n'}${clip(line, 600)}`;
    if (Buffer.byteLength(next) <= most) head = next;
  }
  return head;
}
