import type { Limits } from './limit.ts';

/** Of one pull request or its repository’s issue. */
export const proposalLimits = {
  body: {
    most: 60_000,
    unit: 'characters',
    what: 'The text of a pull request.',
    why: 'GitHub takes 65,536, and what is cut off must leave room for the end.',
    met: 'A sentence says at how many places the changes have no room.',
  },
  rows: {
    most: 300,
    unit: 'count',
    what: 'Packages of one image in that text.',
    why: "A distribution's whole release has about as many.",
    met: 'A sentence says how many more there are.',
  },
  fewRows: {
    most: 25,
    unit: 'count',
    what: 'The same, when the longer table has no room.',
    why: 'Security fixes come first.',
    met: 'A sentence says how many more there are.',
  },
  settings: {
    most: 60,
    unit: 'count',
    what: "Changes of an image's configuration in that text.",
    why: 'Images rarely change more than two.',
    met: 'A line says how many more there are.',
  },
  setting: {
    most: 500,
    unit: 'characters',
    what: "One value of an image's configuration in that text.",
    why: 'Real ones have a hundred.',
    met: 'It is cut with "…".',
  },
  lines: {
    most: 20,
    unit: 'count',
    what: 'Places, notes or refusals of one image in that text, and targets in a comment.',
    why: 'The branch itself says more.',
    met: 'A line says how many more there are.',
  },
  title: {
    most: 200,
    unit: 'characters',
    what: 'The title of a pull request.',
    why: 'GitHub cuts it at 256.',
    met: 'It is cut with "…".',
  },
  commitTargets: {
    most: 100,
    unit: 'count',
    what: "Targets that a commit's message lists.",
    why: 'The diff says more.',
    met: 'A line says how many more there are.',
  },
  dashboard: {
    most: 60_000,
    unit: 'characters',
    what: 'The text of the issue with everything.',
    why: 'GitHub takes 65,536, and some are left for what people add.',
    met: 'A last line says how many have no room.',
  },
  wishes: {
    most: 1_000,
    unit: 'count',
    what: 'Boxes that are ticked in it.',
    why: 'More than a person ticks, and more than it has room for.',
    met: 'The others are not done.',
  },
  news: {
    most: 400,
    unit: 'count',
    what: "News that a pull request's text remembers to have told.",
    why: 'A body must have room for them all.',
    met: 'What is left out may be proposed again.',
  },
  targets: {
    most: 60,
    unit: 'count',
    what: "Targets that a pull request's text remembers.",
    why: 'A body must have room for them all.',
    met: '`ignore image` concerns those that are remembered.',
  },
} satisfies Limits;
