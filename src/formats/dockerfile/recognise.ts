import { meaningOf } from '../../core/problem-code.ts';
import type { FormatReader } from '../format.ts';
import { analyse } from './analyse.ts';
import { readDockerfile } from './parse.ts';
import { readInstructions } from './syntax/instructions.ts';

/** What reads Dockerfiles. */
export const dockerfileReader: FormatReader = {
  name: 'dockerfile',
  recognises: isDockerfile,
  read: (text, file, around) => readDockerfile(text, file, around?.given, around?.target),
};

/** Is a text a Dockerfile, whatever its name? Its first instruction is FROM, or ARG before FROM, and nothing in it is strange. */
function isDockerfile(text: string): boolean {
  const { problems } = analyse(text);
  // What only a build knows is no sign of another kind of file.
  if (problems.some(({ code }) => meaningOf(code).of !== 'build')) return false;
  return /^(?:FROM|ARG)$/.test(readInstructions(text).instructions[0]?.keyword ?? '');
}
