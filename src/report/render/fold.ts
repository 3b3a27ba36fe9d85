const reset = '\u001b[0m';
const paints = /\u001b\[\d+m/g;

/** Below so many columns a terminal is left to break lines itself. */
const least = 30;

/**
 * A line as lines that fit the terminal: words are never broken, colours go on, and what follows stands `hang` columns in.
 * Not for what somebody copies.
 */
export function folded(line: string, width = Number.POSITIVE_INFINITY, hang = 0): string[] {
  const room = Math.max(width, hang + least);
  if (columnsOf(line) <= room) return [line];
  const lines: string[] = [];
  let current = '';
  let painted = '';
  // Without what would be tried from each of its spaces.
  for (const word of line.trimEnd().match(/\s*\S+/g) ?? []) {
    if (columnsOf(current) > hang && columnsOf(current) + columnsOf(word) > room) {
      lines.push(painted === '' ? current : `${current}${reset}`);
      current = `${' '.repeat(hang)}${painted}${word.trimStart()}`;
    } else current += word;
    for (const [code] of word.matchAll(paints)) painted = code === reset ? '' : painted + code;
  }
  return [...lines, current];
}

/** So many columns a text takes, of what we print: nothing in it is wide. */
export function columnsOf(text: string): number {
  return text.replaceAll(paints, '').length;
}
