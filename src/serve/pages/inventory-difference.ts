import { limits } from '../../core/limits/limits.ts';
import { count, grouped } from '../../report/say/quantity.ts';
import type { Memory } from '../../state/memory.ts';
import { digestDifference, type PlatformDifference } from '../digest-difference.ts';
import type { Html } from '../page.ts';
import { brief, markup } from './markup.ts';
import { digestMark, table } from './parts.ts';

/**
 * What differs between the packages of two digests, platform by platform. What is not kept is said: it is no empty
 * difference.
 */
export async function differenceOf(memory: Memory, from: string, to: string): Promise<Html> {
  const { notKept, platforms } = await digestDifference(memory, from, to);
  if (notKept.length > 0) {
    return markup`<p>What ${notKept.map((one, index) => markup`${index > 0 && ' and '}${digestMark(one)}`)} stood for is not kept: no difference can be told.</p>`;
  }
  if (platforms.length === 0)
    return markup`<p>The two share no platform that was looked into: no difference can be told.</p>`;
  return markup`${platforms.map(onPlatform)}`;
}

const unknownSides = { both: 'either', before: 'the older one', after: 'the newer one' } as const;

function onPlatform(one: PlatformDifference): Html {
  const name = markup`<h3>${brief(one.platform)}</h3>`;
  switch (one.kind) {
    case 'same-manifest':
      return markup`${name}<p>The same manifest: nothing of it differs.</p>`;
    case 'not-kept':
      return markup`${name}<p>The packages of ${unknownSides[one.missing]} are not kept, or nobody has looked into it: no difference can be told.</p>`;
    case 'compared':
      return compared(name, one);
  }
}

function compared(
  name: Html,
  { changes, packages, isWhole }: Extract<PlatformDifference, { readonly kind: 'compared' }>,
): Html {
  const more = isWhole
    ? undefined
    : markup`<p class="note">Something in one of them could not be read: there may be more.</p>`;
  if (changes.length === 0) {
    return markup`${name}<p>${count(packages, 'package')}${isWhole ? '' : ' that could be read'}, the same on both sides; files beside packages are not compared here.</p>${more}`;
  }
  const shown = changes.slice(0, limits.report.pagePackages.most);
  return markup`${name}${table(
    `${count(changes.length, 'package')} of ${grouped(packages)} ${changes.length === 1 ? 'differs' : 'differ'}`,
    [{ name: 'Package' }, { name: 'Change' }, { name: 'Before' }, { name: 'After' }],
    shown.map(({ name, architecture, kind, before, after }) => [
      brief(architecture === undefined ? name : `${name}:${architecture}`),
      markup`<span class="kind">${kind}</span>`,
      before === undefined ? '' : markup`<code>${brief(before)}</code>`,
      after === undefined ? '' : markup`<code>${brief(after)}</code>`,
    ]),
  )}${shown.length < changes.length && markup`<p class="dim">… and ${grouped(changes.length - shown.length)} more</p>`}${more}`;
}
