import { existsSync, globSync, statSync } from 'node:fs';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { parseKnownPlatform } from '../core/image/platform.ts';
import { parseReference } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import { isConfigFolder } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import { parseGate } from '../core/redeploy.ts';
import { isAddress, Secret } from '../core/secret.ts';
import { parseWindow } from '../core/time/window.ts';
import { readAtMost } from '../disk/read-at-most.ts';
import type { Selection } from '../forges/forge.ts';
import type { ForgeServer } from '../forges/forge-type.ts';
import { forges } from '../forges/index.ts';
import {
  type ConfigSource,
  complaintsAt,
  configError,
  refuseDuplicates,
  schemaError,
  type Trust,
  yamlTrouble,
} from './complaint.ts';
import { type Config, defaultConfig } from './config.ts';
import { engineSettings } from './engine-settings.ts';
import { folderTrouble } from './folder-trouble.ts';
import { keepOf } from './keep-settings.ts';
import type { KeyPath } from './key-lines.ts';
import { channelSettings } from './notify-settings.ts';
import { dispatchLimits, rebuildSettings } from './rebuild-settings.ts';
import { type OperatorFile, operatorSchema, parseDuration, parseSize, repositorySchema } from './schema.ts';
import { serveSettings } from './serve-schema.ts';
import { advisorySettings, type RegistrySettings } from './settings.ts';
import { signerWish, type VerifyReading } from './verify-settings.ts';

export type { Trust } from './complaint.ts';

