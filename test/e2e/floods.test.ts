import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits/limits.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { cli } from '../support/cli.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { isLong } from '../support/fast-check.ts';
import { debianImage, push, runOn, temporaryTree } from '../support/fleet.ts';

let registry: FakeRegistry;
let word: string;
let tree: { folder: string; remove: () => void };
beforeAll(async () => {
  registry = await startFakeRegistry();
  const before = push(registry, 'app', debianImage({ curl: '1' }));
  push(registry, 'app', debianImage({ curl: '2' }), '1');
  word = `${registry.host}/app:1@${before}`;
  tree = temporaryTree({});
});
afterAll(() => {
  tree.remove();
  return registry.close();
});

/** Files of about so many bytes. */
const floods: readonly (readonly [name: string, file: (bytes: number) => string])[] = [
  ['FROM', (bytes) => fill(bytes, `FROM ${word}\n`)],
  ['FROM on one another', (bytes) => `FROM ${word} AS s0\n${each(bytes, (n) => `FROM s${n} AS s${n + 1}\n`)}`],
  ['pins', (bytes) => `FROM ${word}\n${each(bytes, (n) => `RUN apt-get install -y curl${n}=1\n`)}`],
  ['pins on one line', (bytes) => `FROM ${word}\nRUN apt-get install ${each(bytes, (n) => `curl${n}=1 `)}\n`],
  ['one word', (bytes) => `FROM ${word}\nRUN ${fill(bytes, 'a')}\n`],
  ['one image', (bytes) => `FROM ${fill(bytes, 'a')}\n`],
  ['ARG', (bytes) => `${each(bytes, (n) => `ARG A${n}\n`)}FROM ${word}\n`],
  ['ARG on one another', (bytes) => `ARG A0=1\n${each(bytes, (n) => `ARG A${n + 1}=$A${n}\n`)}FROM ${word}\n`],
  ['continuation lines', (bytes) => `FROM ${word}\nRUN true ${fill(bytes, '\\\n')}\n`],
  ['comments in a continuation', (bytes) => `FROM ${word}\nRUN true \\\n${fill(bytes, '# a\n')}\n`],
  ['expansions in one another', (bytes) => `FROM ${word}\nARG A=${fill(bytes, '${')}\n`],
  ['defaults in one another', (bytes) => `FROM ${fill(bytes, '${A:-')}\n`],
  ['here-documents', (bytes) => `FROM ${word}\nRUN ${fill(bytes, '<<A ')}\n`],
];

function fill(bytes: number, piece: string): string {
  return piece.repeat(Math.ceil(bytes / piece.length));
}

/** Numbered pieces, as many as fit. */
function each(bytes: number, piece: (n: number) => string): string {
  const pieces: string[] = [];
  for (let left = bytes, n = 0; ; n++) {
    const next = piece(n);
    left -= next.length;
    if (left < 0) return pieces.join('');
    pieces.push(next);
  }
}

const size = isLong ? limits.file.size.most / 2 - 512 : limits.file.size.most / 8;

describe('a file that is full of', () => {
  it.each(floods)('%s costs what it has, not the square of it', async (_name, file) => {
    const look = (bytes: number): Promise<number> =>
      cpuTime(async () => {
        const { record } = await runOn({ files: { Dockerfile: file(bytes) } });
        expect(record.summary.unread).not.toHaveProperty('too-large');
      });
    await look(2048);
    const [some, twice] = [await look(size), await look(2 * size)];
    expect(twice).toBeLessThan(some * 3 + 400);
  });
});

/** Of V8's old space, in MiB: an ordinary look needs a third of it. */
const heap = 160;

it.each(isLong ? floods : floods.filter((_, at) => at % 4 === 0))(
  '%s fit into a small memory, and what is not looked at is told',
  async (_name, file) => {
    writeFileSync(path.join(tree.folder, 'Dockerfile'), file(limits.file.size.most - 1024));
    const env = { NODE_OPTIONS: `--max-old-space-size=${heap}` };
    const { code, stdout, stderr } = await cli(['check', '--format', 'json'], {
      cwd: tree.folder,
      env,
    });
    expect([code, stderr]).toEqual([0, '']);
    const { summary, problems } = JSON.parse(stdout) as RunRecord;
    expect(summary.uses).toBeLessThanOrEqual(limits.file.uses.most);
    expect(summary.pins).toBeLessThanOrEqual(limits.file.pins.most);
    if (summary.uses === limits.file.uses.most || summary.pins === limits.file.pins.most) {
      expect(problems.map((one) => one.code)).toContain('file-too-long');
    }
  },
);
