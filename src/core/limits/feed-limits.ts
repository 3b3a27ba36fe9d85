import type { Limits } from './limit.ts';

/** Of one advisory feed. */
export const feedLimits = {
  osvBatch: {
    most: 500,
    unit: 'count',
    what: 'Packages that OSV is asked about at once.',
    why: 'api.osv.dev refuses more than 1,000.',
    met: 'The others are asked about in another request.',
  },
  osvWait: {
    most: 10,
    unit: 'milliseconds',
    what: 'The time in which other images may join such a request.',
    why: 'They are looked into side by side.',
    met: 'The request is sent.',
  },
  osvPages: {
    most: 20,
    unit: 'count',
    what: 'Pages of one answer of OSV.',
    why: 'Real ones have a few.',
    met: 'Whether a change is a security fix is unchecked: "more than 20 pages".',
  },
  osvAnswer: {
    most: 32 * 1024 ** 2,
    unit: 'bytes',
    what: 'One answer of OSV.',
    why: 'Real ones have a few hundred kilobytes.',
    met: 'Whether a change is a security fix is unchecked: "the answer is larger than 33554432 bytes".',
  },
  osvIds: {
    most: 20_000,
    unit: 'count',
    what: 'Advisories of one version of a package.',
    why: 'They are ordered in one go; the kernel of an old release has some thousands.',
    met: 'Whether a change is a security fix is unchecked: "more than 20000 advisories of one package".',
  },
  osvRecords: {
    most: 400,
    unit: 'count',
    what: 'Advisories that are read for their names and ratings, in one run.',
    why: 'Each costs a request, and a run rarely finds a hundred.',
    met: 'The others stand under their own ids, without a rating, and are counted in a remark.',
  },
  secdb: {
    most: 64 * 1024 ** 2,
    unit: 'bytes',
    what: "Alpine's or Wolfi's list of fixes.",
    why: 'A few megabytes in truth.',
    met: 'Whether a change is a security fix is unchecked.',
  },
  age: {
    most: 24 * 60 * 60_000,
    unit: 'milliseconds',
    what: 'The time for which an answer of a feed is believed.',
    why: 'An advisory may come to a version that was asked about.',
    met: 'The feed is asked again.',
  },
  folderFile: {
    most: 64 * 1024 ** 2,
    unit: 'bytes',
    what: 'One file of a folder of advisories.',
    why: "Alpine's list of fixes is the largest of any kind.",
    met: 'The file is a problem, and whether a change is a security fix is unchecked.',
  },
  folderFiles: {
    most: 1_000_000,
    unit: 'count',
    what: 'Files of a folder of advisories.',
    why: "All of OSV's are half as many.",
    met: 'A problem says so, and whether a change is a security fix is unchecked.',
  },
  depth: {
    most: 1_000,
    unit: 'count',
    what: 'Depth of a large JSON document: of a feed, or an SBOM.',
    why: 'Real ones have less than twenty.',
    met: 'The document counts as damaged.',
  },
} satisfies Limits;