/** What a repository says of itself. */
export type RepositoryConfig = Partial<Config> & {
  /** Patterns without a meaning; what they were in was read without them, rules not at all. */
  readonly unusable?: readonly Problem[];
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration. Operator files give a whole Config; repository files only what they say, and may neither name
 * secrets nor reach beyond their own tree; a pattern without a meaning is theirs alone, and no reason to read nothing. Throws PlimsollError 'CONFIG' naming file, line, key and what is allowed.
 */
export function loadConfig(file: string, trust: 'operator', env: Environment): Config;
export function loadConfig(file: string, trust: 'repository', env: Environment): RepositoryConfig;
export function loadConfig(file: string, trust: Trust, env: Environment): Config | RepositoryConfig;
export function loadConfig(file: string, trust: Trust, env: Environment): Config | RepositoryConfig {
  return parseConfig(readConfigText(file), file, trust, env);
}

/** The text of a configuration. Throws PlimsollError 'CONFIG' naming the file. */
export function readConfigText(file: string): string {
  try {
    return readAtMost(file, limits.tree.config.most).toString('utf8');
  } catch (error) {
    const why = (error as { code?: string }).code === 'ENOENT' ? 'no such file' : messageOf(error);
    throw new PlimsollError('CONFIG', `cannot read the configuration ${file}: ${why}`, { cause: error });
  }
}

function tooLarge(file: string): PlimsollError {
  return new PlimsollError('CONFIG', `${file}: larger than ${limits.tree.config.most} bytes`);
}

/** The same for text; relative paths in it are taken from the folder of `file`, or from above its `.github`. */
export function parseConfig(text: string, file: string, trust: 'operator', env: Environment): Config;
export function parseConfig(text: string, file: string, trust: 'repository', env: Environment): RepositoryConfig;
export function parseConfig(text: string, file: string, trust: Trust, env: Environment): Config | RepositoryConfig;
export function parseConfig(text: string, file: string, trust: Trust, env: Environment): Config | RepositoryConfig {
  if (text.length > limits.tree.config.most) throw tooLarge(file);
  const source = readYaml(text, file);
  const value = toValue(source) ?? {};
  const unusable = trust === 'repository' ? withoutUnusable(value, source) : [];
  const parsed = (trust === 'operator' ? operatorSchema : repositorySchema).safeParse(value);
  if (!parsed.success) throw schemaError(parsed.error.issues, source, trust);
  const given = parsed.data as OperatorFile;
  const shared = definedOnly({
    include: given.include,
    exclude: given.exclude,
    platforms: given.platforms,
    buildPlatform: given.buildPlatform,
    pin: given.pin,
    files: given.files,
    patterns: given.patterns,
    rules: given.rules?.map(({ minimumAge, verify, window, gate, gateTimeout, versions, ...rule }, index) => ({
      ...rule,
      ...(window !== undefined && { window: parseWindow(window) }),
      ...(gate !== undefined && { gate: parseGate(gate) }),
      ...(gateTimeout !== undefined && { gateTimeout: parseDuration(gateTimeout) / 1000 }),
      ...(versions === 'any' ? { anyVersion: true as const } : versions !== undefined && { versions }),
      ...(minimumAge !== undefined && { minimumAge: minimumAge === 0 ? 0 : parseDuration(minimumAge) }),
      ...(verify !== undefined && { verify: signerWish(verify, ['rules', index, 'verify'], filesOf(source)) }),
    })),
    commit: given.commit && { ...defaultConfig.commit, ...definedOnly(given.commit) },
  });
  if (trust === 'repository') return { ...shared, ...(unusable.length > 0 && { unusable }) };
  const folder = baseFolder(file);
  const reader = {
    secret: (text: string, keys: KeyPath): Secret => secret(text, source, keys, env),
    duration: parseDuration,
    complain: (keys: KeyPath, what: string): Error => configError(source, keys, what),
  };
  const { dir = null, max } = given.cache ?? {};
  return {
    ...defaultConfig,
    ...shared,
    ...definedOnly({
      timezone: given.timezone,
      allowEmpty: given.allowEmpty,
      dashboard: given.dashboard,
      ...foldersOf(given.repositories, folder, source),
      forges: given.repositories && forgeSettings(given.repositories, folder, reader.secret),
      limits: given.limits && limitsOf(given.limits),
      keep: given.keep && keepOf(given.keep),
      state: given.state == null ? given.state : stateOf(given.state, source, env),
    }),
    registries: Object.fromEntries(
      Object.entries(given.registries ?? {}).map(([host, settings]) => [host, registry(host, settings, source, env)]),
    ),
    policy: { allow: given.policy?.allow ?? [], block: given.policy?.block ?? [] },
    archives: {
      mirrors: given.archives?.mirrors ?? {},
      offline:
        given.archives?.offline == null
          ? null
          : existingFolder(inFolder(folder, given.archives.offline), source, ['archives', 'offline']),
      skip: given.archives?.skip ?? [],
      maxAge:
        given.archives?.maxAge === undefined ? defaultConfig.archives.maxAge : parseDuration(given.archives.maxAge),
    },
    advisories:
      given.advisories === undefined
        ? defaultConfig.advisories
        : advisorySettings(given.advisories, (name) => existingFolder(inFolder(folder, name), source, ['advisories'])),
    snooze: (given.snooze ?? []).map(({ image, digest, news, until }) => ({
      kind: image !== undefined ? 'image' : digest !== undefined ? 'digest' : 'news',
      value: image ?? digest ?? news ?? '',
      until: Date.parse(until),
    })),
    engines: engineSettings(given.engines ?? [], parseDuration, (file, keys) => pem(file, source, keys)),
    dispatch: dispatchLimits(given.limits?.dispatch ?? {}),
    published: (given.published ?? []).map(({ image, args, repository, file, target, platforms, rebuild }, index) => {
      const { tag = 'latest', ...name } = parseReference(image);
      const path = file.replace(/^\.\//, '');
      return {
        image: { ...name, tag },
        file: path,
        args: args ?? {},
        ...(target !== undefined && { target }),
        ...(repository !== undefined && { repository }),
        ...(platforms !== undefined && { platforms: platforms.map(parseKnownPlatform) }),
        ...(rebuild !== undefined && {
          rebuild: rebuildSettings(rebuild, {
            secret: (text) => reader.secret(text, ['published', index, 'rebuild', 'secret']),
            duration: parseDuration,
          }),
        }),
      };
    }),
    heartbeat: given.heartbeat === undefined ? null : secret(given.heartbeat, source, ['heartbeat'], env),
    cache: {
      // `none` is no folder but the wish for no cache, as with --cache.
      dir: dir === null || dir === 'none' ? dir : inFolder(folder, dir),
      max: max === undefined ? defaultConfig.cache.max : parseSize(max),
    },
    notify: channelSettings(given.notify ?? [], reader),
    serve: serveSettings(given.serve ?? {}, reader),
  };
}

/** The entries of each forge, in the order of the list of forges, and of its servers as they come. */
function forgeSettings(
  entries: readonly Readonly<Record<string, unknown>>[],
  folder: string,
  secret: (text: string, keys: KeyPath) => Secret,
): Config['forges'] {
  return forges.flatMap(({ type, schema, select }) => {
    const [key = ''] = Object.keys(schema.shape);
    const servers = new Map<string, { type: string; server?: ForgeServer; selections: Selection[] }>();
    for (const [index, { url, token, login, ...entry }] of entries.entries()) {
      if (!(key in entry)) continue;
      const server = definedOnly({
        url: url as string | undefined,
        token: token === undefined ? undefined : secret(token as string, ['repositories', index, 'token']),
        login: login as string | undefined,
      });
      const name = JSON.stringify([url, token, login]);
      const known = servers.get(name) ?? { type, ...(name !== '[null,null,null]' && { server }), selections: [] };
      servers.set(name, { ...known, selections: [...known.selections, select(entry, folder)] });
    }
    return [...servers.values()];
  });
}

function limitsOf({ security, dispatch: _, ...own }: NonNullable<OperatorFile['limits']>): Config['limits'] {
  const { limits } = defaultConfig;
  return { ...limits, ...definedOnly(own), security: { ...limits.security, ...definedOnly(security ?? {}) } };
}

/**
 * Takes the patterns that have no meaning out of what a repository's file says, and tells of them. A rule that has one
 * goes whole: without it, it would hold for more than its author meant.
 */
function withoutUnusable(value: unknown, source: ConfigSource): Problem[] {
  const { error } = repositorySchema.safeParse(value);
  const found = (error?.issues ?? []).filter(isOfPattern);
  const given = value as Record<string, unknown[]>;
  const gone = new Map<unknown[], Set<number>>();
  for (const {
    path: [list, index],
  } of found) {
    const from = given[String(list)] as unknown[];
    gone.set(from, (gone.get(from) ?? new Set()).add(Number(index)));
  }
  for (const [list, indexes] of gone) list.splice(0, list.length, ...list.filter((_, index) => !indexes.has(index)));
  return complaintsAt(found, source).map(({ line, what }) => ({
    code: 'pattern-unusable',
    message: `${what}; the file is read without ${what.startsWith('rules.') ? 'this rule' : 'it'}`,
    subject: `${path.relative(baseFolder(source.file), source.file)}:${line}`,
  }));
}

const ofPattern =
  /^(?:(?:include|exclude)\.\d+|patterns\.\d+\.(?:files\.\d+|match)|rules\.\d+\.(?:match\.(?:image|file|repository)|(?:allow|ignore)Tags\.\d+))$/;

function isOfPattern({ code, path: keys }: z.core.$ZodIssue): boolean {
  return ['custom', 'too_small', 'too_big'].includes(code) && ofPattern.test(keys.join('.'));
}

function baseFolder(file: string): string {
  const folder = path.dirname(file);
  return isConfigFolder(path.basename(folder)) ? path.dirname(folder) : folder;
}

function inFolder(folder: string, name: string): string {
  return path.isAbsolute(name) ? name : path.join(folder, name);
}

function existingFolder(name: string, source: ConfigSource, keys: KeyPath): string {
  const trouble = folderTrouble(name);
  if (trouble !== undefined) throw configError(source, keys, trouble);
  return name;
}

function readYaml(text: string, file: string): ConfigSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'error' });
  // A warning is a tag that means nothing here: what it was meant to do would be left undone unseen.
  const [error] = [...document.errors, ...document.warnings];
  if (error) {
    throw new PlimsollError('CONFIG', `${file}:${error.linePos?.[0].line ?? 1}: not valid YAML: ${yamlTrouble(error)}`);
  }
  const source: ConfigSource = { file, document, lines };
  refuseDuplicates(source);
  return source;
}

