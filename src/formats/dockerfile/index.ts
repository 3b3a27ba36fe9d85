import type { Format } from '../format.ts';
import { edit } from './edit/edit-dockerfile.ts';
import { matchesName } from './names.ts';
import { parseDockerfile } from './parse.ts';
import { isDockerfile } from './recognise.ts';

export const dockerfile: Format = {
  name: 'dockerfile',
  reads: 'Dockerfiles (Dockerfile, Dockerfile.*, *.Dockerfile, Containerfile, or what begins with FROM)',
  matches: matchesName,
  recognises: isDockerfile,
  parse: parseDockerfile,
  edit,
};
