import { choicesToRegExp, globToRegExp, spellOut } from './glob.ts';

/** What a pattern of a configuration is held against. */
export type PatternKind = 'image' | 'file' | 'repository';

/**
 * The paths of a tree that a pattern of a configuration means: a leading `./` or `/` is the root of the tree, a `/` at
 * the end all that is in the folder. Throws as globToRegExp does.
 */
export function fileGlob(glob: string): RegExp {
  return choicesToRegExp(
    spellOut(glob).map((choice) => {
      const path = choice.replace(/^(?:\.?\/+)+/, '');
      return path === '' ? '**' : path.replace(/\/+$/, '/**');
    }),
  );
}

/** The `owner/name` that a pattern means; `*` alone: all. Throws as globToRegExp does. */
export function repositoryGlob(glob: string): RegExp {
  return globToRegExp(glob === '*' ? '**' : glob);
}

/** What is wrong with a pattern that has no meaning, and the form that is meant; undefined for all others. */
export function patternComplaint(pattern: string, kind: PatternKind): string | undefined {
  if (pattern.trim() === '') return 'expected text that is not empty';
  const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0]/u.exec(pattern)?.[0];
  if (hidden !== undefined) {
    const code = hidden.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
    const meant = pattern.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0]/gu, '');
    return `holds an invisible character (U+${code}); write ${JSON.stringify(meant)}`;
  }
  const address = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?(?<rest>.*)$/i.exec(pattern)?.groups?.['rest'];
  if (address !== undefined && kind !== 'file') {
    const meant = kind === 'image' ? address : address.replace(/^[^/]*\//, '').replace(/\.git$/, '');
    return `is an address; write ${JSON.stringify(meant.replace(/\/+$/, ''))}`;
  }
  const expression = expressionIn(pattern, kind);
  if (expression !== undefined)
    return `is an expression between slashes; write a glob such as ${JSON.stringify(expression)}`;
  const bracket = strayBracket(pattern);
  if (bracket === undefined) return undefined;
  const meant = `${pattern.slice(0, bracket)}?${pattern.slice(bracket + 1)}`;
  return `has a ${pattern[bracket]} without its partner; write ? for one that is part of a name: ${JSON.stringify(meant)}`;
}

/** The glob that is nearest to `/^debian.*$/`. A path stands between slashes, too, so there it takes more to tell. */
function expressionIn(pattern: string, kind: PatternKind): string | undefined {
  const [, body, flags] = /^\/(.+)\/([dgimsuvy]*)$/.exec(pattern) ?? [];
  if (body === undefined || (!/^\^|\$$|[\\|(]/.test(body) && (kind !== 'image' || flags !== ''))) return undefined;
  const glob = body
    .replace(/^\^|\$$/g, '')
    .replace(/\.[*+]\??/g, '*')
    .replace(/\\(.)/g, '$1');
  return /^[\w./*:@-]+$/.test(glob)
    ? glob
    : kind === 'file'
      ? '**/Dockerfile*'
      : kind === 'image'
        ? 'docker.io/library/*'
        : 'owner/*';
}

/** Where a bracket or a brace stands that nothing opens or closes. */
function strayBracket(pattern: string): number | undefined {
  const open: { readonly closing: string; readonly at: number }[] = [];
  for (const [at, character] of pattern.split('').entries()) {
    if (character === '{' || character === '[') open.push({ closing: character === '{' ? '}' : ']', at });
    else if ((character === '}' || character === ']') && open.pop()?.closing !== character) return at;
  }
  return open[0]?.at;
}
