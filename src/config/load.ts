import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { type Config, defaultConfig } from './config.ts';
import { type OperatorFile, operatorSchema, parseSize, repositorySchema } from './schema.ts';
import type { RegistrySettings } from './settings.ts';

/** Who wrote a configuration: whoever runs Plimsoll, or whoever can commit to a repository it looks at. */
export type Trust = 'operator' | 'repository';

type Environment = Readonly<Record<string, string | undefined>>;
const largestConfig = 1024 * 1024;

/**
 * Reads a configuration. Operator files give a whole Config; repository files only what they say, and may neither name
 * secrets nor reach beyond their own tree. Throws PlimsollError 'CONFIG' naming file, line, key and what is allowed.
 */
export function loadConfig(file: string, trust: 'operator', env: Environment): Config;
export function loadConfig(file: string, trust: 'repository', env: Environment): Partial<Config>;
export function loadConfig(file: string, trust: Trust, env: Environment): Config | Partial<Config>;
export function loadConfig(file: string, trust: Trust, env: Environment): Config | Partial<Config> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new PlimsollError('CONFIG', `cannot read the configuration ${file}: ${messageOf(error)}`, { cause: error });
  }
  return parseConfig(text, file, trust, env);
}

/** The same for text; relative paths in it are taken from the folder of `file`. */
export function parseConfig(text: string, file: string, trust: Trust, env: Environment): Config | Partial<Config> {
  if (text.length > largestConfig) throw new PlimsollError('CONFIG', `${file}: larger than ${largestConfig} bytes`);
  const lines = new LineCounter();
  // Aliases are off: a configuration has no use for them, and a few lines of them can fill any memory.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [error] = document.errors;
  if (error)
    throw new PlimsollError(
      'CONFIG',
      `${file}:${error.linePos?.[0].line ?? 1}: ${messageOf(error).split(' at line')[0]}`,
    );
  const value: unknown = toValue(document, file) ?? {};
  const schema = trust === 'operator' ? operatorSchema : repositorySchema;
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const complaints = parsed.error.issues.map((issue) => complaint(issue, document, lines, file, trust));
    throw new PlimsollError('CONFIG', complaints.join('\n'));
  }
  const given = parsed.data as OperatorFile;
  const shared = definedOnly({
    include: given.include,
    exclude: given.exclude,
    platforms: given.platforms,
    buildPlatform: given.buildPlatform,
    pin: given.pin,
    rules: given.rules,
  });
  if (trust === 'repository') return shared;
  const folder = path.dirname(file);
  return {
    ...defaultConfig,
    ...shared,
    ...definedOnly({
      timezone: given.timezone,
      repositories: given.repositories?.map((repository) => path.join(folder, repository.path)),
      state: given.state,
    }),
    registries: Object.fromEntries(
      Object.entries(given.registries ?? {}).map(([host, settings]) => [host, registry(host, settings, file, env)]),
    ),
    cache: {
      dir: given.cache?.dir ?? null,
      max: given.cache?.max === undefined ? defaultConfig.cache.max : parseSize(given.cache.max),
    },
  };
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw new PlimsollError('CONFIG', `${file}: aliases (*name) are not supported`, { cause: error });
  }
}

/** `file:line: key: what is wrong; what is allowed`. */
function complaint(
  issue: z.core.$ZodIssue,
  document: Document,
  lines: LineCounter,
  file: string,
  trust: Trust,
): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
  const keys = [...issue.path, ...(unknown?.slice(0, 1) ?? [])].map((part) =>
    typeof part === 'symbol' ? String(part) : part,
  );
  const key = keys.join('.') || 'the file';
  return `${file}:${lineOf(document, lines, keys)}: ${key}: ${explain(issue, keys, trust)}`;
}

function explain(issue: z.core.$ZodIssue, keys: readonly (string | number)[], trust: Trust): string {
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = Object.keys(operatorSchema.shape);
      const operatorOnly = trust === 'repository' && keys.length === 1 && known.includes(String(keys[0]));
      return operatorOnly
        ? 'only whoever runs Plimsoll may set this (--config); in a repository the keys are ' +
            Object.keys(repositorySchema.shape).join(', ')
        : `unknown key${keys.length === 1 ? `; the keys are ${known.join(', ')}` : ''}`;
    }
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    default:
      return issue.message;
  }
}

/** The line of the deepest part of a path that is there. */
function lineOf(document: Document, lines: LineCounter, keys: readonly (string | number)[]): number {
  for (let length = keys.length; length > 0; length--) {
    const node = document.getIn(keys.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function registry(
  host: string,
  settings: NonNullable<OperatorFile['registries']>[string],
  file: string,
  env: Environment,
): RegistrySettings {
  const { password, username, ...rest } = settings;
  if ((password === undefined) !== (username === undefined)) {
    throw new PlimsollError('CONFIG', `${file}: registries.${host}: username and password go together`);
  }
  return {
    ...definedOnly(rest),
    ...(username !== undefined && { username: expand(username, `${file}: registries.${host}.username`, env) }),
    ...(password !== undefined && { password: secret(password, `${file}: registries.${host}.password`, env) }),
  };
}

/** A secret comes from the environment or a file, never from the text: configurations are committed. */
function secret(text: string, where: string, env: Environment): Secret {
  if (text.startsWith('file:')) {
    try {
      return new Secret(readFileSync(text.slice('file:'.length), 'utf8').trimEnd());
    } catch (error) {
      throw new PlimsollError('CONFIG', `${where}: ${messageOf(error)}`, { cause: error });
    }
  }
  if (!/^\$\{\w+\}$/.test(text)) {
    throw new PlimsollError('CONFIG', `${where}: a secret is written as \${ENV_NAME} or file:PATH, never as itself`);
  }
  return new Secret(expand(text, where, env));
}

function expand(text: string, where: string, env: Environment): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new PlimsollError('CONFIG', `${where}: the environment variable ${name} is not set`);
    return value;
  });
}

function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
