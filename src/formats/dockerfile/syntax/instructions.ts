/*
 * src/formats/dockerfile/syntax/
 *
 * The grammar of Dockerfiles, as BuildKit has it: physical lines (lines.ts), directives, instructions with their
 * continuations and heredocs (this file, heredoc.ts), flags, JSON words, assignments, and variables (expand.ts). A
 * Traced text (traced.ts) knows for each character at which offset of the file it was typed, or that it was typed
 * nowhere.
 * Begin here, then traced.ts and expand.ts.
 */

import type { TextRange } from '../../../core/parsed-file.ts';
import type { ProblemCode } from '../../../core/problem-code.ts';
import { LineCursor } from '../../text/lines.ts';
import { isSpace, join, slice, type Traced, trimmed, typed } from '../../text/traced.ts';
import { directiveAt } from './directives.ts';
import { type Flag, splitFlags } from './flags.ts';
import { type Heredoc, heredocMarks } from './heredoc.ts';
import { execForm } from './json-words.ts';

/** One instruction: its lines joined, continuations, comments and empty lines between them taken out. */
export interface Instruction {
  /** Number and offset of the first line. */
  readonly line: number;
  readonly start: number;
  /** In upper case; the trigger's own keyword under ONBUILD. */
  readonly keyword: string;
  readonly onbuild: boolean;
  readonly flags: readonly Flag[];
  /** What follows keyword and flags. */
  readonly args: Traced;
  /** The words of an exec form, for instructions that have one. */
  readonly exec?: readonly Traced[];
  readonly heredocs: readonly Heredoc[];
  /** The comment on the line directly above, without its mark. */
  readonly comment?: string;
}

/** What is wrong at a line, counted from 1, before it is a problem of its file. */
export interface Complaint {
  readonly code: ProblemCode;
  readonly message: string;
  readonly line: number;
}

/** A file, split. */
export interface InstructionList {
  readonly instructions: readonly Instruction[];
  readonly complaints: readonly Complaint[];
  /** `\`, or the backtick that `# escape=` chose. */
  readonly escape: string;
}

const takesHeredoc = new Set(['RUN', 'COPY', 'ADD']);
const takesExecForm = new Set(['RUN', 'COPY', 'ADD', 'SHELL']);

/** Reads a Dockerfile into instructions. Source: BuildKit frontend/dockerfile/parser/parser.go, Parse. */
export function readInstructions(text: string): InstructionList {
  const cursor = new LineCursor(text);
  const instructions: Instruction[] = [];
  const complaints: Complaint[] = [];
  const seen = new Set<string>();
  let directives = true;
  let escape = '\\';
  let comment: string | undefined;

  for (let range = cursor.next(); range !== undefined; range = cursor.next()) {
    const line = cursor.line;
    const start = skipSpace(text, range);
    const isComment = text.charAt(start) === '#' && start < range.end;
    if (directives) {
      const directive = directiveAt(text, start, range.end);
      directives = directive !== undefined;
      if (directive !== undefined && seen.has(directive.name)) {
        complaints.push({ code: 'directive', message: `the ${directive.name} directive is given twice`, line });
      } else if (directive?.name === 'escape') {
        if (directive.value.text === '\\' || directive.value.text === '`') escape = directive.value.text;
        else complaints.push({ code: 'directive', message: 'the escape directive must be \\ or `', line });
      }
      if (directive !== undefined) seen.add(directive.name);
    }
    if (isComment || start === range.end) {
      comment = isComment ? text.slice(start + 1, range.end).trim() : undefined;
      continue;
    }
    const logical = joinLines(text, cursor, { start, end: range.end }, escape);
    const shape = shapeOf(logical, escape);
    const heredocs: Heredoc[] = [];
    if (takesHeredoc.has(shape.keyword) && shape.exec === undefined) {
      for (const mark of heredocMarks(logical.text)) {
        const body = heredocBody(text, cursor, mark.name, mark.chomp);
        if (body === undefined) {
          const message = `the here-document ${JSON.stringify(mark.name.slice(0, 80))} has no end: write its name alone on a line`;
          complaints.push({ code: 'heredoc-unterminated', message, line });
          break;
        }
        heredocs.push({ ...mark, body });
      }
    }
    if (shape.keyword !== '') {
      instructions.push({ line, start, ...shape, heredocs, ...(comment !== undefined && { comment }) });
    }
    comment = undefined;
  }
  return { instructions, complaints, escape };
}

/** The first line and those it continues on. Comment lines and empty lines in between do not end it. */
function joinLines(text: string, cursor: LineCursor, first: TextRange, escape: string): Traced {
  if (continuationAt(text, first, escape) < 0) return typed(text, first.start, first.end);
  const parts: Traced[] = [];
  let range: TextRange | undefined = first;
  let open = true;
  for (; range !== undefined; range = open ? cursor.next() : undefined) {
    const start = skipSpace(text, range);
    if (range !== first && (start === range.end || text.charAt(start) === '#')) continue;
    const cut = continuationAt(text, range, escape);
    open = cut >= 0;
    parts.push(typed(text, range.start, open ? cut : range.end));
    if (!open) break;
  }
  return join(parts);
}

/** Where the escape stands that continues the line, or -1: the last character but blanks, and not itself escaped. */
function continuationAt(text: string, range: TextRange, escape: string): number {
  let at = range.end - 1;
  while (at >= range.start && (text.charAt(at) === ' ' || text.charAt(at) === '\t')) at--;
  if (at < range.start || text.charAt(at) !== escape) return -1;
  return at > range.start && text.charAt(at - 1) === escape ? -1 : at;
}

function heredocBody(text: string, cursor: LineCursor, name: string, chomp: boolean): TextRange | undefined {
  let start = -1;
  for (let line = cursor.next(); line !== undefined; line = cursor.next()) {
    if (start < 0) start = line.start;
    let from = line.start;
    while (chomp && text.charAt(from) === '\t') from++;
    if (line.end - from === name.length && text.startsWith(name, from)) return { start, end: line.start };
  }
  return undefined;
}

function shapeOf(
  logical: Traced,
  escape: string,
): Pick<Instruction, 'keyword' | 'onbuild' | 'flags' | 'args' | 'exec'> {
  const outer = split(logical, escape);
  const onbuild = outer.keyword === 'ONBUILD' && outer.args.text !== '';
  const { keyword, flags, args } = onbuild ? split(outer.args, escape) : outer;
  const exec = takesExecForm.has(keyword) ? execForm(args) : undefined;
  return { keyword, onbuild, flags, args, ...(exec !== undefined && { exec }) };
}

function split(line: Traced, escape: string): { keyword: string; flags: readonly Flag[]; args: Traced } {
  const whole = trimmed(line);
  const blank = /[\t\v\f\r ]/.exec(whole.text)?.index ?? whole.text.length;
  const { flags, rest } = splitFlags(slice(whole, blank), escape);
  return { keyword: whole.text.slice(0, blank).toUpperCase(), flags, args: rest };
}

function skipSpace(text: string, range: TextRange): number {
  let at = range.start;
  while (at < range.end && isSpace(text.charCodeAt(at))) at++;
  return at;
}
