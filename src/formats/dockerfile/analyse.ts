import { limits } from '../../core/limits/limits.ts';
import type { PackagePin, ParsedStage, RootfsArchive, TextRange } from '../../core/parsed-file.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import type { GivenArguments } from '../format.ts';
import { positions } from '../text/lines.ts';
import { spanOf, type Traced, untied } from '../text/traced.ts';
import { Complaints } from './complaints.ts';
import { DeclaredVersions } from './declared-versions.ts';
import { type Definition, suppliers } from './definitions.ts';
import { readFrom } from './from.ts';
import { givenPart } from './given.ts';
import { mountSource } from './mounts.ts';
import { packageWork } from './pins/pins.ts';
import { touchesRepositories } from './pins/repositories.ts';
import { addedRootfs, type FoundRootfs } from './rootfs.ts';
import { automaticArguments, Scope } from './scope.ts';
import { namesStage } from './stage-source.ts';
import { repositoriesChange, type Stage, StageList, stageLabel } from './stages.ts';
import { argumentAssignments, environmentAssignments } from './syntax/assignments.ts';
import { asBuilt, type Environment, type Expansion, expand, gap, type Variable } from './syntax/expand.ts';
import { detectSyntax } from './syntax/frontend.ts';
import { type Instruction, readInstructions } from './syntax/instructions.ts';
import { type ImageWord, imageUse, type LocatedUse } from './uses.ts';

/** Everything known about one Dockerfile. */
export interface Analysis {
  readonly uses: readonly LocatedUse[];
  readonly pins: readonly LocatedPin[];
  readonly stages: readonly ParsedStage[];
  readonly rootfs: readonly RootfsArchive[];
  readonly problems: readonly Problem[];
  readonly definitions: readonly Definition[];
  /** What it was read with. */
  readonly given: GivenArguments;
}

/** A pin together with what an edit needs to know. */
export interface LocatedPin {
  readonly pin: PackagePin;
  /** Where the version stands, when it stands there in one piece. */
  readonly versionAt?: TextRange;
}

const keywords = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
const emptyEnvironment: Omit<Environment, 'budget'> = { get: () => undefined };

/** Reads a Dockerfile, as it is built with the given arguments, up to a stage or the last. Never throws: what cannot be understood is a problem. */
export function analyse(text: string, given: GivenArguments = new Map(), target?: string): Analysis {
  if (text.includes('\0')) {
    const problem: Problem = { code: 'binary', message: 'the file holds a NUL character: it is not a Dockerfile' };
    return {
      uses: [],
      pins: [],
      stages: [],
      rootfs: [],
      definitions: [],
      given,
      problems: [problem],
    };
  }
  return new Analyser(text, given, target).run();
}

class Analyser {
  readonly #text: string;
  readonly #given: GivenArguments;
  readonly #target: string | undefined;
  readonly #complaints = new Complaints();
  readonly #budget = { left: limits.file.expanded.most };
  readonly #globals = new Scope(this.#budget);
  readonly #definitions: Definition[] = [];
  readonly #inherited = new Set<Variable>();
  readonly #stages = new StageList();
  readonly #words: ImageWord[] = [];
  readonly #pins: LocatedPin[] = [];
  readonly #declared = new DeclaredVersions();
  readonly #rootfs: (FoundRootfs & { readonly stage: Stage })[] = [];
  readonly #position: ReturnType<typeof positions>;
  #escape = '\\';
  /** The first instruction that Docker's frontend does not know. */
  #unknown: string | undefined;

  constructor(text: string, given: GivenArguments, target: string | undefined) {
    this.#target = target;
    this.#text = text;
    this.#given = given;
    // Every word is spent once as it is read, so a long file with many words is not too much by itself.
    this.#budget.left += 2 * text.length;
    this.#position = positions(text);
    for (const name of automaticArguments) this.#globals.setArg(name, { like: untied(gap) });
  }

