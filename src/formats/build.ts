import path from 'node:path';
import type { OrderedBuild } from './format.ts';

/** Where a build is ordered, and what it says of the Dockerfile; undefined for what the file does not tell. */
export interface BuildPaths {
  /** The file that orders it, from whose folder on paths are; '' for the tree's top. */
  readonly from: string;
  readonly context: string | undefined;
  /** Within the context. */
  readonly dockerfile?: string | undefined;
}

/**
 * A build of a Dockerfile of the same tree, with its arguments and what it is published as: none where the context is an
 * address, a folder of somebody's machine, or outside of the tree.
 */
export function buildOf(
  paths: BuildPaths,
  { args, images, target }: Pick<OrderedBuild, 'args' | 'images'> & { readonly target?: string | undefined },
): readonly OrderedBuild[] {
  const { from, context } = paths;
  const dockerfile = 'dockerfile' in paths ? paths.dockerfile : 'Dockerfile';
  if (context === undefined || dockerfile === undefined) return [];
  if (/^(?:[a-z+]+:\/\/|git@|github\.com\/|~|\/)/i.test(context) || dockerfile.startsWith('/')) return [];
  const file = path.posix.join(path.posix.dirname(from || 'x'), context, dockerfile);
  const literal = images.filter((image) => image !== '' && !/[${}\s]/.test(image));
  return file.startsWith('..') ? [] : [{ dockerfile: file, args, images: literal, ...(target && { target }) }];
}
