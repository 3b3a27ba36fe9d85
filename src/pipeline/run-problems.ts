import type { Problem } from '../core/problem.ts';
import { referenceKey } from '../core/reference.ts';
import type { ImageUse } from '../core/use.ts';
import type { ExaminedUse } from './decide.ts';
import type { DecidedRootfs } from './rootfs.ts';

/** Said once per digest, never guessed as `latest`. */
export function withoutTag(examined: readonly ExaminedUse[]): Problem[] {
  const said = new Set<string>();
  return examined.flatMap(({ use, examination }) => {
    const { reference } = use;
    if (examination.resolution.kind !== 'digest-only' || !reference || said.has(referenceKey(reference))) return [];
    said.add(referenceKey(reference));
    return [
      {
        code: 'digest-without-tag',
        message: `${use.written} has a digest and no tag, so only its existence was checked; add a tag (or a "# tag: …" comment above) to get updates`,
        subject: placeOf(use),
      },
    ];
  });
}

/** An archive that many images name is one trouble, not one per image. */
export function archiveTrouble(examined: readonly ExaminedUse[], rootfs: readonly DecidedRootfs[]): Problem[] {
  const ofImages = examined.flatMap(({ examination }) => examination.lag?.problems ?? []);
  const all = [...ofImages, ...rootfs.flatMap(({ problems }) => problems)];
  return [
    ...new Map(all.map((problem) => [`${problem.subject} ${problem.code} ${problem.message}`, problem])).values(),
  ];
}

function placeOf(use: ImageUse): string {
  return `${use.file}:${use.line}`;
}
