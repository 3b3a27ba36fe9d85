import { type Environment, type Expansion, expand, type Variable } from './expand.ts';
import { blankWords } from './flags.ts';
import type { Instruction } from './instructions.ts';
import { automaticArguments, Scope } from './scope.ts';
import type { Stage, StageList } from './stages.ts';
import { spanOf, type Traced, untied } from './traced.ts';
import type { ImageWord } from './uses.ts';

export interface FromContext {
  readonly escape: string;
  /** What the ARGs before the first FROM set; nothing else is expanded here. */
  readonly globals: Scope;
  /** The stages so far; the new one is added. */
  readonly stages: StageList;
  complain(code: string, message: string): void;
}

/**
 * Reads `FROM [--platform=P] IMAGE [AS NAME]` and begins its stage. Returns its image word, unless that is an earlier
 * stage or `scratch`. Source: BuildKit frontend/dockerfile/instructions/parse.go, parseFrom, parseBuildStageName;
 * dockerfile2llb/convert.go, buildDispatchStates, addState.
 */
export function readFrom(instruction: Instruction, context: FromContext): ImageWord | undefined {
  const { escape, globals, stages, complain } = context;
  const { line } = instruction;
  // `--platform linux/amd64` without the equals sign leaves the platform where the image should stand.
  const bare = instruction.flags.some(({ name, value }) => name === 'platform' && value === undefined);
  if (bare) complain('flag-value', '--platform has no value: write --platform=PLATFORM');
  const words = blankWords(instruction.args).slice(bare ? 1 : 0);
  const [image, as, name] = words;
  const named = as?.text.toLowerCase() === 'as' ? name?.text : undefined;
  if (words.length !== (named === undefined ? 1 : 3)) {
    complain('from-arguments', 'FROM takes an image, or an image, AS and a stage name');
  } else if (named !== undefined && !/^[a-z][a-z0-9_.-]*$/i.test(named)) {
    complain('stage-name', `${JSON.stringify(named.slice(0, 80))} is no name for a stage`);
  }
  const expansion: Expansion = image ? expand(image, escape, globals) : { unresolved: [] };
  const perPlatform = image ? stagesPerPlatform(image, expansion, context) : [];
  const base = expansion.value ? stages.named(expansion.value.text) : perPlatform[0];
  const stage: Stage = {
    index: stages.all.length,
    ...(named !== undefined && { name: named }),
    scope: new Scope(globals.budget, base?.scope),
    ...(base === undefined && expansion.value?.text === 'scratch' && { isScratch: true as const }),
    ...(base !== undefined && { base, ...(base.shell && { shell: base.shell }) }),
    sources: new Set(perPlatform),
  };
  stages.add(stage);
  if (image === undefined || base !== undefined || expansion.value?.text === 'scratch') return undefined;
  const platform = platformOf(instruction, context);
  const range = spanOf(image, instruction.start);
  return { kind: 'from', range, expansion, line, stage, instruction, ...(platform && { platform }) };
}

/** `$BUILDPLATFORM` and `$TARGETPLATFORM` stand for themselves unless an ARG gives them a value. */
function platformOf({ flags }: Instruction, { escape, globals }: FromContext): string | undefined {
  const value = flags.find((flag) => flag.name === 'platform')?.value;
  if (value === undefined) return undefined;
  const names = standingIn(globals, (name) => (/^(BUILD|TARGET)PLATFORM$/.test(name) ? `$${name}` : undefined));
  return expand(value, escape, names).value?.text ?? value.text;
}

/** The stages of `FROM base-$TARGETARCH`, one for each platform; none when it is an image. */
function stagesPerPlatform(
  image: Traced,
  { unresolved }: Expansion,
  { escape, globals, stages }: FromContext,
): readonly Stage[] {
  const isAutomatic = (name: string): boolean => automaticArguments.includes(name);
  if (unresolved.length === 0 || !unresolved.every(isAutomatic)) return [];
  globals.budget.left -= stages.all.length;
  if (globals.budget.left < 0) return [];
  // NUL is in no text that is read.
  const gaps = standingIn(globals, (name) => (isAutomatic(name) ? '\0' : undefined));
  const name = expand(image, escape, gaps).value;
  return name === undefined ? [] : stages.like(name.text.split('\0'));
}

/** The global scope with texts for automatic arguments that no ARG gives a value. */
function standingIn(globals: Scope, textOf: (name: string) => string | undefined): Environment {
  const get = (name: string): Variable | undefined => {
    const variable = globals.get(name);
    const text = variable !== undefined && variable.value === undefined ? textOf(name) : undefined;
    return text === undefined ? variable : { value: untied(text) };
  };
  return { get, budget: globals.budget };
}
