import { slice, type Traced } from '../../text/traced.ts';
import { quotedWords } from './flags.ts';
import type { Instruction } from './instructions.ts';

/** `name` or `name=value`, before expansion. */
export interface Assignment {
  readonly name: string;
  readonly value?: Traced;
}

/** The words of an ARG. Source: BuildKit frontend/dockerfile/parser/line_parsers.go, parseNameOrNameVal. */
export function argumentAssignments(instruction: Instruction, escape: string): readonly Assignment[] {
  return quotedWords(instruction.args, escape).map((word) => {
    const equals = word.text.indexOf('=');
    if (equals < 0) return { name: word.text };
    return { name: word.text.slice(0, equals), value: slice(word, equals + 1) };
  });
}

/** The pairs of an ENV, also in its old form `ENV name value`. Source: line_parsers.go, parseNameVal. */
export function environmentAssignments(instruction: Instruction, escape: string): readonly Assignment[] {
  const { args } = instruction;
  const found = argumentAssignments(instruction, escape);
  if (found[0] === undefined || found[0].value !== undefined) return found;
  const blank = /[\t\v\f\r ]+/.exec(args.text);
  if (blank === null) return found;
  return [{ name: args.text.slice(0, blank.index), value: slice(args, blank.index + blank[0].length) }];
}
