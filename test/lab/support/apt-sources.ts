import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** One repository of the machine, as sources.list(5) describes it. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** What a one-line entry must carry in brackets for apt to trust the repository. */
  readonly options: readonly string[];
}

/** Reads the sources that apt reads, in its order. */
export function machineSources(root = '/etc/apt'): AptSource[] {
  const folder = `${root}/sources.list.d`;
  const files = [
    `${root}/sources.list`,
    ...(existsSync(folder) ? readdirSync(folder).sort() : []).map((name) => `${folder}/${name}`),
  ];
  return files.filter(existsSync).flatMap((file) => {
    const text = file.endsWith('.list') || file.endsWith('.sources') ? readFileSync(file, 'utf8') : '';
    return file.endsWith('.sources') ? parseDeb822Sources(text) : parseOneLineSources(text);
  });
}

/** `deb [option=value …] URI SUITE COMPONENT…` */
export function parseOneLineSources(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[(?<options>[^\]]*)\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)(?<components>[^#]*)/.exec(line);
    const { options = '', uri = '', suite = '', components = '' } = match?.groups ?? {};
    if (!match) return [];
    return [{ uri, suite, components: words(components), options: words(options).filter(isAboutTrust) }];
  });
}

/** Stanzas of `Types`, `URIs`, `Suites`, `Components`, `Signed-By`. */
export function parseDeb822Sources(text: string): AptSource[] {
  const stanzas = text.replace(/^#.*\n/gm, '').split(/\n\s*\n/);
  return stanzas.flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const { groups = {} } of stanza.matchAll(/^(?<key>[\w-]+):(?<value>.*(?:\n[ \t].*)*)/gm)) {
      fields.set(groups.key?.toLowerCase() ?? '', groups.value ?? '');
    }
    const list = (key: string): string[] => words(fields.get(key) ?? '');
    if (!list('types').includes('deb') || list('enabled')[0] === 'no') return [];
    // A key written out in the stanza has no place in one line; the keyrings of the machine serve for Debian.
    const options = [
      ...list('signed-by')
        .filter((file) => file.startsWith('/'))
        .slice(0, 1),
    ]
      .map((file) => `signed-by=${file}`)
      .concat(list('trusted')[0] === 'yes' ? ['trusted=yes'] : []);
    return list('uris').flatMap((uri) =>
      list('suites').map((suite) => ({ uri, suite, components: list('components'), options })),
    );
  });
}

/**
 * The lines for another Debian release from where this machine gets its own: `main` alone, and `main` with updates and
 * security. Throws when the machine names no Debian archive.
 */
export function debianLines(
  sources: readonly AptSource[],
  machine: string,
  release: string,
): { readonly older: readonly string[]; readonly newer: readonly string[] } {
  const offers = (suite: string): AptSource[] =>
    sources.filter((source) => source.suite === suite && source.components.includes('main'));
  const updates = offers(`${machine}-updates`)[0];
  // Other publishers have a suite of the same name; only Debian's own archive has the updates beside it.
  const main = offers(machine).find(({ uri }) => uri === updates?.uri) ?? offers(machine)[0];
  if (!main) throw new Error(`the apt sources of this machine name no archive with ${machine} main`);
  const security = offers(`${machine}-security`)[0];
  const line = ({ uri, options }: AptSource, suite: string): string =>
    ['deb', ...(options.length > 0 ? [`[${options.join(' ')}]`] : []), uri, suite, 'main'].join(' ');
  const older = [line(main, release)];
  return {
    older,
    newer: [...older, line(main, `${release}-updates`), ...(security ? [line(security, `${release}-security`)] : [])],
  };
}

function isAboutTrust(option: string): boolean {
  return /^(?:signed-by|trusted)=/.test(option);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
