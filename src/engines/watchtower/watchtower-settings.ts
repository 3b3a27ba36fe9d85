import { goBoolean } from '../labels/ecosystem.ts';
import { variableOf, type WatchtowerFlag, watchtowerFlags } from './watchtower-flags.ts';

/** What a Watchtower was told. Values may be secrets. */
export interface WatchtowerSettings {
  /** By flag. A switch that is off is not in it. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Containers that it was started for. */
  readonly names: readonly string[];
  /** Flags that are none of Watchtower's: their names alone. */
  readonly unknown: readonly string[];
  /** Switches that are neither on nor off, by their variables. */
  readonly unclear: readonly string[];
}

/**
 * Reads a command line (as Go's pflag does) and an environment, which counts for what the command line does not give.
 * Pure.
 */
export function watchtowerSettings(args: readonly string[], env: ReadonlyMap<string, string>): WatchtowerSettings {
  const given = new Map<string, string[]>();
  const names: string[] = [];
  const unknown: string[] = [];
  const unclear: string[] = [];
  const byShort = new Map(Object.entries(watchtowerFlags).map(([name, { short }]) => [short, name]));
  const add = (name: string, value: string): void => void given.set(name, [...(given.get(name) ?? []), value]);
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') names.push(...rest.splice(0));
    else if (word.startsWith('--')) {
      const [, name = '', value] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
      const flag = known(name);
      if (flag === undefined) unknown.push(`--${name}`);
      else add(name, value ?? (flag.takes === 'switch' ? 'true' : (rest.shift() ?? '')));
    } else if (/^-./.test(word)) {
      // Several switches in one word, the last of which may take what follows.
      for (let at = 1; at < word.length; at++) {
        const name = byShort.get(word[at]);
        if (name === undefined) {
          unknown.push(`-${word[at]}`);
          break;
        }
        const tail = word.slice(at + 1);
        if (known(name)?.takes === 'switch' && !tail.startsWith('=')) add(name, 'true');
        else {
          add(name, tail === '' ? (rest.shift() ?? '') : tail.replace(/^=/, ''));
          break;
        }
      }
    } else names.push(word);
  }
  for (const name of Object.keys(watchtowerFlags)) {
    const value = env.get(variableOf(name));
    if (value !== undefined && value !== '' && !given.has(name)) given.set(name, [value]);
  }
  const values = new Map<string, readonly string[]>();
  for (const [name, all] of given) {
    const { takes } = known(name) as WatchtowerFlag;
    const last = all.at(-1) ?? '';
    if (takes === 'switch') {
      // Docker's own variable is on when it is set to anything, and NO_COLOR likewise.
      const isOn = name === 'tlsverify' || name === 'no-color' ? true : goBoolean(last);
      if (isOn === undefined) unclear.push(variableOf(name));
      else if (isOn) values.set(name, ['true']);
    } else if (takes === 'value') values.set(name, [last]);
    else values.set(name, all.flatMap((one) => one.split(takes === 'words' ? /[\s,]+/ : /\s+/)).filter(Boolean));
  }
  for (const name of env.keys()) {
    if (name.startsWith('WATCHTOWER_') && !variables.has(name)) unknown.push(name);
  }
  return { values, names, unknown, unclear };
}

const variables: ReadonlySet<string> = new Set(Object.keys(watchtowerFlags).map(variableOf));

function known(name: string): WatchtowerFlag | undefined {
  return Object.hasOwn(watchtowerFlags, name) ? watchtowerFlags[name] : undefined;
}
