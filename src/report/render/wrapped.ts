/** A line never gets narrower than this: what is then too wide is the terminal's to break. */
const leastRoom = 30;

/** A text in lines that fit, broken between words, each behind `indent`. Without a width it is one line, as for a file or a pipe. Pure. */
export function wrapped(text: string, indent: string, width = Number.POSITIVE_INFINITY): string[] {
  const room = Math.max(width - indent.length, leastRoom);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}${line}`);
}
