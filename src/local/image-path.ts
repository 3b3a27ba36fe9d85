import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { messageOf, PlimsollError } from '../core/errors.ts';

/** A path that is there, with the tag that was typed behind it. */
export interface FoundPlace {
  readonly path: string;
  readonly tag?: string;
  readonly stats: Stats;
}

/**
 * Takes `PATH[:TAG]` apart. Paths and tags both may hold colons, so the longest path that is there counts. Throws
 * PlimsollError 'USAGE' when none is.
 */
export async function splitPlace(text: string): Promise<FoundPlace> {
  for (let end = text.length; end > 0; end = text.lastIndexOf(':', end - 1)) {
    const path = text.slice(0, end);
    const stats = await statsOf(path);
    if (stats !== undefined) return { path, stats, ...(end < text.length && { tag: text.slice(end + 1) }) };
  }
  throw wrongPlace(text, 'there is no such file or folder');
}

/** What is at a path; undefined when nothing is. Throws PlimsollError 'LAYER' when that cannot be told. */
export async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw refuse(path, why(error), error);
  }
}

/**
 * Opens a plain file. A link in its last step is not followed, and a pipe that somebody put there is not waited at:
 * both could lead anywhere. Rejects with what open(2) says, or an Error for what is no plain file.
 */
export async function openPlain(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error('it is no plain file');
}

/** Why a file or folder could not be read, in a few words. */
export function why(error: unknown): string {
  switch ((error as { code?: string }).code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOENT':
      return 'it is not there';
    case 'ELOOP':
      return 'it is a symbolic link, which is not followed';
    default:
      return messageOf(error);
  }
}

/** Nothing is there that could be an image, or not of the kind that was typed: wrong use, before anything is read. */
export function wrongPlace(place: string, reason: string): PlimsollError {
  return new PlimsollError('USAGE', `${place}: ${reason}`);
}

/** The sentence for whoever typed the place. */
export function refuse(place: string, reason: string, cause?: unknown): PlimsollError {
  return new PlimsollError('LAYER', `${place}: ${reason}`, { cause });
}
