/** A `docker build` that a script runs: what is literal of it. */
export interface BuildLine {
  readonly context: string;
  /** From the folder it runs in. */
  readonly dockerfile?: string;
  readonly images: readonly string[];
  readonly target?: string;
  readonly args: ReadonlyMap<string, string>;
}

/** Options of `docker build` and `buildx build` without a value (docs.docker.com/reference/cli/docker/buildx/build). */
const flags = new Set([
  '--pull',
  '--push',
  '--load',
  '--no-cache',
  '--quiet',
  '-q',
  '--rm',
  '--force-rm',
  '--squash',
  '--debug',
  '-D',
  '--check',
]);

/**
 * The builds among lines of shell: `docker build`, `docker buildx build`, `docker image build`, `podman build`, `buildah bud`,
 * with their options in the usual order. Where a line changes the folder, or holds more shell than words and quotes, nothing
 * is told of it. Pure.
 */
export function buildLines(script: string): readonly BuildLine[] {
  const lines = script.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/);
  // What comes after `cd` is in another folder.
  const end = lines.findIndex((line) => /^\s*(?:cd|pushd)\s/.test(line));
  return lines.slice(0, end < 0 ? lines.length : end).flatMap((line) => {
    const [, rest] =
      /^\s*(?:[A-Z_][A-Z0-9_]*=\S*\s+)*(?:docker(?:\s+(?:buildx|image))?\s+build|podman\s+build|buildah\s+(?:bud|build))\s+(.*)$/.exec(
        line,
      ) ?? [];
    const words = rest === undefined ? undefined : wordsOf(rest);
    const found = words && readWords(words);
    return found === undefined ? [] : [found];
  });
}

/** Words of a simple command; undefined where it is more than that. */
function wordsOf(text: string): readonly string[] | undefined {
  const plain = text.replace(/\s(?:&&|\|\||;).*$/, '');
  if (/[`|<>()]/.test(plain)) return undefined;
  return [...plain.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

function readWords(words: readonly string[]): BuildLine | undefined {
  const [images, args]: [string[], Map<string, string>] = [[], new Map()];
  let [context, dockerfile, target]: (string | undefined)[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-')) {
      context ??= word;
      continue;
    }
    if (flags.has(word)) continue;
    const [, name = '', joined] = /^(-[A-Za-z]|--[a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === '') return undefined;
    const value = joined ?? words[++i] ?? '';
    if (name === '-t' || name === '--tag') images.push(value);
    else if (name === '-f' || name === '--file') dockerfile = value;
    else if (name === '--target') target = value;
    else if (name === '--build-arg') {
      const [, key, given] = /^(\w+)=(.*)$/.exec(value) ?? [];
      if (key !== undefined && given !== undefined && !given.includes('$')) args.set(key, given);
    }
  }
  if (context === undefined) return undefined;
  return {
    context,
    images,
    args,
    ...(dockerfile !== undefined && { dockerfile }),
    ...(target !== undefined && { target }),
  };
}
