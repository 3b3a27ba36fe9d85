import { limits } from '../../core/limits/limits.ts';

/** A package URL, taken apart. Source: github.com/package-url/purl-spec, PURL-SPECIFICATION.rst. */
export interface Purl {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly qualifiers: Readonly<Record<string, string>>;
}

/** Is it a package URL, and a longer one than is read? */
export function isTooLong(text: unknown): boolean {
  return typeof text === 'string' && text.length > limits.signature.purl.most && text.startsWith('pkg:');
}

/** undefined for anything that is no package URL with a version. */
export function parsePurl(text: unknown): Purl | undefined {
  if (typeof text !== 'string' || isTooLong(text) || !text.startsWith('pkg:')) return undefined;
  const [withoutFragment = ''] = text.slice('pkg:'.length).split('#', 1);
  const [path = '', query = ''] = splitAt(withoutFragment, withoutFragment.indexOf('?'));
  const [names = '', version = ''] = splitAt(path, path.lastIndexOf('@'));
  const [type = '', ...rest] = names.split('/').filter((part) => part !== '');
  const name = rest.pop();
  if (name === undefined || version === '') return undefined;
  try {
    return {
      type: type.toLowerCase(),
      namespace: rest.map(decodeURIComponent).join('/'),
      name: decodeURIComponent(name),
      version: decodeURIComponent(version),
      qualifiers: Object.fromEntries(
        query.split('&').map((pair) => {
          const [key = '', value = ''] = splitAt(pair, pair.indexOf('='));
          return [key.toLowerCase(), decodeURIComponent(value)];
        }),
      ),
    };
  } catch {
    return undefined;
  }
}

/** What stands before and after a character; all of it before where there is none. */
function splitAt(text: string, at: number): [string, string] {
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
