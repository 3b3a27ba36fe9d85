import type { Problem } from '../../core/problem.ts';
import { type AptConfig, readAptConfig } from './apt-config.ts';
import type { AptRepository, SourceTrust } from './apt-repository.ts';
import { readStanzas } from './stanzas.ts';

export interface AptSources {
  readonly repositories: readonly AptRepository[];
  /** Not empty when apt in the image looks in more places than are listed. */
  readonly problems: readonly Problem[];
}

/** One source before its addresses and suites are multiplied out. */
interface Written {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  readonly place: string;
}

const longestFile = 1024 * 1024;
/** Real images have fewer than twenty; each costs requests. */
const mostRepositories = 100;
const mostProblems = 50;

/**
 * The repositories that a root file system enables, by sources.list(5): the one-line form in `sources.list` and
 * `*.list`, stanzas in `*.sources`. `architecture` is what `$(ARCH)` stands for. Never throws.
 */
export function readAptSources(files: ReadonlyMap<string, Uint8Array>, architecture: string): AptSources {
  const config = readAptConfig(files);
  const repositories = new Map<string, AptRepository>();
  const problems: Problem[] = [];
  let isFull = false;
  for (const [path, bytes] of [...files].filter(([path]) => isSourcesFile(path)).sort(bySourcesOrder)) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestFile)).toString('utf8');
    if (bytes.length > longestFile) problems.push(problem('apt-source-unreadable', path, 'is longer than is read'));
    const written = path.endsWith('.sources') ? stanzaSources(path, text) : lineSources(path, text, problems);
    for (const source of written) {
      if (!source.types.includes('deb')) continue;
      for (const one of multiply(source, architecture, config, problems)) {
        const key = [one.uri, one.suite, ...one.components].join(' ');
        if (repositories.size < mostRepositories || repositories.has(key)) repositories.set(key, one);
        else isFull = true;
      }
      if (isFull || problems.length > mostProblems) break;
    }
  }
  if (isFull || problems.length > mostProblems) {
    const message = `the image has more apt sources than the first ${repositories.size} package repositories and ${mostProblems} problems; what the others offer is not known`;
    problems.splice(mostProblems, problems.length, { code: 'apt-too-many-sources', message });
  }
  if (repositories.size === 0 && problems.length === 0) {
    const message =
      'the image enables no package repository, so there is nothing to compare its packages with; look at the image it was built from';
    problems.push({ code: 'no-repositories', message });
  }
  return { repositories: [...repositories.values()], problems };
}

function isSourcesFile(path: string): boolean {
  return path === 'etc/apt/sources.list' || /^etc\/apt\/sources\.list\.d\/[\w:-][\w.:-]*\.(?:list|sources)$/.test(path);
}

function bySourcesOrder([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** `deb [option=value …] URI SUITE COMPONENT…`, an address may stand in brackets or quotes. */
function lineSources(path: string, text: string, problems: Problem[]): readonly Written[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/#.*/, '').trim();
    if (line === '') return [];
    const place = `${path}:${index + 1}`;
    const match =
      /^(?<type>deb|deb-src)\s+(?:\[(?<options>[^\]]*)\]\s+)?(?<uri>\S+|cdrom:\[[^\]]*\]\S*)\s+(?<suite>\S+)(?:\s+(?<components>.*))?$/.exec(
        line,
      )?.groups;
    if (!match) {
      problems.push(problem('apt-source-unreadable', place, 'is no line that apt understands'));
      return [];
    }
    const pairs = words(match['options']).flatMap((word) => {
      // `arch+=` and `arch-=` change a list that is not known here.
      const [, key, value] = /^([\w-]*\w)=(.*)$/.exec(word) ?? [];
      return key === undefined || value === undefined ? [] : [[optionName(key), value.replaceAll(',', ' ')] as const];
    });
    const written = {
      types: [match['type'] ?? ''],
      uris: [match['uri'] ?? ''],
      suites: [match['suite'] ?? ''],
      components: words(match['components']),
      options: new Map(pairs),
      place,
    };
    return [written];
  });
}

/** The one-line form spells three options differently. */
function optionName(key: string): string {
  return key === 'arch' ? 'architectures' : key.toLowerCase();
}

