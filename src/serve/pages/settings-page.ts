import type { Config } from '../../config/config.ts';
import { limits } from '../../core/limits/limits.ts';
import { isSecretKey, Secret } from '../../core/secret.ts';
import { clip } from '../../report/safe/clip.ts';
import { escapeHtml } from '../../report/safe/escape-html.ts';
import type { Page } from '../page.ts';
import { paths } from './links.ts';
import { brief, made, markup } from './markup.ts';
import { facts } from './parts.ts';

/** What is in force, without a secret, and what of it does nothing. */
export const settingsPage: Page = {
  path: paths.settings,
  async render({ config, configFile, daemon }) {
    const lines = [...settingsLines(config)];
    return {
      status: 200,
      title: 'Settings',
      body: markup`<h1>Settings in force</h1>
${facts([
  ['Read from', configFile === undefined ? 'no file: everything is as it is without one' : brief(configFile)],
  ['Plimsoll', daemon.version],
])}
<p class="dim">With every default filled in. Secrets are ***; durations are milliseconds.</p>
<pre class="settings" tabindex="0" aria-label="Settings">${made(lines.map(escapeHtml).join('\n'))}</pre>`,
    };
  },
};

/** A configuration as indented lines. No secret, no key and no login in an address is in them. */
export function* settingsLines(value: unknown, indent = ''): Generator<string> {
  const isList = Array.isArray(value);
  for (const [key, one] of Object.entries(value as Config)) {
    if (one === undefined || typeof one === 'function') continue;
    const name = isList ? '-' : `${clip(key, limits.report.pageName.most)}:`;
    const text = scalar(key, one);
    if (text !== undefined) yield `${indent}${name} ${text}`;
    else {
      yield `${indent}${name}`;
      yield* settingsLines(one, `${indent}  `);
    }
  }
}

/** A value on one line; undefined for what has lines of its own. */
function scalar(key: string, value: unknown): string | undefined {
  if (value instanceof Secret || ((isSecretKey(key) || key === 'key') && typeof value === 'string')) return '***';
  if (value instanceof URL) return address(value.href);
  if (value instanceof RegExp) return clip(String(value), limits.report.pageText.most);
  if (value === null || typeof value !== 'object') return words(value);
  if (Object.keys(value).length === 0) return Array.isArray(value) ? '[]' : '{}';
  const isFlat = Array.isArray(value) && value.every((one) => one === null || typeof one !== 'object');
  return isFlat ? clip(`[${value.map(words).join(', ')}]`, limits.report.pageText.most) : undefined;
}

function words(value: unknown): string {
  const text = String(value);
  if (text.includes('-----BEGIN ')) return '(a certificate)';
  return clip(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? address(text) : text, limits.report.pageText.most);
}

/** An address without who logs in there, and without a query: tokens stand in both. */
function address(text: string): string {
  if (!URL.canParse(text)) return text.replace(/\/\/[^/]*@/, '//***@');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    url.username = '***';
    url.password = '';
  }
  if (url.search !== '') url.search = '?***';
  return url.href;
}
