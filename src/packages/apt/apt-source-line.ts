/** One source as it is written, before its addresses and suites are multiplied out. */
export interface WrittenSource {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** By the names that stanzas have for them, in lower case. */
  readonly options: ReadonlyMap<string, string>;
  readonly place: string;
}

/**
 * `deb [option=value …] URI SUITE COMPONENT…`, by sources.list(5): a word may hold quotes and brackets, whose blanks do
 * not end it, and `%xx`. Undefined for a line that apt cannot read, `'nothing'` for an empty one.
 */
export function readSourceLine(raw: string, place: string): WrittenSource | 'nothing' | undefined {
  // A `#` in brackets begins no comment.
  const line = (/^(?:\[[^\]]*\]|[^#])*/.exec(raw)?.[0] ?? '').trim();
  if (line === '') return 'nothing';
  const type = /^deb(?:-src)?(?=\s)/.exec(line)?.[0];
  if (type === undefined) return undefined;
  const optional = takeOptions(line.slice(type.length).trimStart());
  const [uri, suite, ...components] = (optional && allWords(optional.rest)) ?? [];
  if (optional === undefined || uri === undefined || suite === undefined) return undefined;
  return { types: [type], uris: [uri], suites: [suite], components, options: optional.options, place };
}

interface Options {
  readonly options: ReadonlyMap<string, string>;
  readonly rest: string;
}

function takeOptions(text: string): Options | undefined {
  const options = new Map<string, string>();
  if (!text.startsWith('[')) return { options, rest: text };
  let rest = text.slice(1).trimStart();
  while (!rest.startsWith(']')) {
    const {
      option,
      key,
      modifier = '',
      value,
    } = /^(?<option>(?<key>[^\s"\]=+-](?:[^\s"\]=]*[^\s"\]=+-])?)(?<modifier>[+-]?)=(?<value>(?:"[^"]*"|[^\s"\]])+))(?=\s|\](?:\s|$))/.exec(
      rest,
    )?.groups ?? {};
    if (option === undefined || key === undefined || value === undefined) return undefined;
    options.set(`${optionNames[key] ?? key}${modifiers[modifier] ?? ''}`, plain(value));
    rest = rest.slice(option.length).trimStart();
  }
  return { options, rest: rest.slice(1).trimStart() };
}

/** The one-line form spells these differently. */
const optionNames: Readonly<Record<string, string>> = { arch: 'architectures' };
const modifiers: Readonly<Record<string, string>> = { '+': '-add', '-': '-remove' };

/** Undefined when a quote or a bracket has no partner. */
function allWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const word = /^(?:"[^"]*"|\[[^\]]*\]|[^\s"[])+(?=\s|$)/.exec(rest)?.[0];
    if (word === undefined) return undefined;
    words.push(plain(word));
    rest = rest.slice(word.length).trimStart();
  }
  return words;
}

function plain(word: string): string {
  return word
    .replaceAll('"', '')
    .replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
