import { defaultConfig } from '../config/config.ts';
import { isLocal } from '../core/image/reference.ts';
import { placeFields } from '../core/place.ts';
import { discover } from '../sources/discover.ts';
import { parseFile } from '../sources/placed-uses.ts';
import { pinsPlace } from '../verdict/policy.ts';
import { treeSettings } from './assemble.ts';

/** An image use of a folder that nothing is configured for yet. */
export interface FolderUse {
  /** The name of the format that reads its file. */
  readonly format: string;
  readonly hasDigest: boolean;
  /** Does `pin: true` give it one? */
  readonly isPinnable: boolean;
}

/** The images that files of a folder name, by the defaults; none is looked up. */
export async function usesOfFolder(folder: string): Promise<readonly FolderUse[]> {
  const { discovery, platforms } = treeSettings(defaultConfig, undefined, {});
  return (await discover(folder, discovery)).files
    .flatMap((file) => parseFile(file, platforms).uses)
    .filter(({ reference, role }) => reference && role !== 'frontend' && !isLocal(reference))
    .map(({ place, has }) => {
      const at = placeFields(place);
      return { format: at.format ?? 'dockerfile', hasDigest: has !== undefined, isPinnable: pinsPlace(true, at) };
    });
}
