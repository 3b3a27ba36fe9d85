import type { Limits } from './limit.ts';

/** Of the state between runs. */
export const stateLimits = {
  file: {
    most: 32 * 1024 ** 2,
    unit: 'bytes',
    what: 'The state that the Action keeps in a repository or a cache.',
    why: 'A fleet of 1,000 images needs less than a tenth of it.',
    met: 'The run begins anew and says so.',
  },
  kept: {
    most: 2_000_000,
    unit: 'bytes',
    what: 'The state that the Action saves.',
    why: 'It is fetched and written in every run, and 1,000 images with all that is told of them need less.',
    met: 'What is over is left out first, then what is oldest, and the run says so.',
  },
  saves: {
    most: 6,
    unit: 'count',
    what: 'Attempts to save it while other jobs save, too.',
    why: 'Two jobs at once need two.',
    met: 'The job says that it could not be kept.',
  },
  age: {
    most: 90 * 24 * 60 * 60_000,
    unit: 'milliseconds',
    what: 'The time for which the Action keeps news that are over and digests that a tag named once.',
    why: 'After this long nobody asks any more.',
    met: 'They are forgotten.',
  },
  unreadScope: {
    most: 30 * 24 * 60 * 60_000,
    unit: 'milliseconds',
    what: 'The time for which what is known of a repository or folder is kept that no run reads, and that the configuration of the last one does not name.',
    why: 'Two configurations may share a state, and each names its own.',
    met: 'It is forgotten.',
  },
  findingPackages: {
    most: 10,
    unit: 'count',
    what: 'Packages of a finding that the state keeps for its page.',
    why: 'Images in many places would be kept many times; the difference of two digests has them all.',
    met: 'The number of the others is kept.',
  },
  runProblems: {
    most: 100,
    unit: 'count',
    what: 'Problems that are kept of one run.',
    why: 'Whoever looks at a run of last week wants to know what was the matter with it.',
    met: 'The first are kept, and how many there were.',
  },
  runProblemText: {
    most: 400,
    unit: 'characters',
    what: 'The sentence of each of them, and what it is about.',
    why: 'They are one line each.',
    met: 'It is cut.',
  },
  lock: {
    most: 5_000,
    unit: 'milliseconds',
    what: 'The time for which a database that another run writes is waited for.',
    why: 'Writing takes milliseconds.',
    met: 'The run ends: the state is unusable.',
  },
} satisfies Limits;
