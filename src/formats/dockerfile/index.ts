import type { Format } from '../format.ts';
import { edit } from './edit.ts';
import { matchesName } from './names.ts';
import { parseDockerfile } from './parse.ts';

export const dockerfile: Format = { name: 'dockerfile', matches: matchesName, parse: parseDockerfile, edit };
