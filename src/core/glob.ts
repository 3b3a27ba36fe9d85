import { PlimsollError } from './errors.ts';
import { limits } from './limits/limits.ts';

/**
 * Turns a glob into an anchored pattern: `*` and `?` stay within one path component, `**` crosses them, `**\/` at the
 * start of a component is any number of whole ones, `{a,b}` chooses and may be nested. Everything else is literal, also a
 * brace without its partner.
 *
 * The pattern does not backtrack over stars: a part between two stars is taken where it first fits, which loses
 * nothing, as the star after it takes whatever follows. JavaScript has no atomic groups; a lookahead with a back
 * reference is one. Throws PlimsollError 'CONFIG' beyond 1000 characters or 256 spelled-out choices.
 */
export function globToRegExp(glob: string): RegExp {
  return choicesToRegExp(spellOut(glob));
}

/** The same for what {@link spellOut} made. */
export function choicesToRegExp(choices: readonly string[]): RegExp {
  const patterns = [...new Set(choices)].map(pattern);
  return new RegExp(patterns.length === 1 ? `^${patterns[0]}$` : `^(?:${patterns.join('|')})$`);
}

/** `{a,b}c` → `ac`, `bc`. Throws as {@link globToRegExp} does. */
export function spellOut(glob: string): string[] {
  if (glob.length > limits.tree.globLength.most) {
    throw new PlimsollError(
      'CONFIG',
      `a glob of ${glob.length} characters; at most ${limits.tree.globLength.most} are allowed`,
    );
  }
  const partners = bracePartners(glob);
  const choices = (from: number, to: number): string[] => {
    let done: string[] = [];
    let heads = [''];
    for (let i = from; i < to; i++) {
      const close = partners.get(i);
      if (close !== undefined) {
        const inner = choices(i + 1, close);
        heads = limited(heads.flatMap((head) => inner.map((choice) => head + choice)));
        i = close;
      } else if (glob[i] === ',' && from > 0) {
        done = limited([...done, ...heads]);
        heads = [''];
      } else heads = heads.map((head) => head + glob.charAt(i));
    }
    return limited([...done, ...heads]);
  };
  return choices(0, glob.length);
}

function limited(choices: string[]): string[] {
  if (choices.length > limits.tree.globChoices.most) {
    throw new PlimsollError('CONFIG', `a glob with more than ${limits.tree.globChoices.most} choices in its braces`);
  }
  return choices;
}

/** The closing brace of each opening one that has one. */
function bracePartners(glob: string): ReadonlyMap<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  for (let i = 0; i < glob.length; i++) {
    if (glob[i] === '{') open.push(i);
    else if (glob[i] === '}') {
      const start = open.pop();
      if (start !== undefined) partners.set(start, i);
    }
  }
  return partners;
}

/** `**` and `**\/` cut a glob into blocks; within a block, `*` cuts it into runs of known length. */
function pattern(glob: string): string {
  const blocks = glob.split(/((?<=^|\/)(?:\*\*\/)+|\*\*+)/);
  let group = 0;
  const atomic = (source: string): string => {
    const name = `g${group++}`;
    return `(?=(?<${name}>${source}))\\k<${name}>`;
  };
  let source = '';
  for (let i = 0; i < blocks.length; i += 2) {
    const isLast = i === blocks.length - 1;
    const crossing = i === 0 ? '' : blocks[i - 1]?.endsWith('/') ? '(?:[^]*?/)??' : '[^]*?';
    const runs = (blocks[i] ?? '').split('*').map(literal);
    const inner = runs
      .slice(1)
      .map((run, j) => (isLast && j === runs.length - 2 ? `[^/]*${run}` : atomic(`[^/]*?${run}`)));
    const block = `${crossing}${runs[0]}${inner.join('')}`;
    source += isLast || crossing === '' ? block : atomic(block);
  }
  return source;
}

function literal(text: string): string {
  return text.replace(/[\\^$.|+()[\]{}]/g, '\\$&').replaceAll('?', '[^/]');
}
