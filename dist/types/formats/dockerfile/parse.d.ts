import type { ParsedFile } from '../../core/parsed-file.js';
import type { Document, GivenArguments } from '../format.js';
/**
 * The image uses and package pins of a Dockerfile, as BuildKit would read it with no build arguments. Never throws.
 * Source: docs.docker.com/reference/dockerfile and the sources of BuildKit's frontend/dockerfile named in each file.
 */
export declare function parseDockerfile(text: string, file?: string): ParsedFile;
/** The same with the way to change it, and with the arguments that it is built with. */
export declare function readDockerfile(text: string, file?: string, given?: GivenArguments, target?: string): Document;
