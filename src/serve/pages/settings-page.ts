import type { Config } from '../../config/config.ts';
import type { ImageReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import { isSecretKey, Secret } from '../../core/secret.ts';
import { clip } from '../../report/safe/clip.ts';
import { escapeHtml } from '../../report/safe/escape-html.ts';
import { referenceOf } from '../../report/say/standing.ts';
import { type IdlePattern, idlePatterns } from '../../verdict/idle-patterns.ts';
import type { Page, PageContext } from '../page.ts';
import { paths } from './links.ts';
import { brief, made, markup } from './markup.ts';
import { facts } from './parts.ts';

/** What is in force, without a secret, and what of it does nothing. */
export const settingsPage: Page = {
  path: paths.settings,
  async render(context) {
    const { config, configFile, daemon } = context;
    const lines = [...settingsLines(config)];
    const idle = await idleOf(context);
    return {
      status: 200,
      title: 'Settings',
      body: markup`<h1>Settings in force</h1>
${facts([
  ['Read from', configFile === undefined ? 'no file: everything is as it is without one' : brief(configFile)],
  ['Plimsoll', daemon.version],
])}
<p class="dim">With every default filled in. Secrets are ***.</p>
<pre class="settings" tabindex="0" aria-label="Settings">${made(lines.map(escapeHtml).join('\n'))}</pre>
${
  idle.length > 0 &&
  markup`<section><h2>Does nothing <span class="dim">${idle.length}</span></h2><p class="dim">Patterns that match no image and no workload in the state, and snoozes that have ended.</p><ul class="events">${idle.map(({ key, reason }) => markup`<li><code>${key}</code>: ${reason}</li>`)}</ul></section>`
}`,
    };
  },
};

/** The state knows images and workloads by name; files and repositories are in the report of a run. */
async function idleOf({ config, store, now }: PageContext): Promise<readonly IdlePattern[]> {
  const [references, workloads] = await Promise.all([store.fleet.references(), store.fleet.workloads()]);
  if (references.length === 0) return [];
  const rules = config.rules.map(({ match: { file: _, repository: __, ...match } }) => ({ match }));
  let parsed: readonly ImageReference[] | undefined;
  const images = (): readonly ImageReference[] => (parsed ??= references.flatMap((one) => referenceOf(one) ?? []));
  const seen = { images, files: [], repositories: [], workloads, globs: new Set<string>() };
  return idlePatterns({ ...config, include: [], exclude: [], rules }, seen, now);
}

/** A configuration as indented lines. No secret, no key and no login in an address is in them. */
export function* settingsLines(value: unknown, indent = ''): Generator<string> {
  const isList = Array.isArray(value);
  for (const [key, one] of Object.entries(value as Config)) {
    if (one === undefined || typeof one === 'function') continue;
    const name = isList ? '-' : `${clip(key, limits.report.pageName.most)}:`;
    const text = scalar(key, one);
    if (text !== undefined) {
      yield `${indent}${name} ${text}`;
      continue;
    }
    const inner = settingsLines(one, `${indent}  `);
    // The first key of an entry stands behind its hyphen, as people write it.
    if (isList) yield `${indent}- ${(inner.next().value ?? '').trimStart()}`;
    else yield `${indent}${name}`;
    yield* inner;
  }
}

/** Milliseconds, as a configuration has them. */
const durations: ReadonlySet<string> = new Set([
  'events',
  'inventories',
  'runs',
  'maxAge',
  'minimumAge',
  'remindAfter',
  'jitter',
]);
const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

function durationText(milliseconds: number): string {
  const unit = units.find(([, length]) => milliseconds >= length && milliseconds % length === 0);
  return unit === undefined ? `${milliseconds} ms` : `${milliseconds / unit[1]}${unit[0]}`;
}

/** A value on one line; undefined for what has lines of its own. */
function scalar(key: string, value: unknown): string | undefined {
  if (value instanceof Secret || ((isSecretKey(key) || key === 'key') && typeof value === 'string')) return '***';
  if (value instanceof URL) return address(value.href);
  if (value instanceof RegExp) return clip(String(value), limits.report.pageText.most);
  if (typeof value === 'number' && durations.has(key)) return durationText(value);
  if (typeof value === 'number' && key === 'until') return new Date(value).toISOString();
  if (value === '') return "''";
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
