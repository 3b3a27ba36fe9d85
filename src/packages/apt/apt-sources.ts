import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import { settingsText } from '../archives/excessive-settings.ts';
import { readStanzas } from '../archives/stanzas.ts';
import { type Agreed, agree } from './apt-agreement.ts';
import { type AptConfig, readAptConfig } from './apt-config.ts';
import type { AptRepository, SourceTrust } from './apt-repository.ts';
import { readSourceLine, type WrittenSource } from './apt-source-line.ts';

/** Where an image's apt looks. */
export interface AptSources {
  readonly repositories: readonly AptRepository[];
  /** Not empty when apt in the image looks in more places than are listed. */
  readonly problems: readonly Problem[];
  /** apt reads none of the sources, whatever they offer: a line is broken, or two contradict each other. */
  readonly isRefused: boolean;
}

/**
 * The repositories that a root file system enables, by sources.list(5): the one-line form in `sources.list` and
 * `*.list`, stanzas in `*.sources`. Lines for one repository hold together. `architecture` is what `$(ARCH)` stands for,
 * `enabled` are the architectures that a source has unless it says otherwise. Never throws.
 */
export function readAptSources(
  files: ReadonlyMap<string, Uint8Array>,
  architecture: string,
  enabled: readonly string[] = [architecture],
): AptSources {
  const config = readAptConfig(files);
  const repositories = new Map<string, AptRepository>();
  const agreed = new Map<string, Agreed>();
  const problems: Problem[] = [];
  let isFull = false;
  let isRefused = false;
  const refuse = (refusal: Problem): void => {
    isRefused = true;
    problems.push(refusal);
  };
  for (const [path, bytes] of [...files].filter(([path]) => isSourcesFile(path)).sort(bySourcesOrder)) {
    const text = settingsText(bytes);
    const written = path.endsWith('.sources') ? stanzaSources(path, text, refuse) : lineSources(path, text, refuse);
    for (const source of written) {
      for (const one of multiply(source, { architecture, enabled, config, agreed, problems, refuse })) {
        const key = [one.uri, one.suite, ...one.components].join(' ');
        const known = repositories.get(key);
        if (known !== undefined) repositories.set(key, united(known, one));
        else if (repositories.size < limits.settings.repositories.most) repositories.set(key, one);
        else isFull = true;
      }
      // What is for source packages only is no repository, and is compared all the same.
      isFull ||= agreed.size >= limits.settings.sourcesAgreed.most;
      if (isFull || problems.length > limits.settings.sourceProblems.most) break;
    }
  }
  if (isFull || problems.length > limits.settings.sourceProblems.most) {
    const message = `the image has more apt sources than the first ${repositories.size} package repositories and ${limits.settings.sourceProblems.most} problems; what the others offer is not known`;
    problems.splice(limits.settings.sourceProblems.most, problems.length, { code: 'apt-too-many-sources', message });
  }
  if (repositories.size === 0 && problems.length === 0) {
    const message =
      'the image enables no package repository, so there is nothing to compare its packages with; look at the image it was built from';
    problems.push({ code: 'no-repositories', message });
  }
  if (isRefused) return { repositories: [], problems, isRefused };
  // A line without Signed-By takes that of another line for the same repository.
  const signed = [...repositories.values()].map((one) => ({
    ...one,
    trust: agreed.get(`${one.uri} ${one.suite}`)?.trust ?? one.trust,
  }));
  return { repositories: signed, problems, isRefused };
}

function isSourcesFile(path: string): boolean {
  return path === 'etc/apt/sources.list' || /^etc\/apt\/sources\.list\.d\/[\w:-][\w.:-]*\.(?:list|sources)$/.test(path);
}

