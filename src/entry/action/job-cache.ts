import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { Runner } from './runner.ts';

/** Rises when what is in a cache could not be read any more. */
const layout = 1;

/** Derived data between jobs. That it is not there, or not kept, costs requests and is no failure. */
export interface JobCache {
  readonly folder: string;
  /** Keeps the folder under a key of its own, unless nothing was added to it. */
  save(): Promise<void>;
}

/** Brings back what the newest job kept. */
export async function openJobCache(
  { temp, runId, runAttempt }: Runner,
  isWanted: boolean,
  logger: Logger,
): Promise<JobCache> {
  const folder = path.join(temp, 'plimsoll-cache');
  const none = { folder, save: async () => undefined };
  if (!isWanted) return none;
  const { isFeatureAvailable, restoreCache, saveCache } = await import('@actions/cache');
  if (!isFeatureAvailable()) {
    logger.info('there is no cache service here; everything is asked for anew');
    return none;
  }
  const prefix = `plimsoll-cache-v${layout}-`;
  const key = `${prefix}${runId}-${runAttempt}`;
  try {
    await restoreCache([folder], key, [prefix]);
  } catch (error) {
    logger.warn(`the cache could not be brought back: ${messageOf(error)}`);
  }
  const before = listing(folder);
  return {
    folder,
    save: async () => {
      const after = listing(folder);
      if (after === '' || after === before) return;
      try {
        await saveCache([folder], key);
      } catch (error) {
        logger.warn(`the cache could not be kept: ${messageOf(error)}`);
      }
    },
  };
}

/** Names and sizes: what is asked again and answered the same changes neither. What is no derived data has its time too. */
function listing(folder: string): string {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => {
        const { size, mtimeMs } = statSync(path.join(parentPath, name));
        return `${parentPath}/${name} ${size} ${parentPath === folder ? mtimeMs : ''}`;
      })
      .sort()
      .join('\n');
  } catch {
    return '';
  }
}
