import { limits } from '../../core/limits/limits.ts';
import { buildOf } from '../build.ts';
import { readDockerfile } from '../dockerfile/parse.ts';
import type { Around, FormatReader, OrderedBuild } from '../format.ts';
import { readJson } from '../jsonc/json-values.ts';
import { type ImageValue, valuesReader } from '../text/image-values.ts';
import { entries, entry, items, type ObjectValue, stringText, type Value } from '../text/value-tree.ts';
import { hclReader, variablesOf, withError } from './hcl-format.ts';
import { type Body, readHcl } from './hcl-reader.ts';
import { imagesIn, readLoosely, type Variables } from './hcl-template.ts';

/*
 * Files of `docker buildx bake` (docs.docker.com/build/bake/reference), in HCL or JSON: `docker-image://` among the
 * contexts of a target, and Dockerfiles written into it. `tags`, `output` and caches name what is made, `target:` another
 * target.
 */

const scheme = /^docker-image:\/\//;

/** A variable is named where it is declared, and where it is used. */
const once = 2;

const hcl = hclReader({
  name: 'bake',
  mayHold,
  isOwn: (body) => body.blocks.some(({ type, labels }) => type === 'target' && labels.length === 1),
  images: (body, text) => imagesOfTargets(hclTargets(body, text), text),
});

const json = valuesReader({
  name: 'bake',
  recognises: (text) => mayHold(text) && entries(entry(readJson(text).root, 'target')).length > 0,
  find: (text) => {
    if (!mayHold(text)) return { values: [], problems: [] };
    const { root, error } = readJson(text);
    return withError(
      imagesOfTargets(jsonTargets(root, text), text),
      error && { ...error, code: 'json-invalid', language: 'JSON' },
    );
  },
});

/** The targets of a file, and what it says of its variables. */
interface Targets {
  readonly targets: readonly (readonly [name: string, entries: ObjectValue['entries']])[];
  readonly variables: Variables;
}

function hclTargets({ blocks }: Body, text: string): Targets {
  const declared = blocks.flatMap(({ type, labels: [name], body: { attributes } }) =>
    type === 'variable' && name !== undefined ? [[name, attributes.get('default')] as const] : [],
  );
  const targets = blocks.filter(({ type }) => type === 'target');
  return {
    targets: targets.map(({ labels: [name = ''], body }) => [name, [...body.attributes]]),
    variables: variablesOf(text, declared, once),
  };
}

function jsonTargets(root: Value | undefined, text: string): Targets {
  const declared = entries(entry(root, 'variable')).map(([name, one]) => [name, entry(one, 'default')] as const);
  return {
    targets: entries(entry(root, 'target')).map(([name, target]) => [name, entries(target)]),
    variables: variablesOf(text, declared, once),
  };
}

function imagesOfTargets({ targets, variables }: Targets, text: string): ImageValue[] {
  return targets.flatMap(([, target]) => imagesOfTarget(text, target, variables));
}

function mayHold(text: string): boolean {
  return /target/.test(text);
}

