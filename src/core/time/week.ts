/**
 * The ISO 8601 week of a moment in a time zone, such as `2026-W47`: weeks begin on Monday and belong to the year of
 * their Thursday. `timezone` is an IANA name.
 */
export function isoWeek(milliseconds: number, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  }).formatToParts(milliseconds);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const thursday = new Date(Date.UTC(part('year'), part('month') - 1, part('day')));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
