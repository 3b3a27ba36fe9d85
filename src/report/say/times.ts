/** A day of UTC: `2026-11-29`. Milliseconds since 1970. */
export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** A minute of UTC: `2026-11-29 12:00Z`. Milliseconds since 1970. */
export function minuteText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
