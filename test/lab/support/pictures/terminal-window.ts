import { escapeHtml } from '../../../../src/report/safe/escape-html.ts';

// What style.ts paints with.
const paints: Readonly<Record<string, string>> = {
  1: 'font-weight:bold',
  2: 'opacity:.7',
  31: 'color:#ff7b72',
  32: 'color:#56d364',
  33: 'color:#e3b341',
  35: 'color:#d2a8ff',
};

/** A dark terminal of so many columns, with a command and what it printed; breaks lines where a terminal does. */
export function terminalWindow(command: string, printed: string, columns: number): string {
  const lines = [`\u001b[32m$\u001b[0m ${command}`, ...printed.trimEnd().split('\n')];
  const rows = lines.flatMap((line) => rowsOf(line, columns)).join('\n');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>terminal</title><style>body{margin:0;background:#0d1117}pre{margin:0;padding:12px;box-sizing:content-box;width:${columns}ch;color:#e6edf3;font:14px/1.35 "DejaVu Sans Mono",monospace}</style><pre>${rows}</pre></html>`;
}

/** A line as rows of HTML. Throws on a code that it does not know. */
function rowsOf(line: string, columns: number): string[] {
  const rows = [''];
  let column = 0;
  let styles: string[] = [];
  for (const [, code, text = ''] of line.matchAll(/\u001b\[(\d+)m|([^\u001b])/gu)) {
    if (code !== undefined) {
      const paint = paints[code];
      if (code !== '0' && paint === undefined) throw new Error(`no picture of the code ${code}`);
      styles = paint === undefined ? [] : [...styles, paint];
      continue;
    }
    if (column === columns) {
      rows.push('');
      column = 0;
    }
    column++;
    const cell = escapeHtml(text);
    rows[rows.length - 1] +=
      styles.length === 0 || text === ' ' ? cell : `<span style="${styles.join(';')}">${cell}</span>`;
  }
  return rows;
}

/** What is too wide for its terminal and not there to be copied: code, a command, one long word. */
export function tooWide(printed: string, columns: number): string[] {
  return printed
    .replaceAll(/\u001b\[\d+m/g, '')
    .split('\n')
    .filter((line) => [...line].length > columns)
    .filter((line) => !/^\s*(?:\S+$|[-+@])|\b(?:FROM|RUN|npm run plimsoll) /.test(line));
}
