import type { Manners } from './stand-in.ts';

export const matrixToken = 'syt_matrix-very-secret';
export const matrixRoom = '!room:example.org';

/** A homeserver that takes a transaction once, and no event of more than 65,536 bytes. */
export function matrixManners(): Manners {
  const events = new Map<string, string>();
  return {
    refusal: (status, seconds) => {
      const code =
        { 401: 'M_UNKNOWN_TOKEN', 403: 'M_FORBIDDEN', 404: 'M_NOT_FOUND', 429: 'M_LIMIT_EXCEEDED' }[status] ??
        'M_UNKNOWN';
      return {
        status,
        body: { errcode: code, error: 'refused', ...(seconds !== undefined && { retry_after_ms: seconds * 1000 }) },
      };
    },
    answer: ({ method, path, headers, json, body }) => {
      const [, room = '', transaction = ''] =
        /^\/_matrix\/client\/v3\/rooms\/([^/]+)\/send\/m\.room\.message\/([^/]+)$/.exec(path) ?? [];
      if (headers.authorization !== `Bearer ${matrixToken}`)
        return { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN', error: 'no' } };
      if (method !== 'PUT' || decodeURIComponent(room) !== matrixRoom)
        return { status: 404, body: { errcode: 'M_NOT_FOUND', error: 'no' } };
      if (json === undefined || typeof json['msgtype'] !== 'string' || typeof json['body'] !== 'string')
        return { status: 400, body: { errcode: 'M_BAD_JSON', error: 'no' } };
      if (Buffer.byteLength(body) + 1000 > 65_536)
        return { status: 413, body: { errcode: 'M_TOO_LARGE', error: 'event too large' } };
      const id = events.get(transaction) ?? `$event${events.size}`;
      events.set(transaction, id);
      return { status: 200, body: { event_id: id } };
    },
  };
}