function stanzaSources(path: string, text: string): readonly Written[] {
  return readStanzas(text).flatMap(({ fields, line }) => {
    if (isNo(fields.get('enabled'))) return [];
    return [
      {
        types: words(fields.get('types')),
        // One more than are looked at, so that too many are noticed and never multiplied out.
        uris: words(fields.get('uris')).slice(0, mostRepositories + 1),
        suites: words(fields.get('suites')).slice(0, mostRepositories + 1),
        components: words(fields.get('components')),
        options: fields,
        place: `${path}:${line}`,
      },
    ];
  });
}

function multiply(
  source: Written,
  architecture: string,
  config: AptConfig,
  problems: Problem[],
): readonly AptRepository[] {
  const { options, place, components } = source;
  const snapshot = options.get('snapshot') ?? '';
  if (/^\d{8}T\d{6}Z$/.test(snapshot)) {
    const what = `asks for its snapshot of ${snapshot}, at an address that apt learns elsewhere; what that has is not known, and nothing newer than that day comes from it`;
    problems.push(problem('apt-source-snapshot', place, what));
    return [];
  }
  const put = (text: string): string => text.replaceAll('$(ARCH)', architecture);
  const uris = source.uris.flatMap((text) => {
    const uri = parseUri(put(text));
    if (typeof uri === 'string') return [uri];
    problems.push(problem(uri.code, place, uri.message));
    return [];
  });
  const architectures = words(options.get('architectures'));
  return uris.flatMap((uri) =>
    source.suites.flatMap((written) => {
      const suite = put(written);
      const isFlat = suite.endsWith('/');
      if (isFlat === components.length > 0 || suite.split('/').includes('..') || components.some(isOdd)) {
        problems.push(problem('apt-source-unreadable', place, 'does not name a suite with components, or a folder'));
        return [];
      }
      return [
        {
          uri,
          suite,
          components: [...new Set(components)],
          ...(architectures.length > 0 && { architectures }),
          trust: trustOf(options),
          checksValidUntil: options.has('check-valid-until')
            ? !isNo(options.get('check-valid-until'))
            : config.checksValidUntil,
          place,
        },
      ];
    }),
  );
}

function isOdd(component: string): boolean {
  return !/^[\w.+/-]+$/.test(component) || component.split('/').includes('..');
}

function trustOf(options: ReadonlyMap<string, string>): SourceTrust {
  const trusted = options.get('trusted');
  const signedBy = options.get('signed-by') ?? '';
  const isKey = signedBy.includes('BEGIN PGP PUBLIC KEY BLOCK');
  return {
    ...(trusted !== undefined && trusted !== '' && { trusted: !isNo(trusted) }),
    signedBy: isKey ? [] : words(signedBy).map((word) => word.replace(/^\//, '')),
    // A `.` stands for an empty line there.
    ...(isKey && { armoredKey: signedBy.replace(/^[ \t]*\.?$/gm, '').trim() }),
  };
}

/** The address with a final slash, or why packages from there cannot be looked at. */
function parseUri(text: string): string | { code: string; message: string } {
  const method = /^[a-z0-9+.-]+(?=:)/i.exec(text)?.[0]?.toLowerCase() ?? '';
  if (method === 'cdrom')
    return { code: 'apt-source-cdrom', message: 'names a disc; what it offers cannot be seen from here' };
  if (method === 'file' || method === 'copy') {
    return {
      code: 'apt-source-file',
      message: 'names a folder inside the image or of the machine it was built on, which is not read',
    };
  }
  if (method.startsWith('mirror')) {
    return {
      code: 'apt-source-mirror',
      message: 'names a list of mirrors, which is not followed; name one mirror to have it looked at',
    };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return {
      code: 'apt-source-method',
      message: `uses the method ${JSON.stringify(method.slice(0, 40))}; only http and https are asked`,
    };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      code: 'apt-source-credentials',
      message: 'has a user or password in its address, which is not sent; what it offers is not known',
    };
  }
  if (url.search !== '' || url.hash !== '')
    return { code: 'apt-source-unreadable', message: 'has an address with a query, which no archive has' };
  return url.pathname.endsWith('/') ? url.href : `${url.href}/`;
}

function problem(code: string, place: string, what: string): Problem {
  return { code, message: `the apt source at ${place} ${what}`, subject: place };
}

function isNo(value: string | undefined): boolean {
  return value !== undefined && /^(?:no|false|without|off|disable|0)$/i.test(value.trim());
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}
