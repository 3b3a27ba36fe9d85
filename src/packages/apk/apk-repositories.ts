import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import { settingsText } from '../archives/excessive-settings.ts';
import { repositoryAddress } from '../archives/repository-address.ts';
import type { UnreadRepository } from '../archives/unread-repository.ts';

/** One index that an image's apk reads. */
export interface ApkRepository {
  /** As apk names it: without architecture and index. */
  readonly uri: string;
  /** Of its `APKINDEX.tar.gz`. */
  readonly index: string;
  /** `v3.22/main`, `edge/testing`; else the last folder. */
  readonly suite: string;
  /** Only for packages that ask for it: `name@tag`. */
  readonly tag?: string;
  /** `etc/apk/repositories:2` */
  readonly place: string;
}

/** The indexes that an image's apk reads, and those that nobody can ask for it. */
export interface ApkRepositories {
  readonly repositories: readonly ApkRepository[];
  readonly unread: readonly UnreadRepository[];
  readonly problems: readonly Problem[];
}

/**
 * The repositories that an image enables, by apk-repositories(5): `etc/apk/repositories`, then the `*.list` files of the
 * three folders, of which the first with a name hides the others; `set`, `ndx`, `v2`, `v3`, components and `${variable}`
 * as in apk 3. Never throws.
 */
export function readApkRepositories(files: ReadonlyMap<string, Uint8Array>, architecture: string): ApkRepositories {
  const variables = new Map([['APK_ARCH', architecture]]);
  const found = new Map<string, ApkRepository>();
  const unread: UnreadRepository[] = [];
  const lines = listPaths(files).flatMap((path) => linesOf(path, files.get(path)));
  let isFull = false;
  for (const { text, place } of lines) {
    for (const one of readLine(text, place, variables, architecture)) {
      if (found.size + unread.length >= limits.settings.repositories.most) isFull = true;
      else if ('problem' in one) unread.push(one);
      else found.set(`${one.tag ?? ''} ${one.index}`, found.get(`${one.tag ?? ''} ${one.index}`) ?? one);
    }
    if (isFull) break;
  }
  const problems: Problem[] = [];
  if (isFull) {
    const message = `the image has more apk repositories than the first ${limits.settings.repositories.most}; what the others offer is not known`;
    problems.push({ code: 'apk-too-many-repositories', message });
  }
  if (found.size === 0 && unread.length === 0) {
    const message =
      'the image enables no package repository, so there is nothing to compare its packages with; look at the image it was built from';
    problems.push({ code: 'no-repositories', message });
  }
  return { repositories: [...found.values()], unread, problems };
}

function listPaths(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const seen = new Set<string>();
  // `lib` is `usr/lib` on Wolfi and newer Alpine.
  const lists = ['etc', 'lib', 'usr/lib'].flatMap((root) =>
    [...files.keys()]
      .filter((path) => path.startsWith(`${root}/apk/repositories.d/`) && path.endsWith('.list'))
      .sort()
      .filter((path) => {
        const name = path.slice(path.lastIndexOf('/'));
        return !seen.has(name) && seen.add(name);
      }),
  );
  return ['etc/apk/repositories', ...lists];
}

function linesOf(path: string, bytes: Uint8Array | undefined): readonly { text: string; place: string }[] {
  if (bytes === undefined) return [];
  return settingsText(bytes)
    .split('\n')
    .map((line, at) => ({ text: line.trim(), place: `${path}:${at + 1}` }));
}

function readLine(
  line: string,
  place: string,
  variables: Map<string, string>,
  architecture: string,
): readonly (ApkRepository | UnreadRepository)[] {
  if (line === '' || line.startsWith('#')) return [];
  const words = line.split(/\s+/);
  if (words[0] === 'set') {
    setVariable(words.slice(1), variables);
    return [];
  }
  const type = /^(?:ndx|v2|v3)$/.exec(words[0] ?? '')?.[0];
  const rest = type === undefined ? words : words.slice(1);
  const tag = rest[0]?.startsWith('@') ? rest.shift()?.slice(1) : undefined;
  const [written = '', ...components] = rest;
  const places = (type !== 'ndx' && components.length > 0 ? components : ['']).slice(
    0,
    limits.settings.repositories.most + 1,
  );
  return places.map((one) => {
    const text = expand(written, variables);
    const component = expand(one, variables);
    return toRepository(
      component === '' ? text : `${text.replace(/\/+$/, '')}/${component}`,
      type,
      tag,
      place,
      architecture,
    );
  });
}

function toRepository(
  text: string,
  type: string | undefined,
  tag: string | undefined,
  place: string,
  architecture: string,
): ApkRepository | UnreadRepository {
  const unread = (code: ProblemCode, what: string): UnreadRepository => {
    const problem = { code, message: `the apk repository at ${place} ${what}`, subject: place };
    return { uri: text.replace(/\/\/[^/@]*@/, '//').slice(0, 300), suite: suiteOf(text), problem };
  };
  const unknown = /\$\{[^}]*\}/.exec(text)?.[0];
  if (unknown !== undefined) {
    return unread(
      'apk-repository-variable',
      `has ${unknown.slice(0, 60)} in its address, which no file of the image sets`,
    );
  }
  const url = repositoryAddress(text);
  if ('code' in url) return unread(`apk-repository-${url.code}`, url.message);
  const isIndex = type === 'ndx' || (type === undefined && /\.(?:adb|tar\.gz)$/.test(url.pathname));
  if (type === 'v3' || (isIndex && url.pathname.endsWith('.adb'))) {
    return unread(
      'apk-repository-v3',
      'has an index in the form of apk 3 (.adb), which is not read; what it offers is not known',
    );
  }
  const uri = url.href.replace(/\/+$/, '');
  return {
    uri,
    index: isIndex ? url.href : `${uri}/${architecture}/APKINDEX.tar.gz`,
    suite: suiteOf(uri),
    ...(tag !== undefined && { tag }),
    place,
  };
}

/** A branch stands before the repository's own name: `alpine/v3.22/main`, `alpine/edge/testing`. */
function suiteOf(text: string): string {
  const folders = text
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .split('/')
    .filter((part) => part !== '');
  const [branch = '', name = ''] = folders.slice(-2);
  if (/^(?:v\d+(?:\.\d+)*|edge|latest-stable)$/.test(branch) && name !== '') return `${branch}/${name}`;
  return (folders.at(-1) ?? text).slice(0, 100);
}

function setVariable(words: readonly string[], variables: Map<string, string>): void {
  const isDefault = words[0] === '-default';
  const [, key, value] = /^([a-z]\w*)=(.*)$/i.exec(words[isDefault ? 1 : 0] ?? '') ?? [];
  if (key === undefined || value === undefined || key.startsWith('APK_')) return;
  if (!(isDefault && variables.has(key)))
    variables.set(key, expand(value, variables).slice(0, limits.settings.variable.most));
}

function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text
    .slice(0, limits.settings.variable.most)
    .replace(/\$\{(\w+)\}/g, (all, name: string) => variables.get(name) ?? all)
    .slice(0, 4 * limits.settings.variable.most);
}
