import { parseReference } from '../../core/image/reference.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import { spanOf, untied } from '../text/traced.ts';
import { Scope } from './scope.ts';
import type { Stage, StageList } from './stages.ts';
import { asBuilt, type Expansion, expand, gap, type Variable } from './syntax/expand.ts';
import { blankWords } from './syntax/flags.ts';
import type { Instruction } from './syntax/instructions.ts';
import { type ImageWord, isStageName } from './uses.ts';

/** What holds before a FROM. */
export interface FromContext {
  readonly escape: string;
  /** What the ARGs before the first FROM set; nothing else is expanded here. */
  readonly globals: Scope;
  /** The stages so far; the new one is added. */
  readonly stages: StageList;
  complain(code: ProblemCode, message: string): void;
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
  } else if (named !== undefined && !isStageName(named)) {
    complain('stage-name', `${JSON.stringify(named.slice(0, 80))} is no name for a stage`);
  }
  const sure: Expansion = image ? expand(image, escape, globals) : { unresolved: [] };
  const built = image && sure.unresolved.length > 0 ? expand(image, escape, asBuilt(globals)).value : undefined;
  const ofBuild = built?.text.includes(gap) ?? false;
  const perPlatform = built && ofBuild ? stagesLike(built.text, context) : [];
  // A build takes what is not set for empty; where that makes a name, it is looked at.
  const isGuess = built !== undefined && !ofBuild && isName(built.text, stages);
  const expansion = isGuess ? { value: built, unresolved: [] } : sure;
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
  return {
    kind: 'from',
    range,
    expansion,
    line,
    stage,
    instruction,
    ...(platform && { platform }),
    ...(ofBuild && { ofBuild: true as const }),
    ...(isGuess && { unset: sure.unresolved }),
  };
}

/** `$BUILDPLATFORM` and `$TARGETPLATFORM` stand for themselves unless an ARG gives them a value. */
function platformOf({ flags }: Instruction, { escape, globals }: FromContext): string | undefined {
  const value = flags.find((flag) => flag.name === 'platform')?.value;
  if (value === undefined) return undefined;
  const get = (name: string): Variable | undefined => {
    const variable = globals.get(name);
    const isOpen = variable !== undefined && variable.value === undefined && /^(?:BUILD|TARGET)PLATFORM$/.test(name);
    return isOpen ? { value: untied(`$${name}`) } : variable;
  };
  return expand(value, escape, { get, budget: globals.budget }).value?.text ?? value.text;
}

/** The stages of `FROM base-$TARGETARCH`, one for each platform; none when it is an image. */
function stagesLike(text: string, { globals, stages }: FromContext): readonly Stage[] {
  globals.budget.left -= stages.all.length;
  return globals.budget.left < 0 ? [] : stages.like(text.split(gap));
}

/** Is it a stage, or can it be an image? `FROM $IMAGE` and `FROM app:$TAG` without values are mistakes for a build, too. */
function isName(text: string, stages: StageList): boolean {
  try {
    return stages.named(text) !== undefined || parseReference(text) !== undefined;
  } catch {
    return false;
  }
}
