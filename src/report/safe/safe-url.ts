import { limits } from '../../core/limits/limits.ts';

/**
 * An address that may become a link, with everything percent-encoded that could end one in Markdown, HTML, Slack's or
 * a mail's markup; undefined for anything but http and https, with user information, or too long to be followed.
 */
export function safeUrl(text: string): string | undefined {
  if (text.length > limits.report.url.most || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  const href = url.href.replace(
    /["'()<>[\]\\^`{|}*_~\s]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return href.length > limits.report.url.most ? undefined : href;
}
