import { raw } from 'hono/html';
import { limits } from '../../core/limits/limits.ts';
import { clip } from '../../report/safe/clip.ts';
import { escapeHtml } from '../../report/safe/escape-html.ts';
import { visible } from '../../report/safe/visible.ts';
import type { Html } from '../page.ts';

/** What may stand in markup. Text is text, whoever wrote it. */
export type Shown = string | number | boolean | null | undefined | Html | readonly Shown[];

/**
 * Markup with values in it. Every text is one line of visible characters, cut where nobody would read on, and escaped; only
 * what this made itself, {@link made} and {@link attribute} go in as they are.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Shown[]): Html {
  let all = strings[0] ?? '';
  for (const [index, value] of values.entries()) all += shown(value) + (strings[index + 1] ?? '');
  return raw(all);
}

function shown(value: Shown): string {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map(shown).join('');
  // Nothing: what `condition && markup` comes to where it does not hold.
  if (typeof value === 'boolean' || value === null || value === undefined) return '';
  return String(value);
}

/** A space at either end is one between words. */
function text(value: string): string {
  const own = escapeHtml(clip(value, limits.report.pageText.most));
  return `${value.startsWith(' ') ? ' ' : ''}${own}${value.endsWith(' ') ? ' ' : ''}`;
}

function isList(value: Shown): value is readonly Shown[] {
  return Array.isArray(value);
}

/** Markup that a renderer of report/ made, in which what came from outside is escaped. */
export function made(text: string): Html {
  return raw(text);
}

/**
 * A value between quotes that must not be cut: an address of ours, or what a form sends back. What is not visible is
 * nobody's name, and is not sent back as it is.
 */
export function attribute(text: string): Html {
  return raw(escapeHtml(visible(text)));
}

/** A name in a list. */
export function brief(text: string): string {
  return clip(text, limits.report.pageName.most);
}
