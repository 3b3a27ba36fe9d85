import type { TextRange } from '../../../core/parsed-file.ts';
import { rangeOf, slice } from '../../text/traced.ts';
import { type Manager, managerOf } from './managers.ts';
import type { Argument } from './words.ts';

/** A package word of a build, before its place is turned into line and column. */
export interface FoundPin {
  readonly manager: string;
  readonly name: string;
  readonly operator?: string;
  readonly version?: string;
  /** Offset of the word's first character. */
  readonly at: number;
  /** Where the file says the version, when it says it in one piece: in the word, or in the ARG or ENV that supplies it. */
  readonly versionAt?: TextRange;
  /** The release that an option asks for: `-t bookworm-backports`. */
  readonly suite?: string;
  /** The architecture that the word asks for: `libc6:i386`. */
  readonly architecture?: string;
  /** The variable that keeps the version from being known; empty when a command supplies it. */
  readonly unresolved?: string;
}

/** The package words of a command whose wrappers are gone; empty when it installs nothing. */
export function installedPackages(words: readonly Argument[]): readonly FoundPin[] {
  const known = managerOf(words[0]?.text ?? '');
  if (known === undefined) return [];
  const { manager, name } = known;
  const verb = operands(words, 1, manager, 'before').next().value;
  if (verb === undefined || !manager.verbs.includes(words[verb]?.text ?? '')) return [];
  const behind = words.slice(verb + 1).map(({ text }) => text);
  if (manager.otherKind?.some((option) => isOtherKind(option, behind))) return [];
  const suite =
    manager.target === undefined
      ? undefined
      : optionValue(
          manager.target,
          words.map(({ text }) => text),
        );
  const found: FoundPin[] = [];
  for (const index of operands(words, verb + 1, manager, 'behind')) {
    const word = words[index];
    const pin = word && packageOf(word, manager);
    if (pin) found.push({ manager: name, ...pin, ...(suite !== undefined && { suite }) });
  }
  return found;
}

/** The value of the first of these options, as `-t x`, `-tx`, `--long x` or `--long=x`. */
function optionValue(options: readonly string[], words: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    if (!word.startsWith('-')) continue;
    for (const option of options) {
      if (word === option) return words[index + 1];
      if (word.startsWith(`${option}=`)) return word.slice(option.length + 1);
      if (!option.startsWith('--') && word.startsWith(option) && !word.startsWith('--'))
        return word.slice(option.length);
    }
  }
  return undefined;
}

/** Does a command whose wrappers are gone take every upgrade there is? */
export function upgradesAll(words: readonly Argument[]): string | undefined {
  const known = managerOf(words[0]?.text ?? '');
  if (known === undefined) return undefined;
  const { manager, name } = known;
  const [verb, operand] = operands(words, 1, manager, 'before');
  const word = verb === undefined ? undefined : words[verb]?.text;
  if (word === undefined || verb === undefined) return undefined;
  const options = words.slice(verb + 1).map(({ text }) => text);
  const asked = manager.upgrades.some(
    ({ verbs, options: needed }) =>
      verbs.includes(word) &&
      (needed === undefined
        ? operand === undefined
        : needed.some((one) => options.includes(one) || isClustered(one, options))),
  );
  return asked ? name : undefined;
}

/** `-Uu` says `-U` and `-u`. */
function isClustered(option: string, words: readonly string[]): boolean {
  return /^-\w$/.test(option) && words.some((word) => /^-\w{2,}$/.test(word) && word.includes(option.charAt(1)));
}

/** `-t pattern` makes the words patterns; `-t package` says nothing new. */
function isOtherKind(option: string, words: readonly string[]): boolean {
  const at = words.indexOf(option);
  const value = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1);
  return value !== undefined && value !== 'package';
}

/** The indexes of the words that are neither options nor their values. */
function* operands(
  words: readonly Argument[],
  from: number,
  manager: Manager,
  side: 'before' | 'behind',
): Generator<number> {
  const more = side === 'before' ? manager.valuedBefore : manager.valuedBehind;
  const isValued = (option: string): boolean => manager.valued.includes(option) || more?.includes(option) === true;
  let options = true;
  for (let at = from; at < words.length; at++) {
    const word = words[at]?.text ?? '';
    if (options && word === '--') options = false;
    else if (options && word.startsWith('-') && word.length > 1) {
      if (takesNext(word, isValued)) at++;
    } else yield at;
  }
}

/** Does an option take the next word? In a cluster such as `-yt` only its last letter can. */
function takesNext(option: string, isValued: (option: string) => boolean): boolean {
  if (option.startsWith('--')) return isValued(option);
  for (let at = 1; at < option.length; at++) {
    if (isValued(`-${option.charAt(at)}`)) return at === option.length - 1;
  }
  return false;
}

function versionRange({ traced }: Argument, version: string): TextRange | undefined {
  const start = traced?.text.lastIndexOf(version) ?? -1;
  return traced === undefined || start < 0 ? undefined : rangeOf(slice(traced, start, start + version.length));
}

function packageOf(word: Argument, manager: Manager): Omit<FoundPin, 'manager'> | undefined {
  const { at, known, missing, text } = word;
  if (known === Number.POSITIVE_INFINITY) {
    const parts = manager.word(text);
    const versionAt = parts?.version === undefined ? undefined : versionRange(word, parts.version);
    return parts && { ...parts, at, ...(versionAt && { versionAt }) };
  }
  // Only a name that is complete before the unknown part is worth telling.
  const head = /^([^\s=<>~/]+?)(?:[=<>~/]+|-)[^\s=<>~/]*$/.exec(text.slice(0, known));
  const joined = head !== null && /-[^=<>~/]*$/.test(head[0]) && !/[=<>~/]/.test(head[0]);
  if (head === null || (joined && (manager.name === 'apt' || manager.name === 'apk'))) return undefined;
  const name = joined ? head[0].replace(/-\d?[^-]*$/, '') : (head[1] ?? '');
  const parts = manager.word(name);
  if (parts === undefined || parts.version !== undefined) return undefined;
  return { name: parts.name, at, unresolved: missing ?? '' };
}
