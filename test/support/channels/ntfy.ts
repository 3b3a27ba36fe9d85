import type { Manners } from './stand-in.ts';

export const ntfyTopic = 'topic-very-secret';
export const ntfyToken = 'tk_very-secret';

/** ntfy's JSON publishing; what is longer than 4,096 bytes becomes an attachment, as there. */
export function ntfyManners(): Manners {
  let last = 0;
  return {
    refusal: (status, seconds) => ({
      status,
      ...(seconds !== undefined && { headers: { 'retry-after': String(seconds) } }),
      body: { code: status * 100 + 1, http: status, error: 'refused' },
    }),
    answer: ({ method, path, headers, json }) => {
      if (headers.authorization !== `Bearer ${ntfyToken}`)
        return { status: 403, body: { code: 40301, http: 403, error: 'forbidden' } };
      if (method !== 'POST' || path !== '/' || json === undefined || json['topic'] !== ntfyTopic)
        return { status: 400, body: { code: 40024, http: 400, error: 'invalid request' } };
      const text = String(json['message']);
      const isLong = Buffer.byteLength(text) > 4096;
      last++;
      return {
        status: 200,
        body: {
          id: `id${last}`,
          event: 'message',
          ...(isLong ? { message: 'You received a file: attachment.txt', attachment: {} } : { message: text }),
        },
      };
    },
  };
}
