const context = 3;

/**
 * A unified diff of two texts with the same number of lines, which is what replacing digests makes (POSIX diff -u;
 * applies with patch -p1). Empty when they are equal.
 */
export function unifiedDiff(file: string, before: string, after: string): string {
  const [a, b] = [splitLines(before), splitLines(after)];
  const changed = a.flatMap((line, i) => (line === b[i] ? [] : [i]));
  if (changed.length === 0) return '';
  const hunks: { start: number; end: number }[] = [];
  for (const i of changed) {
    const [start, end] = [Math.max(0, i - context), Math.min(a.length, i + context + 1)];
    const last = hunks.at(-1);
    if (last && start <= last.end) last.end = end;
    else hunks.push({ start, end });
  }
  return [
    `--- ${quoted(`a/${file}`)}\n`,
    `+++ ${quoted(`b/${file}`)}\n`,
    ...hunks.map(({ start, end }) => hunk(a, b, start, end)),
  ].join('');
}

/**
 * A name as git writes and reads it: quoted as in C when it holds what would end it; a tab behind one with spaces, for
 * GNU patch (git's quote.c, and git-config on core.quotePath).
 */
function quoted(name: string): string {
  if (!/[\u0000-\u001f"\\\u007f]/.test(name)) return name.includes(' ') ? `${name}\t` : name;
  const octal = (c: string): string => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`;
  return `"${name.replace(/["\\\u0000-\u001f\u007f]/g, octal)}"`;
}

function hunk(a: readonly string[], b: readonly string[], start: number, end: number): string {
  const out = [`@@ -${start + 1},${end - start} +${start + 1},${end - start} @@\n`];
  for (let i = start; i < end; ) {
    if (a[i] === b[i]) {
      out.push(marked(' ', a[i++]));
      continue;
    }
    let to = i;
    while (to < end && a[to] !== b[to]) to++;
    out.push(...a.slice(i, to).map((line) => marked('-', line)), ...b.slice(i, to).map((line) => marked('+', line)));
    i = to;
  }
  return out.join('');
}

function marked(mark: string, line = ''): string {
  return line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`;
}

/** Lines with their terminators; a last line without one is a line. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
