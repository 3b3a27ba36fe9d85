import { createRequire } from 'node:module';
import { PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import { didYouMean } from '../core/nearest-word.ts';
import { preWords, type TagShape } from './parse-tag.ts';

/** How far a newer tag may be away, by the first number that may change. */
export type Ceiling = 'patch' | 'minor' | 'major';

/** The versions that a semver range allows. */
export interface TagRange {
  holds(shape: TagShape): boolean;
}

const words = ['none', 'patch', 'minor', 'major'] as const;
const known = new Map<string, TagRange>();

/**
 * What `versions` of the configuration, `--versions` and `newestTag` allow: one of the words, or a range as npm reads it
 * (github.com/npm/node-semver, "Ranges"). Throws PlimsollError 'RANGE' for anything else.
 */
export function versionsAllowed(text: string): 'none' | Ceiling | TagRange {
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  const range = known.get(text) ?? readRange(text);
  if (known.size < limits.tree.ranges.most) known.set(text, range);
  return range;
}

/** Loaded with the first range: most runs have none, and those who ask cannot wait. */
let loaded: typeof import('semver') | undefined;
function semver(): typeof import('semver') {
  loaded ??= createRequire(import.meta.url)('semver') as typeof import('semver');
  return loaded;
}

// rc1, rc-1 and rc.1 are one: semver compares numbers as numbers only when they stand alone.
const preRelease = new RegExp(`(?<=\\d)-(${preWords.join('|')})[-._]?(\\d+)(?![\\w.-])`, 'gi');

function readRange(text: string): TagRange {
  const { Range, SemVer } = semver();
  let range: InstanceType<typeof Range>;
  try {
    if (text.trim() === '') throw new TypeError('it is empty');
    range = new Range(
      text.replace(preRelease, (_, word: string, number: string) => `-${word.toLowerCase()}.${number}`),
    );
  } catch (error) {
    throw new PlimsollError(
      'RANGE',
      `${JSON.stringify(text.slice(0, 200))} is neither none, patch, minor or major nor a semver range such as ^22 or ">=18 <23"${didYouMean(text.slice(0, 200), ['none', 'patch', 'minor', 'major'])}`,
      { cause: error },
    );
  }
  return {
    holds: ({ numbers, pre }) => {
      const [major, minor, patch] = numbers.map((number) => String(BigInt(number)));
      try {
        if (pre === undefined || pre.number === undefined) {
          // 22 stands for every 22.x.y, and 22.1 for every 22.1.y.
          return range.intersects(new Range(`${major}.${minor ?? 'x'}.${patch ?? 'x'}`));
        }
        return range.test(new SemVer(`${major}.${minor ?? 0}.${patch ?? 0}-${pre.word}.${pre.number}`));
      } catch {
        // A number that semver takes for none: more digits than a double holds.
        return false;
      }
    },
  };
}
