import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { type Body, readHcl } from '../../src/formats/hcl/hcl-reader.ts';
import type { Value } from '../../src/formats/text/value-tree.ts';
import { bakeCases, nomadCases, terraformCases } from '../formats/hcl/hcl-cases.ts';
import { fc } from '../support/fast-check.ts';
import { runTool } from './support/run-tool.ts';

/*
 * The reader of HCL held against the grammar of tree-sitter: what that finds nothing wrong with is read without a
 * complaint, and every text that is a value by itself stands at the same place in both.
 */

interface SyntaxNode {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly hasError: boolean;
  readonly namedChildren: readonly SyntaxNode[];
}

let parse: (text: string) => SyntaxNode;

beforeAll(async () => {
  const folder = path.join(tmpdir(), 'plimsoll-lab-cache/hcl-grammar');
  const [parser, grammar] = ['web-tree-sitter', '@tree-sitter-grammars/tree-sitter-hcl'].map((name) =>
    path.join(folder, 'node_modules', name),
  ) as [string, string];
  if (!existsSync(grammar)) {
    mkdirSync(folder, { recursive: true });
    const packages = ['web-tree-sitter@0.27.2', '@tree-sitter-grammars/tree-sitter-hcl@1.2.0'];
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
    runTool('npm', ['--prefix', folder, 'install', ...quiet, ...packages], { seconds: 300 });
  }
  const { Parser, Language } = await import(pathToFileURL(path.join(parser, 'web-tree-sitter.js')).href);
  await Parser.init();
  const own = new Parser();
  own.setLanguage(await Language.load(path.join(grammar, 'tree-sitter-hcl.wasm')));
  parse = (text) => own.parse(text).rootNode;
});

/** Where values stand that are texts by themselves: in quotes the range within them; of a heredoc only where it begins. */
function theirs(text: string, node: SyntaxNode): readonly string[] {
  const { type, startIndex, endIndex, namedChildren: all } = node;
  switch (type) {
    case 'string_lit':
    case 'quoted_template':
      return [`${startIndex + 1}-${endIndex - 1}`];
    case 'heredoc_template':
      return [`heredoc ${text.indexOf('\n', startIndex) + 1}`];
    // A key is a text, too, and none that is a value.
    case 'object_elem':
    case 'attribute':
      return all.slice(1).flatMap((one) => theirs(text, one));
    case 'block':
      return all.filter((one) => one.type === 'body').flatMap((one) => theirs(text, one));
    case 'expression':
      // In parentheses, or with an operator, it is none by itself.
      return all.length === 1 && all[0]?.startIndex === startIndex && all[0].endIndex === endIndex
        ? all.flatMap((one) => theirs(text, one))
        : [];
    case 'config_file':
    case 'body':
    case 'literal_value':
    case 'template_expr':
    case 'collection_value':
    case 'object':
    case 'tuple':
      return all.flatMap((one) => theirs(text, one));
    default:
      return [];
  }
}

function ours(text: string, { attributes, blocks }: Body): readonly string[] {
  const value = (one: Value): readonly string[] => {
    switch (one.kind) {
      case 'string':
        return [one.hasEscapes ? `${one.range.start}-${one.range.end}` : `heredoc ${one.range.start}`];
      case 'list':
        return one.items.flatMap(value);
      case 'object':
        return one.entries.flatMap(([, inner]) => value(inner));
      case 'other':
        return [];
    }
  };
  return [...[...attributes.values()].flatMap(value), ...blocks.flatMap(({ body }) => ours(text, body))];
}

const sorted = (all: readonly string[]): readonly string[] => [...new Set(all)].sort();

/** Was there something to compare? */
function agree(text: string): boolean {
  const tree = parse(text);
  if (tree.hasError) return false;
  const { body, error } = readHcl(text);
  expect(error, text).toBeUndefined();
  expect(sorted(ours(text, body)), text).toEqual(sorted(theirs(text, tree)));
  return true;
}

