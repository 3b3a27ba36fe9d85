import { globToRegExp } from './glob.ts';
import { formatReference, type ImageReference } from './reference.ts';

/** Does a glob mean this image? Globs match the normalised `registry/repository`, with or without `:tag`. */
export function matchesImage(glob: string, reference: ImageReference | undefined): boolean {
  if (reference === undefined) return false;
  const pattern = globToRegExp(glob);
  const { registry, repository } = reference;
  const tag = reference.tag ?? (reference.digest === undefined ? 'latest' : undefined);
  return (
    pattern.test(`${registry}/${repository}`) ||
    (tag !== undefined && pattern.test(formatReference({ registry, repository, tag })))
  );
}
