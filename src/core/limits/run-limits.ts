import type { Limits } from './limit.ts';

/** Of one run. */
export const runLimits = {
  deadline: {
    most: 30 * 60_000,
    unit: 'milliseconds',
    what: 'One run.',
    why: 'However slow registries are, a job must end before the next one starts.',
    met: 'What is left is unknown: "the run took longer than 30 minutes; this was not looked up".',
  },
  heartbeat: {
    most: 10_000,
    unit: 'milliseconds',
    what: 'The heartbeat of a run.',
    why: 'That nobody hears it is no failure of the job.',
    met: 'The log says that it could not be sent.',
  },
  lastWords: {
    most: 5_000,
    unit: 'milliseconds',
    what: 'What is under way when a job on GitHub is cancelled.',
    why: 'The runner kills a cancelled step after 7.5 seconds and another signal.',
    met: 'What is not saved by then is lost, and the next run does it again.',
  },
  event: {
    most: 32 * 1024 ** 2,
    unit: 'bytes',
    what: 'The payload of the event that started a job on GitHub.',
    why: 'GitHub sends at most 25 MB.',
    met: `The job ends: "cannot read the event's payload".`,
  },
  cacheWaiting: {
    most: 16 * 1024 ** 2,
    unit: 'bytes',
    what: 'What waits to be written into the cache.',
    why: 'Creating a file costs a slow disk a millisecond, so files are written beside the work.',
    met: 'It is written at once.',
  },
  cacheFiles: {
    most: 100,
    unit: 'count',
    what: 'Files that wait to be written into the cache.',
    why: 'Those that wait at the end are written in one go.',
    met: 'They are written at once.',
  },
  gatheredValue: {
    most: 8 * 1024,
    unit: 'bytes',
    what: 'A value of the cache that shares a file with others.',
    why: 'A manifest, a configuration, or what is known today of an image take one or two thousand.',
    met: 'It gets a file of its own.',
  },
  gatheredFile: {
    most: 4 * 1024 ** 2,
    unit: 'bytes',
    what: 'Values of the cache in one file; there is one for each kind.',
    why: 'It is read whole: some two thousand images, in 10 ms.',
    met: 'What comes later gets a file of its own.',
  },
  cachePayload: {
    most: 64 * 1024 ** 2,
    unit: 'bytes',
    what: 'One entry of the cache.',
    why: 'It is summed and written in one go; everything real is far smaller.',
    met: 'It is not kept, and the next run reads it again.',
  },
} satisfies Limits;
