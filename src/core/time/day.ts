/** Does a text begin with a day that is one, such as `2026-12-24`? 2026-02-30 is none, which Date.parse takes for 2 March. */
export function beginsWithDay(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}(?!\d)/.exec(text)?.[0];
  if (day === undefined) return false;
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
