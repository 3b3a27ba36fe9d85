import type { Manners } from './stand-in.ts';

export const teamsPath = '/workflows/abc/triggers/manual/paths/invoke?sig=teams-very-secret';

/** The webhook of a workflow: 202 at once; more than 28 KB in UTF-16 is refused. */
export function teamsManners(): Manners {
  return {
    refusal: (status, seconds) => ({
      status,
      ...(seconds !== undefined && { headers: { 'retry-after': String(seconds) } }),
      body: { error: { code: 'Refused', message: 'refused' } },
    }),
    answer: ({ path, json, body }) => {
      if (path !== teamsPath)
        return { status: 401, body: { error: { code: 'DirectApiAuthorizationRequired', message: 'no' } } };
      const [attachment] = (json?.['attachments'] ?? []) as {
        contentType?: unknown;
        content?: Record<string, unknown>;
      }[];
      const card = attachment?.content;
      const isCard =
        json?.['type'] === 'message' &&
        attachment?.contentType === 'application/vnd.microsoft.card.adaptive' &&
        card?.['type'] === 'AdaptiveCard';
      if (!isCard || !((card?.['body'] as unknown[]) ?? []).every(isParagraph))
        return { status: 400, body: { error: { code: 'InvalidCard', message: 'no' } } };
      if (Buffer.byteLength(body, 'utf16le') > 28 * 1024)
        return { status: 413, body: { error: { code: 'RequestEntityTooLarge', message: 'no' } } };
      return { status: 202, body: '' };
    },
  };
}

function isParagraph(element: unknown): boolean {
  const { type, inlines } = element as { type?: unknown; inlines?: { type?: unknown; text?: unknown }[] };
  return (
    type === 'RichTextBlock' &&
    (inlines ?? []).length > 0 &&
    (inlines ?? []).every((run) => run.type === 'TextRun' && typeof run.text === 'string')
  );
}
