import type { Limits } from './limit.ts';

/** Of the signatures and SBOMs of one image. */
export const signatureLimits = {
  signatures: {
    most: 20,
    unit: 'count',
    what: 'Signatures of one image that are looked at, at either place where they are kept.',
    why: 'Whoever can push can pile up more than anybody wants to read.',
    met: 'When none of them is the wanted one the image is neither signed nor wrong but unknown: "it has more".',
  },
  payload: {
    most: 1024 ** 2,
    unit: 'bytes',
    what: 'What one signature of the older form signs.',
    why: 'Real ones have a few hundred.',
    met: 'The image is unknown: "more than 1048576 are not read".',
  },
  bundle: {
    most: 4 * 1024 ** 2,
    unit: 'bytes',
    what: 'One signature as a sigstore bundle.',
    why: 'Real ones have some ten kilobytes.',
    met: 'The image is unknown: "more than 4194304 are not read".',
  },
  referrerPages: {
    most: 10,
    unit: 'count',
    what: 'Pages of what refers to one image.',
    why: 'Most have one.',
    met: 'Nothing follows from what is missing: the image is unknown, or its packages are read from the layers.',
  },
  referrers: {
    most: 1_000,
    unit: 'count',
    what: 'What refers to one image.',
    why: 'Most have fewer than ten.',
    met: 'Nothing follows from what is missing: the image is unknown, or its packages are read from the layers.',
  },
  sbom: {
    most: 64 * 1024 ** 2,
    unit: 'bytes',
    what: 'One SBOM.',
    why: 'That of node:22 has 16 MB.',
    met: 'The packages are read from the layers, and a note says why.',
  },
  sbomPackages: {
    most: 200_000,
    unit: 'count',
    what: 'Components that one SBOM lists.',
    why: 'Those of large images list some ten thousand files.',
    met: 'The packages are read from the layers, and a note says why.',
  },
  sbomReferrers: {
    most: 20,
    unit: 'count',
    what: 'What refers to an image and may be an SBOM, opened one by one.',
    why: 'The list does not always say.',
    met: 'The packages are read from the layers, and a note says why.',
  },
  sbomTools: {
    most: 100,
    unit: 'count',
    what: 'Programs that made one SBOM.',
    why: 'Two SBOMs are compared only when theirs are the same, and most name one.',
    met: 'The others are not compared.',
  },
  sbomTool: {
    most: 100,
    unit: 'characters',
    what: 'The name of one of them.',
    why: 'Real ones have twenty.',
    met: 'It is compared as far as that.',
  },
  purl: {
    most: 2_000,
    unit: 'characters',
    what: 'One package URL.',
    why: 'Real ones have a hundred or two.',
    met: 'The component is no package of a distribution.',
  },
} satisfies Limits;
