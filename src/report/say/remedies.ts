const remedies: Readonly<Record<string, string>> = {
  edit: 'update the pin',
  rebuild: 'rebuild without cache',
  redeploy: 'start it anew',
  'upgrade-line': 'add the upgrade line',
  'newer-base': 'wait for, or choose, a newer base',
};

/** What a remedy asks somebody to do. */
export function remedyWords(remedy: string): string {
  return remedies[remedy] ?? remedy;
}
