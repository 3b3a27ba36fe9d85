import type { ProblemCode } from '../../core/problem-code.ts';
import { type StageList, stageLabel } from './stages.ts';
import type { ImageWord } from './uses.ts';

/**
 * Does the word of a COPY --from or a mount name a stage or `scratch`, and so no image? Names are looked up in the whole
 * file, numbers count stages; a stage can only be copied from once it is complete (under ONBUILD, in the stage that is
 * built on it). Notes the source in its stage. Source: BuildKit dockerfile2llb/convert.go, toCommand and dispatch.
 */
export function namesStage(
  { kind, expansion, stage, instruction, line }: ImageWord,
  stages: StageList,
  complain: (code: ProblemCode, message: string, line: number) => void,
): boolean {
  const name = expansion.value?.text;
  if (kind === 'from' || kind === 'syntax' || stage === undefined || name === undefined) return false;
  if (name === 'scratch') return true;
  const isNumber = /^[+-]?\d+$/.test(name);
  const source = isNumber ? stages.all[Number(name)] : stages.named(name);
  if (source === undefined) {
    if (isNumber) complain('stage-unknown', `there is no stage ${name.slice(0, 20)}`, line);
    return isNumber;
  }
  const later = source.index >= stage.index && !instruction?.onbuild;
  if (!later) stage.sources.add(source);
  else if (source === stage) complain('stage-circular', `stage ${stageLabel(stage)} takes files from itself`, line);
  else {
    const [missing, user] = [stageLabel(source), stageLabel(stage)];
    complain('stage-order', `stage ${missing} must be defined before stage ${user}, which takes files from it`, line);
  }
  return true;
}
