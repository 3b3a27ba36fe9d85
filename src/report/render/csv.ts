import { visible } from '../safe/visible.ts';

/**
 * Rows as RFC 4180 has them, with a header. A cell that a spreadsheet would take for a formula begins with an
 * apostrophe (OWASP, "CSV Injection"); control characters are shown, not sent.
 */
export function renderCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = visible(value);
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
