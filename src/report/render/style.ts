import type { FindingClass } from '../../core/finding.ts';

/** Paints text for a terminal; `plain` paints nothing. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  magenta(text: string): string;
}

/** How text for people is laid out. */
export interface Layout {
  readonly style: Style;
  /** Columns; sentences are broken to fit. Absent: not broken, as for a file or a pipe. */
  readonly width?: number;
}

const paint =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`;

export const coloured: Style = {
  bold: paint(1),
  dim: paint(2),
  red: paint(31),
  yellow: paint(33),
  green: paint(32),
  magenta: paint(35),
};

const same = (text: string): string => text;
export const plain: Style = { bold: same, dim: same, red: same, yellow: same, green: same, magenta: same };

/** How loud a class is. */
export function classStyle(kind: FindingClass, style: Style): (text: string) => string {
  switch (kind) {
    case 'pin-broken':
    case 'security':
      return (text) => style.bold(style.red(text));
    case 'packages':
    case 'config':
    case 'content':
    case 'stale':
    case 'lagging':
      return style.yellow;
    case 'unknown':
    case 'end-of-life':
      return style.magenta;
    default:
      return style.dim;
  }
}
