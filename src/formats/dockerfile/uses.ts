import { messageOf } from '../../core/errors.ts';
import { type ImageReference, parseReference } from '../../core/image/reference.ts';
import type { ImageUse, Role, TextRange } from '../../core/parsed-file.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import type { Position } from '../text/lines.ts';
import type { Traced } from '../text/traced.ts';
import { type Stage, stageLabel } from './stages.ts';
import type { Expansion } from './syntax/expand.ts';
import type { Instruction } from './syntax/instructions.ts';

/** A word that may name an image, before it is known which stages there are. */
export interface ImageWord {
  readonly kind: 'from' | 'copy-from' | 'mount-from' | 'syntax';
  /** The word as typed. */
  readonly range: TextRange;
  readonly expansion: Expansion;
  readonly line: number;
  readonly stage?: Stage;
  readonly instruction?: Instruction;
  readonly platform?: string;
  /** What has no value here has one in every build, by the platform. */
  readonly ofBuild?: true;
  /** Variables that are not set, and that a build takes for empty: so did the expansion. */
  readonly unset?: readonly string[];
}

/** A use together with what an edit needs to know: where its characters come from. */
export interface LocatedUse {
  readonly use: ImageUse;
  readonly range: TextRange;
  /** What the word expands to. Absent when it is skipped. */
  readonly expanded?: Traced;
  /** Arguments that another file gives decide a part of it. */
  readonly isGiven?: true;
}

/** What is known of a file when its words become uses. */
export interface UseContext {
  readonly text: string;
  readonly position: (offset: number) => Position;
  readonly reached: ReadonlySet<Stage>;
  /** The instruction of another frontend that may bring in stages; absent in a file that Docker's own reads. */
  readonly foreign?: string;
  /** What other files give of an image, and what is to be said of it. */
  given(expanded: Traced): { readonly note?: string; readonly isGiven?: true };
  complain(code: ProblemCode, message: string, line: number): void;
}

const roles: Readonly<Record<ImageWord['kind'], Role>> = {
  from: 'base',
  'copy-from': 'copied',
  'mount-from': 'copied',
  syntax: 'frontend',
};

/** Turns a word that no stage claims into a use. */
export function imageUse(word: ImageWord, context: UseContext): LocatedUse {
  const { expansion, kind, range, stage, platform } = word;
  const { line, column } = context.position(range.start);
  const written = context.text.slice(range.start, range.end);
  const place = { kind, role: roles[kind], line, column, written };
  const stageFields = {
    ...(stage !== undefined && { stage: stageLabel(stage), final: context.reached.has(stage) }),
    ...(platform !== undefined && { platform }),
  };
  const skip = (skipped: 'unresolved' | 'invalid', code: ProblemCode, message: string): LocatedUse => {
    context.complain(code, message, line);
    return { use: { ...place, ...stageFields, skipped, problem: message }, range };
  };
  const shown = JSON.stringify(written.slice(0, 200));
  if (context.foreign !== undefined && kind !== 'syntax' && isStageName(expansion.value?.text ?? '')) {
    const message = `${shown} may be a stage that ${context.foreign} brings in, which only the file's own frontend knows; give an image a tag to have it looked up`;
    return skip('unresolved', 'image-unresolved', message);
  }
  if (expansion.unresolved.length > 0) return skip('unresolved', 'image-unresolved', unresolvedMessage(word, shown));
  if (expansion.value === undefined) {
    return skip('invalid', 'image-invalid', `cannot expand ${shown}: ${expansion.error ?? 'bad substitution'}`);
  }
  let reference: ImageReference;
  try {
    reference = parseReference(expansion.value.text);
  } catch (thrown) {
    return skip('invalid', 'image-invalid', messageOf(thrown));
  }
  const tagComment = reference.digest && !reference.tag ? tagFrom(word) : undefined;
  const { note, ...given } = context.given(expansion.value);
  const use = {
    ...place,
    reference,
    ...stageFields,
    ...(tagComment !== undefined && { tagComment }),
    ...(word.unset && { unset: word.unset }),
    ...(note !== undefined && { note }),
  };
  return { use, range, expanded: expansion.value, ...given };
}

function unresolvedMessage(word: ImageWord, shown: string): string {
  const names = word.expansion.unresolved.map((name) => name.slice(0, 80)).join(', ');
  if (word.kind !== 'from') {
    return `${shown} uses ${names}, but BuildKit does not expand variables there: define a stage with FROM and name that stage`;
  }
  if (word.ofBuild) {
    return `${shown} needs ${names}, which only a build knows: name the image of each platform, or use one for all platforms`;
  }
  return `${shown} needs ${names}, which has no value in this file: give it a default with ARG before the first FROM`;
}

/** What AS may call a stage: a name with a tag, a digest or a path is none. */
export function isStageName(text: string): boolean {
  return /^[a-z][a-z0-9_.-]*$/i.test(text);
}

/** `# tag: 1.2` on the line above FROM or COPY, or behind it, where people write it although BuildKit takes no comment. */
function tagFrom({ kind, instruction }: ImageWord): string | undefined {
  if (instruction === undefined || (kind !== 'from' && kind !== 'copy-from')) return undefined;
  const behind = /\s#\s*(tag:.*)$/.exec(instruction.args.text)?.[1];
  return /^tag:\s*([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/.exec(behind ?? instruction.comment ?? '')?.[1];
}
