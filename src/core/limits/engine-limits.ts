import type { Limits } from './limit.ts';

/** Of one engine that is asked what it runs. */
export const engineLimits = {
  answerTime: {
    most: 60_000,
    unit: 'milliseconds',
    what: 'One answer of an engine.',
    why: 'A daemon that is busy pulling answers late; one that is stuck never does.',
    met: 'The engine was not read as a whole: "no answer within 60 s".',
  },
  list: {
    most: 64 * 1024 ** 2,
    unit: 'bytes',
    what: 'A list of containers, services, tasks or nodes.',
    why: 'A container has about 1.3 kilobytes in it.',
    met: 'The engine was not read as a whole: "answered with more than …".',
  },
  inspect: {
    most: 8 * 1024 ** 2,
    unit: 'bytes',
    what: 'What an engine says of a single container, of an image or of itself.',
    why: 'Real ones have some ten kilobytes.',
    met: 'The container is unknown, or the engine was not read as a whole: "answered with more than …".',
  },
  objects: {
    most: 200_000,
    unit: 'count',
    what: 'Pods, or other objects of one kind, of a cluster of Kubernetes.',
    why: 'A cluster has 150,000 pods at most, by its own documentation.',
    met: 'The engine was not read as a whole: "more than … of them".',
  },
  actTime: {
    most: 300_000,
    unit: 'milliseconds',
    what: 'One change that an engine is asked for, beside the time that a container may take to stop.',
    why: 'A busy disk takes minutes to make a container.',
    met: 'What came of it is not known: the redeploy is unfinished, and is finished or undone by the next run.',
  },
  pullTime: {
    most: 3_600_000,
    unit: 'milliseconds',
    what: 'Pulling an image.',
    why: 'Large images over slow lines take long, and nothing has been stopped yet.',
    met: 'The workload is left as it is: "no answer within 3600 s".',
  },
  pull: {
    most: 64 * 1024 ** 2,
    unit: 'bytes',
    what: 'What an engine says while it pulls.',
    why: 'It says a few hundred bytes per layer and second.',
    met: 'The workload is left as it is: "answered with more than …".',
  },
  line: {
    most: 1024 ** 2,
    unit: 'characters',
    what: 'One line of what an engine says while it pulls.',
    why: 'Real ones have some hundred.',
    met: 'The workload is left as it is: "answered with a line of more than …".',
  },
  log: {
    most: 1024 ** 2,
    unit: 'bytes',
    what: 'The last lines that a container wrote before it was put back.',
    why: 'Fifty lines for people to read.',
    met: 'A line says why there are none.',
  },
  text: {
    most: 200,
    unit: 'characters',
    what: 'A name, or a value of a label, of what runs.',
    why: 'Real ones are shorter; a report has to stay readable.',
    met: 'It is cut there.',
  },
  reason: {
    most: 300,
    unit: 'characters',
    what: 'What an engine, or ssh on the way to it, says of its own failure.',
    why: 'One sentence.',
    met: 'It is cut there.',
  },
  gateTime: {
    most: 600_000,
    unit: 'milliseconds',
    what: 'How long the gate of a redeployed workload may take, unless a rule or a label says otherwise.',
    why: 'Some programs migrate their data when they start; what is not up after ten minutes is looked at by a person.',
    met: 'Nothing is touched: it is refused with how long its gate would take.',
  },
} satisfies Limits;
