import type { GivenArguments } from '../format.ts';
import type { Traced } from '../text/traced.ts';
import { type Definition, suppliers } from './definitions.ts';
import type { UseContext } from './uses.ts';

/** What arguments that other files order the build with make of an image: a sentence, and whether they decide a part of it. */
export function givenPart(
  expanded: Traced,
  given: GivenArguments,
  definitions: readonly Definition[],
): ReturnType<UseContext['given']> {
  if (given.size === 0) return {};
  const names = [...given].flatMap(([name, { value, by }]) =>
    value !== undefined && value !== '' && expanded.text.includes(value) ? [`${name} by ${by}`] : [],
  );
  if (names.length > 0 && expanded.runs.some(({ from }) => from < 0)) {
    return { note: `it is built with ${names.join(', ')}: that was looked at, not the default`, isGiven: true };
  }
  const open = [...suppliers(definitions, expanded)].flatMap(({ name }) => {
    const found = given.get(name);
    return found !== undefined && found.value === undefined ? [`${name} (${found.by})`] : [];
  });
  if (open.length === 0) return {};
  return { note: `it is built with different values of ${open.join(', ')}; the default here was looked at` };
}
