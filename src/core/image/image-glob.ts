import { choicesToRegExp, spellOut } from '../glob.ts';
import { formatReference, type ImageReference, splitRegistry } from './reference.ts';

/**
 * Does a glob mean this image? Globs match the normalised `registry/repository`, any tag unless they name one, and are
 * read as references are: `debian` and `node*` are of Docker's library, `acme/app` is on Docker Hub. `*` and `**` alone
 * are every image; where the registry has a `*` or `?`, nothing is added.
 */
export function matchesImage(glob: string, reference: ImageReference | undefined): boolean {
  return reference !== undefined && imageGlob(glob)(reference);
}

/** The same for many images: the glob is read once. */
export function imageGlob(glob: string): (reference: ImageReference) => boolean {
  const choices = spellOut(glob);
  const pattern = choicesToRegExp([...choices, ...choices.map(asReference)]);
  return (reference) => {
    const { registry, repository } = reference;
    const tag = reference.tag ?? (reference.digest === undefined ? 'latest' : undefined);
    return (
      pattern.test(`${registry}/${repository}`) ||
      (tag !== undefined && pattern.test(formatReference({ registry, repository, tag })))
    );
  };
}

function asReference(glob: string): string {
  if (glob === '*') return '**';
  const [first = '', ...more] = glob.split('/');
  if (more.length > 0 && /[*?]/.test(first)) return glob;
  const { registry, remainder } = splitRegistry(glob);
  return `${registry}/${remainder}`;
}
