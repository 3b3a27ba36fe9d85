import type { Problem } from '../../core/problem.ts';
import type { PackagePin, TextRange } from '../../core/use.ts';
import { type Definition, suppliers } from './definitions.ts';
import { type Environment, type Expansion, expand, type Variable } from './expand.ts';
import { blankWords, quotedWords } from './flags.ts';
import { type Complaint, type Instruction, readInstructions } from './instructions.ts';
import { positions } from './lines.ts';
import { mountSource } from './mounts.ts';
import { packagePins } from './pins/pins.ts';
import { automaticArguments, Scope } from './scope.ts';
import { type Stage, StageList, stageLabel } from './stages.ts';
import { detectSyntax } from './syntax.ts';
import { endOf, slice, startOf, type Traced, untied } from './traced.ts';
import { type ImageWord, imageUse, type LocatedUse } from './uses.ts';

/** Everything known about one Dockerfile. */
export interface Analysis {
  readonly uses: readonly LocatedUse[];
  readonly pins: readonly PackagePin[];
  readonly problems: readonly Problem[];
  readonly definitions: readonly Definition[];
}

const keywords = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
/** Far above what real files expand, far below what hurts. */
const expansionBudget = 4_000_000;
const emptyEnvironment: Omit<Environment, 'budget'> = { get: () => undefined };

/** Reads a Dockerfile. Never throws: what cannot be understood is a problem. */
export function analyse(text: string, file?: string): Analysis {
  if (text.includes('\0')) {
    const problem = { code: 'binary', message: 'the file holds a NUL character: it is not a Dockerfile' };
    return { uses: [], pins: [], definitions: [], problems: [{ ...problem, ...(file && { subject: file }) }] };
  }
  return new Analyser(text, file).run();
}

class Analyser {
  readonly #text: string;
  readonly #file: string | undefined;
  readonly #complaints: Complaint[] = [];
  readonly #budget = { left: expansionBudget };
  readonly #globals = new Scope(this.#budget);
  readonly #definitions: Definition[] = [];
  readonly #inherited = new Set<Variable>();
  readonly #stages = new StageList();
  readonly #words: ImageWord[] = [];
  readonly #pins: PackagePin[] = [];
  readonly #position: ReturnType<typeof positions>;
  #escape = '\\';

  constructor(text: string, file: string | undefined) {
    this.#text = text;
    this.#file = file;
    this.#position = positions(text);
    for (const name of automaticArguments) this.#globals.setArg(name, {});
  }

  run(): Analysis {
    const syntax = detectSyntax(this.#text);
    if (syntax !== undefined && syntax.image.text !== '') {
      const range = { start: startOf(syntax.image, 0), end: endOf(syntax.image, 0) };
      const { line } = this.#position(range.start);
      this.#words.push({ kind: 'syntax', range, expansion: { value: syntax.image, unresolved: [] }, line });
    }
    if (syntax?.foreign !== true) this.#readAll();
    return this.#finish();
  }

  #readAll(): void {
    const { instructions, complaints, escape } = readInstructions(this.#text);
    this.#escape = escape;
    this.#complaints.push(...complaints);
    for (const instruction of instructions) this.#read(instruction);
    if (this.#stages.last === undefined) {
      this.#complain('no-from', 'there is no FROM: the file builds no image', 1);
    }
  }

  #read(instruction: Instruction): void {
    const { keyword, line } = instruction;
    const stage = this.#stages.last;
    if (!keywords.has(keyword)) {
      const shown = JSON.stringify(keyword.slice(0, 40));
      return this.#complain('unknown-instruction', `${shown} is no Dockerfile instruction; it was passed over`, line);
    }
    if (instruction.onbuild && ['FROM', 'ONBUILD', 'MAINTAINER'].includes(keyword)) {
      return this.#complain('onbuild', `${keyword} is not allowed under ONBUILD`, line);
    }
    if (keyword === 'FROM') return this.#from(instruction);
    if (stage === undefined) {
      if (keyword === 'ARG' && !instruction.onbuild) return this.#globalArguments(instruction);
      return this.#complain('before-from', `${keyword} stands before the first FROM, where only ARG may`, line);
    }
    if (keyword === 'COPY') this.#copy(instruction, stage);
    else if (keyword === 'ADD') this.#add(instruction);
    else if (keyword === 'RUN') this.#run(instruction, stage);
    else if (instruction.onbuild) return;
    else if (keyword === 'ARG') this.#stageArguments(instruction, stage);
    else if (keyword === 'ENV') this.#environment(instruction, stage);
    else if (keyword === 'SHELL' && instruction.exec !== undefined) {
      stage.shell = instruction.exec.map((word) => word.text);
    }
  }