it('agrees with the grammar about every file of the tests', () => {
  const texts = [...bakeCases, ...terraformCases, ...nomadCases].flatMap(([, file, text]) =>
    file.endsWith('.json') ? [] : [text, text.replaceAll('\n', '\r\n')],
  );
  const compared = texts.filter(agree);
  // Templates of other programs are no HCL, and one is not closed.
  expect(compared.length).toBeGreaterThan(texts.length * 0.8);
});

it('agrees with the grammar about files that nobody wrote', () => {
  const word = fc.constantFrom('a', 'image', 'x-y', 'for_each', 'dynamic');
  const plain = fc.constantFrom(
    'nginx:1.27',
    '',
    'ü',
    '$${no}',
    '%%{no}',
    '\\"',
    '\\\\',
    '# no',
    '// no',
    '{',
    '}',
    '[',
    '/*',
  );
  const { text, expression } = fc.letrec<{ text: string; expression: string }>((tie) => {
    const inner = fc.array(
      fc.oneof(
        plain,
        tie('expression').map((one) => `\${${one.replaceAll('\n', ' ')}}`),
      ),
      { maxLength: 3 },
    );
    const list = fc.array(tie('expression'), { maxLength: 3 });
    return {
      text: inner.map((all) => `"${all.join('')}"`),
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('1', 'true', 'null', 'var.a', 'a.b[0].c', 'a[*].b', '"text"', '-1'),
        tie('text'),
        list.map((all) => `[${all.join(', ')}]`),
        list.map((all) => `[\n    ${all.join(',\n    ')}${all.length > 0 ? ',' : ''} # why\n  ]`),
        fc
          .array(fc.tuple(word, tie('expression')), { maxLength: 3 })
          .map((all) => `{\n${all.map(([key, one]) => `    ${key} = ${one} // why\n`).join('')}  }`),
        fc
          .array(fc.tuple(tie('text'), tie('expression')), { maxLength: 2 })
          .map((all) => `{ ${all.map(([key, one]) => `${key}: ${one}`).join(', ')} }`),
        fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `cond ? ${a} : ${b}`),
        list.map((all) => `join(${all.join(', ')})`),
        tie('expression').map((one) => `(${one})`),
        tie('expression').map((one) => `[for x in ${one} : "\${x}:1"]`),
        tie('expression').map((one) => `{for k, v in ${one} : k => "no:1" if v != "x"}`),
      ),
    };
  });
  const heredoc = fc
    .tuple(fc.constantFrom('<<', '<<-'), fc.constantFrom('EOT', 'E_1'), fc.array(plain, { maxLength: 3 }))
    .map(
      ([open, end, lines]) =>
        `${open}${end}\n${lines.map((one) => `  ${one} x\n`).join('')}${open === '<<' ? '' : '  '}${end}`,
    );
  // Of one name twice the last counts for us; Terraform refuses it.
  const attribute = fc
    .tuple(word, fc.noBias(fc.nat()), fc.oneof(expression, text, heredoc))
    .map(([key, n, one]) => `  ${key}${n} = ${one}`);
  const block = fc
    .tuple(word, fc.constantFrom('', ' "b"', ' "b" c'), fc.array(attribute, { maxLength: 4 }))
    .map(
      ([type, labels, all]) => `${type}${labels} {\n${all.join('\n')}\n  inner {\n${all.slice(0, 1).join('')}\n  }\n}`,
    );
  const comment = fc.constantFrom('# a = "no:1"', '// b { ', '/* c = "no:1"\n } */', '');
  const file = fc.array(fc.oneof(block, comment, attribute), { maxLength: 5 }).map((all) => `${all.join('\n')}\n`);
  let [tried, compared] = [0, 0];
  fc.assert(
    fc.property(file, (one) => {
      tried++;
      if (agree(one)) compared++;
    }),
    { numRuns: process.env['LAB_LONG'] ? 20_000 : 2_000 },
  );
  expect(compared).toBeGreaterThan(tried * 0.5);
});
