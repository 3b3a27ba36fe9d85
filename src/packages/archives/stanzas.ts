/** One stanza: values by lower-case field name, continuation lines joined with `\n`, each trimmed at its end. */
export interface Stanza {
  readonly fields: ReadonlyMap<string, string>;
  /** Of its first line; 1-based. */
  readonly line: number;
}

/** deb822(5) with `#` comment lines, as apt's own files use it. Lines of another form are left out. */
export function readStanzas(text: string): readonly Stanza[] {
  const stanzas: Stanza[] = [];
  let fields = new Map<string, string>();
  let first = 0;
  let last: string | undefined;
  const end = (): void => {
    if (fields.size > 0) stanzas.push({ fields, line: first });
    fields = new Map();
    first = 0;
    last = undefined;
  };
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trimEnd();
    if (line === '') end();
    else if (line.startsWith('#')) continue;
    else if (/^[ \t]/.test(line)) {
      if (last !== undefined) fields.set(last, `${fields.get(last)}\n${line.slice(1)}`);
    } else {
      const colon = line.indexOf(':');
      last = colon > 0 ? line.slice(0, colon).toLowerCase() : undefined;
      if (last === undefined) continue;
      if (first === 0) first = index + 1;
      fields.set(last, line.slice(colon + 1).trim());
    }
  }
  end();
  return stanzas;
}
