import type { WatchtowerSettings } from './watchtower-settings.ts';

/** The fields of cron that come as often as Watchtower looks; undefined when it looks once. Pure. */
export function cronFields(values: WatchtowerSettings['values'], notes: string[]): string | undefined {
  if (values.has('run-once')) return undefined;
  const schedule = values.get('schedule')?.[0];
  const times = schedule === undefined ? every(Number(values.get('interval')?.[0] ?? 86_400)) : fieldsOf(schedule);
  const flag = schedule === undefined ? 'interval' : 'schedule';
  if (times === undefined) notes.push(`--${flag}: could not be understood; once a day was taken`);
  else if (times.isRounded) notes.push(`--${flag}: cron knows no such time; the nearest was taken`);
  return times?.fields ?? '17 4 * * *';
}

interface Times {
  readonly fields: string;
  readonly isRounded?: boolean;
}

/** Six fields, the first of which are seconds, or a word of robfig/cron. */
function fieldsOf(schedule: string): Times | undefined {
  const words: Readonly<Record<string, string>> = {
    '@yearly': '0 0 1 1 *',
    '@annually': '0 0 1 1 *',
    '@monthly': '0 0 1 * *',
    '@weekly': '0 0 * * 0',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@hourly': '0 * * * *',
  };
  const text = schedule.trim();
  if (Object.hasOwn(words, text)) return { fields: words[text] as string };
  const period = /^@every ((?:\d+[hms])+)$/.exec(text)?.[1];
  if (period !== undefined) {
    const seconds = [...period.matchAll(/(\d+)([hms])/g)].map(
      ([, n, unit]) => Number(n) * { h: 3600, m: 60, s: 1 }[unit as 'h'],
    );
    return every(seconds.reduce((sum, one) => sum + one, 0));
  }
  const fields = text.split(/\s+/);
  if (fields.length !== 6 || !fields.every((field) => /^[\d*?/,A-Za-z-]{1,60}$/.test(field))) return undefined;
  const [seconds = '', ...rest] = fields;
  return { fields: rest.join(' ').replaceAll('?', '*'), ...(!/^\d+$/.test(seconds) && { isRounded: true }) };
}

/** The same as often as cron can: minutes that divide an hour, hours that divide a day, days. */
function every(seconds: number): Times | undefined {
  if (!Number.isInteger(seconds) || seconds <= 0) return undefined;
  const nearest = (wanted: number, all: readonly number[]): number =>
    all.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));
  if (seconds >= 82_800) {
    const days = Math.max(1, Math.min(28, Math.round(seconds / 86_400)));
    return {
      fields: days === 1 ? '17 4 * * *' : `17 4 */${days} * *`,
      ...(days * 86_400 !== seconds && { isRounded: true }),
    };
  }
  if (seconds >= 3600) {
    const hours = nearest(seconds / 3600, [1, 2, 3, 4, 6, 8, 12]);
    return { fields: `17 */${hours} * * *`, ...(hours * 3600 !== seconds && { isRounded: true }) };
  }
  const minutes = nearest(seconds / 60, [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30]);
  return { fields: `*/${minutes} * * * *`, ...(minutes * 60 !== seconds && { isRounded: true }) };
}
