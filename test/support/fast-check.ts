import fc from 'fast-check';

/*
 * The stories of property tests are the same in every run, so that a change is judged by what it changes. New ones are
 * looked for on purpose: `PLIMSOLL_TEST_SEED=random npm test`; a failure prints the seed to give here instead of the word.
 */
const given = process.env['PLIMSOLL_TEST_SEED'] ?? '';

/** Absent: another one each time. */
export const testSeed = given === 'random' ? undefined : given === '' ? 20_261_121 : Number(given);

fc.configureGlobal({ ...(testSeed !== undefined && { seed: testSeed }) });

/** A run is a sample of what is dear to try; all of it, or much more, is tried with `PLIMSOLL_LONG=1`. */
export const isLong = process.env['PLIMSOLL_LONG'] === '1';

export { fc };
