import { limits } from '../../core/limits/limits.ts';
import type { Inventory } from '../../core/package.ts';
import { inTurns } from '../../core/time/turns.ts';
import { comparePackages } from '../../packages/compare.ts';
import { count } from '../../report/say/quantity.ts';
import type { StoredInventory } from '../../state/fleet.ts';
import type { Memory } from '../../state/memory.ts';
import type { Html } from '../page.ts';
import { brief, markup } from './markup.ts';
import { digestMark, table } from './parts.ts';

/**
 * What differs between the packages of two digests, platform by platform. What is not kept is said: it is no empty
 * difference.
 */
export async function differenceOf(memory: Memory, from: string, to: string): Promise<Html> {
  const [olds, news] = await Promise.all([memory.manifests(from), memory.manifests(to)]);
  const missing = [...(olds.length === 0 ? [from] : []), ...(news.length === 0 ? [to] : [])];
  if (missing.length > 0) {
    return markup`<p>What ${missing.map((one, index) => markup`${index > 0 && ' and '}${digestMark(one)}`)} stood for is not kept: no difference can be told.</p>`;
  }
  const shared = olds.flatMap(({ platform, manifest }) => {
    const other = news.find((one) => one.platform === platform);
    return other === undefined ? [] : [{ platform, before: manifest, after: other.manifest }];
  });
  if (shared.length === 0)
    return markup`<p>The two share no platform that was looked into: no difference can be told.</p>`;
  const parts: Html[] = [];
  for (const one of shared) parts.push(await onPlatform(memory, one));
  return markup`${parts}`;
}

async function onPlatform(
  memory: Memory,
  { platform, before, after }: { readonly platform: string; readonly before: string; readonly after: string },
): Promise<Html> {
  const name = markup`<h3>${brief(platform)}</h3>`;
  if (before === after) return markup`${name}<p>The same manifest: nothing of it differs.</p>`;
  const [old, now] = await Promise.all([memory.inventory(before), memory.inventory(after)]);
  if (old === undefined || now === undefined) {
    const unknown =
      old === undefined && now === undefined ? 'either' : old === undefined ? 'the older one' : 'the newer one';
    return markup`${name}<p>The packages of ${unknown} are not kept, or nobody has looked into it: no difference can be told.</p>`;
  }
  const rows = await inTurns(comparePackages(inventoryOf(old), inventoryOf(now)));
  const isPart = !old.isWhole || !now.isWhole;
  const more = isPart
    ? markup`<p class="note">Something in one of them could not be read: there may be more.</p>`
    : undefined;
  if (rows.length === 0) {
    return markup`${name}<p>${count(now.packages.length, 'package')}${isPart ? ' that could be read' : ''}, the same on both sides; files beside packages are not compared here.</p>${more}`;
  }
  const shown = rows.slice(0, limits.report.pagePackages.most);
  return markup`${name}${table(
    `${count(rows.length, 'package')} of ${now.packages.length.toLocaleString('en-US')} differ`,
    [{ name: 'Package' }, { name: 'Change' }, { name: 'Before' }, { name: 'After' }],
    shown.map(({ name, architecture, kind, before, after }) => [
      brief(architecture === undefined ? name : `${name}:${architecture}`),
      kind,
      before === undefined ? '' : markup`<code>${brief(before)}</code>`,
      after === undefined ? '' : markup`<code>${brief(after)}</code>`,
    ]),
  )}${shown.length < rows.length && markup`<p class="dim">… and ${(rows.length - shown.length).toLocaleString('en-US')} more</p>`}${more}`;
}

/** The order of versions has the name of the database that it is the order of. */
function inventoryOf({ isWhole, scheme, packages }: StoredInventory): Inventory {
  return {
    coverage: packages.length === 0 ? 'none' : isWhole ? 'complete' : 'partial',
    database: scheme,
    packages: packages.map(({ source, ...one }) => ({
      ...one,
      ...(source && { source: { name: source.name, version: '' } }),
    })),
    problems: [],
  };
}
