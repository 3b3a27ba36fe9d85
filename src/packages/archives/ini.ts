/** One `[section]` with its values by lower-case key; lines that continue a value are joined with `\n`. */
export interface IniSection {
  readonly name: string;
  /** Of its heading; 1-based. */
  readonly line: number;
  readonly values: ReadonlyMap<string, string>;
}

/** The form of dnf.conf(5) and of `*.repo` files: `key=value` or `key: value`, `#` and `;` comments, continuation lines indented. */
export function readIni(text: string): readonly IniSection[] {
  const sections: IniSection[] = [];
  let values: Map<string, string> | undefined;
  let last: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trimEnd();
    if (line === '' || /^\s*[#;]/.test(line)) continue;
    const heading = /^\[(?<name>[^\]]+)\]/.exec(line)?.groups?.['name'];
    if (heading !== undefined) {
      values = new Map();
      sections.push({ name: heading.trim(), line: index + 1, values });
      last = undefined;
    } else if (/^\s/.test(line)) {
      if (last !== undefined) values?.set(last, `${values.get(last)}\n${line.trim()}`);
    } else {
      const at = line.search(/[=:]/);
      last = at > 0 ? line.slice(0, at).trim().toLowerCase() : undefined;
      if (last !== undefined) values?.set(last, line.slice(at + 1).trim());
    }
  }
  return sections;
}