/** Aliases are off: a configuration has no use for them, and a few lines of them can fill any memory. */
function toValue({ document, file }: ConfigSource): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw new PlimsollError('CONFIG', `${file}: aliases (*name) are not supported`, { cause: error });
  }
}

function registry(
  host: string,
  settings: NonNullable<OperatorFile['registries']>[string],
  source: ConfigSource,
  env: Environment,
): RegistrySettings {
  const { password, username, mirror, ca, cert, key, ...rest } = settings;
  const keys = ['registries', host];
  if ((password === undefined) !== (username === undefined)) {
    throw configError(source, keys, 'username and password go together');
  }
  if ((cert === undefined) !== (key === undefined)) throw configError(source, keys, 'cert and key go together');
  return {
    ...definedOnly(rest),
    ...(mirror != null && { mirror: new URL(mirror) }),
    ...(ca != null && { ca: pem(ca, source, [...keys, 'ca']) }),
    ...(cert !== undefined && { cert: pem(cert, source, [...keys, 'cert']) }),
    ...(key !== undefined && { key: new Secret(pem(key, source, [...keys, 'key'])) }),
    ...(username !== undefined && { username: expand(username, source, [...keys, 'username'], env) }),
    ...(password !== undefined && { password: secret(password, source, [...keys, 'password'], env) }),
  };
}

