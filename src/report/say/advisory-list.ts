import { visible } from '../safe/visible.ts';

/** The first few ids in one place of a report; all of them are in the JSON. */
export function advisoryList(ids: readonly string[], most = 4): string {
  const shown = ids.slice(0, most).map(visible).join(', ');
  return ids.length > most ? `${shown} and ${ids.length - most} more` : shown;
}
