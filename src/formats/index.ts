/*
 * src/formats/
 *
 * Kinds of files that name images: one folder and one line in the list below for each. format.ts has the interface: is
 * this file one of ours, which uses and pins are in it, and an edit that changes the wanted bytes and nothing else. What
 * reads a kind is loaded with the first file of it. All
 * of it is pure, `text → value` and `text → text`; nothing here reads a file or knows a registry.
 * How to add one: docs/adding-a-format.md. Begin with format.ts, then dockerfile/index.ts.
 */

import { commentFormats } from './comment/index.ts';
import { dockerfile } from './dockerfile/index.ts';
import type { Format } from './format.ts';
import { hclFormats } from './hcl/index.ts';
import { jsonFormats } from './jsonc/index.ts';
import { unitFormats } from './units/index.ts';
import { yamlFormats } from './yaml/index.ts';

/** Every kind of file that is read; of several that know a name or a text, the first takes it. */
export const formats: readonly Format[] = [
  dockerfile,
  ...yamlFormats,
  ...unitFormats,
  ...jsonFormats,
  ...hclFormats,
  ...commentFormats,
];
