import { analysisOf } from './known-analyses.ts';
import { readInstructions } from './syntax/instructions.ts';

/** What only a build knows is no sign of another kind of file. */
const ofBuilds: ReadonlySet<string> = new Set(['image-unresolved', 'pin-unresolved']);

/** Is a text a Dockerfile, whatever its name? Its first instruction is FROM, or ARG before FROM, and nothing in it is strange. */
export function isDockerfile(text: string): boolean {
  const { problems } = analysisOf(text);
  if (problems.some(({ code }) => !ofBuilds.has(code))) return false;
  return /^(?:FROM|ARG)$/.test(readInstructions(text).instructions[0]?.keyword ?? '');
}
