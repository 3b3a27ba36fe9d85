/**
 * The word of a list that somebody most likely meant; undefined when none is near: two letters may be wrong, missing, too
 * many or swapped, one in words of up to five letters. Else it may be the beginning of a single one (`repos` of `repositories`).
 */
export function nearestWord(text: string, words: readonly string[]): string | undefined {
  const typed = text.toLowerCase();
  const most = typed.length <= 5 ? 1 : 2;
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const word of words) {
    if (Math.abs(word.length - typed.length) > most) continue;
    const distance = distanceOf(typed, word.toLowerCase());
    if (distance <= most && (best === undefined || distance < best.distance)) best = { word, distance };
  }
  return best?.word ?? (typed.length >= 3 ? begunWith(typed, words) : undefined);
}

function begunWith(typed: string, words: readonly string[]): string | undefined {
  const begun = words.filter((word) => word.toLowerCase().startsWith(typed));
  return begun.length === 1 ? begun[0] : undefined;
}

/** `; did you mean "amd64"?`, or nothing. */
export function didYouMean(text: string, words: readonly string[]): string {
  const word = nearestWord(text, words);
  return word === undefined ? '' : `; did you mean ${JSON.stringify(word)}?`;
}

/** Letters to insert, leave out, replace or swap with their neighbour: the optimal string alignment distance. */
function distanceOf(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + Number(!isSame));
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(isSwapped ? Math.min(least, (before[j - 2] ?? 0) + 1) : least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
