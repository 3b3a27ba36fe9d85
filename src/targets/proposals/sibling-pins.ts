import type { Finding } from '../../core/finding.ts';
import type { DecidedPin } from '../../verdict/decided.ts';

/**
 * The findings that an update writes: the wanted ones, and those of other pins in the same stage that were built from
 * the same source. Such packages depend on each other's exact version (`libssl3 (= ${binary:Version})`), so one that
 * stays behind breaks the build that moving the other was to repair. What the rules ignore, or a hold keeps, stays.
 */
export function withSiblings(
  pins: readonly DecidedPin[],
  isWanted: (finding: Finding) => boolean,
  isAllowed: (finding: Finding) => boolean,
): readonly { readonly pin: DecidedPin['pin']; readonly finding: Finding }[] {
  const all = pins.flatMap(({ pin, findings }) => findings.map((finding) => ({ pin, finding })));
  const moving = new Set(all.filter(({ finding }) => isWanted(finding)).map(({ pin }) => familyOf(pin)));
  return all.filter(
    ({ pin, finding }) => isWanted(finding) || (moving.has(familyOf(pin)) && canFollow(finding) && isAllowed(finding)),
  );
}

/** File, stage and source; a package that names no source was built from one of its own name. */
function familyOf({ placed, rows }: DecidedPin['pin']): string {
  const { place, pin } = placed;
  return JSON.stringify([place.tree, place.file, pin.stage ?? null, rows[0]?.source ?? pin.name]);
}

function canFollow({ remedy, latest }: Finding): boolean {
  return remedy === 'edit' && latest?.version !== undefined;
}
