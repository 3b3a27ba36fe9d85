import { LineCursor } from '../text/lines.ts';
import { join, nothing, slice, type Traced, trimmed, typed, untied } from '../text/traced.ts';

/** One setting of a unit, as often as it is there. */
export interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: Traced;
}

/**
 * The settings of a unit, in order (systemd.syntax(7)): white space around lines, keys and values does not count, `#` and `;`
 * at the start of a line begin a comment, and a line that ends in a backslash goes on in the next one that is none. Linear.
 */
export function readUnit(text: string): readonly Setting[] {
  const settings: Setting[] = [];
  let section = '';
  const close = (pieces: readonly Traced[]): void => {
    const line = trimmed(join(pieces));
    const name = /^\[([^\]]*)\]$/.exec(line.text)?.[1];
    if (name !== undefined) section = name;
    const equals = line.text.indexOf('=');
    if (name !== undefined || equals < 0) return;
    const key = line.text.slice(0, equals).trimEnd();
    settings.push({ section, key, value: trimmed(slice(line, equals + 1)) });
  };
  let open: Traced[] = [];
  const cursor = new LineCursor(text);
  for (let range = cursor.next(); range !== undefined; range = cursor.next()) {
    const line = trimmed(typed(text, range.start, range.end));
    if (/^[#;]/.test(line.text)) continue;
    const goesOn = line.text.endsWith('\\');
    open.push(goesOn ? slice(line, 0, line.text.length - 1) : line);
    if (goesOn) {
      open.push(untied(' '));
      continue;
    }
    close(open);
    open = [];
  }
  close(open.length === 0 ? [nothing] : open);
  return settings;
}
