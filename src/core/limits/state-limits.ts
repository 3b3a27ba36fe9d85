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
  lock: {
    most: 5_000,
    unit: 'milliseconds',
    what: 'The time for which a database that another run writes is waited for.',
    why: 'Writing takes milliseconds.',
    met: 'The run ends: the state is unusable.',
  },
} satisfies Limits;
