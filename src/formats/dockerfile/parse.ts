import type { ParsedFile } from '../../core/parsed-file.ts';
import type { Problem } from '../../core/problem.ts';
import type { Document, GivenArguments } from '../format.ts';
import { analyse } from './analyse.ts';
import { unnamed } from './complaints.ts';
import { edit } from './edit/edit-dockerfile.ts';

/**
 * The image uses and package pins of a Dockerfile, as BuildKit would read it with no build arguments. Never throws.
 * Source: docs.docker.com/reference/dockerfile and the sources of BuildKit's frontend/dockerfile named in each file.
 */
export function parseDockerfile(text: string, file?: string): ParsedFile {
  const { edit: _, ...parsed } = readDockerfile(text, file);
  return parsed;
}

/** The same with the way to change it, and with the arguments that it is built with. */
export function readDockerfile(text: string, file?: string, given?: GivenArguments, target?: string): Document {
  const analysis = analyse(text, given, target);
  const { uses, pins, stages, rootfs, problems } = analysis;
  const named = file === undefined ? {} : { file };
  return {
    uses: uses.map(({ use }) => ({ ...named, ...use })),
    pins: pins.map(({ pin }) => ({ ...named, ...pin })),
    stages,
    rootfs,
    problems: problems.map((problem) => inFile(problem, file)),
    edit: (wanted, versions = []) => edit(text, analysis, wanted, versions),
  };
}

function inFile(problem: Problem, file: string | undefined): Problem {
  if (file === undefined) return problem;
  return { ...problem, subject: problem.subject === undefined ? file : file + problem.subject.slice(unnamed.length) };
}
