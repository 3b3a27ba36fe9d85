import { PlimsollError } from '../../core/errors.ts';
import { type FindingClass, findingClasses } from '../../core/finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the Action does beside looking. `check`: nothing; `alert`: messages; `pull-request`: both. */
const actionModes = ['check', 'alert', 'pull-request'] as const;
export type ActionMode = (typeof actionModes)[number];

/** The inputs of action.yml. */
export interface ActionInputs {
  /** undefined: what the token and the repository allow. */
  readonly mode: ActionMode | undefined;
  /** Empty: the whole repository. */
  readonly paths: readonly string[];
  /** The operator's configuration; undefined: the one the repository has. */
  readonly config: string | undefined;
  readonly token: string | undefined;
  /** What `${NAME}` in the configuration stands for, beside the environment. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly platforms: readonly string[] | undefined;
  readonly failOn: readonly FindingClass[] | undefined;
  readonly allowUnknown: boolean;
  readonly allowEmpty: boolean;
  /** Where what earlier runs saw is kept: in the repository, in the cache only, or nowhere. */
  readonly state: 'repository' | 'cache' | 'none';
  readonly cache: boolean;
  /** A file for code scanning. */
  readonly sarif: string | undefined;
}

/**
 * Reads the inputs as the runner hands them on: `INPUT_` and the name in upper case, spaces as `_`, hyphens as they are
 * (docs.github.com, "Metadata syntax for GitHub Actions", inputs). Throws PlimsollError 'USAGE'.
 */
export function readInputs(env: Environment): ActionInputs {
  const text = (name: string): string | undefined => env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined;
  const list = (name: string): readonly string[] =>
    (text(name) ?? '')
      .split(/[\n,]/)
      .map((word) => word.trim())
      .filter((word) => word !== '');
  const platforms = list('platforms');
  const failOn = list('fail-on').map((word) => oneOf('fail-on', word, findingClasses));
  const mode = text('mode');
  return {
    mode: mode === undefined ? undefined : oneOf('mode', mode, actionModes),
    paths: list('paths'),
    config: text('config'),
    token: text('token'),
    secrets: assignments('secrets', text('secrets') ?? ''),
    platforms: platforms.length > 0 ? platforms : undefined,
    failOn: failOn.length > 0 ? failOn : undefined,
    allowUnknown: flag('allow-unknown', text('allow-unknown'), false),
    allowEmpty: flag('allow-empty', text('allow-empty'), false),
    state: oneOf('state', text('state') ?? 'repository', ['repository', 'cache', 'none'] as const),
    cache: flag('cache', text('cache'), true),
    sarif: text('sarif'),
  };
}

/** `NAME=value` lines; a value may hold anything but a line break. What is wrong is told without the line: it may be a secret. */
function assignments(name: string, text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(/\r?\n/).flatMap((line, index) => {
      if (line.trim() === '') return [];
      const [, key, value] = /^\s*(\w+)=(.*)$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined) return [[key, value.trim()]];
      throw new PlimsollError('USAGE', `the input ${name}: line ${index + 1} is not NAME=value`);
    }),
  );
}

function flag(name: string, text: string | undefined, otherwise: boolean): boolean {
  return text === undefined ? otherwise : oneOf(name, text.toLowerCase(), ['true', 'false'] as const) === 'true';
}

function oneOf<T extends string>(name: string, word: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === word);
  if (found !== undefined) return found;
  throw new PlimsollError('USAGE', `the input ${name}: ${JSON.stringify(word)} is none of ${allowed.join(', ')}`);
}