function bySourcesOrder([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

type Refuse = (refusal: Problem) => void;

function lineSources(path: string, text: string, refuse: Refuse): readonly WrittenSource[] {
  return text.split('\n').flatMap((raw, index) => {
    const place = `${path}:${index + 1}`;
    const line = readSourceLine(raw, place);
    if (line === undefined) refuse(broken(place, 'is no line that apt understands'));
    return typeof line === 'object' && isWhole(line, refuse) ? [line] : [];
  });
}

function stanzaSources(path: string, text: string, refuse: Refuse): readonly WrittenSource[] {
  return readStanzas(text).flatMap(({ fields, line }) => {
    const source = {
      types: words(fields.get('types')),
      // One more than are looked at, so that too many are noticed and never multiplied out.
      uris: words(fields.get('uris')).slice(0, limits.settings.repositories.most + 1),
      suites: words(fields.get('suites')).slice(0, limits.settings.repositories.most + 1),
      components: words(fields.get('components')),
      options: fields,
      place: `${path}:${line}`,
    };
    const isKnown = source.types.length > 0 && source.types.every((type) => type === 'deb' || type === 'deb-src');
    if (!isKnown) refuse(broken(source.place, 'is of no type that apt understands'));
    return isKnown && yesOrNo(fields.get('enabled')) !== false && isWhole(source, refuse) ? [source] : [];
  });
}

/** A suite wants components, a folder has none. */
function isWhole({ uris, suites, components, place }: WrittenSource, refuse: Refuse): boolean {
  const isFine =
    uris.length > 0 && suites.length > 0 && suites.every((suite) => suite.endsWith('/') === (components.length === 0));
  if (!isFine) refuse(broken(place, 'does not name a suite with components, or a folder'));
  return isFine;
}

interface Reading {
  readonly architecture: string;
  readonly enabled: readonly string[];
  readonly config: AptConfig;
  /** By address and suite; filled here. */
  readonly agreed: Map<string, Agreed>;
  readonly problems: Problem[];
  readonly refuse: Refuse;
}

function multiply(source: WrittenSource, reading: Reading): readonly AptRepository[] {
  const { options, place, components } = source;
  const { architecture, enabled, config, problems } = reading;
  const isBinary = source.types.includes('deb');
  const snapshot = options.get('snapshot') ?? '';
  if (isBinary && /^\d{8}T\d{6}Z$/.test(snapshot)) {
    const what = `asks for its snapshot of ${snapshot}, at an address that apt learns elsewhere; what that has is not known, and nothing newer than that day comes from it`;
    problems.push(problem('apt-source-snapshot', place, what));
    return [];
  }
  const put = (text: string): string => text.replaceAll('$(ARCH)', architecture);
  const uris = source.uris.flatMap((text) => {
    const uri = parseUri(put(text));
    if (typeof uri === 'string') return [uri];
    if (isBinary) problems.push(problem(uri.code, place, uri.message));
    return [];
  });
  const trust = trustOf(options);
  const checksValidUntil = yesOrNo(options.get('check-valid-until'));
  const architectures = architecturesOf(options, enabled);
  return uris.flatMap((uri) =>
    source.suites.flatMap((written) => {
      const suite = put(written);
      const conflict = agree(`${uri} ${suite}`, { place, trust, checksValidUntil }, reading.agreed);
      if (conflict) reading.refuse(conflict);
      if (!isBinary) return [];
      if (suite.split('/').includes('..') || components.some(isOdd)) {
        problems.push(problem('apt-source-unreadable', place, 'does not name a suite with components, or a folder'));
        return [];
      }
      return [
        {
          uri,
          suite,
          components: [...new Set(components)],
          ...(architectures && { architectures }),
          trust,
          checksValidUntil: checksValidUntil ?? config.checksValidUntil,
          place,
        },
      ];
    }),
  );
}

/** Two lines for one repository: what the one does not look for, the other does. */
function united(known: AptRepository, { architectures }: AptRepository): AptRepository {
  const { architectures: before, ...rest } = known;
  if (before === undefined || architectures === undefined) return rest;
  return { ...rest, architectures: [...new Set([...before, ...architectures])] };
}

/** Undefined: whatever the image uses. */
function architecturesOf(
  options: ReadonlyMap<string, string>,
  enabled: readonly string[],
): readonly string[] | undefined {
  const list = (name: string): readonly string[] => listed(options.get(name));
  const [own, added, removed] = [list('architectures'), list('architectures-add'), list('architectures-remove')];
  if (own.length + added.length + removed.length === 0) return undefined;
  const all = [...(own.length > 0 ? own : enabled), ...added];
  return [...new Set(all)].filter((one) => !removed.includes(one));
}

function isOdd(component: string): boolean {
  return !/^[\w.+/-]+$/.test(component) || component.split('/').includes('..');
}

function trustOf(options: ReadonlyMap<string, string>): SourceTrust {
  const trusted = yesOrNo(options.get('trusted'));
  const signedBy = options.get('signed-by') ?? '';
  const isKey = signedBy.includes('BEGIN PGP PUBLIC KEY BLOCK');
  return {
    ...(trusted !== undefined && { trusted }),
    signedBy: isKey ? [] : listed(signedBy).map((word) => word.replace(/^\//, '')),
    // A `.` stands for an empty line there.
    ...(isKey && { armoredKey: signedBy.replace(/^[ \t]*\.?$/gm, '').trim() }),
  };
}

/** The address with a final slash, or why packages from there cannot be looked at. */
function parseUri(text: string): string | { code: ProblemCode; message: string } {
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

function problem(code: ProblemCode, place: string, what: string): Problem {
  return { code, message: `the apt source at ${place} ${what}`, subject: place };
}

function broken(place: string, what: string): Problem {
  return problem('apt-source-unreadable', place, `${what}, so that apt in the image refuses all its sources`);
}

/** Source: apt, StringToBool; any other word leaves things as they are. */
function yesOrNo(value = ''): boolean | undefined {
  if (/^(?:yes|true|with|on|enable|1)$/i.test(value.trim())) return true;
  return /^(?:no|false|without|off|disable|0)$/i.test(value.trim()) ? false : undefined;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Values of an option: stanzas separate them with blanks, lines with commas. */
function listed(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}
