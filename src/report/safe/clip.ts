import { visible } from './visible.ts';

/** Text from outside as one visible line of at most so many UTF-16 units; what was cut is marked with `…`. */
export function clip(text: string, most: number): string {
  // Every invisible character grows, so the tail beyond the limit can never be seen; a hostile text is not worked through.
  const shown = visible(text.length > most + 1 ? text.slice(0, most + 1) : text).trim();
  if (shown.length <= most) return shown;
  const end = isHighSurrogate(shown.charCodeAt(most - 2)) ? most - 2 : most - 1;
  return `${shown.slice(0, end)}…`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
