/** `1 package`, `3 packages`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** `12,345`. The platform's own way to write it takes ten milliseconds to load, in every run. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Bytes in decimal units, as registries and disks count: `58.2 MB`. */
export function bytes(number: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = number;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `3 files (2 compose) and 1 engine`; what there is none of is left out where there is the other. */
export function filesAndEngines(files: number, engines: number, about: readonly string[] = []): string {
  const ofFiles = `${count(files, 'file')}${about.length === 0 ? '' : ` (${about.join('; ')})`}`;
  const parts = [...(files > 0 || engines === 0 ? [ofFiles] : []), ...(engines > 0 ? [count(engines, 'engine')] : [])];
  return parts.join(' and ');
}
