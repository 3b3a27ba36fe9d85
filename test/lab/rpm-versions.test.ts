import { describe, expect, it } from 'vitest';
import { compareVersions } from '../../src/packages/versions/index.ts';
import { fc } from '../support/fast-check.ts';
import { runTool } from './support/run-tool.ts';

const epoch = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('0:', '1:', '10:') },
);
const body = fc.string({ unit: fc.constantFrom(...'00112349abzAZ..++__~^'.split('')), maxLength: 8 });
const release = fc.oneof(
  { weight: 1, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('-1', '-2', '-10'), body).map((parts) => parts.join('')) },
);
const version = fc.tuple(epoch, fc.constantFrom('0', '1', '2'), body, release).map((parts) => parts.join(''));
/** Two versions that share a beginning, where the interesting cases are. */
const pair = fc.oneof(
  fc.tuple(version, version),
  fc.tuple(version, body).map(([text, more]) => [text, `${text}${more}`] as const),
  fc.tuple(version, fc.nat(8), fc.constantFrom('~', '^', '+', '0', 'a', '.')).map(([text, at, c]) => {
    const place = Math.max(text.indexOf(':') + 2, at);
    return [text, `${text.slice(0, place)}${c}${text.slice(place)}`] as const;
  }),
);

describe('the rpm order against rpm itself', () => {
  it('agrees on a thousand random pairs', () => {
    const pairs = fc.sample(pair, 1000);
    const calls = pairs.map(([a, b]) => `print(rpm.vercmp(${JSON.stringify(a)}, ${JSON.stringify(b)}) .. "\\n")`);
    // Macro expansion takes % for its own; no version here holds one.
    const answers = runTool('rpm', ['--eval', `%{lua:${calls.join('\n')}}`])
      .trim()
      .split('\n')
      .map(Number);
    expect(answers).toHaveLength(pairs.length);
    expect(pairs.map(([a, b]) => [a, b, compareVersions('rpm', a, b)])).toEqual(
      pairs.map(([a, b], at) => [a, b, answers[at]]),
    );
  });
});
