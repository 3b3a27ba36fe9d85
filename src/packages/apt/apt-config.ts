import { settingsText } from '../archives/excessive-settings.ts';
/** What apt's configuration in an image changes about candidates. */
export interface AptConfig {
  /** `APT::Architecture`: the native one. */
  readonly architecture?: string;
  /** `APT::Architectures`, never empty; absent: those that dpkg knows. */
  readonly architectures?: readonly string[];
  /** `APT::Default-Release`: the suite, codename or version that is preferred. */
  readonly defaultRelease?: string;
  /** False: `Acquire::Check-Valid-Until "false"`, an old Release is taken from every source. */
  readonly checksValidUntil: boolean;
}

/**
 * Reads `etc/apt/apt.conf.d/*` and then `etc/apt/apt.conf`, a later value replacing an earlier one. Source: apt.conf(5):
 * `A::B "v";` and `A { B "v"; };` are the same, names do not care for case; `A:: "v";` and `A { "v"; };` add to a list.
 * `#include` and `#clear` are not followed: neither leads to a value that is asked for here. Never throws.
 */
export function readAptConfig(files: ReadonlyMap<string, Uint8Array>): AptConfig {
  const values = new Map<string, string>();
  const architectures: string[] = [];
  for (const path of configFiles([...files.keys()])) {
    for (const [name, value] of settingsIn(settingsText(files.get(path)))) {
      values.set(name, value);
      if (/^apt::architectures(?:::|$)/.test(name))
        architectures.push(...value.split(/[\s,]+/).filter((one) => one !== ''));
    }
  }
  const defaultRelease = values.get('apt::default-release') ?? '';
  const check = values.get('acquire::check-valid-until') ?? '';
  const architecture = values.get('apt::architecture') ?? '';
  return {
    ...(architecture !== '' && { architecture }),
    ...(architectures.length > 0 && { architectures }),
    ...(defaultRelease !== '' && { defaultRelease }),
    checksValidUntil: !/^(?:no|false|without|off|disable|0)$/i.test(check),
  };
}

/** In apt's order: fragments without suffix or with `.conf`, by name, and then the main file. */
function configFiles(paths: readonly string[]): readonly string[] {
  const fragments = paths.filter((path) => isAptFragment(path, 'etc/apt/apt.conf.d/', '.conf')).sort();
  return [...fragments, ...paths.filter((path) => path === 'etc/apt/apt.conf')];
}

/**
 * Does apt read this file of a folder of fragments? It takes names of letters, digits, `_`, `-`, `:` and `.`, without
 * extension or with this one (apt.conf(5), apt_preferences(5)): `99a`, `docker.io.pref`, never `x.bak`.
 */
export function isAptFragment(path: string, folder: string, extension: string): boolean {
  const name = path.startsWith(folder) ? path.slice(folder.length) : '';
  return /^[\w:-][\w.:-]*$/.test(name) && (!name.includes('.') || name.endsWith(extension));
}

/** One token: a comment, a quoted text, a mark, or a word. */
const token = /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|#[^\n]*|"(?<quoted>[^"\n]*)"|(?<mark>[{};])|(?<word>[^\s{};"]+)/g;

function* settingsIn(text: string): Generator<readonly [name: string, value: string]> {
  const scopes: string[] = [];
  let words: string[] = [];
  for (const { groups } of text.matchAll(token)) {
    const { quoted, mark, word } = groups ?? {};
    if (quoted !== undefined || word !== undefined) {
      words.push(quoted ?? word ?? '');
    } else if (mark === '{') {
      scopes.push(words[0] ?? '');
      words = [];
    } else if (mark !== undefined) {
      // A value without a name is one of a list.
      const [name, value] = words.length === 1 && scopes.length > 0 ? ['', words[0]] : words;
      if (name !== undefined && value !== undefined) yield [[...scopes, name].join('::').toLowerCase(), value];
      if (mark === '}') scopes.pop();
      words = [];
    }
  }
}
