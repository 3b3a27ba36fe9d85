import { join, slice, type Traced } from '../text/traced.ts';

/**
 * The image or stage a `--mount` value names with `from=`; undefined when it names none. The last `from` counts.
 * Source: BuildKit frontend/dockerfile/instructions/commands_runmount.go, parseMount: one record of comma-separated
 * values, where a field in double quotes may hold commas.
 */
export function mountSource(value: Traced): Traced | undefined {
  let source: Traced | undefined;
  for (const field of fields(value)) {
    const equals = field.text.indexOf('=');
    if (equals > 0 && field.text.slice(0, equals).toLowerCase() === 'from') source = slice(field, equals + 1);
  }
  return source?.text === '' ? undefined : source;
}

function fields(value: Traced): Traced[] {
  const result: Traced[] = [];
  let at = 0;
  while (at <= value.text.length) {
    if (value.text.charAt(at) === '"') {
      const pieces: Traced[] = [];
      let from = at + 1;
      let quote = value.text.indexOf('"', from);
      for (; quote >= 0 && value.text.charAt(quote + 1) === '"'; quote = value.text.indexOf('"', from)) {
        pieces.push(slice(value, from, quote + 1));
        from = quote + 2;
      }
      const end = quote < 0 ? value.text.length : quote;
      result.push(join([...pieces, slice(value, from, end)]));
      at = end + 1;
    }
    const comma = value.text.indexOf(',', at);
    const end = comma < 0 ? value.text.length : comma;
    if (value.text.charAt(at - 1) !== '"' || at === 0) result.push(slice(value, at, end));
    at = end + 1;
  }
  return result;
}
