/** One authentication challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** Lower case: `bearer`, `basic`, `negotiate`. */
  readonly scheme: string;
  /** Names in lower case; values unquoted and unescaped. */
  readonly params: Readonly<Record<string, string>>;
  readonly token68?: string;
}

const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const token68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const space = /[ \t]*/y;
const separators = /[ \t,]*/y;
// Wider than the grammar: some registries leave realm="https://…" unquoted.
const bareValue = /[^\s,"]*/y;

/**
 * Parses one or several `WWW-Authenticate` values (RFC 9110 §11.6.1); several challenges may share one value.
 * Never throws: text that fits no challenge ends the reading of its value, and what stood before it counts.
 */
export function parseChallenge(headers: string | readonly string[]): Challenge[] {
  return (typeof headers === 'string' ? [headers] : headers).flatMap(parseValue);
}

function parseValue(text: string): Challenge[] {
  const challenges: Challenge[] = [];
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  /** A `name = value` here, or nothing taken. */
  const parameter = (): [string, string] | undefined => {
    const start = at;
    const name = take(token);
    take(space);
    if (name === '' || text[at] !== '=') {
      at = start;
      return undefined;
    }
    at++;
    take(space);
    return [name.toLowerCase(), text[at] === '"' ? quoted() : take(bareValue)];
  };
  const quoted = (): string => {
    let value = '';
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\' && at + 1 < text.length) at++;
      value += text[at];
    }
    at++;
    return value;
  };

  for (take(separators); at < text.length; take(separators)) {
    const scheme = take(token);
    if (scheme === '') break;
    const hadSpace = take(space) !== '';
    const params = new Map<string, string>();
    const credentials = hadSpace ? take(token68) : '';
    if (credentials === '') {
      for (;;) {
        const start = at;
        take(separators);
        const pair = parameter();
        if (!pair) {
          at = start;
          break;
        }
        // RFC 9110 §11.2: a name occurs once; the first wins, as a later one could only be an addition by somebody else.
        if (!params.has(pair[0])) params.set(...pair);
      }
    }
    challenges.push({
      scheme: scheme.toLowerCase(),
      params: Object.fromEntries(params),
      ...(credentials !== '' && { token68: credentials }),
    });
  }
  return challenges;
}
