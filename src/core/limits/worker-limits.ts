import type { Limits } from './limit.ts';

/** Of runs that several processes make. */
export const workerLimits = {
  run: {
    most: 6 * 60 * 60_000,
    unit: 'milliseconds',
    what: 'The time of a run that several workers make.',
    why: 'A fleet of 100,000 repositories is looked at in two hours where one registry lets ten requests a second through.',
    met: 'What was not looked at by then is told, and nothing that is known of it ends; the run is recorded and told.',
  },
  part: {
    most: 20 * 60_000,
    unit: 'milliseconds',
    what: 'The time of one part.',
    why: 'Parts are small: ten repositories, fifty references, one image.',
    met: 'It is taken for lost, and done again.',
  },
  silence: {
    most: 10_000,
    unit: 'milliseconds',
    what: 'The time for which a worker may say nothing of what it does.',
    why: 'The queue knows no shorter time.',
    met: 'What it did is given to another.',
  },
  tries: {
    most: 8,
    unit: 'count',
    what: 'Attempts at one part.',
    why: 'Workers may be stopped at any time; a part that ends each of them is itself the trouble.',
    met: 'It is left out, and the run says so.',
  },
  reported: {
    most: 100_000,
    unit: 'count',
    what: 'Findings of a run in what "plimsoll enqueue --wait" prints.',
    why: 'Their report is one text of the database: a hundred megabytes beside the packages.',
    met: 'The first ones are printed; it says how many more there are, and the state has all.',
  },
  unclaimed: {
    most: 10 * 60_000,
    unit: 'milliseconds',
    what: 'The time for which a folder or an engine waits for a worker that serves it.',
    why: 'A machine starts anew in less.',
    met: 'It is told as not read.',
  },
  giveBack: {
    most: 30_000,
    unit: 'milliseconds',
    what: 'The time that a worker has to end what it does when it is stopped.',
    why: 'Container engines and service managers wait about as long.',
    met: 'It gives the part back, and another does it.',
  },
  waited: {
    most: 24 * 60 * 60_000,
    unit: 'milliseconds',
    what: 'The time for which "plimsoll enqueue --wait" waits, unless --timeout says so.',
    why: 'A run has its own, shorter deadline.',
    met: 'It exits with 3; the run goes on.',
  },
} satisfies Limits;
