export type Order = -1 | 0 | 1;

/** By UTF-16 code unit, which for the ASCII of version strings is byte order. */
export function compareText(a: string, b: string): Order {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Two runs of ASCII digits as integers of any size; an empty run is 0. Never through Number, which stops at 2^53. */
export function compareDigits(a: string, b: string): Order {
  const x = a.slice(leadingZeros(a));
  const y = b.slice(leadingZeros(b));
  return x.length === y.length ? compareText(x, y) : x.length < y.length ? -1 : 1;
}

function leadingZeros(digits: string): number {
  let zeros = 0;
  while (digits.charCodeAt(zeros) === 48) zeros++;
  return zeros;
}

/** Is a UTF-16 unit an ASCII digit? */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Is a UTF-16 unit an ASCII letter? */
export function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** The index of the first code unit at or after `from` that the test refuses. */
export function skipWhile(text: string, from: number, test: (code: number) => boolean): number {
  let i = from;
  while (i < text.length && test(text.charCodeAt(i))) i++;
  return i;
}