const isJson = (text: string): boolean => /^\ufeff?\s*\{/.test(text);

/** What reads files of bake. */
export const reader: FormatReader = {
  name: 'bake',
  recognises: (text) => (isJson(text) ? json : hcl).recognises(text),
  read: (text, file) => {
    const document = (isJson(text) ? json : hcl).read(text, file);
    if (!/inherits/.test(text) || inheritsWholly(targetsOf(text))) return document;
    const message = `its targets take over more than ${limits.file.inherited.most} settings from others; what is built with those beyond is looked at with its own defaults`;
    return {
      ...document,
      problems: [...document.problems, { code: 'file-too-long', message, subject: `${file ?? 'bake'}:1` }],
    };
  },
  builds,
};

function targetsOf(text: string): Targets {
  return isJson(text) ? jsonTargets(readJson(text).root, text) : hclTargets(readHcl(text).body, text);
}

function inheritsWholly({ targets }: Targets): boolean {
  const inherited = new Inherited(targets);
  for (const [name] of targets) inherited.of(name, 0);
  return inherited.isWhole;
}

/**
 * What targets build, with what they inherit; of a value that is put together from others what this file says. Paths are
 * those of where bake is called, which is the file's folder.
 */
function builds(text: string, file: string, _around?: Around, all = false): OrderedBuild[] {
  if (!mayHold(text) || !(all ? /tags/ : /args/).test(text)) return [];
  const { targets, variables } = targetsOf(text);
  const known = (value: Value | undefined): string | undefined => {
    const literal = value?.kind === 'other' ? variables.literal(text.slice(value.range.start, value.range.end)) : value;
    if (literal?.kind !== 'string') return undefined;
    const read = readLoosely(literal, variables).text;
    return read.includes('${') ? undefined : read;
  };
  const inherited = new Inherited(targets);
  return targets.flatMap(([name]) => {
    const { values, args } = inherited.of(name, 0);
    if (values.has('dockerfile-inline')) return [];
    const given = new Map<string, string>();
    for (const [argument, value] of args) {
      const text = known(value);
      if (text !== undefined) given.set(argument, text);
    }
    const context = values.has('context') ? known(values.get('context')) : '.';
    const dockerfile = values.has('dockerfile') ? known(values.get('dockerfile')) : 'Dockerfile';
    const images = items(values.get('tags')).map((tag) => known(tag) ?? '');
    return buildOf({ from: file, context, dockerfile }, { args: given, images, target: known(values.get('target')) });
  });
}

/** What a target says, with what those say that it inherits from. */
interface Merged {
  readonly values: Map<string, Value>;
  readonly args: Map<string, Value>;
}

/** Targets with what they inherit: of two parents the later one wins, and over both what stands in the target itself. */
class Inherited {
  readonly #targets: ReadonlyMap<string, ObjectValue['entries']>;
  readonly #known = new Map<string, Merged>();
  #left: number = limits.file.inherited.most;

  constructor(targets: Targets['targets']) {
    this.#targets = new Map(targets);
  }

  /** Has everything been taken over that was asked about? */
  get isWhole(): boolean {
    return this.#left >= 0;
  }

  of(name: string, depth: number): Merged {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const merged: Merged = { values: new Map(), args: new Map() };
    // A circle ends here, with what is known so far.
    this.#known.set(name, merged);
    const own = this.#targets.get(name) ?? [];
    for (const parent of items(own.findLast(([key]) => key === 'inherits')?.[1]).map(stringText)) {
      if (parent === undefined || depth >= limits.file.nesting.most) continue;
      const { values, args } = this.of(parent, depth + 1);
      this.#put(values, merged.values);
      this.#put(args, merged.args);
    }
    this.#put(own, merged.values);
    for (const [key, value] of own) if (key === 'args') this.#put(entries(value), merged.args);
    return merged;
  }

  #put(from: Iterable<readonly [string, Value]>, to: Map<string, Value>): void {
    for (const [key, value] of from) {
      // Below nothing says that something was left out.
      if (this.#left < 0 || --this.#left < 0) return;
      to.set(key, value);
    }
  }
}

function imagesOfTarget(text: string, target: ObjectValue['entries'], variables: Variables): ImageValue[] {
  const of = (key: string): Value | undefined => target.findLast(([name]) => name === key)?.[1];
  const platforms = items(of('platforms')).map(stringText);
  const [platform] = platforms;
  const only = platforms.length === 1 && platform !== undefined && /^[\w./-]+$/.test(platform) ? { platform } : {};
  const contexts = entries(of('contexts')).flatMap(([, value]) =>
    imagesIn(text, value, { kind: 'context', role: 'base', ...only }, variables, scheme),
  );
  const inline = of('dockerfile-inline');
  if (inline?.kind !== 'string') return contexts;
  const content = readLoosely(inline, variables);
  const document = readDockerfile(content.text);
  const images = document.uses.map(
    (use): ImageValue => ({
      at: { name: inline.range },
      kind: use.kind,
      role: use.role,
      inner: { use, content, document },
    }),
  );
  return [...contexts, ...images];
}