  run(): Analysis {
    const syntax = detectSyntax(this.#text);
    if (syntax !== undefined && syntax.image.text !== '') {
      const range = spanOf(syntax.image, 0);
      const { line } = this.#position(range.start);
      this.#words.push({ kind: 'syntax', range, expansion: { value: syntax.image, unresolved: [] }, line });
    }
    if (syntax?.foreign !== true) this.#readAll();
    // Docker's own frontend, from any registry, knows no other instruction: there it is a mistake.
    const isDockers = /(?:^|\/)docker\/dockerfile(?:-upstream)?(?=$|[:@])/.test(
      syntax?.image.text ?? 'docker/dockerfile',
    );
    return this.#finish(isDockers ? undefined : this.#unknown);
  }

  #readAll(): void {
    const { instructions, complaints, escape } = readInstructions(this.#text);
    this.#escape = escape;
    for (const { code, message, line } of complaints) this.#complain(code, message, line);
    for (const instruction of instructions) {
      this.#read(instruction);
      if (Math.max(this.#words.length, this.#pins.length) <= limits.file.read.most) continue;
      const message = `the file names more than ${limits.file.read.most} images or packages; what stands behind it was not read`;
      this.#complain('file-too-long', message, instruction.line);
      break;
    }
    if (this.#stages.last === undefined) {
      this.#complain('no-from', 'there is no FROM: the file builds no image', 1);
    }
  }

  #read(instruction: Instruction): void {
    const { keyword, line } = instruction;
    const stage = this.#stages.last;
    if (!keywords.has(keyword)) {
      const shown = JSON.stringify(keyword.slice(0, 40));
      this.#unknown ??= shown;
      return this.#complain('unknown-instruction', `${shown} is no Dockerfile instruction; it was passed over`, line);
    }
    if (instruction.onbuild && ['FROM', 'ONBUILD', 'MAINTAINER'].includes(keyword)) {
      return this.#complain('onbuild', `${keyword} is not allowed under ONBUILD`, line);
    }
    if (keyword === 'FROM') return this.#from(instruction);
    if (stage === undefined) {
      if (keyword === 'ARG' && !instruction.onbuild) return this.#globalArguments(instruction);
      this.#complain('before-from', `${keyword} stands before the first FROM, where only ARG may`, line);
    }
    if (stage !== undefined && stage.repositoriesChange === undefined && touchesRepositories(instruction, this.#text)) {
      stage.repositoriesChange = line;
    }
    // A part of a Dockerfile, to be put together with others, still tells what it copies and installs.
    if (keyword === 'COPY') this.#copy(instruction, stage);
    else if (keyword === 'ADD') this.#add(instruction, stage);
    else if (keyword === 'RUN') this.#run(instruction, stage);
    else if (instruction.onbuild || stage === undefined) return;
    else if (keyword === 'ARG') this.#stageArguments(instruction, stage);
    else if (keyword === 'ENV') this.#environment(instruction, stage);
    else if (keyword === 'SHELL' && instruction.exec !== undefined) {
      stage.shell = instruction.exec.map((word) => word.text);
    }
  }

  #globalArguments(instruction: Instruction): void {
    const variables: Variable[] = [];
    for (const { name, value } of argumentAssignments(instruction, this.#escape)) {
      const given = this.#given.get(name)?.value;
      if (given !== undefined) {
        this.#globals.setArg(name, { value: untied(given) });
        continue;
      }
      if (value === undefined) continue;
      this.#definitions.push({ name, range: spanOf(value, instruction.start), inherited: false });
      const variable = this.#variable(value, this.#globals, instruction);
      this.#globals.setArg(name, variable);
      variables.push(variable);
    }
    this.#declared.note(instruction.comment, variables[0], undefined);
  }

  #stageArguments(instruction: Instruction, stage: Stage): void {
    const variables: Variable[] = [];
    for (const { name, value } of argumentAssignments(instruction, this.#escape)) {
      const inherited = this.#globals.get(name);
      const given = this.#given.get(name)?.value;
      if (given !== undefined) {
        stage.scope.setArg(name, { value: untied(given) });
      } else if (value !== undefined) {
        const variable = this.#variable(value, stage.scope, instruction);
        stage.scope.setArg(name, variable);
        variables.push(variable);
      } else if (inherited !== undefined) {
        stage.scope.setArg(name, inherited);
        this.#markInherited(inherited);
        this.#declared.reach(inherited, stage);
      }
    }
    this.#declared.note(instruction.comment, variables[0], stage);
  }

  #markInherited(variable: Variable): void {
    if (variable.value === undefined || this.#inherited.has(variable)) return;
    this.#inherited.add(variable);
    for (const definition of suppliers(this.#definitions, variable.value)) definition.inherited = true;
  }

  #environment(instruction: Instruction, stage: Stage): void {
    // Every value is expanded with what held before the instruction.
    const found = environmentAssignments(instruction, this.#escape).flatMap(({ name, value }): [string, Variable][] => {
      return value === undefined ? [] : [[name, this.#variable(value, stage.scope, instruction)]];
    });
    if (found.length === 0) this.#complain('env', 'ENV needs a name and a value', instruction.line);
    for (const [name, variable] of found) stage.scope.setEnv(name, variable);
    this.#declared.note(instruction.comment, found[0]?.[1], stage);
  }

  #variable(word: Traced, environment: Environment, instruction: Instruction): Variable {
    const { value, error } = expand(word, this.#escape, environment);
    if (error !== undefined) this.#complain('expansion', `cannot expand a value: ${error}`, instruction.line);
    if (value !== undefined) return { value };
    // Only names of images and stages are guessed at, and those see nothing else.
    const like = environment === this.#globals ? expand(word, this.#escape, asBuilt(environment)).value : undefined;
    return like === undefined ? {} : { like };
  }

  #from(instruction: Instruction): void {
    const word = readFrom(instruction, {
      escape: this.#escape,
      globals: this.#globals,
      stages: this.#stages,
      complain: (code, message) => this.#complain(code, message, instruction.line),
    });
    if (word !== undefined) this.#words.push(word);
  }

  #copy(instruction: Instruction, stage: Stage | undefined): void {
    const flag = instruction.flags.find(({ name }) => name === 'from');
    if (flag === undefined) return;
    if (flag.value === undefined || flag.raw === undefined) {
      return this.#complain('flag-value', '--from has no value: write --from=IMAGE', instruction.line);
    }
    if (flag.value.text === '') return;
    const range = spanOf(flag.raw, instruction.start);
    this.#words.push({ kind: 'copy-from', range, expansion: this.#literal(flag.value), ...placed(instruction, stage) });
  }

  #add(instruction: Instruction, stage: Stage | undefined): void {
    if (stage?.isScratch && !instruction.onbuild) {
      const found = addedRootfs(instruction, stage.scope, this.#escape);
      this.#rootfs.push(...found.map((one) => ({ ...one, stage })));
    }
    if (instruction.flags.some(({ name }) => name === 'from')) {
      this.#complain('unknown-flag', 'ADD has no --from: use COPY --from', instruction.line);
    }
  }

  #run(instruction: Instruction, stage: Stage | undefined): void {
    for (const { name, value } of instruction.flags) {
      const source = name === 'mount' && value !== undefined ? mountSource(value) : undefined;
      if (source === undefined) continue;
      const range = spanOf(source, instruction.start);
      this.#words.push({ kind: 'mount-from', range, expansion: this.#literal(source), ...placed(instruction, stage) });
    }
    const context = { scope: stage?.scope ?? this.#globals, shell: stage?.shell };
    const { pins, upgrades, cut } = packageWork(instruction, this.#text, context);
    if (cut === 'deep') {
      const message =
        'it runs scripts in scripts in scripts, deeper than is read; what the innermost install is not known';
      this.#complain('script-too-deep', message, instruction.line);
    } else if (cut === 'long') {
      const message = `its scripts have more than ${limits.file.scriptWords.most} words; what it installs behind them is not known`;
      this.#complain('script-too-long', message, instruction.line);
    }
    if (stage !== undefined && upgrades !== undefined) stage.upgrades ??= upgrades;
    for (const { at, unresolved, versionAt, ...found } of pins) {
      const pin = this.#pin(found, at, stage);
      this.#pins.push({ pin, ...(versionAt && { versionAt }) });
      if (unresolved !== undefined) {
        const message =
          unresolved === ''
            ? `the version of ${pin.name} comes from a command, whose answer only a build can tell`
            : `the version of ${pin.name} needs ${unresolved.slice(0, 80)}, which has no value in this file: give it a default with ARG or ENV`;
        this.#complain('pin-unresolved', message, pin.line);
      }
    }
  }

  #pin(found: Omit<PackagePin, 'line' | 'column'>, at: number, stage: Stage | undefined): PackagePin {
    const change = stage && repositoriesChange(stage);
    return {
      ...found,
      ...this.#position(at),
      ...(stage && { stage: stageLabel(stage) }),
      ...(change !== undefined && found.version !== undefined && { repositoriesChange: change }),
    };
  }

  /** COPY --from and RUN --mount from take no variables: what would expand is reported as unresolved. */
  #literal(word: Traced): Expansion {
    const { value, unresolved } = expand(word, this.#escape, { ...emptyEnvironment, budget: this.#budget });
    if (unresolved.length > 0) return { unresolved };
    if (value?.text === word.text) return { value: word, unresolved };
    return { unresolved: word.text.includes('$') ? [word.text] : [], ...(!word.text.includes('$') && { value: word }) };
  }

  #finish(foreign: string | undefined): Analysis {
    if (this.#budget.left < 0) {
      const message =
        'the variables of this file expand to too much text; images and packages that they name may be missing';
      this.#complain('expansion', message, 1);
    }
    const complain = (code: ProblemCode, message: string, line: number): void => this.#complain(code, message, line);
    const words = this.#words.filter((word) => !namesStage(word, this.#stages, complain));
    const context = {
      text: this.#text,
      position: this.#position,
      reached: this.#stages.reached(this.#target),
      given: (expanded: Traced) => givenPart(expanded, this.#given, this.#definitions),
      complain,
      ...(foreign !== undefined && { foreign }),
    };
    const uses = words.map((word) => imageUse(word, context));
    const stages = this.#stages.all.map(
      (stage): ParsedStage => ({
        name: stageLabel(stage),
        ...(stage.base && { base: stageLabel(stage.base) }),
        ...(stage.upgrades !== undefined && { upgrades: stage.upgrades }),
      }),
    );
    const rootfs = this.#rootfs.map(
      ({ path, at, stage }): RootfsArchive => ({
        stage: stageLabel(stage),
        path,
        ...this.#position(at),
        final: context.reached.has(stage),
      }),
    );
    const declared = this.#declared
      .notTaken(this.#pins)
      .map(({ found, at, stage, ...more }) => ({ pin: this.#pin(found, at, stage), ...more }));
    const pins = [...this.#pins, ...declared].sort(({ pin: a }, { pin: b }) => a.line - b.line || a.column - b.column);
    return {
      uses,
      pins,
      stages,
      rootfs,
      problems: this.#complaints.problems(),
      definitions: this.#definitions,
      given: this.#given,
    };
  }

  #complain(code: ProblemCode, message: string, line: number): void {
    this.#complaints.add({ code, message, line });
  }
}

function placed(instruction: Instruction, stage: Stage | undefined): Pick<ImageWord, 'line' | 'instruction' | 'stage'> {
  return { line: instruction.line, instruction, ...(stage && { stage }) };
}
