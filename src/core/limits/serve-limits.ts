import type { Limits } from './limit.ts';

/** Of the daemon. */
export const serveLimits = {
  grace: {
    most: 15_000,
    unit: 'milliseconds',
    what: 'The time that a run has to come to its end when the daemon is stopped.',
    why: 'Services are killed 30 seconds after they are asked to stop.',
    met: 'It is ended, and ended for good after as long again; what it had not told is told by the next.',
  },
  run: {
    most: 2 * 60 * 60_000,
    unit: 'milliseconds',
    what: 'The time for which one run may work.',
    why: 'A run ends by itself after half an hour; one that does not is stuck.',
    met: 'Its process is killed, and the run has failed.',
  },
  regain: {
    most: 5_000,
    unit: 'milliseconds',
    what: 'The time after which the daemon tries again to reach a state that is gone.',
    why: 'A database that starts again is back within seconds.',
    met: 'It is tried again, until another daemon has the state.',
  },
  tick: {
    most: 2_000,
    unit: 'milliseconds',
    what: 'The time between two looks at the schedule and at what hooks have said.',
    why: 'A hook should have led to a look within ten seconds, and looking costs next to nothing.',
    met: 'Nothing is late by more.',
  },
  hookQuiet: {
    most: 5_000,
    unit: 'milliseconds',
    what: 'The quiet after a hook before a run is made of what was said.',
    why: 'A push of ten tags is ten calls.',
    met: 'One run looks at all of them.',
  },
  hookWait: {
    most: 60_000,
    unit: 'milliseconds',
    what: 'The time for which calls that go on and on put that run off.',
    why: 'A busy registry is never quiet.',
    met: 'The run is made of what was said until then.',
  },
  hookRuns: {
    most: 5 * 60_000,
    unit: 'milliseconds',
    what: 'The time between two runs that hooks asked for.',
    why: 'Whoever can call a hook must not be able to keep a machine busy.',
    met: 'What was said waits.',
  },
  hookBody: {
    most: 256 * 1024,
    unit: 'bytes',
    what: 'The body of a call of a hook.',
    why: 'Registries send some kilobytes.',
    met: 'It is answered with 413.',
  },
  hookReferences: {
    most: 100,
    unit: 'count',
    what: 'Images that one call of a hook may name.',
    why: 'A push has a few tags.',
    met: 'The others are looked at by the next run of the schedule.',
  },
  hookCalls: {
    most: 600,
    unit: 'count',
    what: 'Calls of hooks in a minute, all together.',
    why: 'Each is a line in the state.',
    met: 'It is answered with 429.',
  },
  complaint: {
    most: 8 * 1024,
    unit: 'bytes',
    what: 'What is looked at of the last words of a run that failed.',
    why: 'They are a sentence or two.',
    met: 'The first of them are not looked at.',
  },
  formBody: {
    most: 64 * 1024,
    unit: 'bytes',
    what: 'The body of a form, or of a call of the API.',
    why: 'They name a hundred images at most.',
    met: 'It is answered with 413.',
  },
} satisfies Limits;
