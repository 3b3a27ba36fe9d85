import path from 'node:path';
import { PlimsollError } from '../../core/errors.ts';
import type { ParsedFile } from '../../core/parsed-file.ts';
import type { Problem } from '../../core/problem.ts';
import { meaningOf } from '../../core/problem-code.ts';
import { formats } from '../../formats/index.ts';
import { renderJson } from '../../report/render/json.ts';
import { visible } from '../../report/safe/visible.ts';
import { discover, isFolder, knownFormat, readNamed } from '../../sources/discover.ts';
import { shownName } from '../../sources/placed-uses.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Loudness, type Output, processOutput } from '../output.ts';

interface RefsOptions extends Loudness {
  readonly format: 'text' | 'json';
}

interface FileRefs extends ParsedFile {
  readonly file: string;
}

/** `plimsoll refs`: what files name, and those of folders that are read, without asking anybody. An unreadable file is a problem in its own entry. Throws 'USAGE' for one that is not there, or that no format knows. */
export async function refs(given: Record<string, unknown>, files: string[]): Promise<number> {
  const options = given as unknown as RefsOptions;
  const output = processOutput(options);
  const read = (await Promise.all(files.map((one) => (isFolder(one) ? readFolder(one) : readRefs(one))))).flat();
  if (read.length === 0) throw new PlimsollError('USAGE', `${files.join(', ')}: no file in there is one that is read`);
  if (options.format === 'json') await output.result(renderJson({ files: read }), 'document');
  else await output.result(renderText(read, output));
  return read.every(({ problems }) => problems.some(isWithoutText)) ? exitCodes.unfinished : exitCodes.done;
}

/** What is no Dockerfile was read; what is too large or may not be opened was not. */
function isWithoutText({ code }: Problem): boolean {
  const meaning = meaningOf(code);
  return meaning.of === 'unread' && meaning.reason !== 'unparsable';
}

/** Every file of a folder that `check` would read, and what it could not. */
async function readFolder(folder: string): Promise<readonly FileRefs[]> {
  const { files, problems } = await discover(folder, { formats, include: [], exclude: [] });
  const read = files.map(({ file, text, format, ...around }): FileRefs => {
    const { edit: _, ...parsed } = format.read(text, file, around);
    return { file: path.join(folder, file), ...parsed };
  });
  const unread = problems.map((problem): FileRefs => {
    return { file: path.join(folder, problem.subject ?? ''), uses: [], pins: [], problems: [problem] };
  });
  return [...read, ...unread];
}

async function readRefs(file: string): Promise<FileRefs> {
  const text = readNamed(file, file);
  if ('code' in text) return { file, uses: [], pins: [], problems: [text] };
  const name = file.split(path.sep).join('/');
  const format = await knownFormat(name, text.text, formats);
  if ('code' in format) throw new PlimsollError('USAGE', `${file}: ${format.message}`);
  const { edit: _, ...parsed } = format.read(text.text, name);
  return { file, ...parsed };
}

function renderText(files: readonly FileRefs[], { style }: Output): string {
  const lines = files.flatMap(({ file, uses, pins, rootfs = [], problems }) => [
    style.bold(visible(file)),
    ...uses.map((use) => {
      const place = `${use.line}:${use.column}`.padEnd(7);
      const tail = use.skipped ? style.magenta(use.skipped) : style.dim(use.kind);
      return `  ${style.dim(place)}${visible(shownName(use.written))}  ${tail}`;
    }),
    ...rootfs.map(({ line, column, path: archive }) => {
      const place = `${line}:${column}`.padEnd(7);
      return `  ${style.dim(place)}${visible(archive)}  ${style.dim('add')}`;
    }),
    ...pins.map((pin) => {
      const place = `${pin.line}:${pin.column}`.padEnd(7);
      return `  ${style.dim(place)}${visible(`${pin.name}${pin.operator ?? ''}${pin.version ?? ''}`)}  ${style.dim(pin.manager)}`;
    }),
    ...problems.map(
      (problem) => `  ${style.magenta('problem')} ${visible(problem.subject ?? file)}: ${visible(problem.message)}`,
    ),
    '',
  ]);
  return `${lines.slice(0, -1).join('\n')}\n`;
}
