import type { TextRange } from '../../core/parsed-file.ts';
import type { Traced } from '../text/traced.ts';

/** The default of an ARG before the first FROM: a place an edit may have to go to. */
export interface Definition {
  readonly name: string;
  /** The default as typed, quotes included. */
  readonly range: TextRange;
  /** A stage declares the ARG again, so more than image names depend on the default. */
  inherited: boolean;
}

/** The definition an offset lies in; `definitions` stand in file order. */
export function definitionAt(definitions: readonly Definition[], offset: number): Definition | undefined {
  let low = 0;
  let high = definitions.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((definitions[middle]?.range.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const found = definitions[low];
  return found && offset >= found.range.start && offset < found.range.end ? found : undefined;
}

/** The definitions that supply characters of a text. */
export function suppliers(definitions: readonly Definition[], traced: Traced): ReadonlySet<Definition> {
  const found = new Set<Definition>();
  // No run spans two definitions: a keyword or a name and an equals sign stand between them.
  for (const { from } of traced.runs) {
    const definition = definitionAt(definitions, from);
    if (definition !== undefined) found.add(definition);
  }
  return found;
}