/** A secret comes from the environment or a file, never from the text (the schema sees to that): configurations are committed. */
function secret(text: string, source: ConfigSource, keys: KeyPath, env: Environment): Secret {
  if (!text.startsWith('file:')) return new Secret(expand(text, source, keys, env));
  const name = text.slice('file:'.length);
  let content: string;
  try {
    content = readAtMost(inFolder(baseFolder(source.file), name), limits.tree.named.most)
      .toString('utf8')
      .trimEnd();
  } catch (error) {
    throw configError(source, keys, `cannot read the secret ${name}: ${messageOf(error)}`);
  }
  if (content === '') throw configError(source, keys, `${name} is empty`);
  return new Secret(content);
}

/** A file, or an address with what the environment has of it; a password is as little written down here as elsewhere. */
function stateOf(text: string, source: ConfigSource, env: Environment): string {
  // Part of an address is percent-encoded in it.
  const expanded = /^\$\{\w+\}$/.test(text) ? expand(text, source, ['state'], env) : text;
  if (!isAddress(expanded)) return inFolder(baseFolder(source.file), expanded);
  if (/^\w+:\/\/[^/@]*:(?!\$\{\w+\}@)[^/]+@/.test(text)) {
    throw configError(source, ['state'], 'the password of an address is written as ${ENV_NAME}, never as itself');
  }
  return expanded.replace(/\$\{(\w+)\}/g, (name) => encodeURIComponent(expand(name, source, ['state'], env)));
}

/**
 * The folders of a configuration, each result of a glob for itself; a glob that matches none stays as it is written, and is
 * told as a folder that is not there. A name is for one folder.
 */
function foldersOf(
  repositories: OperatorFile['repositories'],
  folder: string,
  source: ConfigSource,
): Partial<Pick<Config, 'repositories' | 'titles'>> {
  if (repositories === undefined) return {};
  const titles: Record<string, string> = {};
  const folders = repositories.flatMap((one, index) => {
    if (!('path' in one)) return [];
    const { path: written, name } = one as { readonly path: string; readonly name?: string };
    const found = foldersAt(inFolder(folder, written));
    const [first] = found;
    if (name === undefined || first === undefined) return found;
    if (found.length > 1) {
      throw configError(
        source,
        ['repositories', index, 'name'],
        `${written} is ${found.length} folders; a name is for one`,
      );
    }
    titles[first] = name;
    return found;
  });
  return { repositories: [...new Set(folders)], titles };
}

function foldersAt(written: string): readonly string[] {
  if (!/[*?[{]/.test(written) || existsSync(written)) return [written];
  const isNobodys = (name: string): boolean => /(?:^|[\\/])(?:node_modules|\.git)$/.test(name);
  const found = globSync(written, { exclude: isNobodys })
    .filter((name) => (!isNobodys(name) && statSync(name, { throwIfNoEntry: false })?.isDirectory()) ?? false)
    .sort();
  return found.length === 0 ? [written] : found;
}

/** The files that rules name. */
function filesOf(source: ConfigSource): VerifyReading {
  return {
    read: (file, keys) => textOf(file, source, keys),
    complain: (keys, what) => configError(source, keys, what),
  };
}

/** The text of a PEM file, so that a wrong path is said before the first request. */
function pem(file: string, source: ConfigSource, keys: KeyPath): string {
  const text = textOf(file, source, keys);
  if (!text.includes('-----BEGIN ')) throw configError(source, keys, `${file} is no PEM file`);
  return text;
}

function textOf(file: string, source: ConfigSource, keys: KeyPath): string {
  try {
    return readAtMost(inFolder(baseFolder(source.file), file), limits.tree.named.most).toString('utf8');
  } catch (error) {
    throw configError(source, keys, `cannot read the file ${file}: ${messageOf(error)}`);
  }
}

function expand(text: string, source: ConfigSource, keys: KeyPath, env: Environment): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = env[name];
    // CI systems hand a missing secret on as an empty variable.
    if (!value) throw configError(source, keys, `the environment variable ${name} is not set, or empty`);
    return value;
  });
}

function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