  #globalArguments(instruction: Instruction): void {
    for (const { name, value } of this.#assignments(instruction)) {
      if (value === undefined) continue;
      const start = startOf(value, instruction.start);
      const range = { start, end: endOf(value, start) };
      this.#definitions.push({ name, range, inherited: false });
      this.#globals.setArg(name, this.#variable(value, this.#globals, instruction));
    }
  }

  #stageArguments(instruction: Instruction, stage: Stage): void {
    for (const { name, value } of this.#assignments(instruction)) {
      const inherited = this.#globals.get(name);
      if (value !== undefined) stage.scope.setArg(name, this.#variable(value, stage.scope, instruction));
      else if (inherited !== undefined) {
        stage.scope.setArg(name, inherited);
        this.#markInherited(inherited);
      }
    }
  }

  #markInherited(variable: Variable): void {
    if (variable.value === undefined || this.#inherited.has(variable)) return;
    this.#inherited.add(variable);
    for (const definition of suppliers(this.#definitions, variable.value)) definition.inherited = true;
  }

  #environment(instruction: Instruction, stage: Stage): void {
    const words = quotedWords(instruction.args, this.#escape);
    const { text } = instruction.args;
    if (words[0]?.text.includes('=') === false) {
      const blank = /[\t\v\f\r ]+/.exec(text);
      if (blank === null) return this.#complain('env', 'ENV needs a name and a value', instruction.line);
      const value = slice(instruction.args, blank.index + blank[0].length);
      return stage.scope.setEnv(text.slice(0, blank.index), this.#variable(value, stage.scope, instruction));
    }
    // Every value is expanded with what held before the instruction.
    const found = this.#assignments(instruction).map(({ name, value }): [string, Variable] => {
      return [name, this.#variable(value ?? untied(''), stage.scope, instruction)];
    });
    for (const [name, variable] of found) stage.scope.setEnv(name, variable);
  }

  #assignments(instruction: Instruction): { name: string; value?: Traced }[] {
    return quotedWords(instruction.args, this.#escape).map((word) => {
      const equals = word.text.indexOf('=');
      if (equals < 0) return { name: word.text };
      return { name: word.text.slice(0, equals), value: slice(word, equals + 1) };
    });
  }

  #variable(word: Traced, environment: Environment, instruction: Instruction): Variable {
    const { value, error } = expand(word, this.#escape, environment);
    if (error !== undefined) this.#complain('expansion', `cannot expand a value: ${error}`, instruction.line);
    return value === undefined ? {} : { value };
  }

  #from(instruction: Instruction): void {
    const words = blankWords(instruction.args);
    const [image, as, name] = words;
    const { line } = instruction;
    const named = words.length === 3 && as?.text.toLowerCase() === 'as' ? name?.text : undefined;
    if (words.length !== 1 && named === undefined) {
      this.#complain('from-arguments', 'FROM takes an image, or an image, AS and a stage name', line);
    } else if (named !== undefined && !/^[a-z][a-z0-9_.-]*$/i.test(named)) {
      this.#complain('stage-name', `${JSON.stringify(named.slice(0, 80))} is no name for a stage`, line);
    }
    const expansion: Expansion = image ? expand(image, this.#escape, this.#globals) : { unresolved: [] };
    const base = expansion.value && this.#stages.named(expansion.value.text);
    const stage: Stage = {
      index: this.#stages.all.length,
      ...(named !== undefined && { name: named }),
      scope: new Scope(this.#budget, base?.scope),
      ...(base !== undefined && { base, ...(base.shell && { shell: base.shell }) }),
      sources: new Set(),
    };
    this.#stages.add(stage);
    if (image === undefined || base !== undefined || expansion.value?.text === 'scratch') return;
    const platform = this.#platform(instruction);
    const range = rangeOf(image);
    this.#words.push({ kind: 'from', range, expansion, line, stage, instruction, ...(platform && { platform }) });
  }

  /** `$BUILDPLATFORM` and `$TARGETPLATFORM` stand for themselves unless an ARG gives them a value. */
  #platform(instruction: Instruction): string | undefined {
    const value = instruction.flags.find((flag) => flag.name === 'platform')?.value;
    if (value === undefined) return undefined;
    const environment: Environment = {
      budget: this.#budget,
      get: (name) => {
        const variable = this.#globals.get(name);
        const stays = variable !== undefined && variable.value === undefined && /^(BUILD|TARGET)PLATFORM$/.test(name);
        return stays ? { value: untied(`$${name}`) } : variable;
      },
    };
    return expand(value, this.#escape, environment).value?.text ?? value.text;
  }

  #copy(instruction: Instruction, stage: Stage): void {
    const flag = instruction.flags.find(({ name }) => name === 'from');
    if (flag === undefined) return;
    if (flag.value === undefined || flag.raw === undefined) {
      return this.#complain('flag-value', '--from has no value: write --from=IMAGE', instruction.line);
    }
    if (flag.value.text === '') return;
    const range = rangeOf(flag.raw);
    const { line } = instruction;
    this.#words.push({ kind: 'copy-from', range, expansion: this.#literal(flag.value), line, stage, instruction });
  }

  #add(instruction: Instruction): void {
    if (instruction.flags.some(({ name }) => name === 'from')) {
      this.#complain('unknown-flag', 'ADD has no --from: use COPY --from', instruction.line);
    }
  }

  #run(instruction: Instruction, stage: Stage): void {
    for (const { name, value } of instruction.flags) {
      const source = name === 'mount' && value !== undefined ? mountSource(value) : undefined;
      if (source === undefined) continue;
      const expansion = this.#literal(source);
      this.#words.push({
        kind: 'mount-from',
        range: rangeOf(source),
        expansion,
        line: instruction.line,
        stage,
        instruction,
      });
    }
    const found = packagePins(instruction, this.#text, { scope: stage.scope, shell: stage.shell });
    for (const { at, unresolved, ...pin } of found) {
      const file = this.#file === undefined ? {} : { file: this.#file };
      const place = this.#position(at);
      this.#pins.push({ ...file, ...pin, ...place, stage: stageLabel(stage) });
      if (unresolved !== undefined) {
        const message = `the version of ${pin.name} needs ${unresolved.slice(0, 80)}, which has no value in this file: give it a default with ARG or ENV`;
        this.#complain('pin-unresolved', message, place.line);
      }
    }
  }

  /** COPY --from and RUN --mount from take no variables: what would expand is reported as unresolved. */
  #literal(word: Traced): Expansion {
    const { value, unresolved } = expand(word, this.#escape, { ...emptyEnvironment, budget: this.#budget });
    if (unresolved.length > 0) return { unresolved };
    if (value?.text === word.text) return { value: word, unresolved };
    return { unresolved: word.text.includes('$') ? [word.text] : [], ...(!word.text.includes('$') && { value: word }) };
  }

  #finish(): Analysis {
    const words = this.#words.filter((word) => !this.#isStage(word));
    const context = {
      text: this.#text,
      ...(this.#file !== undefined && { file: this.#file }),
      position: this.#position,
      reached: this.#stages.reached(),
      complain: (code: string, message: string, line: number) => this.#complain(code, message, line),
    };
    const uses = words.map((word) => imageUse(word, context));
    const problems = this.#complaints
      .toSorted((a, b) => a.line - b.line)
      .map(({ code, message, line }) => ({ code, message, subject: `${this.#file ?? 'Dockerfile'}:${line}` }));
    return { uses, pins: this.#pins, problems, definitions: this.#definitions };
  }

  /**
   * Does the word name a stage or `scratch`? Names are looked up in the whole file, numbers count stages; a stage can
   * only be copied from once it is complete. Source: BuildKit dockerfile2llb/convert.go, toCommand and dispatch.
   */
  #isStage({ kind, expansion, stage, instruction, line }: ImageWord): boolean {
    const name = expansion.value?.text;
    if (kind === 'from' || kind === 'syntax' || stage === undefined || name === undefined) return false;
    if (name === 'scratch') return true;
    const isNumber = /^[+-]?\d+$/.test(name);
    const source = isNumber ? this.#stages.all[Number(name)] : this.#stages.named(name);
    if (source === undefined) {
      if (isNumber) this.#complain('stage-unknown', `there is no stage ${name.slice(0, 20)}`, line);
      return isNumber;
    }
    if (source.index === stage.index && !instruction?.onbuild) {
      this.#complain('stage-circular', `stage ${stageLabel(stage)} takes files from itself`, line);
    } else if (source.index > stage.index && !instruction?.onbuild) {
      const message = `stage ${stageLabel(source)} must be defined before stage ${stageLabel(stage)}, which takes files from it`;
      this.#complain('stage-order', message, line);
    } else stage.sources.add(source);
    return true;
  }

  #complain(code: string, message: string, line: number): void {
    this.#complaints.push({ code, message, line });
  }
}

function rangeOf(word: Traced): TextRange {
  const start = startOf(word, 0);
  return { start, end: endOf(word, start) };
}
