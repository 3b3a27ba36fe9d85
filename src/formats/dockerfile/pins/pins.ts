/*
 * src/formats/dockerfile/pins/
 *
 * Packages that RUN installs. A command is split as a shell does (shell.ts), what wraps others is taken off
 * (unwrap.ts), its manager is known (managers.ts), and its words are taken apart (install.ts, package-word.ts).
 * repositories.ts says when a command changes where packages come from: from there on the base does not tell the whole
 * truth.
 * Begin with pins.ts.
 */

import { limits } from '../../../core/limits/limits.ts';
import { offsetAt, type Traced, typed, untied } from '../../text/traced.ts';
import type { Environment } from '../syntax/expand.ts';
import { heredocMark } from '../syntax/heredoc.ts';
import type { Instruction } from '../syntax/instructions.ts';
import { type FoundPin, installedPackages, upgradesAll } from './install.ts';
import { type Command, simpleCommands } from './shell.ts';
import { isAssignment, isShell, shellScript, unwrap } from './unwrap.ts';
import { type Argument, expandWords, ShellVariables } from './words.ts';

/** What holds where a RUN stands. */
export interface PinContext {
  readonly scope: Environment;
  /** What SHELL chose; absent for the default, `/bin/sh -c`. */
  readonly shell: readonly string[] | undefined;
}

/** What a RUN instruction does with packages. */
export interface PackageWork {
  readonly pins: readonly FoundPin[];
  /** The manager that takes every upgrade there is. */
  readonly upgrades?: string;
  /** There are scripts in scripts deeper, or more words, than is read. */
  readonly cut?: 'deep' | 'long';
}

const mentionsManager = /apt|apk|dnf|yum|zypper/;

/** What a RUN instruction installs and upgrades, in exec form, in shell form or in here-documents. */
export function packageWork(run: Instruction, text: string, context: PinContext): PackageWork {
  const reader = new PinReader(context.scope);
  if (run.exec !== undefined) {
    reader.command({ words: run.exec.map(execWord), heredocs: [] }, new Map(), 0);
    return reader.work;
  }
  if (context.shell !== undefined && !isShell(context.shell[0] ?? '')) return reader.work;
  const bodies = new Map(run.heredocs.map(({ name, body }) => [name, typed(text, body.start, body.end)]));
  const [only] = bodies.values();
  if (only !== undefined && heredocMark(run.args.text) !== undefined) {
    if (!only.text.startsWith('#!') || isShellScript(only.text)) reader.script(only, 0);
  } else if (bodies.size === 0 && !run.args.text.includes('$')) return plainWork(run.args);
  else reader.script(run.args, 0, bodies);
  return reader.work;
}

/**
 * What scripts without variables do, with places counted from their first character: nothing around them matters. Fleets
 * repeat them, and every edit is proven by reading its file again.
 */
const known = new Map<string, PackageWork>();
let characters = 0;

function plainWork(script: Traced): PackageWork {
  if (!mentionsManager.test(script.text)) return { pins: [] };
  const start = offsetAt(script, 0);
  const runs = script.runs.map(({ at, from }) => ({ at, from: from - start }));
  const key = `${runs.map(({ at, from }) => `${at} ${from}`).join()}\n${script.text}`;
  let work = known.get(key);
  if (work === undefined) {
    const reader = new PinReader({ get: () => undefined, budget: { left: script.text.length } });
    reader.script({ text: script.text, runs }, 0);
    work = reader.work;
    if (key.length <= limits.file.keptScripts.most / 100) {
      known.set(key, work);
      characters += key.length;
    }
    for (const oldest of known.keys()) {
      if (characters <= limits.file.keptScripts.most) break;
      known.delete(oldest);
      characters -= oldest.length;
    }
  }
  const moved = ({ at, versionAt, ...pin }: FoundPin): FoundPin => ({
    ...pin,
    at: at + start,
    ...(versionAt && { versionAt: { start: versionAt.start + start, end: versionAt.end + start } }),
  });
  return { ...work, pins: work.pins.map(moved) };
}

/** `#!/bin/sh`, `#!/usr/bin/env bash` and their like. */
function isShellScript(body: string): boolean {
  const words = body.slice(2, 200).split('\n', 1)[0]?.trim().split(/\s+/) ?? [];
  const command = words[0]?.endsWith('/env') ? words.slice(1).find((word) => !/^-|=/.test(word)) : words[0];
  return isShell(command ?? '');
}

function execWord(text: Traced): Command['words'][number] {
  return { pieces: [{ kind: 'text', text }], at: offsetAt(text, 0) };
}

class PinReader {
  readonly #variables: ShellVariables;
  readonly #pins: FoundPin[] = [];
  #upgrades: string | undefined;
  #cut: PackageWork['cut'];
  #words = 0;

  constructor(scope: Environment) {
    this.#variables = new ShellVariables(scope);
  }

  get work(): PackageWork {
    return {
      pins: this.#pins,
      ...(this.#upgrades !== undefined && { upgrades: this.#upgrades }),
      ...(this.#cut && { cut: this.#cut }),
    };
  }

  script(script: Traced, depth: number, bodies: ReadonlyMap<string, Traced> = new Map()): void {
    const scripts = [script, ...bodies.values()];
    if (!scripts.some(({ text }) => mentionsManager.test(text))) return;
    if (depth > limits.file.scripts.most) {
      this.#cut = 'deep';
      return;
    }
    for (const command of simpleCommands(script)) this.command(command, bodies, depth);
  }

  command(command: Command, bodies: ReadonlyMap<string, Traced>, depth: number): void {
    const room = limits.file.scriptWords.most - this.#words;
    this.#words += command.words.length;
    if (room < command.words.length) this.#cut ??= 'long';
    if (room <= 0) return;
    const all = expandWords({ ...command, words: command.words.slice(0, room) }, this.#variables);
    const words = unwrap(all);
    const [name] = words;
    if (name === undefined || name.text === 'export') this.#assign(all);
    else if (name.text === 'for') this.#variables.set(words[1]?.text ?? '', {});
    else if (isShell(name.text)) this.#nested(words, command, bodies, depth);
    else {
      this.#upgrades ??= upgradesAll(words);
      for (const pin of installedPackages(words)) if (pin.at >= 0) this.#pins.push(pin);
    }
  }

  #nested(words: readonly Argument[], command: Command, bodies: ReadonlyMap<string, Traced>, depth: number): void {
    const script = shellScript(words);
    if (script === undefined) return;
    if (script !== 'stdin') return this.script(script.script, depth + 1);
    for (const name of command.heredocs) {
      const body = bodies.get(name);
      if (body !== undefined) this.script(body, depth + 1);
    }
  }

  /** `name=value` alone sets a variable of the script; a value that is not known hides the Dockerfile's. */
  #assign(words: readonly Argument[]): void {
    for (const { text, known } of words) {
      if (!isAssignment(text)) continue;
      const equals = text.indexOf('=');
      const name = text.slice(0, equals).replace(/\+$/, '');
      const certain = known === Number.POSITIVE_INFINITY && text.charAt(equals - 1) !== '+';
      const value = text.slice(equals + 1);
      this.#variables.set(name, certain ? { value: untied(value) } : {});
    }
  }
}
