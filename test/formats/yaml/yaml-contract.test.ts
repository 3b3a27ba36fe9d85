import { describe, expect, it } from 'vitest';
import { yamlFormats } from '../../../src/formats/yaml/index.ts';
import { describeFormat, type FormatSamples } from '../../contract/format.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { fc } from '../../support/fast-check.ts';

const digest = `sha256:${'a'.repeat(64)}`;
/** What any YAML may be made up from. */
const yaml = [
  ...[
    '\n',
    '\n',
    '\n',
    '  ',
    '    ',
    '- ',
    ': ',
    ' # x',
    '\t',
    '---\n',
    '...\n',
    '\r\n',
    '\ufeff',
    '\0',
    '"',
    "'",
    '|\n',
    '>-\n',
  ],
  ...['&a ', '*a', '<<: *a\n', '!x ', '? ', '{', '}', '[', ']', ', ', '{{ x }}', '{% if %}', '%YAML 1.1\n', '\\', '😀'],
  ...[
    'a:1',
    'b',
    `c:2@${digest}`,
    `d@${digest}`,
    '${X:-e:1}',
    '${',
    '$',
    '$$',
    '${{ x }}',
    '1.10',
    'null',
    'ghcr.io/x/y:1',
  ],
];

const samples: Readonly<Record<string, FormatSamples>> = {
  compose: {
    paths: { yes: ['compose.yaml', 'a/docker-compose.prod.yml'], no: ['compose.json', 'README.md'] },
    files: {
      services: `services:\n  a:\n    image: "a:1" # one\n  b: { image: b:2@${digest}, build: . }\n  c:\n    image: \${C:-c:3}\n`,
      fragments:
        'x-a: &a\n  image: a:1\nservices:\n  b: { <<: *a, environment: { A: 1 } }\n  c:\n    <<: *a\n    image: c:2\n',
    },
    vocabulary: [...yaml, 'services:\n', '  a:\n', '    image: ', '    build: .\n', 'x-y:\n'],
  },
  workflow: {
    paths: {
      yes: ['.github/workflows/ci.yml', '.forgejo/workflows/a.yaml', 'x/action.yml'],
      no: ['workflow.yml', '.github/a.yml'],
    },
    files: {
      jobs: 'jobs:\n  a:\n    container: node:22\n    services: { db: postgres:16 }\n    steps:\n      - uses: docker://a:1\n',
    },
    vocabulary: [
      ...yaml,
      'jobs:\n',
      '  a:\n',
      '    container: ',
      '    steps:\n',
      '      - uses: docker://',
      'services:\n',
    ],
  },
  kubernetes: {
    paths: { yes: ['deploy/app.yaml', 'k8s/app.json'], no: ['app.json', 'a.txt'] },
    files: {
      pod: 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a:1\n    - { image: "b:2" }\n---\nkind: x\n',
    },
    vocabulary: [...yaml, 'apiVersion: v1\n', 'kind: Pod\n', 'spec:\n', '  containers:\n', '    - image: '],
  },
  helm: {
    paths: { yes: ['chart/values.yaml', 'values-prod.yml'], no: ['my-values.txt', 'Chart.yaml'] },
    files: {
      values:
        'image:\n  repository: a\n  tag: 1.10\nb: { image: b:2, initImage: "c:3" }\nd: { image: { repository: d, tag: "4", digest: "" } }\n',
    },
    vocabulary: [...yaml, 'image:\n', '  repository: ', '  tag: ', '  digest: ', 'image: '],
  },
  'gitlab-ci': {
    paths: { yes: ['.gitlab-ci.yml', 'ci/x.gitlab-ci.yml'], no: ['gitlab.yml', '.gitlab-ci.json'] },
    files: {
      jobs: 'variables: { V: "1" }\nimage: a:$V\nb:\n  image: { name: b:2 }\n  services: [c:3, { name: d:4 }]\n  script: x\n',
    },
    vocabulary: [...yaml, 'variables: { V: "1" }\n', 'image: ', '  image: ', 'job:\n', '  services: ', '$V', 'a:$V'],
  },
};

for (const [name, one] of Object.entries(samples)) {
  const format = yamlFormats.find((known) => known.name === name);
  if (format === undefined) throw new Error(`no format ${name}`);
  await describeFormat(format, one);
}

describe('any YAML', () => {
  it('is read without throwing by every format, whatever it is', async () => {
    const readers = await Promise.all(yamlFormats.map((one) => one.load()));
    const anyText = fc.array(fc.constantFrom(...yaml, 'image: ', 'steps:\n', 'images:\n', '  - name: ', 'newTag: '), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(anyText, (words) => {
        const text = words.join('');
        for (const reader of readers) {
          reader.recognises(text);
          expect(Array.isArray(reader.read(text).uses)).toBe(true);
        }
      }),
    );
  });

  const bombs: readonly (readonly [name: string, text: string])[] = [
    ['deep flow', `services: ${'['.repeat(100_000)}`],
    ['deep compact lists', `services:\n  ${'- '.repeat(50_000)}a\n`],
    ['deep indentation', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    [
      'aliases of aliases',
      `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [${Array(9).fill(i === 0 ? '*a' : `*b${i - 1}`)}]`).join('\n')}\nservices: *b29\n`,
    ],
    [
      'mappings merged into one another',
      `x0: &x0 { image: a:1 }\n${Array.from({ length: 500 }, (_, i) => `x${i + 1}: &x${i + 1}\n  <<: [${Array(9).fill(`*x${i}`)}]`).join('\n')}\nservices: *x500\n`,
    ],
    [
      'many merges of a large mapping',
      `x: &x\n${Array.from({ length: 3000 }, (_, i) => `  k${i}: 1\n`).join('')}services:\n${Array.from({ length: 3000 }, (_, i) => `  s${i}: { <<: *x }\n`).join('')}`,
    ],
    ['a circle', 'services: &a\n  b: *a\n  <<: *a\n'],
    ['ten thousand documents', '---\nservices: { a: { image: a:1 } }\n'.repeat(10_000)],
    ['one long line', `services: { a: { image: "${'a'.repeat(900_000)}" } }`],
    ['many aliases', `a: &a x\nb: [${'*a, '.repeat(50_000)}]\nservices: {}\n`],
    ['tabs', '\t\t\tservices:\n'.repeat(20_000)],
    ['ten mebibytes', '# x\n'.repeat(2_500_000)],
    ['UTF-16', Buffer.from('services:\n  a:\n    image: a:1\n', 'utf16le').toString('latin1')],
  ];

  it.each(bombs)('costs little and ends: %s', async (_, text) => {
    const readers = await Promise.all(yamlFormats.map((one) => one.load()));
    for (const reader of readers) {
      const spent = await cpuTime(() => reader.recognises(text) && reader.read(text, 'f.yaml'));
      expect.soft(spent, reader.name).toBeLessThan(2500);
    }
  });
});
