/*
 * src/formats/units/
 *
 * Units of systemd that run containers by podman, Quadlet. unit-file.ts reads any unit, and keeps where each value was
 * typed; quadlet.ts says which of its settings are images. What is done with them is in ../text/image-values.ts.
 * Begin with quadlet.ts.
 */

import type { Format } from '../format.ts';

/** Kinds of units. */
export const unitFormats: readonly Format[] = [
  {
    name: 'quadlet',
    reads: 'Quadlet units (*.container, *.image, *.volume)',
    matches: (path) => {
      if (/[^/]\.container$/.test(path)) return 'yes';
      return /[^/]\.(?:image|volume)$/.test(path) ||
        /(?:^|\/)(?:[^/]*\.)?(?:container|image|volume)\.d\/[^/]+\.conf$/.test(path)
        ? 'maybe'
        : 'no';
    },
    load: async () => (await import('./quadlet.ts')).reader,
  },
];
